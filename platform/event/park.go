package event

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
)

// ErrNotParked refuses to run or discard an entry that is not there.
var ErrNotParked = fault.New(fault.Missing, "event.not_parked", "No such event is parked for this follower.")

// Parked lists what followers gave up on for a tenant, oldest first.
func (f *Followers) Parked(ctx context.Context, tx *db.Tx, tenant string) ([]Parked, error) {
	return parked(ctx, tx, tenant)
}

// Stuck is how many events followers gave up on for a tenant.
type Stuck struct {
	Tenant string
	Count  int64
	Last   string // why, of the youngest
}

// StuckOf lists the tenants that have some.
func StuckOf(ctx context.Context, tx *db.Tx) ([]Stuck, error) { return stuck(ctx, tx) }

// Rerun reacts to a parked event once more in the caller's transaction. If the
// reaction fails again its error comes back, and the caller's transaction must
// not be committed.
func (f *Followers) Rerun(ctx context.Context, tx *db.Tx, tenant, name string, position int64) error {
	n := f.byName(name)
	if n == nil {
		return ErrNotParked.With("follower", name).With("position", position)
	}
	if err := f.Discard(ctx, tx, tenant, name, position); err != nil {
		return err
	}
	found, err := after(ctx, tx, position-1, 1)
	if err != nil {
		return fmt.Errorf("event at %d: %w", position, err)
	}
	if len(found) == 0 || found[0].Position != position {
		return ErrNotParked.With("follower", name).With("position", position)
	}
	if err := safely(ctx, tx, n.react, found[0]); err != nil {
		return fmt.Errorf("follower %s, event %s: %w", name, found[0].ID, err)
	}
	return nil
}

// Discard forgets a parked event.
func (f *Followers) Discard(ctx context.Context, tx *db.Tx, tenant, name string, position int64) error {
	there, err := unpark(ctx, tx, tenant, name, position)
	if err != nil {
		return fmt.Errorf("parked event %d of %s: %w", position, name, err)
	}
	if !there {
		return ErrNotParked.With("follower", name).With("position", position)
	}
	return nil
}
