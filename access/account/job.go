package account

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Jobs registers the removal of counts of wrong passwords that are too old to
// matter.
func (s *Service) Jobs(q *job.Queue) {
	q.Handle("account.sweep", func(ctx context.Context, tx *db.Tx, _ job.Job) error { return sweep(ctx, tx) })
	q.Every("account.sweep", time.Hour)
}
