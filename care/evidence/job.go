package evidence

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/job"
)

// Jobs registers the removal of what was never attached, the hashes of photos
// that have none, and the search for malware.
func (s *Service) Jobs(q *job.Queue) {
	s.queue = q
	q.HandleOutside("evidence.scan", s.scan)
	q.HandleOutside("evidence.sweep", func(ctx context.Context, _ job.Job) error {
		_, err := s.Sweep(ctx)
		return err
	})
	q.Every("evidence.sweep", time.Hour)
	q.HandleOutside("evidence.look", func(ctx context.Context, _ job.Job) error {
		_, err := s.Look(ctx)
		return err
	})
	q.Every("evidence.look", time.Hour)
}
