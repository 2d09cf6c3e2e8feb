package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var schemas = []db.Schema{event.Schema, customer.Schema, order.Schema}

var shop = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: "administrator"}

func placed(day int) time.Time { return time.Date(2026, 3, day, 10, 0, 0, 0, time.UTC) }

// mug is a small good draft: 2 mugs at 50.00, 10.00 off, 5.00 shipping.
func mug(number string) order.Draft {
	delivered := placed(4)
	return order.Draft{
		Source: "shop", Number: number, Currency: "CNY", Country: "CN", Zone: "Asia/Shanghai", PlacedAt: placed(1), DeliveredAt: &delivered, TaxIncluded: true,
		Customer:  &customer.Draft{Ref: "c1", Name: "Lin Wei", Email: "Lin@Example.com", Phone: "+86 138 0013 8000"},
		Lines:     []order.DraftLine{{SKU: "MUG", Title: "Mug", Seller: "s1", Quantity: 2, UnitPrice: 5000, Tax: 1035}},
		Discounts: []order.DraftDiscount{{Code: "TEN", Funder: "seller", Amount: 1000}},
		Shipping:  order.DraftShipping{Amount: 500},
		Tenders:   []order.DraftTender{{Kind: "alipay", Provider: "test", Amount: 9500}},
	}
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, d *db.DB, s *order.Service, draft order.Draft) (o order.Order, created bool) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		o, created, err = s.Put(t.Context(), tx, shop, draft)
		return err
	})
	return o, created
}

func TestAnOrderComesBackAsItWasStored(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		o, created := put(t, d, s, mug("A-1"))
		if !created {
			t.Error("not created")
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			back, err := order.ByID(t.Context(), tx, shop, o.ID)
			if diff := cmp.Diff(o, back); diff != "" {
				t.Errorf("by id: %s", diff)
			}
			all, err2 := order.ByNumber(t.Context(), tx, "shop", "A-1")
			if diff := cmp.Diff([]order.Order{o}, all); diff != "" {
				t.Errorf("by number: %s", diff)
			}
			c, err3 := customer.ByID(t.Context(), tx, "shop", o.Customer)
			if !c.Has("lin@example.com") || !c.Has("13800138000") || c.Has("+8613800138001") {
				t.Errorf("contacts of %+v", c)
			}
			events, err4 := event.History(t.Context(), tx, "shop", "order", o.ID)
			if len(events) != 1 || events[0].Type != "order.imported" {
				t.Errorf("events: %+v", events)
			}
			return errors.Join(err, err2, err3, err4)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := order.Ledger{List: 10000, OrderDiscounts: []order.Discount{{Code: "TEN", Funder: "seller", Amount: 1000}}, Tax: 1035, Paid: 9000, Tenders: []int64{9000}}
		if diff := cmp.Diff(want, o.Lines[0].Ledger); diff != "" {
			t.Error(diff)
		}
	})
}
