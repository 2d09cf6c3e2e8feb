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
	"github.com/aftercare/aftercare/sales/order"
)

func TestLinesLeaveTheShopAndArrive(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		s := order.New(order.Options{})
		o, _ := put(t, d, s, example(t, "threshold.json")) // line 1 has arrived, line 2 has not left
		at := func(day int) time.Time { return time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC) }
		sent := func(by actor.Actor, p order.Parcel) (x order.Order, err error) {
			err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
				x, err = s.Sent(t.Context(), tx, by, o.ID, p)
				return err
			})
			return x, err
		}
		two := order.Parcel{Lines: []int{2}, Carrier: "sf", Tracking: "SF2", ShippedAt: at(5)}
		x, err := sent(shop, two)
		if err != nil || x.Version != 2 || x.Lines[1].ShippedAt != at(5) || x.Lines[1].Tracking != "SF2" || !x.DeliveredAt.IsZero() {
			t.Fatalf("%+v %v", x, err)
		}
		if again, err := sent(shop, two); err != nil || again.Version != 2 {
			t.Errorf("the same again: version %d, %v", again.Version, err)
		}
		x, err = sent(shop, order.Parcel{Lines: []int{2}, DeliveredAt: at(7)})
		if err != nil || x.DeliveredAt != at(7) || x.Lines[1].DeliveredAt != at(7) {
			t.Errorf("the order arrives with its last line: %v %v", x.DeliveredAt, err)
		}
		var read order.Order
		if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			read, err = order.ByID(t.Context(), tx, shop, o.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x, read); diff != "" {
			t.Errorf("read differs from said: %s", diff)
		}
		other := actor.Of("shop")
		other.Seller = "south"
		for name, tt := range map[string]struct {
			by   actor.Actor
			p    order.Parcel
			want error
		}{
			"another day":          {shop, order.Parcel{Lines: []int{2}, DeliveredAt: at(8)}, order.ErrParcel},
			"another number":       {shop, order.Parcel{Lines: []int{2}, Tracking: "SF3", ShippedAt: at(5)}, order.ErrParcel},
			"before the purchase":  {shop, order.Parcel{ShippedAt: at(1).AddDate(0, -1, 0)}, order.ErrInvalid},
			"in the future":        {shop, order.Parcel{ShippedAt: at(1).AddDate(40, 0, 0)}, order.ErrInvalid},
			"arrived before":       {shop, order.Parcel{ShippedAt: at(7), DeliveredAt: at(6)}, order.ErrInvalid},
			"no such line":         {shop, order.Parcel{Lines: []int{3}, ShippedAt: at(5)}, order.ErrInvalid},
			"no news":              {shop, order.Parcel{Carrier: "sf"}, order.ErrInvalid},
			"another seller's":     {other, order.Parcel{ShippedAt: at(5)}, order.ErrUnknown},
			"nothing of the order": {actor.Of("else"), order.Parcel{ShippedAt: at(5)}, order.ErrUnknown},
		} {
			if _, err := sent(tt.by, tt.p); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		var types []string
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			all, err := event.History(t.Context(), tx, "shop", "order", o.ID)
			for _, e := range all {
				types = append(types, e.Type)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"order.imported", "order.sent", "order.sent"}, types); diff != "" {
			t.Error(diff)
		}
	})
}
