package gate

import (
	"context"
	"log/slog"
	"time"

	"github.com/aftercare/aftercare/access/apikey"
	"github.com/aftercare/aftercare/access/session"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// rest is the time between two transactions that write notes down: many uses
// cost one commit.
const rest = 2 * time.Second

// Run writes down when credentials were used, until the context ends. Without
// it sessions end after their idle time even when they are used.
func (g *Gate) Run(ctx context.Context, store *db.DB, log *slog.Logger) {
	tick := time.NewTicker(rest)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), rest)
			defer cancel()
			if err := g.Flush(last, store); err != nil {
				log.WarnContext(ctx, "last uses of sessions not noted", "err", err)
			}
			return
		case <-tick.C:
			if err := g.Flush(ctx, store); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "uses of sessions not noted", "err", err)
			}
		}
	}
}

// Flush writes the waiting notes down in one transaction. What it cannot write
// is lost and made again by the next request.
func (g *Gate) Flush(ctx context.Context, store *db.DB) error {
	latest := g.waiting()
	if len(latest) == 0 {
		return nil
	}
	return store.Write(ctx, func(tx *db.Tx) error {
		for n, at := range latest {
			write := session.Seen
			if n.kind == actor.Key {
				write = apikey.Used
			}
			if err := write(ctx, tx, n.tenant, n.id, at); err != nil {
				return err
			}
		}
		return nil
	})
}

// waiting takes the notes that wait, the latest of each credential.
func (g *Gate) waiting() map[note]time.Time {
	latest := map[note]time.Time{}
	for {
		select {
		case n := <-g.notes:
			at := n.at
			n.at = time.Time{}
			if at.After(latest[n]) {
				latest[n] = at
			}
		default:
			return latest
		}
	}
}

func (g *Gate) note(n note) {
	select {
	case g.notes <- n:
	default:
	}
}
