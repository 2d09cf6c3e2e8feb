package shipment_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas   = []db.Schema{event.Schema, job.Schema, tenant.Schema, shipment.Schema}
	start     = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	carrier   = actor.Actor{Tenant: "t1", Kind: actor.Carrier}
	customer  = actor.Actor{Tenant: "t1", Kind: actor.Customer, ID: "cus_1"}
	warehouse = actor.Actor{Tenant: "t1", Kind: actor.Staff, ID: "stf_1"}
	depot     = shipment.Address{Name: "退货仓", Lines: []string{"浦东新区张江路 88 号"}, City: "上海市", Postcode: "201203", Phone: "021-5555 0000"}
)

// each runs a test on both engines with verbs that fail the test on error.
func each(t *testing.T, test func(t *testing.T, x *box)) {
	dbtest.EachAt(t, schemas, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		test(t, &box{T: t, d: d, clock: clock})
	})
}

type box struct {
	*testing.T
	d     *db.DB
	clock *dbtest.Clock
	s     shipment.Service
}

func (x *box) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	return x.d.Write(x.Context(), func(tx *db.Tx) error { return fn(x.Context(), tx) })
}

func (x *box) issue(caseID string) (p shipment.Parcel) {
	x.Helper()
	err := x.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = x.s.Issue(ctx, tx, actor.Of("t1"), caseID, depot)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return p
}

func (x *box) handOver(caseID, carrier, tracking string) (p shipment.Parcel, err error) {
	err = x.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = x.s.HandOver(ctx, tx, customer, caseID, "", carrier, tracking)
		return err
	})
	return p, err
}

func (x *box) scan(tracking string, sc shipment.Scan) (p shipment.Parcel, changed bool, err error) {
	err = x.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, changed, err = x.s.Scan(ctx, tx, carrier, tracking, sc)
		return err
	})
	return p, changed, err
}

func (x *box) received(caseID string) (p shipment.Parcel, err error) {
	err = x.write(func(ctx context.Context, tx *db.Tx) error {
		if _, err := x.s.Received(ctx, tx, warehouse, caseID, ""); err != nil {
			return err
		}
		p, err = shipment.ByCase(ctx, tx, "t1", caseID)
		return err
	})
	return p, err
}

func (x *box) find(tracking string) (p shipment.Parcel, err error) {
	err = x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		p, err = shipment.ByTracking(x.Context(), tx, "t1", tracking)
		return err
	})
	return p, err
}

func (x *box) events(parcel string) (types []string) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) error {
		all, err := event.History(x.Context(), tx, "t1", "parcel", parcel)
		for i, e := range all {
			types = append(types, e.Type)
			if e.Version != int64(i+1) {
				x.Errorf("event %s has version %d, want %d", e.Type, e.Version, i+1)
			}
		}
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return types
}

func TestACaseGetsOneLabelHoweverOftenItIsIssued(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first, again, other := x.issue("case_1"), x.issue("case_1"), x.issue("case_2")
		if diff := cmp.Diff(first.Tracking, again.Tracking); diff != "" {
			t.Errorf("second label of one case: %s", diff)
		}
		if !shipment.Valid(first.Tracking) || first.Tracking == other.Tracking {
			t.Errorf("numbers %s and %s: want two valid ones", first.Tracking, other.Tracking)
		}
		found, err := x.find(strings.ToLower(first.Tracking[:6]) + " " + first.Tracking[6:])
		if err != nil || found.ID != first.ID || !cmp.Equal(found.To, depot) {
			t.Errorf("ByTracking = %+v, %v; want %s with its address", found, err, first.ID)
		}
		if got := x.events(first.ID); !slices.Equal(got, []string{"parcel.label_issued"}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestAParcelEndsInTheSameStateInWhateverOrderItsScansCome(t *testing.T) {
	scans := []shipment.Scan{
		{ID: "1", Status: shipment.HandedOver, At: start.Add(1 * time.Hour), Place: "苏州"},
		{ID: "2", Status: shipment.InTransit, At: start.Add(2 * time.Hour)},
		{ID: "3", Status: shipment.InTransit, At: start.Add(3 * time.Hour)},
		{Status: shipment.Lost, At: start.Add(4 * time.Hour)},
		{Status: shipment.Delivered, At: start.Add(5 * time.Hour)},
	}
	each(t, func(t *testing.T, x *box) {
		for i := range 20 {
			caseID := "case_" + string(rune('a'+i))
			p := x.issue(caseID)
			order := rand.Perm(len(scans))
			best := shipment.LabelIssued
			for _, n := range order {
				got, changed, err := x.scan(p.Tracking, scans[n])
				if err != nil {
					t.Fatal(err)
				}
				if _, again, err := x.scan(p.Tracking, scans[n]); err != nil || again {
					t.Errorf("order %v: scan %d twice: changed %v, %v", order, n, again, err)
				}
				if changed != (got.State != best) {
					t.Errorf("order %v: scan %d: state %s after %s, changed %v", order, n, got.State, best, changed)
				}
				best = got.State
			}
			end, err := x.find(p.Tracking)
			if err != nil {
				t.Fatal(err)
			}
			if end.State != shipment.Delivered {
				t.Errorf("order %v: ends %s, want delivered", order, end.State)
			}
			if diff := cmp.Diff(scans, end.Scans); diff != "" {
				t.Errorf("order %v: scans by time: %s", order, diff)
			}
		}
	})
}

func TestStatesMoveOnlyAsTheTableSays(t *testing.T) {
	listed := map[[2]shipment.State]bool{}
	for _, m := range shipment.Moves {
		listed[[2]shipment.State{m.From, m.To}] = true
	}
	states := []shipment.State{shipment.HandedOver, shipment.InTransit, shipment.Refused, shipment.Intercepted, shipment.Lost, shipment.Delivered, shipment.Returned, shipment.Received}
	each(t, func(t *testing.T, x *box) {
		n := 0
		reach := func(caseID, tracking string, to shipment.State) shipment.Parcel {
			n++
			if to == shipment.Received {
				p, err := x.received(caseID)
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
			p, _, err := x.scan(tracking, shipment.Scan{Status: to, At: start.Add(time.Duration(n) * time.Second)})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		for i, from := range states {
			for j, to := range states {
				caseID := "case_" + string(rune('a'+i)) + string(rune('a'+j))
				p := x.issue(caseID)
				reach(caseID, p.Tracking, from)
				got := reach(caseID, p.Tracking, to)
				want := from
				if listed[[2]shipment.State{from, to}] {
					want = to
				}
				if got.State != want {
					t.Errorf("%s then %s: %s, want %s", from, to, got.State, want)
				}
			}
		}
	})
}

func TestOfTwoScansAtOnceTheNewerStateStays(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for i := range 10 {
			p := x.issue("case_" + string(rune('a'+i)))
			done := make(chan error)
			for j, s := range []shipment.State{shipment.InTransit, shipment.Delivered, shipment.HandedOver} {
				go func() {
					_, _, err := x.scan(p.Tracking, shipment.Scan{Status: s, At: start.Add(time.Duration(j) * time.Minute)})
					done <- err
				}()
			}
			for range 3 {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			if end, err := x.find(p.Tracking); err != nil || end.State != shipment.Delivered || len(end.Scans) != 3 {
				t.Errorf("parcel %s with %d scans, %v; want delivered with 3", end.State, len(end.Scans), err)
			}
		}
	})
}

func TestImpossibleScansAreRefused(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.issue("case_1")
		ok := shipment.Scan{Status: shipment.InTransit, At: start}
		with := func(change func(*shipment.Scan)) shipment.Scan { s := ok; change(&s); return s }
		tests := []struct {
			name, tracking string
			scan           shipment.Scan
			want           error
		}{
			{"a number nobody has", "AC000000000000", ok, shipment.ErrUnknown},
			{"no number", "", ok, shipment.ErrUnknown},
			{"not a number", "单号", ok, shipment.ErrUnknown},
			{"received is not for carriers", p.Tracking, with(func(s *shipment.Scan) { s.Status = shipment.Received }), shipment.ErrScan},
			{"unknown status", p.Tracking, with(func(s *shipment.Scan) { s.Status = "eaten" }), shipment.ErrScan},
			{"no time", p.Tracking, with(func(s *shipment.Scan) { s.At = time.Time{} }), shipment.ErrScan},
			{"next week", p.Tracking, with(func(s *shipment.Scan) { s.At = start.Add(7 * 24 * time.Hour) }), shipment.ErrScan},
			{"a place with a line break", p.Tracking, with(func(s *shipment.Scan) { s.Place = "a\nb" }), shipment.ErrScan},
			{"an endless id", p.Tracking, with(func(s *shipment.Scan) { s.ID = strings.Repeat("x", 201) }), shipment.ErrScan},
		}
		for _, test := range tests {
			if _, _, err := x.scan(test.tracking, test.scan); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if end, err := x.find(p.Tracking); err != nil || end.State != shipment.LabelIssued || len(end.Scans) != 0 {
			t.Errorf("after refused scans: %+v, %v", end, err)
		}
	})
}

func TestAnotherTenantsParcelDoesNotExist(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.issue("case_1")
		err := x.write(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := x.s.Scan(ctx, tx, actor.Of("t2"), p.Tracking, shipment.Scan{Status: shipment.Delivered, At: start})
			return err
		})
		if !errors.Is(err, shipment.ErrUnknown) {
			t.Errorf("scan by another tenant: %v, want ErrUnknown", err)
		}
	})
}

func TestTheCustomerNamesAnotherCarrier(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.issue("case_1")
		got, err := x.handOver("case_1", "顺丰速运", "ｓｆ 1234-5678 90")
		if err != nil || got.State != shipment.HandedOver || got.Carrier != "顺丰速运" || got.Tracking != "SF1234567890" || got.Label != p.Label {
			t.Fatalf("HandOver = %+v, %v", got, err)
		}
		if _, changed, err := x.scan("SF1234567890", shipment.Scan{Status: shipment.InTransit, At: start}); err != nil || !changed {
			t.Errorf("scan of the carrier's number: changed %v, %v", changed, err)
		}
		for _, tracking := range []string{p.Label, "sf1234567890"} {
			if found, err := x.find(tracking); err != nil || found.ID != p.ID || found.State != shipment.InTransit {
				t.Errorf("ByTracking(%s) = %+v, %v", tracking, found, err)
			}
		}
		if got := x.events(p.ID); !slices.Equal(got, []string{"parcel.label_issued", "parcel.handed_over", "parcel.in_transit"}) {
			t.Errorf("events %v", got)
		}
		if got, err = x.handOver("case_1", "", "SF1234567891"); err != nil || got.State != shipment.InTransit || got.Carrier != "顺丰速运" {
			t.Errorf("a corrected number: %+v, %v", got, err)
		}
		if got := x.events(p.ID); got[len(got)-1] != "parcel.rerouted" {
			t.Errorf("events %v", got)
		}
	})
}

func TestANumberUnderWayIsNotTakenByAnother(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first, _ := x.issue("case_1"), x.issue("case_2")
		if _, err := x.handOver("case_1", "YTO", "YT0001"); err != nil {
			t.Fatal(err)
		}
		if _, err := x.handOver("case_2", "YTO", "YT0001"); !errors.Is(err, shipment.ErrTaken) {
			t.Errorf("the same number for two parcels: %v, want ErrTaken", err)
		}
		if _, err := x.handOver("case_2", "", first.Label); !errors.Is(err, shipment.ErrTaken) {
			t.Errorf("another parcel's label: %v, want ErrTaken", err)
		}
		if _, err := x.handOver("case_2", "", "none"); !errors.Is(err, shipment.ErrTracking) {
			t.Errorf("a number of four letters: %v, want ErrTracking", err)
		}
		if _, err := x.received("case_1"); err != nil {
			t.Fatal(err)
		}
		if _, err := x.handOver("case_2", "YTO", "YT0001"); err != nil {
			t.Errorf("a number used again after the first parcel arrived: %v", err)
		}
		if found, err := x.find("YT0001"); err != nil || found.Case != "case_2" {
			t.Errorf("ByTracking after reuse = %+v, %v; want case_2's", found, err)
		}
	})
}

func TestHandingOverTwiceChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.issue("case_1")
		for range 2 {
			if got, err := x.handOver("case_1", "", ""); err != nil || got.State != shipment.HandedOver || got.Version != 2 {
				t.Errorf("HandOver = %+v, %v", got, err)
			}
		}
		if got := x.events(p.ID); !slices.Equal(got, []string{"parcel.label_issued", "parcel.handed_over"}) {
			t.Errorf("events %v", got)
		}
		if _, err := x.received("case_1"); err != nil {
			t.Fatal(err)
		}
		if got, err := x.handOver("case_1", "", ""); err != nil || got.State != shipment.Received || got.Version != 3 {
			t.Errorf("HandOver after arrival = %+v, %v; want it still received", got, err)
		}
		if _, err := x.handOver("case_1", "SF", "SF99999"); !errors.Is(err, shipment.ErrArrived) {
			t.Errorf("another carrier after arrival: %v, want ErrArrived", err)
		}
		if _, err := x.handOver("case_9", "", ""); !errors.Is(err, shipment.ErrUnknown) {
			t.Errorf("a case without parcel: %v, want ErrUnknown", err)
		}
	})
}

func TestALabelNeedsAnAddress(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for _, to := range []shipment.Address{{}, {Name: "x"}, {Name: " ", Lines: []string{"a"}}, {Name: "x", Lines: []string{"", " "}},
			{Name: "x", Lines: []string{strings.Repeat("很", 400)}}, {Name: "x", Lines: make([]string, 9)}, {Name: "x", Lines: []string{"a\nb"}}} {
			err := x.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := x.s.Issue(ctx, tx, warehouse, "case_1", to)
				return err
			})
			if !errors.Is(err, shipment.ErrAddress) {
				t.Errorf("Issue to %+v: %v, want ErrAddress", to, err)
			}
		}
	})
}

func TestMistypedNumbersAreNotValid(t *testing.T) {
	number := []byte("AC123456789010")
	for c := byte('0'); c <= '9'; c++ { // find the right check digit
		if number[13] = c; shipment.Valid(string(number)) {
			break
		}
	}
	if !shipment.Valid(string(number)) {
		t.Fatal("no check digit fits")
	}
	for i := 2; i < len(number); i++ {
		for c := byte('0'); c <= '9'; c++ {
			typo := slices.Clone(number)
			if typo[i] = c; c != number[i] && shipment.Valid(string(typo)) {
				t.Errorf("%s passes for %s", typo, number)
			}
		}
		swap := slices.Clone(number)
		if i > 2 && number[i] != number[i-1] {
			if swap[i], swap[i-1] = swap[i-1], swap[i]; shipment.Valid(string(swap)) {
				t.Errorf("%s passes for %s", swap, number)
			}
		}
	}
	for _, bad := range []string{"", "AC", "ac123456789012", "AC12345678901a", "AC1234567890123"} {
		if shipment.Valid(bad) {
			t.Errorf("%q passes", bad)
		}
	}
}
