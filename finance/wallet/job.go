package wallet

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	expireKind = "wallet.expire"
	batch      = 200 // accounts of one transaction
)

// Jobs registers the end of what has expired. It cannot be spent before the job
// runs either: every change of an account takes it off first.
func (s *Service) Jobs(q *job.Queue) {
	q.Handle(expireKind, s.expire)
	q.Every(expireKind, 10*time.Minute)
}

func (s *Service) expire(ctx context.Context, tx *db.Tx, _ job.Job) error {
	all, err := expired(ctx, tx, batch)
	if err != nil {
		return fmt.Errorf("expired credit: %w", err)
	}
	for _, o := range all {
		a, err := lock(ctx, tx, o.tenant, o.account)
		if err != nil {
			return fmt.Errorf("expired credit of %s: %w", o.account, err)
		}
		if err := s.sweep(ctx, tx, &a); err != nil {
			return err
		}
	}
	return nil
}
