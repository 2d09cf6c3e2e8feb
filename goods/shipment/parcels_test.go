package shipment_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

var home = shipment.Address{Name: "欧阳晓明", Lines: []string{"星湖街 328 号"}, City: "苏州市"}

// do runs a verb that gives a parcel.
func (x *box) do(verb func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error)) (p shipment.Parcel, err error) {
	err = x.write(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = verb(ctx, tx)
		return err
	})
	return p, err
}

func (x *box) must(p shipment.Parcel, err error) shipment.Parcel {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
	return p
}

func (x *box) add(caseID string) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Add(ctx, tx, warehouse, caseID, depot)
	})
}

func (x *box) send(caseID string, way shipment.Direction, carrier, tracking string) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Send(ctx, tx, warehouse, caseID, way, home, carrier, tracking)
	})
}

func (x *box) intercept(caseID, carrier, tracking string) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Intercept(ctx, tx, warehouse, caseID, carrier, tracking)
	})
}

func (x *box) of(caseID string) (all []shipment.Parcel) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		all, err = shipment.Of(x.Context(), tx, "t1", caseID)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return all
}

// states words the parcels of a case.
func (x *box) states(caseID string) (all []string) {
	for _, p := range x.of(caseID) {
		all = append(all, string(p.Direction)+" "+string(p.State))
	}
	return all
}

func TestACaseHasSeveralParcelsEachWithItsOwnJourney(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first := x.issue("case_1")
		x.clock.Add(time.Minute)
		second := x.must(x.add("case_1"))
		if again := x.issue("case_1"); again.ID != first.ID || first.Label == second.Label || second.Seq != 2 {
			t.Errorf("parcels %+v and %+v, issued again %s", first, second, again.ID)
		}
		handed := x.must(x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
			return x.s.HandOver(ctx, tx, customer, "case_1", second.ID, "顺丰", "SF-00001")
		}))
		if handed.ID != second.ID || handed.Tracking != "SF00001" {
			t.Errorf("handed over %+v, want the second", handed)
		}
		if _, _, err := x.scan("SF00001", shipment.Scan{Status: shipment.Delivered, At: start, Note: "【上海】已签收"}); err != nil {
			t.Fatal(err)
		}
		if _, err := x.received("case_1"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"return label_issued", "return received"}, x.states("case_1")); diff != "" {
			t.Errorf("the parcel that came is received, the other is not: %s", diff)
		}
		if all := x.of("case_1"); len(all[1].Scans) != 1 || all[1].Scans[0].Note != "【上海】已签收" {
			t.Errorf("scans %+v", all[1].Scans)
		}
		if _, err := x.received("case_1"); err != nil { // nothing else is known to be on its way: it is the first
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"return received", "return received"}, x.states("case_1")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOneParcelIsReceivedByItsName(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first, second := x.issue("case_1"), x.must(x.add("case_1"))
		for _, p := range []shipment.Parcel{first, second} {
			if _, _, err := x.scan(p.Tracking, shipment.Scan{Status: shipment.Delivered, At: start}); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			err := x.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := x.s.Received(ctx, tx, warehouse, "case_1", first.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"return received", "return delivered"}, x.states("case_1")); diff != "" {
			t.Error(diff)
		}
		err := x.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := x.s.Received(ctx, tx, warehouse, "case_2", first.ID)
			return err
		})
		if !errors.Is(err, shipment.ErrUnknown) {
			t.Errorf("a parcel of another case: %v", err)
		}
	})
}

func TestACaseHasNoMoreParcelsThanItMay(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		x.issue("case_1")
		var wg sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for range shipment.MostParcels + 4 {
			wg.Go(func() {
				_, err := x.add("case_1")
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, shipment.ErrMany) {
					refused++
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if all := x.of("case_1"); len(all) != shipment.MostParcels || refused != 5 {
			t.Errorf("%d parcels and %d refusals, want %d and 5", len(all), refused, shipment.MostParcels)
		}
	})
}

func TestOfManyAtOnceOneFirstParcelIsIssued(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() { ids[i] = x.issue("case_1").ID })
		}
		wg.Wait()
		slices.Sort(ids)
		if got := slices.Compact(ids); len(got) != 1 || len(x.of("case_1")) != 1 {
			t.Errorf("first parcels %v", got)
		}
	})
}

func TestAParcelToTheCustomerIsPreparedSentAndFollowed(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		ready := x.must(x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
			return x.s.Prepare(ctx, tx, warehouse, "case_1", shipment.Replacement, home)
		}))
		if ready.State != shipment.LabelIssued || !cmp.Equal(ready.To, home) {
			t.Errorf("prepared %+v", ready)
		}
		sent := x.must(x.send("case_1", shipment.Replacement, "", ""))
		if sent.ID != ready.ID || sent.State != shipment.HandedOver || sent.Tracking != ready.Label {
			t.Errorf("sent with our label: %+v", sent)
		}
		other := x.must(x.send("case_1", shipment.Replacement, "YTO", "YT 1000"))
		again := x.must(x.send("case_1", shipment.Replacement, "YTO", "YT1000"))
		if other.ID == ready.ID || again.ID != other.ID || again.Version != other.Version {
			t.Errorf("a second one %+v, told twice %+v", other, again)
		}
		if _, changed, err := x.scan("YT1000", shipment.Scan{Status: shipment.OutForDelivery, At: start}); err != nil || !changed {
			t.Errorf("scan: %v %v", changed, err)
		}
		if _, err := x.send("case_2", shipment.Back, "YTO", "YT1000"); !errors.Is(err, shipment.ErrTaken) {
			t.Errorf("the number of another case: %v", err)
		}
		for _, way := range []shipment.Direction{shipment.Return, shipment.Original} {
			if _, err := x.send("case_1", way, "", ""); !errors.Is(err, shipment.ErrWay) {
				t.Errorf("sending a %s parcel: %v", way, err)
			}
		}
		if _, err := x.received("case_1"); !errors.Is(err, shipment.ErrUnknown) {
			t.Errorf("receiving what was sent away: %v", err)
		}
		if diff := cmp.Diff([]string{"parcel.label_issued", "parcel.handed_over", "parcel.in_transit"}, x.events(other.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheOrdersOwnParcelIsStoppedOnItsWay(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		p := x.must(x.intercept("case_1", "顺丰", "SF 7001"))
		again := x.must(x.intercept("case_1", "顺丰", "sf7001"))
		if p.Wish != shipment.Requested || p.State != shipment.InTransit || again.ID != p.ID || again.Version != p.Version {
			t.Errorf("asked %+v, again %+v", p, again)
		}
		for _, status := range []shipment.State{shipment.Exception, shipment.Intercepted, shipment.Returned} {
			x.clock.Add(time.Hour)
			if _, _, err := x.scan("SF7001", shipment.Scan{Status: status, At: x.clock.Now(), Note: "拦截件"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
			_, err := x.s.Received(ctx, tx, warehouse, "case_1", "")
			return shipment.Parcel{}, err
		}); err != nil {
			t.Fatal(err)
		}
		want := []string{"parcel.in_transit", "parcel.intercept_requested", "parcel.exception", "parcel.intercepted", "parcel.returned", "parcel.received"}
		if diff := cmp.Diff(want, x.events(p.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAParcelThatNobodyCanNameIsAPersonsTask(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for i, c := range []struct{ carrier, tracking, number string }{{"", "SF7002", "SF7002"}, {"顺丰", "", ""}, {"", "", ""}, {"顺丰", "X1", ""}} {
			name := fmt.Sprint("case_", i)
			p, again := x.must(x.intercept(name, c.carrier, c.tracking)), x.must(x.intercept(name, c.carrier, c.tracking))
			if p.Wish != shipment.Requested || p.Direction != shipment.Original || p.Carrier == "" || p.ID != again.ID {
				t.Errorf("%q %q: %+v, again %+v", c.carrier, c.tracking, p, again)
			}
			if c.number != "" && p.Tracking != c.number || c.number == "" && p.Tracking != p.Label {
				t.Errorf("%q %q: number %q", c.carrier, c.tracking, p.Tracking)
			}
		}
	})
}

func TestOnlyAParcelUnderWayIsLost(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		lose := func(caseID string) shipment.Parcel {
			return x.must(x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
				return x.s.Lost(ctx, tx, actor.Of("t1"), caseID, "", "no scan for ten days")
			}))
		}
		p := x.issue("case_1")
		if got := lose("case_1"); got.State != shipment.LabelIssued {
			t.Errorf("a parcel nobody sent is %s", got.State)
		}
		if _, err := x.handOver("case_1", "", ""); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := lose("case_1"); got.State != shipment.Lost || got.Version != 3 {
				t.Errorf("lost: %+v", got)
			}
		}
		if _, changed, err := x.scan(p.Tracking, shipment.Scan{Status: shipment.Delivered, At: start}); err != nil || !changed {
			t.Errorf("turning up: %v %v", changed, err)
		}
		if got := lose("case_1"); got.State != shipment.Delivered {
			t.Errorf("a parcel that arrived is %s", got.State)
		}
	})
}

func TestACaseThatEndsGivesUpWhatWasNotSent(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first := x.issue("case_1")
		x.clock.Add(time.Second)
		x.must(x.add("case_1"))
		x.clock.Add(time.Second)
		x.must(x.send("case_1", shipment.Replacement, "", ""))
		for range 2 {
			if err := x.write(func(ctx context.Context, tx *db.Tx) error { return x.s.Cancel(ctx, tx, warehouse, "case_1") }); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"return cancelled", "return cancelled", "replacement handed_over"}, x.states("case_1")); diff != "" {
			t.Error(diff)
		}
		if _, changed, err := x.scan(first.Tracking, shipment.Scan{Status: shipment.InTransit, At: start}); err != nil || !changed {
			t.Errorf("a parcel that was sent nevertheless: changed %v, %v", changed, err)
		}
	})
}

// The first release had one parcel for a case and other ranks.
func TestParcelsOfTheFirstReleaseGoOn(t *testing.T) {
	old := fstest.MapFS{}
	text, err := fs.ReadFile(shipment.Schema.FS, "schema/0001_shipment.sql")
	if err != nil {
		t.Fatal(err)
	}
	old["schema/0001_shipment.sql"] = &fstest.MapFile{Data: text}
	before := []db.Schema{event.Schema, {Name: "shipment", FS: old}}
	dbtest.EachAt(t, before, start, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		x := &box{T: t, d: d, clock: clock}
		ranks := map[string]int{"label_issued": 1, "handed_over": 2, "in_transit": 3, "lost": 4, "delivered": 5, "received": 6}
		for state, rank := range ranks {
			err := x.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, `insert into shipment_parcel (tenant, id, case_id, label, carrier, tracking, state, rank, address, version, created_at, updated_at)
					values ('t1', $1, $2, $3, 'own', $3, $1, $4, '{}', 1, 1, 1)`, state, "case_"+state, "AC"+state, rank)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := d.Migrate(t.Context(), schemas); err != nil {
			t.Fatal(err)
		}
		for state := range ranks {
			p := x.issue("case_" + state)
			if p.ID != state || p.Direction != shipment.Return || p.Seq != 1 {
				t.Errorf("%s became %+v", state, p)
			}
			if _, err := x.handOver("case_"+state, "", ""); err != nil {
				t.Fatal(err)
			}
			want := state
			if state == "label_issued" {
				want = "handed_over"
			}
			if got := x.of("case_" + state)[0]; string(got.State) != want {
				t.Errorf("%s handed over is %s, want %s", state, got.State, want)
			}
			if got, err := x.received("case_" + state); err != nil || got.State != shipment.Received {
				t.Errorf("%s arrives: %s, %v", state, got.State, err)
			}
		}
	})
}
