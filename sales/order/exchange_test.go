package order_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/order"
)

func example(t *testing.T, name string) (d order.Draft) {
	t.Helper()
	raw, err := os.ReadFile("../../docs/schema/examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	d.Source = "shop"
	return d
}

func TestWhatFewOrdersSayIsKept(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		stored, _ := put(t, d, order.New(order.Options{}), example(t, "threshold.json"))
		var o order.Order
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			o, err = order.ByID(t.Context(), tx, shop, stored.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(stored, o); diff != "" {
			t.Errorf("read differs from stored: %s", diff)
		}
		l := o.Lines[0]
		if l.ShippedAt != time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC) || l.Carrier != "sf" || l.Tracking != "SF1234567890" || l.Traits[0] != "worn_next_to_skin" {
			t.Errorf("parcel of line 1: %+v", l)
		}
		if l.Ledger.Commission != 2000 || l.Ledger.Points != 350 || o.Tenders[0].Points != 3000 || o.Tenders[0].ExpiresAt == 0 {
			t.Errorf("commission and points: %+v %+v", l.Ledger, o.Tenders)
		}
		if len(o.Coupons) != 1 || len(o.Promotions) != 3 || len(o.Shipping.Tiers) != 2 {
			t.Errorf("rules: %+v %+v %+v", o.Coupons, o.Promotions, o.Shipping)
		}
		if !o.Lines[1].ShippedAt.IsZero() || o.Lines[1].Traits != nil {
			t.Errorf("line 2 has what only line 1 says: %+v", o.Lines[1])
		}
	})
}

func TestWrongRulesAreRefused(t *testing.T) {
	for field, spoil := range map[string]func(d *order.Draft){
		"coupons[0].lines":         func(d *order.Draft) { d.Coupons[0].Lines = []int{3} },
		"coupons[0].code":          func(d *order.Draft) { d.Coupons[0].Code = "" },
		"promotions[1].amount":     func(d *order.Draft) { d.Promotions[1].Percent = 10 },
		"promotions[0].threshold":  func(d *order.Draft) { d.Promotions[0].Threshold = -1 },
		"promotions[2].repeats":    func(d *order.Draft) { d.Promotions[2].Repeats = true },
		"promotions[0].percent":    func(d *order.Draft) { d.Promotions[0].Percent = 101 },
		"promotions[0].lines":      func(d *order.Draft) { d.Promotions[0].Lines = []int{0} },
		"shipping.tiers[1].from":   func(d *order.Draft) { d.Shipping.Tiers[1].From = 0 },
		"shipping.tiers[0].amount": func(d *order.Draft) { d.Shipping.Tiers[0].Amount = -1 },
		"tenders[1].points":        func(d *order.Draft) { d.Tenders[1].Points = 5 },
		"tenders[0].points":        func(d *order.Draft) { d.Tenders[0].Points = -5 },
		"lines[0].commission":      func(d *order.Draft) { d.Lines[0].Commission = 40001 },
		"lines[1].points_earned":   func(d *order.Draft) { d.Lines[1].Points = -1 },
		"lines[0].traits[0]":       func(d *order.Draft) { d.Lines[0].Traits[0] = "" },
		"lines[0].shipped_at":      func(d *order.Draft) { early := d.PlacedAt.Add(-time.Hour); d.Lines[0].ShippedAt = &early },
	} {
		d := example(t, "threshold.json")
		spoil(&d)
		if _, p := order.Frozen(d, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); p == nil || p.Field != field {
			t.Errorf("%s: %+v", field, p)
		}
	}
}

func TestAnExchangeHasAnOrderOfItsOwn(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		first, _ := put(t, d, s, example(t, "threshold.json"))
		items := []order.NewItem{{SKU: "COAT-L", Title: "羽绒服 L", Seller: "north", Quantity: 1, UnitPrice: 42000, Tax: 4832}}
		carried := []order.Carried{{Tender: "t1", Amount: 1000}, {Tender: "t2", Amount: 30000}}
		follow := func(caseID string, items []order.NewItem) (o order.Order, err error) {
			err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
				o, err = s.FollowUp(t.Context(), tx, shop, first, caseID, items, carried, &order.DraftTender{Kind: "card", Provider: "test", Reference: "pay_9", Amount: 11800})
				return err
			})
			return o, err
		}
		x, err := follow("case_a", items)
		if err != nil {
			t.Fatal(err)
		}
		if x.Number != "2026-000777-X1" || x.Customer != first.Customer || x.PolicyVer != first.PolicyVer || x.Follows != (order.Follows{Order: first.ID, Case: "case_a"}) {
			t.Errorf("%+v", x)
		}
		if x.Paid() != 42800 || x.Shipping.Paid != 800 || x.Lines[0].Ledger.Tax != 4832 || len(x.Tenders) != 3 {
			t.Errorf("money %+v %+v", x.Lines[0].Ledger, x.Tenders)
		}
		if p := x.Tenders[0]; p.Kind != "points" || p.Points != 1000 || p.Provider != "wallet" || p.ExpiresAt != first.Tenders[0].ExpiresAt {
			t.Errorf("points carried over: %+v", p)
		}
		if a := x.Tenders[1]; a.Reference != "2026030122777" || a.Amount != 30000 {
			t.Errorf("tender carried over: %+v", a)
		}
		again, err := follow("case_a", items)
		if err != nil || again.ID != x.ID {
			t.Errorf("the same case again: %v %v", again.Number, err)
		}
		if second, err := follow("case_b", items); err != nil || second.Number != "2026-000777-X2" {
			t.Errorf("another case: %v %v", second.Number, err)
		}
		items[0].UnitPrice = 43000
		waived, err := follow("case_c", items)
		if err != nil {
			t.Fatal(err)
		}
		if g := waived.Lines[0].Ledger; waived.Paid() != 42800 || waived.Shipping.Paid != 0 || len(g.OrderDiscounts) != 1 || g.OrderDiscounts[0] != (order.Discount{Code: "waived", Funder: "seller", Amount: 200}) {
			t.Errorf("a waived difference: %+v", waived)
		}
		items[0].Quantity = 0
		if _, err := follow("case_d", items); !errors.Is(err, order.ErrInvalid) {
			t.Errorf("nothing goes out: %v", err)
		}
	})
}
