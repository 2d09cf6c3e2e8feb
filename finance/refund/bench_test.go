package refund_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

// BenchmarkVerbs measures what the verbs add to a transaction that is open
// anyway, which is how they are used.
func BenchmarkVerbs(b *testing.B) {
	d, err := db.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(b.Context(), schemas); err != nil {
		b.Fatal(err)
	}
	s := refund.New(settlement.New(d, job.NewQueue(d, slog.Default()), slog.Default()))
	o := basket{articles: []article{{quantity: 3, price: 3333, tax: 1710}, {quantity: 2, price: 999}}, discounts: []int64{1000},
		shipping: order.Shipping{List: 790}}.order()
	b.Run("preview", func(b *testing.B) {
		err := d.Read(b.Context(), func(tx *db.Tx) error {
			for b.Loop() {
				if _, err := s.Preview(b.Context(), tx, o, []refund.Wanted{want(1, 1), want(2, 1)}, refund.Claim{Terms: keep}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	})
	inside := func(name string, verb func(ctx context.Context, tx *db.Tx, o order.Order) error) {
		b.Run(name, func(b *testing.B) {
			n := 0
			err := d.Write(b.Context(), func(tx *db.Tx) error {
				for b.Loop() {
					n++
					o.ID = name + strconv.Itoa(b.N) + "_" + strconv.Itoa(n)
					if err := verb(b.Context(), tx, o); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
	hold := func(ctx context.Context, tx *db.Tx, o order.Order) error {
		_, err := s.Hold(ctx, tx, shop, o, "case_"+o.ID, []refund.Wanted{want(1, 1), want(2, 1)})
		return err
	}
	inside("hold", hold)
	inside("hold and reserve", func(ctx context.Context, tx *db.Tx, o order.Order) error {
		if err := hold(ctx, tx, o); err != nil {
			return err
		}
		_, err := s.Reserve(ctx, tx, shop, o, "case_"+o.ID, []refund.Run{units(1, 1, 1), units(2, 1, 1)}, refund.Claim{Terms: keep})
		return err
	})
}
