package session

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Jobs registers the removal of expired sessions. They are nothing before that
// too; it only keeps the table small and forgets addresses.
func Jobs(q *job.Queue) {
	q.Handle("session.sweep", func(ctx context.Context, tx *db.Tx, _ job.Job) error { return sweep(ctx, tx) })
	q.Every("session.sweep", time.Hour)
}
