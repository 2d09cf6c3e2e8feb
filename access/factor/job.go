package factor

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const sendLetter = "factor.letter"

type letterArgs struct {
	Staff string    `json:"staff"`
	What  string    `json:"what"`
	Name  string    `json:"name"`
	At    time.Time `json:"at"`
}

// Jobs registers the letters and the removal of what has expired.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(sendLetter, s.send)
	q.Handle("factor.sweep", func(ctx context.Context, tx *db.Tx, _ job.Job) error { return sweep(ctx, tx) })
	q.Every("factor.sweep", time.Hour)
}

// write tells somebody that his factors have changed: if it was not him, he
// must hear of it.
func (s *Service) write(ctx context.Context, tx *db.Tx, tenant, staff, what, name string) error {
	if s.o.Queue == nil {
		return nil
	}
	return s.o.Queue.Enqueue(ctx, tx, job.New{
		Tenant: tenant, Kind: sendLetter, Key: id.New("ltr"), Args: letterArgs{Staff: staff, What: what, Name: name, At: tx.Now}, MaxAttempts: 12,
	})
}

func (s *Service) send(ctx context.Context, j job.Job) error {
	var args letterArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(fmt.Errorf("arguments: %w", err))
	}
	l := Letter{Tenant: j.Tenant, What: args.What, Name: args.Name, At: args.At}
	err := s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		l.To, err = s.o.Person(ctx, tx, j.Tenant, args.Staff)
		return err
	})
	if err != nil {
		return fmt.Errorf("letter to %s: %w", args.Staff, err)
	}
	if s.o.Deliver == nil {
		return nil
	}
	return s.o.Deliver(ctx, l)
}
