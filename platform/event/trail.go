package event

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Trail asks who did what in a tenant, the newest first. Empty fields do not
// filter.
type Trail struct {
	Kind    actor.Kind // of who did it
	Actor   string     // id of who did it
	Types   []string   // exact, or families such as "case.*"
	Without []string   // none of these, written likewise
	Stream  string     // kind of thing it was done to
	Subject string     // id of that thing
	From    time.Time  // not before
	To      time.Time  // before
	Before  int64      // positions before this one; 0: from the newest
	Limit   int
}

// trailReads is how many events one call of Follow looks at where no index leads
// to what is wanted.
const trailReads = 5000

// Follow reads the next part of a trail and where the part after it begins, 0
// at the end. It may give fewer events than the limit, even none, and still go
// on. Events that have no position yet do not show.
func (t Trail) Follow(ctx context.Context, tx *db.Tx, tenant string) (events []Event, next int64, err error) {
	low, high := int64(0), t.Before
	if !t.From.IsZero() {
		if low, err = oldest(ctx, tx, t.From.Add(-skew)); err != nil {
			return nil, 0, err
		}
	}
	if !t.To.IsZero() {
		end, err := oldest(ctx, tx, t.To.Add(skew))
		if err != nil {
			return nil, 0, err
		}
		if high == 0 || end+1 < high {
			high = end + 1
		}
	}
	return trail(ctx, tx, tenant, t, low, high)
}

// skew is how far the clocks of processes may be apart: instants rise with
// positions only as exactly.
const skew = time.Minute
