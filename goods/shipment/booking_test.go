package shipment_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

func (x *box) book(caseID string, method shipment.Method, slot shipment.Slot) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Book(ctx, tx, customer, caseID, "", method, slot, home)
	})
}

func (x *box) unbook(caseID string) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Unbook(ctx, tx, customer, caseID, "")
	})
}

func (x *box) openSlot(from time.Time, capacity int64) (slot shipment.Slot) {
	x.Helper()
	err := x.write(func(ctx context.Context, tx *db.Tx) (err error) {
		slot, err = x.s.OpenSlot(ctx, tx, warehouse, from, from.Add(2*time.Hour), capacity)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return slot
}

func (x *box) left(from time.Time) (n []int64) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) error {
		all, err := shipment.OwnSlots(x.Context(), tx, "t1", from, from.Add(24*time.Hour))
		for _, s := range all {
			n = append(n, s.Left)
		}
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return n
}

func (x *box) booking(p shipment.Parcel) (b shipment.Booking) {
	x.Helper()
	err := x.d.Read(x.Context(), func(tx *db.Tx) (err error) {
		b, err = shipment.BookingOf(x.Context(), tx, "t1", p.ID)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return b
}

var tomorrow = start.Add(24 * time.Hour)

func TestASlotIsNotGivenToMoreParcelsThanItHasRoomFor(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		slot := x.openSlot(tomorrow, 2)
		var wg sync.WaitGroup
		var mu sync.Mutex
		booked, taken := 0, 0
		for i := range 6 {
			caseID := "case_" + string(rune('a'+i))
			x.issue(caseID)
			wg.Go(func() {
				p, err := x.book(caseID, shipment.PickUp, shipment.Slot{ID: slot.ID})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && p.State == shipment.PickupBooked:
					booked++
				case errors.Is(err, shipment.ErrSlotTaken):
					taken++
				default:
					t.Errorf("%s: %+v, %v", caseID, p, err)
				}
			})
		}
		wg.Wait()
		if booked != 2 || taken != 4 {
			t.Errorf("%d booked, %d refused; want 2 and 4", booked, taken)
		}
	})
}

func TestAnotherSlotGivesTheFirstOneBack(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		early, late := x.openSlot(tomorrow, 1), x.openSlot(tomorrow.Add(3*time.Hour), 1)
		p := x.issue("case_1")
		for _, slot := range []shipment.Slot{early, late, late} { // the same again is a new booking of it
			if _, err := x.book("case_1", shipment.PickUp, shipment.Slot{ID: slot.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]int64{1, 0}, x.left(tomorrow)); diff != "" {
			t.Errorf("after rebooking: %s", diff)
		}
		if b := x.booking(p); b.State != shipment.BookBooked || !b.From.Equal(late.From) {
			t.Errorf("booking %+v", b)
		}
		back := x.must(x.unbook("case_1"))
		if diff := cmp.Diff([]int64{1, 1}, x.left(tomorrow)); diff != "" || back.State != shipment.LabelIssued {
			t.Errorf("after cancelling: %s %s", back.State, diff)
		}
		if _, err := x.unbook("case_1"); !errors.Is(err, shipment.ErrNoBooking) {
			t.Errorf("cancelling twice: %v", err)
		}
		want := []string{"parcel.label_issued", "parcel.pickup_booked", "parcel.booking_cancelled", "parcel.pickup_booked",
			"parcel.booking_cancelled", "parcel.pickup_booked", "parcel.booking_cancelled"}
		if diff := cmp.Diff(want, x.events(p.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACaseThatEndsGivesItsSlotBack(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		slot := x.openSlot(tomorrow, 1)
		x.issue("case_1")
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{ID: slot.ID}))
		if err := x.write(func(ctx context.Context, tx *db.Tx) error { return x.s.Cancel(ctx, tx, warehouse, "case_1") }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int64{1}, x.left(tomorrow)); diff != "" {
			t.Error(diff)
		}
		if all := x.of("case_1"); all[0].State != shipment.Cancelled {
			t.Errorf("the parcel is %s", all[0].State)
		}
	})
}

func TestWhatCannotBeBookedIsRefused(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		slot := x.openSlot(start.Add(time.Hour), 1)
		x.issue("case_1")
		x.withCompany()
		x.clock.Add(5 * time.Hour) // the slot has passed
		tests := []struct {
			name   string
			method shipment.Method
			slot   shipment.Slot
			want   error
		}{
			{"a slot that nobody offers", shipment.PickUp, shipment.Slot{ID: "slot_1"}, shipment.ErrSlot},
			{"a slot that has passed", shipment.PickUp, shipment.Slot{ID: slot.ID}, shipment.ErrSlot},
			{"a point that is not there", shipment.DropOff, shipment.Slot{ID: "pnt_1"}, shipment.ErrPoint},
			{"no method", "", shipment.Slot{}, shipment.ErrMethod},
			{"a slot for the customer's own carrier", shipment.SelfShip, shipment.Slot{ID: slot.ID}, shipment.ErrMethod},
			{"a carrier that is not set up", shipment.PickUp, shipment.Slot{Carrier: "nobody", From: tomorrow, To: tomorrow.Add(time.Hour)}, shipment.ErrCarrier},
			{"a carrier's slot yesterday", shipment.PickUp, shipment.Slot{Carrier: "company", From: start, To: start.Add(time.Hour)}, shipment.ErrSlot},
			{"a carrier's slot that ends before it begins", shipment.PickUp, shipment.Slot{Carrier: "company", From: tomorrow, To: tomorrow.Add(-time.Hour)}, shipment.ErrSlot},
		}
		for _, test := range tests {
			if _, err := x.book("case_1", test.method, test.slot); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if _, err := x.handOver("case_1", "", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := x.book("case_1", shipment.SelfShip, shipment.Slot{}); !errors.Is(err, shipment.ErrSent) {
			t.Errorf("a parcel that is gone: %v", err)
		}
	})
}

func TestACarrierIsBookedOnceWhateverAnswersAreLost(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		p := x.issue("case_1")
		c.lose = 3 // the answer to the booking, and to two questions what became of it
		asked := x.must(x.book("case_1", shipment.PickUp, shipment.Slot{Carrier: "company", ID: "am", From: tomorrow, To: tomorrow.Add(time.Hour)}))
		if asked.State != shipment.LabelIssued || x.booking(p).State != shipment.BookRequested {
			t.Errorf("before the carrier answers: %s", asked.State)
		}
		x.work(q, 10*time.Minute)
		b := x.booking(p)
		if b.State != shipment.BookBooked || b.Reference != "ref "+b.ID || c.living() != 1 || c.calls["book"] != 1 {
			t.Errorf("booking %+v; %d at the carrier's, asked %v", b, c.living(), c.calls)
		}
		now := x.of("case_1")[0]
		if now.State != shipment.PickupBooked || now.Carrier != "Company" || now.Tracking == now.Label || now.Slip == "" {
			t.Errorf("parcel %+v", now)
		}
		if _, changed, err := x.scan(now.Tracking, shipment.Scan{Status: shipment.HandedOver, At: x.clock.Now()}); err != nil || !changed {
			t.Errorf("scan of the carrier's label: %v, %v", changed, err)
		}
		want := []string{"parcel.label_issued", "parcel.booking_requested", "parcel.pickup_booked", "parcel.handed_over"}
		if diff := cmp.Diff(want, x.events(p.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACarriersNoIsFinal(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		p := x.issue("case_1")
		c.refuse = &shipment.Declined{Reason: "nobody drives there"}
		x.must(x.book("case_1", shipment.DropOff, shipment.Slot{Carrier: "company"}))
		x.work(q, time.Minute)
		if b := x.booking(p); b.State != shipment.BookDeclined || b.Reason != "nobody drives there" {
			t.Errorf("booking %+v", b)
		}
		c.refuse = nil
		x.must(x.book("case_1", shipment.DropOff, shipment.Slot{Carrier: "company"}))
		x.work(q, time.Minute)
		if now := x.of("case_1")[0]; x.booking(p).State != shipment.BookBooked || now.State != shipment.LabelIssued || now.Slip == "" {
			t.Errorf("another try: %+v", now)
		}
	})
}

func TestABookingThatIsCancelledDoesNotHoldAtTheCarriers(t *testing.T) {
	slot := shipment.Slot{Carrier: "company", ID: "am", From: tomorrow.Add(24 * time.Hour), To: tomorrow.Add(25 * time.Hour)}
	tests := []struct {
		name string
		run  func(x *box, c *company, caseID string)
	}{
		{"before it was asked for", func(x *box, _ *company, caseID string) {
			x.must(x.book(caseID, shipment.PickUp, slot))
			x.must(x.unbook(caseID))
		}},
		{"after it was agreed", func(x *box, _ *company, caseID string) {
			x.must(x.book(caseID, shipment.PickUp, slot))
			x.work(x.s.Queue, time.Minute)
			x.must(x.unbook(caseID))
		}},
		{"while the answer is lost", func(x *box, c *company, caseID string) {
			x.must(x.book(caseID, shipment.PickUp, slot))
			c.lose = 1
			if _, err := x.s.Queue.RunDue(x.Context()); err != nil {
				x.Fatal(err)
			}
			x.must(x.unbook(caseID))
		}},
		{"with the answers of cancelling lost", func(x *box, c *company, caseID string) {
			x.must(x.book(caseID, shipment.PickUp, slot))
			x.work(x.s.Queue, time.Minute)
			c.lose = 2
			x.must(x.unbook(caseID))
		}},
	}
	each(t, func(t *testing.T, x *box) {
		for i, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				x := &box{T: t, d: x.d, clock: x.clock}
				caseID := "case_" + string(rune('a'+i))
				c, q := x.withCompany()
				p := x.issue(caseID)
				test.run(x, c, caseID)
				x.work(q, 15*time.Minute)
				if b := x.booking(p); b.State != shipment.BookUndone || c.living() != 0 {
					t.Errorf("booking %s %q, %d hold at the carrier's", b.State, b.Reason, c.living())
				}
				now := x.of(caseID)[0]
				if now.State != shipment.LabelIssued || now.Tracking != now.Label || now.Carrier != shipment.Own || now.Slip != "" {
					t.Errorf("parcel %+v", now)
				}
			})
		}
	})
}

func TestABookingThatArrivesAfterItWasCancelledIsCancelledToo(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		c.hold, c.entered = make(chan struct{}), make(chan struct{})
		p := x.issue("case_1")
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{Carrier: "company", From: tomorrow, To: tomorrow.Add(time.Hour)}))
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := q.RunDue(x.Context()); err != nil {
				t.Error(err)
			}
		})
		<-c.entered
		x.must(x.unbook("case_1"))
		other := job.NewQueue(x.d, slog.New(slog.DiscardHandler)) // another process looks at once
		second := x.s
		second.Queue = other
		second.Jobs(other)
		if _, err := other.RunDue(x.Context()); err != nil {
			t.Fatal(err)
		}
		close(c.hold)
		wg.Wait()
		x.work(q, 15*time.Minute)
		if b := x.booking(p); b.State != shipment.BookUndone || c.living() != 0 {
			t.Errorf("booking %s, %d hold at the carrier's", b.State, c.living())
		}
	})
}

func TestWhatACarrierDoesNotCancelIsAPersonsTask(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		p := x.issue("case_1")
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{Carrier: "company", From: tomorrow, To: tomorrow.Add(time.Hour)}))
		x.work(q, time.Minute)
		c.refuse = &shipment.Declined{Reason: "the driver has left"}
		x.must(x.unbook("case_1"))
		x.work(q, 5*time.Minute)
		if b := x.booking(p); b.State != shipment.BookStuck || b.Reason == "" {
			t.Errorf("booking %+v", b)
		}
	})
}

func TestAnswersThatNeverComeEndWithAPerson(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		c, q := x.withCompany()
		p := x.issue("case_1")
		c.lose = 1000
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{Carrier: "company", From: tomorrow, To: tomorrow.Add(time.Hour)}))
		for range 40 {
			if _, err := q.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			x.clock.Add(2 * time.Hour)
		}
		if b := x.booking(p); b.State != shipment.BookStuck || c.calls["book"] != 1 {
			t.Errorf("booking %+v, asked %v", b, c.calls)
		}
	})
}

func TestPointsComeByDistance(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		for _, p := range []shipment.Point{
			{Name: "A", Address: "苏州", Located: true, Latitude: 31.2989, Longitude: 120.5853},
			{Name: "B", Address: "上海", Located: true, Latitude: 31.2304, Longitude: 121.4737},
			{Name: "C", Address: "somewhere"},
		} {
			if err := x.write(func(ctx context.Context, tx *db.Tx) error { _, err := x.s.SavePoint(ctx, tx, warehouse, p); return err }); err != nil {
				t.Fatal(err)
			}
		}
		var all []shipment.Point
		if err := x.d.Read(t.Context(), func(tx *db.Tx) (err error) { all, err = shipment.Points(t.Context(), tx, "t1"); return err }); err != nil {
			t.Fatal(err)
		}
		near := shipment.Near(all, 31.2397, 121.4998) // the Bund
		if near[0].Name != "B" || near[1].Name != "A" || near[2].Name != "C" || near[0].Distance > 4 || near[1].Distance < 80 || near[1].Distance > 95 {
			t.Errorf("order %+v", near)
		}
		for _, bad := range []shipment.Point{{Address: "x"}, {Name: "x"}, {Name: "x", Address: "y", Located: true, Latitude: 91}} {
			err := x.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := x.s.SavePoint(ctx, tx, warehouse, bad)
				return err
			})
			if !errors.Is(err, shipment.ErrPlace) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}
