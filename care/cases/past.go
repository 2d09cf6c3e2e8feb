package cases

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// PastFilter chooses cases of the past. Empty fields do not filter.
type PastFilter struct {
	From, To time.Time // opened at or after, and before
	Kinds    []string
	Sellers  []string
	After    Place // continue behind this one
	Limit    int
}

// Past lists whole cases of a shop, the latest first, for whoever looks at all
// of them.
func Past(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) ([]Case, error) {
	all, err := pastPage(ctx, tx, tenant, f)
	if err != nil {
		return nil, fmt.Errorf("reading past cases: %w", err)
	}
	return all, nil
}

// ByIDs reads whole cases of a shop, for whoever looks at many; those that are
// not there are left out. They are in no order.
func ByIDs(ctx context.Context, tx *db.Tx, tenant string, ids []string) ([]Case, error) {
	all, err := byIDs(ctx, tx, tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("reading %d cases: %w", len(ids), err)
	}
	return all, nil
}

// CountPast tells how many there are.
func CountPast(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) (int64, error) {
	n, err := pastCount(ctx, tx, tenant, f)
	if err != nil {
		return 0, fmt.Errorf("counting past cases: %w", err)
	}
	return n, nil
}

// PastCase is that a customer asked for something once.
type PastCase struct {
	At      time.Time
	Refused bool // and did not get it
}

// PastOf tells what each of these customers has asked for, the oldest first.
func PastOf(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]PastCase, error) {
	all, err := pastOf(ctx, tx, tenant, customers)
	if err != nil {
		return nil, fmt.Errorf("reading the cases of %d customers: %w", len(customers), err)
	}
	return all, nil
}
