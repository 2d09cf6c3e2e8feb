package shipment_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

func (x *box) state(caseID string) shipment.State { return x.of(caseID)[0].State }

func TestParcelsOfACarrierAreFollowedUntilTheyArrive(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		var through []string
		x.s.Scanned = func(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc shipment.Scan) error {
			through = append(through, string(sc.Status))
			_, _, err := x.s.Scan(ctx, tx, by, tracking, sc)
			return err
		}
		p := x.issue("case_1")
		if _, err := x.handOver("case_1", "Company", "CO-1000"); err != nil {
			t.Fatal(err)
		}
		c.scans = []shipment.Scan{
			{ID: "2", Status: shipment.InTransit, At: start.Add(2 * time.Minute), Note: "line one\nline two"},
			{ID: "1", Status: shipment.HandedOver, At: start.Add(time.Minute)},
			{ID: "x", Status: "eaten", At: start},
		}
		x.work(q, 2*time.Minute)
		if got := x.of("case_1")[0]; got.State != shipment.InTransit || len(got.Scans) != 2 || got.Scans[1].Note != "line one line two" {
			t.Errorf("after the first question: %s, %+v", got.State, got.Scans)
		}
		c.scans = append(c.scans, shipment.Scan{ID: "3", Status: shipment.Delivered, At: start.Add(20 * time.Minute)})
		x.work(q, 45*time.Minute)
		if got := x.state("case_1"); got != shipment.Delivered {
			t.Errorf("after half an hour: %s", got)
		}
		asked := len(c.marks)
		x.work(q, 24*time.Hour)
		if diff := cmp.Diff([]string{"", "seen"}, c.marks); diff != "" || asked != 2 {
			t.Errorf("asked %d times, then %d, with marks: %s", asked, len(c.marks), diff)
		}
		if len(through) == 0 || through[0] != "in_transit" {
			t.Errorf("scans that went by the case: %v", through)
		}
		_ = p
	})
}

func TestACarrierThatDoesNotAnswerIsAskedLessAndLess(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		c.silent = true
		x.issue("case_1")
		if _, err := x.handOver("case_1", "Company", "CO-1000"); err != nil {
			t.Fatal(err)
		}
		x.work(q, 12*time.Hour)
		if n := len(c.marks); n < 6 || n > 9 { // 0, 5, 15, 35, 75, 155, 315, 635 minutes
			t.Errorf("asked %d times in 12 hours", n)
		}
		c.silent = false
		c.scans = []shipment.Scan{{Status: shipment.Delivered, At: start}}
		x.work(q, 13*time.Hour)
		if got := x.state("case_1"); got != shipment.Delivered {
			t.Errorf("when the line is back: %s", got)
		}
	})
}

func TestManyParcelsAreAskedAboutInTurns(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		for i := range 220 {
			caseID := "case_" + string(rune('a'+i/26)) + string(rune('a'+i%26))
			x.issue(caseID)
			if _, err := x.handOver(caseID, "Company", "CO1"+caseID[5:]+"00"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := q.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		first := len(c.marks)
		if first == 0 || first > 208 {
			t.Errorf("%d parcels in one run", first)
		}
		x.work(q, 3*time.Minute)
		if len(c.marks) != 220 {
			t.Errorf("%d parcels after three minutes", len(c.marks))
		}
	})
}

func TestACarriersMessageCountsOnceAndOnlyWhenItIsSigned(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		x.withCompany()
		counted := 0
		x.s.Scanned = func(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc shipment.Scan) error {
			counted++
			_, _, err := x.s.Scan(ctx, tx, by, tracking, sc)
			return err
		}
		x.issue("case_1")
		if _, err := x.handOver("case_1", "Company", "CO-1000"); err != nil {
			t.Fatal(err)
		}
		signed := map[string][]string{"Signed": {"yes"}}
		body := []byte(`{"ID":"m1","Scans":[{"Tracking":"NOBODYS1","Scan":{"status":"delivered","at":"2026-03-01T08:00:00Z"}},
			{"Tracking":"CO1000","Scan":{"status":"in_transit","at":"2026-03-01T08:00:00Z"}}],"Reply":"b2s="}`)
		if _, err := x.s.Heed(t.Context(), "t1", "company", "", shipment.Hook{Body: body}); !errors.Is(err, shipment.ErrForged) {
			t.Errorf("unsigned: %v", err)
		}
		if _, err := x.s.Heed(t.Context(), "t1", "nobody", "", shipment.Hook{Body: body, Header: signed}); !errors.Is(err, shipment.ErrCarrier) {
			t.Errorf("of nobody: %v", err)
		}
		for range 2 {
			reply, err := x.s.Heed(t.Context(), "t1", "company", "", shipment.Hook{Body: body, Header: signed})
			if err != nil || string(reply) != "ok" {
				t.Errorf("answered %q, %v", reply, err)
			}
		}
		if got := x.of("case_1")[0]; got.State != shipment.InTransit || len(got.Scans) != 1 || counted != 2 {
			t.Errorf("%s with %d scans, %d of them told", got.State, len(got.Scans), counted)
		}
	})
}

func TestAMessageThatCouldNotBeKeptMayComeAgain(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		x.withCompany()
		broken := true
		x.s.Scanned = func(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc shipment.Scan) error {
			if broken {
				return errors.New("no disk")
			}
			_, _, err := x.s.Scan(ctx, tx, by, tracking, sc)
			return err
		}
		p := x.issue("case_1")
		hook := shipment.Hook{Header: map[string][]string{"Signed": {"yes"}},
			Body: []byte(`{"ID":"m1","Scans":[{"Tracking":"` + p.Label + `","Scan":{"status":"in_transit","at":"2026-03-01T08:00:00Z"}}]}`)}
		if _, err := x.s.Heed(t.Context(), "t1", "company", "", hook); err == nil {
			t.Error("a message was taken that could not be kept")
		}
		broken = false
		if _, err := x.s.Heed(t.Context(), "t1", "company", "", hook); err != nil {
			t.Error(err)
		}
		if got := x.state("case_1"); got != shipment.InTransit {
			t.Errorf("the parcel is %s", got)
		}
	})
}

// stop tells what became of the wish to stop a parcel.
func (x *box) stop(p shipment.Parcel) (stop shipment.Stop, asked bool) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		stop, asked, err = shipment.StopOf(x.Context(), tx, p)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return stop, asked
}

func TestAWishToStopAParcelIsAskedAndAnswered(t *testing.T) {
	tests := []struct {
		name   string
		set    func(c *company)
		wish   shipment.Wish
		state  shipment.State
		events []string
		told   shipment.Stop
	}{
		{"the carrier tries", func(c *company) { c.wish, c.lose = shipment.Asked, 2 }, shipment.Asked, shipment.InTransit,
			[]string{"parcel.in_transit", "parcel.intercept_requested", "parcel.intercept_accepted"}, shipment.Stop{Wish: shipment.Asked}},
		{"the carrier has done it", func(c *company) { c.wish = shipment.Stopped }, shipment.Stopped, shipment.Intercepted,
			[]string{"parcel.in_transit", "parcel.intercept_requested", "parcel.intercepted"}, shipment.Stop{Wish: shipment.Stopped}},
		{"the carrier refuses", func(c *company) { c.refuse = &shipment.Declined{Reason: "too late"} }, shipment.Refusal, shipment.InTransit,
			[]string{"parcel.in_transit", "parcel.intercept_requested", "parcel.intercept_refused"}, shipment.Stop{Wish: shipment.Refusal, Why: "too late"}},
		{"the carrier has no such service", func(c *company) { c.without = true }, shipment.Requested, shipment.InTransit,
			[]string{"parcel.in_transit", "parcel.intercept_requested", "parcel.intercept_requested"}, shipment.Stop{Wish: shipment.Requested, ByHand: true, Why: "The carrier's adapter cannot ask."}},
	}
	each(t, func(t *testing.T, x *box) {
		for i, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				x := &box{T: t, d: x.d, clock: x.clock}
				c, q := x.withCompany()
				test.set(c)
				caseID := "case_" + string(rune('a'+i))
				p := x.must(x.intercept(caseID, "Company", "CO 700"+string(rune('0'+i))))
				x.work(q, 10*time.Minute)
				got := x.of(caseID)[0]
				if got.Wish != test.wish || got.State != test.state {
					t.Errorf("wish %s, state %s; want %s, %s", got.Wish, got.State, test.wish, test.state)
				}
				if diff := cmp.Diff(test.events, x.events(p.ID)); diff != "" {
					t.Error(diff)
				}
				told, asked := x.stop(got)
				if !asked || told.Asked.IsZero() || told.Answered.IsZero() != (test.wish == shipment.Requested) {
					t.Errorf("asked %v at %v, answered at %v", asked, told.Asked, told.Answered)
				}
				times := shipment.Stop{Wish: told.Wish, Asked: told.Asked, Answered: told.Answered}
				told.Asked, told.Answered = time.Time{}, time.Time{}
				if diff := cmp.Diff(test.told, told); diff != "" {
					t.Error(diff)
				}
				err := x.d.Write(t.Context(), func(tx *db.Tx) error {
					_, err := event.Erase(t.Context(), tx, actor.Of("t1"), "parcel", p.ID, "the customer was erased")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if after, _ := x.stop(got); after != times {
					t.Errorf("when the words are erased: %+v, want %+v", after, times)
				}
			})
		}
	})
}

func TestAPersonWritesDownWhatTheCarrierSaid(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		decide := func(p shipment.Parcel, stopped bool) (shipment.Parcel, error) {
			return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
				return x.s.Decide(ctx, tx, warehouse, p.ID, stopped, "by telephone")
			})
		}
		first, second := x.must(x.intercept("case_1", "顺丰", "SF70001")), x.must(x.intercept("case_2", "顺丰", "SF70002"))
		var tasks []shipment.Parcel
		read := func() {
			if err := x.d.Read(t.Context(), func(tx *db.Tx) (err error) { tasks, err = shipment.Tasks(t.Context(), tx, "t1", "", 10); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if read(); len(tasks) != 2 {
			t.Errorf("%d tasks, want 2", len(tasks))
		}
		if p := x.must(decide(first, true)); p.State != shipment.Intercepted || p.Wish != shipment.Stopped {
			t.Errorf("stopped: %+v", p)
		}
		for _, p := range x.of("case_1") {
			if told, asked := x.stop(p); !asked || told.Why != "by telephone" || told.Answered.IsZero() {
				t.Errorf("what the carrier said is lost: %+v", told)
			}
		}
		if p := x.must(decide(second, false)); p.State != shipment.InTransit || p.Wish != shipment.Refusal {
			t.Errorf("refused: %+v", p)
		}
		for _, p := range []shipment.Parcel{first, second} {
			if _, err := decide(p, true); !errors.Is(err, shipment.ErrNoWish) {
				t.Errorf("decided twice: %v", err)
			}
		}
		if read(); len(tasks) != 0 {
			t.Errorf("%d tasks are left", len(tasks))
		}
	})
}

func TestAPlannedParcelIsPackedLater(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		planned := x.must(x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
			return x.s.Plan(ctx, tx, warehouse, "case_1", shipment.Replacement, home)
		}))
		packed := x.must(x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
			return x.s.Prepare(ctx, tx, warehouse, "case_1", shipment.Replacement, home)
		}))
		if planned.State != shipment.Planned || packed.ID != planned.ID || packed.State != shipment.LabelIssued {
			t.Errorf("planned %+v, packed %+v", planned, packed)
		}
		x.must(x.send("case_1", shipment.Replacement, "", ""))
		if diff := cmp.Diff([]string{"parcel.planned", "parcel.label_issued", "parcel.handed_over"}, x.events(packed.ID)); diff != "" {
			t.Error(diff)
		}
	})
}
