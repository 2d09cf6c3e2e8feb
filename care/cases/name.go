package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// Names of customers become searchable a moment after their cases were opened,
// those of many cases together: the pieces of a name lie far apart, and to write
// each of them costs as much as the rest of the case.
const (
	namesKind  = "cases.names"
	namesPause = 500 * time.Millisecond
	namesSize  = 500
)

// insert stores a new case and sees to it that it is found.
func (s *Service) insert(ctx context.Context, tx *db.Tx, c *Case) error {
	if err := insert(ctx, tx, c, &s.titles); err != nil || c.Customer == "" {
		return err
	}
	if err := saveFresh(ctx, tx, c.Tenant, c.ID); err != nil {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: c.Tenant, Kind: namesKind, Key: c.Tenant, RunAt: tx.Now.Add(namesPause), Keep: true})
}

// learnNames makes the names of cases that are new searchable.
func (s *Service) learnNames(ctx context.Context, tx *db.Tx, j job.Job) error {
	n, err := learnFresh(ctx, tx, j.Tenant, namesSize)
	if err != nil || n < namesSize {
		return err
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: namesKind, Key: j.Tenant})
}
