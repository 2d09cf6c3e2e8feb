package clearing_test

import (
	"fmt"
	"testing"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/platform/db"
)

// BenchmarkBook is what the books add to a transaction: 100 sets in each, so
// that the commit does not count.
func BenchmarkBook(b *testing.B) {
	d, err := db.Open(b.Context(), "sqlite:"+b.TempDir()+"/bench.db", db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(b.Context(), schemas); err != nil {
		b.Fatal(err)
	}
	for n := 0; n < b.N; n += 100 {
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			for i := range 100 {
				if err := clearing.Book(b.Context(), tx, shop, refund(fmt.Sprint(n+i), "sel_1")); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
