package order_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

func TestThePastIsReadOnceFromTheLatestOn(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dbtest.EachAt(t, schemas, start.AddDate(0, 1, 0), func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		service := order.New(order.Options{})
		var ids []string
		var who string
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for day, number := range []string{"A", "B", "C"} {
				placed := start.AddDate(0, 0, day)
				back := placed.AddDate(0, 0, 1)
				o, _, err := service.Put(t.Context(), tx, actor.Of("t"), order.Draft{
					Source: "shop", Number: number, Currency: "GBP", PlacedAt: placed, DeliveredAt: &placed, TaxIncluded: true,
					Customer: &customer.Draft{Ref: "c"},
					Lines:    []order.DraftLine{{SKU: "X", Title: "Mug", Quantity: 3, UnitPrice: 500, Seller: []string{"north", "south", "north"}[day]}},
					Tenders:  []order.DraftTender{{Kind: "card", Provider: "manual", Amount: 1500}},
					Returned: []order.DraftReturn{{Line: 1, Quantity: 1, Amount: 500, At: back}, {Line: 1, Quantity: 1, Amount: 400, At: back}},
				})
				if err != nil {
					return err
				}
				ids, who = append(ids, o.ID), o.Customer
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		read := func(f order.PastFilter) (refs []string) {
			t.Helper()
			for {
				var page []order.PastReturn
				err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
					page, err = order.PastReturns(t.Context(), tx, "t", f)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					refs = append(refs, r.Ref)
				}
				if len(page) < f.Limit {
					return refs
				}
				f.After = page[len(page)-1].Place()
			}
		}
		if diff := cmp.Diff([]string{"C#2", "C#1", "B#2", "B#1", "A#2", "A#1"}, read(order.PastFilter{Limit: 4})); diff != "" {
			t.Errorf("all: %s", diff)
		}
		if diff := cmp.Diff([]string{"C#2", "C#1", "A#2", "A#1"}, read(order.PastFilter{Limit: 1, Sellers: []string{"north"}})); diff != "" {
			t.Errorf("of one seller: %s", diff)
		}
		if diff := cmp.Diff([]string{"B#2", "B#1"}, read(order.PastFilter{Limit: 9, From: start.AddDate(0, 0, 2), To: start.AddDate(0, 0, 3)})); diff != "" {
			t.Errorf("of one day: %s", diff)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			n, err := order.CountPastReturns(t.Context(), tx, "t", order.PastFilter{Sellers: []string{"south"}})
			if err != nil || n != 2 {
				t.Errorf("counted %d: %v", n, err)
			}
			if n, err = order.CountPastReturns(t.Context(), tx, "other", order.PastFilter{}); err != nil || n != 0 {
				t.Errorf("of another shop %d: %v", n, err)
			}
			many, err := order.ByIDs(t.Context(), tx, "t", append(slices.Clone(ids), "ord_none"))
			if err != nil || len(many) != 3 {
				t.Fatalf("%d orders: %v", len(many), err)
			}
			for _, id := range ids {
				one, err := order.ByID(t.Context(), tx, actor.Of("t"), id)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(one, many[id]); diff != "" {
					t.Errorf("order %s read alone and among others: %s", one.Number, diff)
				}
			}
			placed, err := order.PlacedBy(t.Context(), tx, "t", []string{who, "cus_none"})
			if diff := cmp.Diff(map[string][]time.Time{who: {start, start.AddDate(0, 0, 1), start.AddDate(0, 0, 2)}}, placed); diff != "" {
				t.Errorf("purchases: %s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
