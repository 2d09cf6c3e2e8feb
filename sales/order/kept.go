package order

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// kept are orders as they were at their version: whatever changes a stored order
// changes its version. It is filled by transactions that committed only, for
// another may have read what it undid.
type kept struct {
	mu  sync.Mutex
	all map[[2]string]Order
}

const mostKept = 1000

func (k *kept) of(tenant, id string) (Order, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	o, found := k.all[[2]string{tenant, id}]
	return o, found
}

func (k *kept) put(o Order) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) >= mostKept {
		k.all = map[[2]string]Order{}
	}
	k.all[[2]string{o.Tenant, o.ID}] = o
}

// Kept is ByID in a transaction that writes, for whoever reads an order again
// and again: if it has not changed, only its version is read. What hangs on the
// order is shared and must not be changed.
func (s *Service) Kept(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Order, error) {
	if o, found := s.kept.of(by.Tenant, id); found {
		version, err := versionOf(ctx, tx, by.Tenant, id)
		if errors.Is(err, sql.ErrNoRows) {
			return Order{}, ErrUnknown
		}
		if err != nil {
			return Order{}, fmt.Errorf("reading the version of order %s: %w", id, err)
		}
		if version == o.Version {
			if !o.visible(by) {
				return Order{}, ErrUnknown
			}
			o.Lines = slices.Clone(o.Lines)
			return o, nil
		}
	}
	o, err := ByID(ctx, tx, by, id)
	if err != nil {
		return Order{}, err
	}
	same := o
	same.Lines = slices.Clone(o.Lines)
	tx.OnCommit(func() { s.kept.put(same) })
	return o, nil
}
