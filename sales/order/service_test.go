package order_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
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

func TestPuttingTheSameOrderTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		var told []order.Returned
		s := order.New(order.Options{Returned: func(_ context.Context, _ *db.Tx, _ actor.Actor, o order.Order, r []order.Returned) error {
			told = append(told, r...)
			return nil
		}})
		draft := mug("A-1")
		draft.Returned = []order.DraftReturn{{Line: 1, Quantity: 1, Amount: 4500, At: placed(9)}}
		first, _ := put(t, d, s, draft)
		again, created := put(t, d, s, draft)
		if created {
			t.Error("created twice")
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Error(diff)
		}
		want := []order.Returned{{Source: "shop", Ref: "A-1#1", Line: 1, Quantity: 1, Amount: 4500, At: placed(9)}}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("past returns told: %s", diff)
		}
		draft.Lines[0].Title = "Cup"
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, _, err := s.Put(t.Context(), tx, shop, draft)
			return err
		})
		if !errors.Is(err, order.ErrDiffers) {
			t.Errorf("another content: %v", err)
		}
		draft.Lines[0].Quantity = 0
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, _, err := s.Put(t.Context(), tx, shop, draft)
			return err
		})
		var f *fault.Fault
		if !errors.As(err, &f) || !errors.Is(err, order.ErrInvalid) || f.Fields[0].Field != "lines[0].quantity" {
			t.Errorf("no units: %v", err)
		}
	})
}

func TestTheShopsTermsFillWhatADraftLeavesOut(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{Terms: func(_ context.Context, _ *db.Tx, tenant, policy string) (order.Terms, error) {
			if policy != "" {
				return order.Terms{}, order.ErrUnknown // any refusal of the owner of policies
			}
			at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
			return order.Terms{Zone: "Europe/Berlin", Policy: "standard", PolicyVer: 3, Past: []order.Span{{Version: 2, From: at(5), To: at(9)}, {Version: 1, From: at(1), To: at(5)}}}, nil
		}})
		draft := mug("A-1")
		draft.Zone = ""
		o, _ := put(t, d, s, draft)
		if o.Zone != "Europe/Berlin" || o.Policy != "standard" || o.PolicyVer != 3 {
			t.Errorf("%s %s %d", o.Zone, o.Policy, o.PolicyVer)
		}
		for i, tt := range []struct {
			placed string
			want   int64
		}{{"2025-12-31T23:59:59Z", 3}, {"2026-01-01T00:00:00Z", 1}, {"2026-01-04T23:59:59Z", 1}, {"2026-01-05T00:00:00Z", 2}, {"2026-01-09T00:00:00Z", 3}} {
			late := mug(fmt.Sprint("L-", i)) // it comes after another version went live
			late.PlacedAt, _ = time.Parse(time.RFC3339, tt.placed)
			if o, _ := put(t, d, s, late); o.PolicyVer != tt.want {
				t.Errorf("bought %s: version %d, not %d", tt.placed, o.PolicyVer, tt.want)
			}
		}
		draft.Number, draft.Policy = "A-2", "nobody knows"
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, _, err := s.Put(t.Context(), tx, shop, draft)
			return err
		})
		var f *fault.Fault
		if !errors.As(err, &f) || f.Code != "order.invalid" || f.Fields[0].Field != "policy" {
			t.Errorf("an unknown policy: %v", err)
		}
	})
}

func TestEachActorSeesOnlyTheirOrders(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		both := mug("A-1")
		both.Lines = append(both.Lines, order.DraftLine{SKU: "CUP", Title: "Cup", Seller: "s2", Quantity: 1, UnitPrice: 2000})
		both.Tenders[0].Amount += 2000
		o, _ := put(t, d, s, both)
		other := mug("A-2")
		other.Customer = nil
		nobodys, _ := put(t, d, s, other)
		tests := []struct {
			name  string
			by    actor.Actor
			sees  bool
			lines int
			list  int
		}{
			{"staff", shop, true, 2, 2},
			{"another shop", actor.Actor{Tenant: "other", Kind: actor.Staff}, false, 0, 0},
			{"the customer", actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: o.Customer}, true, 2, 1},
			{"another customer", actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: "cus_2"}, false, 0, 0},
			{"a customer without id", actor.Actor{Tenant: "shop", Kind: actor.Customer}, false, 0, 0},
			{"a seller of a line", actor.Actor{Tenant: "shop", Kind: actor.Staff, Seller: "s2"}, true, 1, 1},
			{"a seller of none", actor.Actor{Tenant: "shop", Kind: actor.Staff, Seller: "s3"}, false, 0, 0},
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := order.ByID(t.Context(), tx, actor.Actor{Tenant: "shop", Kind: actor.Customer}, nobodys.ID)
			return err
		})
		if !errors.Is(err, order.ErrUnknown) {
			t.Errorf("a customer without id and an order without customer: %v", err)
		}
		for _, tt := range tests {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				got, err := order.ByID(t.Context(), tx, tt.by, o.ID)
				if (err == nil) != tt.sees || (err != nil && !errors.Is(err, order.ErrUnknown)) {
					t.Errorf("%s: %v", tt.name, err)
				}
				if n := len(got.Seen(tt.by).Lines); n != tt.lines {
					t.Errorf("%s sees %d lines, want %d", tt.name, n, tt.lines)
				}
				list, _, err := order.Page(t.Context(), tx, tt.by, order.Query{})
				if len(list) != tt.list {
					t.Errorf("%s lists %d orders, want %d", tt.name, len(list), tt.list)
				}
				if tt.by.Seller == "s2" && (list[0].Paid != 1833 || list[0].Title != "Cup" || list[0].Lines != 1) {
					t.Errorf("a seller's summary: %+v", list[0])
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTheListPagesAndSearches(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		for i := range 5 {
			draft := mug(fmt.Sprintf("2026-%d", i))
			draft.PlacedAt = placed(1 + i/2) // two at the same instant
			if i == 4 {
				draft.Customer = &customer.Draft{Ref: "c2", Name: "Ann  Bee", Email: "ann@example.com"}
			}
			put(t, d, s, draft)
		}
		var numbers []string
		q := order.Query{Limit: 2}
		for {
			var next order.Place
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				list, n, err := order.Page(t.Context(), tx, shop, q)
				for _, o := range list {
					numbers = append(numbers, o.Number)
				}
				next = n
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if next.ID == "" {
				break
			}
			q.After = next
		}
		slices.Sort(numbers)
		if diff := cmp.Diff([]string{"2026-0", "2026-1", "2026-2", "2026-3", "2026-4"}, numbers); diff != "" {
			t.Errorf("pages: %s", diff)
		}
		for text, want := range map[string]int{
			"2026-": 5, "2026-3": 1, "026": 0, "ANN bee": 1, "ann": 0, " Ann@Example.com ": 1, "+86 138-0013-8000": 4, "nobody@example.com": 0, "%": 0,
		} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				list, _, err := order.Page(t.Context(), tx, shop, order.Query{Text: text})
				if len(list) != want {
					t.Errorf("%q finds %d orders, want %d", text, len(list), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
