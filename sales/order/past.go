package order

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// PastReturn is a return that came with an import. Nobody knows why it was
// asked for.
type PastReturn struct {
	Returned
	Order string
}

// PastFilter chooses past returns. Empty fields do not filter.
type PastFilter struct {
	From, To time.Time // at or after, and before
	Sellers  []string
	After    PastPlace // continue behind this one
	Limit    int
}

// PastPlace is where a page of past returns ended, the latest first.
type PastPlace struct {
	At          time.Time
	Source, Ref string
}

// Place is where a page that ends with this return ends.
func (r PastReturn) Place() PastPlace { return PastPlace{r.At, r.Source, r.Ref} }

// PastReturns lists past returns, the latest first.
func PastReturns(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) ([]PastReturn, error) {
	all, err := returnedPage(ctx, tx, tenant, f)
	if err != nil {
		return nil, fmt.Errorf("reading past returns: %w", err)
	}
	return all, nil
}

// CountPastReturns tells how many there are.
func CountPastReturns(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) (int64, error) {
	n, err := returnedCount(ctx, tx, tenant, f)
	if err != nil {
		return 0, fmt.Errorf("counting past returns: %w", err)
	}
	return n, nil
}

// ByIDs reads many orders of a tenant at once; those that do not exist are not
// in the answer.
func ByIDs(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]Order, error) {
	all, err := byIDs(ctx, tx, tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("reading %d orders: %w", len(ids), err)
	}
	return all, nil
}

// Sold is how and where to an order was sold; empty: nobody has said.
type Sold struct{ Channel, Country string }

// SoldBy tells it of many orders, without reading their lines.
func SoldBy(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]Sold, error) {
	all, err := soldBy(ctx, tx, tenant, ids)
	if err != nil {
		return nil, fmt.Errorf("reading channels of %d orders: %w", len(ids), err)
	}
	return all, nil
}

// PlacedBy tells when each of these customers bought, the oldest first.
func PlacedBy(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]time.Time, error) {
	all, err := placedBy(ctx, tx, tenant, customers)
	if err != nil {
		return nil, fmt.Errorf("reading when %d customers bought: %w", len(customers), err)
	}
	return all, nil
}
