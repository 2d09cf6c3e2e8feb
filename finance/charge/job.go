package charge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	expireKind  = "charge.expire"
	askKind     = "charge.ask"
	maxAttempts = 100

	// How long after its time a charge waits for a payment that is under way.
	grace = 2 * time.Hour
)

type chargeArgs struct {
	Charge string `json:"charge"`
}

// Jobs registers the deadlines of charges and the questions about attempts whose
// outcome is not known.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(expireKind, s.expireDue)
	q.HandleOutside(askKind, s.ask)
}

var errOpen = errors.New("the provider has not decided yet")

// ask finds out what became of an open attempt. A key that the provider has
// never heard of stays open: whoever pays next sends it again.
func (s *Service) ask(ctx context.Context, j job.Job) error {
	c, err := s.read(ctx, j)
	if err != nil || c.Attempt == nil || c.Attempt.State != attemptOpen || c.Attempt.Key() != j.Key {
		return err
	}
	got, err := s.asked(ctx, c)
	if err != nil || got.Outcome == Absent {
		return err
	}
	if got.Outcome == Pending && c.State == Due {
		return errOpen
	}
	return s.store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		if got.Outcome != Pending {
			if _, err := s.record(ctx, tx, c.Tenant, c.ID, c.Attempt.Key(), got); err != nil {
				return err
			}
		}
		return s.queue.Finish(ctx, tx, j)
	})
}

// expireDue ends a charge whose time has passed, unless the provider says that
// it was paid. An attempt without a final answer holds it up for the time of
// grace; money that comes later is announced as too much.
func (s *Service) expireDue(ctx context.Context, j job.Job) error {
	c, err := s.read(ctx, j)
	if err != nil || c.State != Due {
		return err
	}
	got := Session{Outcome: Absent}
	if c.Attempt != nil && c.Attempt.State == attemptOpen {
		got, err = s.asked(ctx, c)
		if (err != nil || got.Outcome == Pending) && s.store.Now().Before(c.Due.Add(grace)) {
			return errors.Join(err, errOpen)
		}
	}
	return s.store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now, err := lock(ctx, tx, c.Tenant, c.ID)
		if err != nil {
			return err
		}
		if got.Outcome == Collected || got.Outcome == Declined {
			if now, err = s.record(ctx, tx, c.Tenant, c.ID, c.Attempt.Key(), got); err != nil {
				return err
			}
		}
		if now.State == Due && now.Attempt != nil && now.Attempt.State == attemptOpen && now.Attempt.BusyUntil.After(tx.Now) {
			return errOpen // somebody is paying in this moment
		}
		if now.State == Due {
			if _, err := s.end(ctx, tx, actor.Actor{Tenant: c.Tenant, Kind: actor.Timer}, now, Expired, false); err != nil {
				return err
			}
		}
		return s.queue.Finish(ctx, tx, j)
	})
}

func (s *Service) asked(ctx context.Context, c Charge) (Session, error) {
	collector, err := s.opened(ctx, c)
	if err != nil {
		return Session{}, err
	}
	got, err := call(ctx, request(c), collector.Collected)
	if err != nil {
		return Session{}, fmt.Errorf("asking %s about %s: %w", c.Attempt.Provider, c.Attempt.Key(), err)
	}
	return got, nil
}

func (s *Service) read(ctx context.Context, j job.Job) (c Charge, err error) {
	var args chargeArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return Charge{}, job.Dead(fmt.Errorf("arguments of %s: %w", j.ID, err))
	}
	err = s.store.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = byID(ctx, tx, j.Tenant, args.Charge)
		return err
	})
	if errors.Is(err, ErrUnknown) {
		err = job.Dead(err)
	}
	return c, err
}
