package event

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// CatchUp reacts to everything that has a position now, one follower after the
// other, and returns when nothing is left. It is for commands that must see
// what their own changes cause; Run need not run. Where another process runs
// the followers, that one may win an event; then CatchUp fails and nothing is
// done twice.
func (f *Followers) CatchUp(ctx context.Context) error {
	for _, n := range f.all {
		if err := f.catchUp(ctx, n); err != nil {
			return fmt.Errorf("follower %s: %w", n.name, err)
		}
	}
	return nil
}

func (f *Followers) catchUp(ctx context.Context, n *follower) error {
	p, err := f.place(ctx, n)
	if err != nil {
		return err
	}
	for {
		var events []Event
		err := f.db.Read(ctx, func(tx *db.Tx) (err error) {
			events, err = after(ctx, tx, p.seen, scanBatch)
			return err
		})
		if err != nil {
			return err
		}
		if len(events) == 0 {
			break
		}
		if err := f.take(ctx, n, &p, events); err != nil {
			return err
		}
	}
	if p.seen == p.saved {
		return nil
	}
	_, err = f.run(ctx, n, &p, nil, p.seen)
	return err
}
