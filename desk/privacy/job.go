package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

const (
	searchKind = "privacy.search"
	pageSize   = 2000 // events that one transaction looks at
	slice      = 20 * time.Second
)

type searchArgs struct {
	Customer string `json:"customer"`
}

// Jobs registers the search for what else an erased customer did. It reads the
// log page by page; a process that dies goes on at the page it was at.
func (s *Service) Jobs(q *job.Queue) { q.HandleOutside(searchKind, s.search) }

func (s *Service) search(ctx context.Context, j job.Job) error {
	var args searchArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	until := time.Now().Add(slice)
	for done := false; !done; {
		err := s.Store.Write(ctx, func(tx *db.Tx) error {
			e, err := byCustomer(ctx, tx, j.Tenant, args.Customer)
			if errors.Is(err, ErrNotErased) {
				return job.Dead(err)
			}
			if err != nil {
				return err
			}
			if done, err = s.page(ctx, tx, e); err != nil || done || time.Now().Before(until) {
				return err
			}
			done = true // for this job; another goes on
			return s.Queue.Enqueue(ctx, tx, job.New{Tenant: e.Tenant, Kind: searchKind, Key: e.Customer, Args: args})
		})
		if err != nil {
			return fmt.Errorf("search the log for customer %s: %w", args.Customer, err)
		}
	}
	return nil
}

func (s *Service) page(ctx context.Context, tx *db.Tx, e Erasure) (done bool, err error) {
	if !e.DoneAt.IsZero() {
		return true, nil
	}
	all, err := event.SealedAfter(ctx, tx, e.Walked, pageSize)
	if err != nil {
		return false, err
	}
	to, own := e.Walked, []event.Sealed{}
	for _, one := range all {
		if one.Tenant == e.Tenant && one.Actor == actor.Customer && one.ActorID == e.Customer {
			own = append(own, one)
		}
		to = one.Event.Position
	}
	by := actor.Actor{Tenant: e.Tenant, Kind: actor.System}
	n, err := event.EraseThese(ctx, tx, by, event.About{Stream: "customer", Subject: e.Customer}, own, e.Reason)
	if err != nil {
		return false, err
	}
	done = len(all) < pageSize // the end of the log, also of what was written meanwhile
	return done, walked(ctx, tx, e, to, int64(n), done)
}
