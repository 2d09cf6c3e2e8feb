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
		told := func(c cases.Case) (all []cases.Benefits) {
			t.Helper()
			if err := s.d.Read(t.Context(), func(tx *db.Tx) error {
				events, err := event.History(t.Context(), tx, "main", "case", c.ID)
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
				t.Fatal(err)
			}
			return all
		}
		back := func() cases.Case {
			return s.act(s.agent, s.act(s.agent, s.open(s.buyer, o, 1, "wrong_size"), received(1)), graded(1, 0))
		}
		first := back()
		second := back()
		a, b := told(first), told(second)
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
