package shipment_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func (x *box) missed(caseID, why string) (shipment.Parcel, error) {
	return x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
		return x.s.Missed(ctx, tx, warehouse, caseID, "", why)
	})
}

func TestAPickUpThatIsMovedIsStillAtTheAddressThatWasGiven(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		early, late := x.openSlot(tomorrow, 1), x.openSlot(tomorrow.Add(3*time.Hour), 1)
		p := x.issue("case_1")
		move := func(slot shipment.Slot) error {
			_, err := x.do(func(ctx context.Context, tx *db.Tx) (shipment.Parcel, error) {
				return x.s.Book(ctx, tx, warehouse, "case_1", "", shipment.PickUp, shipment.Slot{ID: slot.ID}, shipment.Address{})
			})
			return err
		}
		if err := move(early); !errors.Is(err, shipment.ErrAddress) {
			t.Errorf("a first pick-up without an address: %v", err)
		}
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{ID: early.ID}))
		if err := move(late); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(home, x.booking(p).Sender); diff != "" {
			t.Error(diff)
		}
		x.must(x.unbook("case_1"))
		if err := move(early); err != nil {
			t.Fatal(err)
		}
		if b := x.booking(p); b.Sender.Name != home.Name || !b.From.Equal(early.From) {
			t.Errorf("after cancelling: %+v", b)
		}
	})
}

func TestAMissedPickUpIsBookedAgain(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		first, second := x.openSlot(tomorrow, 1), x.openSlot(tomorrow.Add(24*time.Hour), 1)
		p := x.issue("case_1")
		if _, err := x.missed("case_1", ""); !errors.Is(err, shipment.ErrNoBooking) {
			t.Errorf("nothing is booked: %v", err)
		}
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{ID: first.ID}))
		if _, err := x.missed("case_1", ""); !errors.Is(err, shipment.ErrEarly) {
			t.Errorf("before its time: %v", err)
		}
		x.clock.Add(25 * time.Hour)
		if back := x.must(x.missed("case_1", "nobody at home")); back.State != shipment.LabelIssued || back.Method != "" {
			t.Errorf("the parcel is %s, %s", back.State, back.Method)
		}
		if b := x.booking(p); b.State != shipment.BookMissed || b.Reason != "nobody at home" {
			t.Errorf("booking %+v", b)
		}
		if _, err := x.missed("case_1", ""); !errors.Is(err, shipment.ErrNoBooking) {
			t.Errorf("twice: %v", err)
		}
		x.must(x.book("case_1", shipment.PickUp, shipment.Slot{ID: second.ID}))
		x.clock.Add(24 * time.Hour)
		if _, err := x.handOver("case_1", "", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := x.missed("case_1", ""); !errors.Is(err, shipment.ErrSent) {
			t.Errorf("of a parcel that was fetched: %v", err)
		}
		want := []string{"parcel.label_issued", "parcel.pickup_booked", "parcel.booking_missed", "parcel.pickup_booked", "parcel.handed_over"}
		if diff := cmp.Diff(want, x.events(p.ID)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAParcelThatGoesOffBeforeItsPickUpGivesTheSlotBack(t *testing.T) {
	each(t, func(t *testing.T, x *box) {
		slot := x.openSlot(tomorrow, 3)
		sent := map[string]string{"case_1": "", "case_2": "SF-70001"} // with our label, and with another carrier
		for caseID, number := range sent {
			p := x.issue(caseID)
			x.must(x.book(caseID, shipment.PickUp, shipment.Slot{ID: slot.ID}))
			if _, err := x.handOver(caseID, "", number); err != nil {
				t.Fatal(err)
			}
			if b, now := x.booking(p), x.of(caseID)[0]; b.State != shipment.BookUndone || now.State != shipment.HandedOver || now.Method != "" {
				t.Errorf("%s: the booking is %s, the parcel %s by %q", caseID, b.State, now.State, now.Method)
			}
		}
		p := x.issue("case_3")
		x.must(x.book("case_3", shipment.PickUp, shipment.Slot{ID: slot.ID}))
		if diff := cmp.Diff([]int64{2}, x.left(tomorrow)); diff != "" {
			t.Error(diff)
		}
		x.clock.Add(25 * time.Hour) // the driver is there, and gives it a number
		if _, err := x.handOver("case_3", "顺丰", "SF-70003"); err != nil {
			t.Fatal(err)
		}
		if b, now := x.booking(p), x.of("case_3")[0]; b.State != shipment.BookBooked || now.State != shipment.HandedOver || now.Method != shipment.PickUp {
			t.Errorf("fetched: the booking is %s, the parcel %s by %q", b.State, now.State, now.Method)
		}
	})
}

func TestTheDayTellsWhatBecameOfAPickUp(t *testing.T) {
	s := &shipment.Service{CaseOf: func(_ context.Context, _ *db.Tx, _ actor.Actor, caseID string) (string, string, error) {
		return "R-" + caseID, "await_return", nil
	}}
	routes := func(a *httpapi.API, _ *db.DB) { s.Routes(a) }
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		driver := warehouse
		driver.Role = role.Warehouse
		from := time.Now().UTC().Truncate(time.Second)
		var parcels []shipment.Parcel
		var slots []shipment.Slot
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "t1", Name: "T", Zone: "UTC", Language: "en", Currency: "CNY"}); err != nil {
				return err
			}
			for n := range 3 {
				slot, err := s.OpenSlot(t.Context(), tx, actor.Of("t1"), from.Add(time.Duration(n)*time.Millisecond), from.Add(time.Hour), 4)
				if err != nil {
					return err
				}
				slots = append(slots, slot)
			}
			for _, id := range []string{"case_1", "case_2", "case_3"} {
				p, err := s.Issue(t.Context(), tx, actor.Of("t1"), id, depot)
				if err == nil {
					_, err = s.Book(t.Context(), tx, actor.Of("t1"), id, p.ID, shipment.PickUp, slots[0], home)
				}
				if err != nil {
					return err
				}
				parcels = append(parcels, p)
			}
			_, err := s.HandOver(t.Context(), tx, customer, "case_3", "", "", "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		at := func(n int, mine string) string {
			return "/v1" + mine + "/cases/" + parcels[n].Case + "/parcels/" + parcels[n].ID + "/actions"
		}
		move := map[string]any{"action": "book", "method": "pick_up", "place": slots[1].ID}
		apitest.Do(t, h, "POST", at(0, ""), apitest.As(driver), apitest.Body(move)).Want(t, 200, "")
		missed := map[string]any{"action": "missed", "reason": "Nobody at home"}
		apitest.Do(t, h, "POST", at(1, "/my"), apitest.As(customer), apitest.Body(missed)).Want(t, 403, "role.denied")
		told := apitest.Do(t, h, "POST", at(1, ""), apitest.As(driver), apitest.Body(missed)).Want(t, 200, "")
		if told.Text("state") != "label_issued" || told.Text("booking.state") != "missed" || told.Text("booking.reason") != "Nobody at home" {
			t.Errorf("%s", told.Raw)
		}
		mine := apitest.Do(t, h, "GET", "/v1/my/cases/case_2/parcels", apitest.As(customer)).Want(t, 200, "")
		if mine.Text("items.0.booking.reason") != "Nobody at home" || mine.At("items.0.booking.addressed") != true {
			t.Errorf("to the customer: %s", mine.Raw)
		}
		apitest.Do(t, h, "POST", at(2, ""), apitest.As(driver), apitest.Body(missed)).Want(t, 409, "shipment.sent")
		day := apitest.Do(t, h, "GET", "/v1/pickups?day="+from.Format(time.DateOnly), apitest.As(driver)).Want(t, 200, "")
		got := map[string]string{}
		for n := range 4 {
			place := "items." + string(rune('0'+n)) + "."
			got[day.Text(place+"case.id")+" "+day.Text(place+"state")] = day.Text(place+"parcel_state") + " " + day.Text(place+"now.state")
			if day.Text(place+"sender.name") != home.Name {
				t.Errorf("where: %s", day.Raw)
			}
		}
		want := map[string]string{"case_1 cancelled": "pickup_booked booked", "case_1 booked": "pickup_booked ", "case_2 missed": "label_issued ", "case_3 booked": "handed_over "}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
