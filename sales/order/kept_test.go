package order_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/sales/order"
)

func TestAKeptOrderIsTheOneInTheStore(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s, elsewhere := order.New(order.Options{}), order.New(order.Options{})
		o, _ := put(t, d, s, example(t, "threshold.json")) // line 2 has not left
		kept := func(tx *db.Tx, by actor.Actor) order.Order {
			t.Helper()
			got, err := s.Kept(t.Context(), tx, by, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			stored, err := order.ByID(t.Context(), tx, by, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(stored, got); diff != "" {
				t.Errorf("(-stored +kept):\n%s", diff)
			}
			return got
		}
		for range 3 {
			write(t, d, func(tx *db.Tx) error {
				kept(tx, shop).Lines[0].Title = "changed by a reader" // the lines are its own
				return nil
			})
		}
		parcel := order.Parcel{Lines: []int{2}, Carrier: "sf", Tracking: "SF2", ShippedAt: time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)}
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := elsewhere.Sent(t.Context(), tx, shop, o.ID, parcel); err != nil {
				return err
			}
			if x := kept(tx, shop); x.Version != 2 {
				t.Errorf("version %d in the transaction that changes it, want 2", x.Version)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		parcel.Tracking = "SF3" // version 2 as well, and another one
		write(t, d, func(tx *db.Tx) error {
			_, err := elsewhere.Sent(t.Context(), tx, shop, o.ID, parcel)
			return err
		})
		for range 2 {
			write(t, d, func(tx *db.Tx) error {
				if x := kept(tx, shop); x.Version != 2 || x.Lines[1].Tracking != "SF3" {
					t.Errorf("version %d with parcel %s, want 2 with SF3", x.Version, x.Lines[1].Tracking)
				}
				return nil
			})
		}
		other := actor.Of("shop")
		other.Seller = "nobody's"
		for _, by := range []actor.Actor{other, actor.Of("else")} {
			write(t, d, func(tx *db.Tx) error {
				if x, err := s.Kept(t.Context(), tx, by, o.ID); !errors.Is(err, order.ErrUnknown) {
					t.Errorf("%+v sees %s: %v", by, x.ID, err)
				}
				return nil
			})
		}
	})
}
