package app

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Parked lists the events of a shop that a follower gave up on.
func (h *House) Parked(ctx context.Context, tenant string) (all []event.Parked, err error) {
	s, err := h.wire(nil)
	if err != nil {
		return nil, err
	}
	err = h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = s.followers.Parked(ctx, tx, tenant)
		return err
	})
	return all, err
}

// Unpark lets the follower react to a parked event once more, or drops it. A
// reaction that fails again leaves it parked.
func (h *House) Unpark(ctx context.Context, tenant, follower string, position int64, drop bool) error {
	s, err := h.wire(nil)
	if err != nil {
		return err
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		if drop {
			return s.followers.Discard(ctx, tx, tenant, follower, position)
		}
		return s.followers.Rerun(ctx, tx, tenant, follower, position)
	})
}
