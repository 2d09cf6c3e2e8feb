package event

import (
	"context"
	"log/slog"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// Lead runs work whenever this process holds the lease of a duty, until ctx
// ends: of all processes that call it, one works. A process that was paused may
// believe for a while that it still is the one, so work checks in each of its
// transactions that nobody went on in its place.
func Lead(ctx context.Context, d *db.DB, log *slog.Logger, duty string, lease time.Duration, work func(context.Context) error) {
	e := elector{db: d, log: log, holder: id.New(duty), ttl: lease, duties: map[string]func(context.Context) error{duty: work}}
	e.run(ctx)
}

// Leader tells who holds the lease of a duty, empty for nobody.
func Leader(ctx context.Context, tx *db.Tx, duty string) (string, error) {
	return holderOf(ctx, tx, duty)
}
