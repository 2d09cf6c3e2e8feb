package cases_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

func TestPointsAndCouponsAreToldWithTheMoney(t *testing.T) {
	eachShop(t, func(s *shop) {
		var o order.Order
		delivered := monday.Add(-14 * 3600e9)
		s.write(func(tx *db.Tx) (err error) {
			o, _, err = s.orders.Put(s.t.Context(), tx, s.agent, order.Draft{
				Source: "shop", Number: "P-1", Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * 3600e9), DeliveredAt: &delivered, TaxIncluded: true,
				Customer:  &customer.Draft{Ref: "c-1", Name: "林晓雯", Email: "p@example.com"},
				Lines:     []order.DraftLine{{SKU: "M1", Title: "杯子", Quantity: 2, UnitPrice: 10000, Points: 180}},
				Discounts: []order.DraftDiscount{{Code: "ONCE", Amount: 2000}}, Coupons: []order.DraftCoupon{{Code: "ONCE", SingleUse: true}},
				Tenders: []order.DraftTender{{Kind: "points", Provider: "bank", Amount: 3000, Points: 300}, {Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 15000}},
			})
			return err
		})
		s.buyer.Tenant, s.buyer.Kind, s.buyer.ID = "main", "customer", o.Customer
		back := func() cases.Case {
			return s.act(s.agent, s.act(s.agent, s.open(s.buyer, o, 1, "wrong_size"), received(1)), graded(1, 0))
		}
		first := back()
		second := back()
		a, b := s.toldOf(first), s.toldOf(second)
		if len(a) != 1 || len(b) != 1 {
			t.Fatalf("told %v and %v, want once each", a, b)
		}
		if a[0].Reversed+b[0].Reversed != 180 || a[0].Coupons != nil || !slices.Equal(b[0].Coupons, []string{"ONCE"}) {
			t.Errorf("all came back: %+v, then %+v", a[0], b[0])
		}
		var v cases.View
		if err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
			v, err = s.cases.Look(t.Context(), tx, s.agent, s.reload(second), "en")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(v.Money.Quoted.More, "Coupon ONCE is issued again") {
			t.Errorf("staff read %q", v.Money.Quoted.More)
		}
	})
}

// What a case pays more after it was taken up again brings more of the points
// back: the event tells the difference, and the total.
func TestPointsAreToldByDifferenceWhenACaseIsSettledAgain(t *testing.T) {
	eachShop(t, func(s *shop) {
		var o order.Order
		delivered := monday.Add(-14 * 3600e9)
		s.write(func(tx *db.Tx) (err error) {
			o, _, err = s.orders.Put(s.t.Context(), tx, s.agent, order.Draft{
				Source: "shop", Number: "P-2", Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * 3600e9), DeliveredAt: &delivered, TaxIncluded: true,
				Customer: &customer.Draft{Ref: "c-2", Name: "林晓雯", Email: "p2@example.com"},
				Lines:    []order.DraftLine{{SKU: "M1", Title: "杯子", Quantity: 2, UnitPrice: 10000, Points: 180}},
				Tenders:  []order.DraftTender{{Kind: "points", Provider: "bank", Amount: 5000, Points: 500}, {Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 15000}},
			})
			return err
		})
		s.buyer.Tenant, s.buyer.Kind, s.buyer.ID = "main", "customer", o.Customer
		again := func(c cases.Case, in cases.Input) cases.Case {
			t.Helper()
			in.Action, in.Comment = cases.Reopen, "looked at again"
			c = s.act(s.boss, s.act(s.agent, c, in), cases.Input{Action: cases.Reopen})
			s.work()
			return s.reload(c)
		}
		c := s.act(s.agent, s.act(s.agent, s.open(s.buyer, o, 1, "wrong_size"), received(1)), graded(1, 0))
		s.work()
		c = s.expect(s.reload(c), cases.Completed, 9000) // less the label, of the card's money and the points'
		first := s.toldOf(c)
		if len(first) != 1 || first[0].Restored != 225 || first[0].Reversed != 90 || first[0].Turn != 1 || first[0].Total.Restored != 225 || first[0].Total.Reversed != 90 {
			t.Fatalf("at first: %+v", first)
		}
		c = s.expect(again(c, cases.Input{Freight: "seller"}), cases.Completed, 10000)
		all := s.toldOf(c)
		if len(all) != 2 || all[1].Restored != 25 || all[1].Reversed != 0 || all[1].Turn != 2 || all[1].Total.Restored != 250 || all[1].Total.Reversed != 90 {
			t.Fatalf("by difference: %+v", all)
		}
		c = again(c, cases.Input{Freight: "customer"}) // what is too much is asked back as money
		c = again(c, cases.Input{Amount: 300})         // goodwill is no money of the points
		if all = s.toldOf(c); len(all) != 2 {
			t.Errorf("of money that is asked back, and of goodwill: %+v", all)
		}
	})
}

// Who was told of points is told when the case comes to none of them any more.
func TestPointsThatAreNoneAnyMoreAreToldToo(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("P-3", 10000)
		c := s.act(s.agent, s.act(s.agent, s.open(s.buyer, o, 1, "wrong_size"), received(1)), graded(1, 0))
		s.work()
		c = s.reload(c)
		s.write(func(tx *db.Tx) error {
			return event.Append(t.Context(), tx, s.agent, event.About{Stream: "case", Subject: c.ID, Version: c.Version},
				cases.Benefits{Order: c.Order, Reversed: 90, Turn: 1, Total: cases.BenefitsOwed{Reversed: 90, Coupons: []string{}}})
		})
		s.act(s.boss, s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "again", Freight: "seller"}), cases.Input{Action: cases.Reopen, Comment: "again"})
		all := s.toldOf(c)
		if len(all) != 2 || all[1].Reversed != -90 || all[1].Turn != 2 || all[1].Total.Reversed != 0 {
			t.Errorf("%+v", all)
		}
	})
}

// toldOf is what a case told of points and coupons, in order.
func (s *shop) toldOf(c cases.Case) (all []cases.Benefits) {
	s.t.Helper()
	if err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		events, err := event.History(s.t.Context(), tx, "main", "case", c.ID)
		for _, e := range events {
			if e.Type == "case.benefits" {
				var b cases.Benefits
				if err := json.Unmarshal(e.Data, &b); err != nil {
					return err
				}
				all = append(all, b)
			}
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return all
}
