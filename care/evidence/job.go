package evidence

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/job"
)

// Jobs registers the removal of photos that were never attached.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside("evidence.sweep", func(ctx context.Context, _ job.Job) error {
		_, err := s.Sweep(ctx)
		return err
	})
	q.Every("evidence.sweep", time.Hour)
}
