package secret

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Value is a sealed value where its owner keeps it.
type Value struct {
	Tenant, ID string
	Owner      string // of the row, where its place depends on that
	Sealed     []byte // empty: nothing is kept there
}

// Vault is a place where an owner keeps sealed values, so that they can be
// counted and sealed again under another master key.
type Vault struct {
	Name    string
	Purpose string
	About   func(v Value) string                                                                // where a value belongs, as it was sealed
	After   func(ctx context.Context, tx *db.Tx, tenant, id string, limit int) ([]Value, error) // behind one, in the order of tenant and id
	Replace func(ctx context.Context, tx *db.Tx, v Value, fresh []byte) error                   // if it still is what it was
}

const page = 200

// Count counts the values of a vault by the name of their master key.
func (v Vault) Count(ctx context.Context, tx *db.Tx, k *Keys) (map[string]int64, error) {
	counts := map[string]int64{}
	for tenant, id := "", ""; ; {
		some, err := v.After(ctx, tx, tenant, id, page)
		if err != nil || len(some) == 0 {
			return counts, err
		}
		for _, one := range some {
			if len(one.Sealed) > 0 {
				counts[k.SealedBy(one.Sealed)]++
			}
		}
		last := some[len(some)-1]
		tenant, id = last.Tenant, last.ID
	}
}

// Batch is a part of a vault that was gone through.
type Batch struct {
	Tenant, ID string // of the last value
	Done       int    // sealed again
	Stuck      []error
	End        bool
}

// Reseal goes through the next values behind one and seals again what another
// master key than the one that writes has sealed. A value that does not open is
// left as it is. To begin anew after it was cut off does no harm.
func (v Vault) Reseal(ctx context.Context, tx *db.Tx, k *Keys, tenant, id string) (Batch, error) {
	b := Batch{Tenant: tenant, ID: id}
	some, err := v.After(ctx, tx, tenant, id, page)
	if err != nil {
		return b, err
	}
	b.End = len(some) < page
	for _, one := range some {
		b.Tenant, b.ID = one.Tenant, one.ID
		if len(one.Sealed) == 0 {
			continue
		}
		fresh, changed, err := k.Reseal(v.Purpose, v.About(one), one.Sealed)
		if err != nil {
			b.Stuck = append(b.Stuck, fmt.Errorf("%s %s/%s: %w", v.Name, one.Tenant, one.ID, err))
			continue
		}
		if !changed {
			continue
		}
		if err := v.Replace(ctx, tx, one, fresh); err != nil {
			return b, fmt.Errorf("%s %s/%s: %w", v.Name, one.Tenant, one.ID, err)
		}
		b.Done++
	}
	return b, nil
}

// ScanValue reads a row of tenant, id, owner and sealed value.
func ScanValue(row db.Scanner) (v Value, err error) {
	return v, row.Scan(&v.Tenant, &v.ID, &v.Owner, &v.Sealed)
}
