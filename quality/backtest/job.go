package backtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/policy"
)

// A job works on the runs of one shop, one after the other: there is at most one
// of it for each shop. It works for a while, stores its place with every step,
// and enqueues itself anew, so that it never outlives its lease.
const (
	runKind    = "backtest.run"
	forgetKind = "backtest.forget"
	slice      = 20 * time.Second
	attempts   = 8 // without any progress; then the run has failed
	stepSize   = 1000
)

// Jobs registers what workers do.
func (s *Service) Jobs(q *job.Queue) {
	q.HandleOutside(runKind, s.run)
	q.Handle(forgetKind, func(ctx context.Context, tx *db.Tx, _ job.Job) error {
		_, err := forget(ctx, tx, tx.Now.AddDate(0, 0, -KeepDays), 100)
		return err
	})
	q.Every(forgetKind, time.Hour)
}

func (s *Service) wake(ctx context.Context, tx *db.Tx, tenant string) error {
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: tenant, Kind: runKind, Key: "next", MaxAttempts: attempts})
}

// run works on the next run until it ends or the time is up.
func (s *Service) run(ctx context.Context, j job.Job) error {
	until := time.Now().Add(slice)
	for time.Now().Before(until) {
		r, any, err := s.take(ctx, j.Tenant)
		if err != nil || !any {
			return err
		}
		w := &worker{service: s, run: r}
		if err := w.work(ctx, until); err != nil {
			return s.stop(ctx, r, j, err)
		}
	}
	return s.Store.Write(ctx, func(tx *db.Tx) error { return s.wake(ctx, tx, j.Tenant) })
}

// take gives the run whose turn it is, and starts it.
func (s *Service) take(ctx context.Context, tenant string) (r Run, any bool, err error) {
	err = s.Store.Write(ctx, func(tx *db.Tx) error {
		if r, any, err = turn(ctx, tx, tenant); err != nil || !any || r.State == Running {
			return err
		}
		if r.State, err = next(r.State, Start); err != nil {
			return err
		}
		r.StartedAt = tx.Now
		_, err = save(ctx, tx, &r)
		return err
	})
	return r, any, err
}

// stop decides what an error means: somebody else moved the run, the rules
// cannot be tried, or the store does not answer now.
func (s *Service) stop(ctx context.Context, r Run, j job.Job, why error) error {
	var broken errBroken
	switch {
	case errors.Is(why, errMoved):
		return s.Store.Write(ctx, func(tx *db.Tx) error { return s.wake(ctx, tx, j.Tenant) })
	case errors.As(why, &broken) || j.Attempt >= attempts && ctx.Err() == nil:
		return s.Store.Write(ctx, func(tx *db.Tx) error {
			now, err := ByID(ctx, tx, actor.Of(r.Tenant), r.ID)
			if err != nil {
				return err
			}
			if now.State.Ended() {
				return s.wake(ctx, tx, j.Tenant)
			}
			return errors.Join(s.end(ctx, tx, actor.Of(r.Tenant), &now, Fail, why.Error()), s.wake(ctx, tx, j.Tenant))
		})
	}
	return why
}

// errBroken is an error that comes again however often it is tried.
type errBroken struct{ error }

func (e errBroken) Unwrap() error { return e.error }

func isUnknown(err error) bool { return errors.Is(err, policy.ErrUnknown) }

// worker carries one run on from its place.
type worker struct {
	service *Service
	run     Run
	tried   *policy.Policy
	live    *policy.Policy // what is compared with, where it is not the version of then
	reader  reader
}

// prepare reads the rules of both sides.
func (w *worker) prepare(ctx context.Context, tx *db.Tx) error {
	r := &w.run
	w.reader = reader{tenant: r.Tenant, scope: r.Scope, policy: r.Policy}
	rules, err := rulesOf(r.Rules)
	if err != nil {
		return errBroken{fmt.Errorf("rules of back-test %s: %w", r.ID, err)}
	}
	if w.tried, err = ready(ctx, tx, r.Tenant, r.Policy, r.PolicyVer, rules); isUnknown(err) {
		return errBroken{err}
	}
	if err != nil || r.Scope.Against != Live {
		return err
	}
	live, err := policy.At(ctx, tx, r.Tenant, r.Policy, 0)
	if isUnknown(err) {
		return errBroken{err}
	}
	w.live = &live
	return err
}

type fetched struct {
	batch batch
	err   error
}

// fetch reads the next requests while others are decided.
func (w *worker) fetch(ctx context.Context, from Place, done int64) <-chan fetched {
	limit := int64(w.service.Step)
	if limit == 0 {
		limit = stepSize
	}
	limit = min(limit, w.run.Scope.Limit-done)
	out := make(chan fetched, 1)
	go func() {
		var f fetched
		f.err = w.service.Store.Read(ctx, func(tx *db.Tx) (err error) {
			f.batch, err = w.reader.read(ctx, tx, from, int(limit))
			return err
		})
		out <- f
	}()
	return out
}

// work decides step by step until the run has ended, somebody else has moved it
// (errMoved), or the time is up.
func (w *worker) work(ctx context.Context, until time.Time) error {
	if err := w.service.Store.Read(ctx, func(tx *db.Tx) error { return w.prepare(ctx, tx) }); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	coming := w.fetch(ctx, w.run.Place, w.run.Done)
	defer func() { cancel(); <-coming }() // the reader uses what is ours
	for began := time.Now(); ; began = time.Now() {
		f := <-coming
		done := w.run.Done + f.batch.read
		last := f.err != nil || f.batch.next.Source >= len(w.run.Scope.Sources) || done >= w.run.Scope.Limit
		if last || !time.Now().Before(until) {
			spent := make(chan fetched, 1)
			spent <- fetched{}
			coming = spent
		} else {
			coming = w.fetch(ctx, f.batch.next, done)
		}
		if f.err != nil {
			return f.err
		}
		step, err := w.decide(ctx, &f.batch)
		if err != nil {
			return err
		}
		if err := w.commit(ctx, &f.batch, step, time.Since(began), last); err != nil || last {
			return err
		}
		if !time.Now().Before(until) {
			return nil
		}
	}
}

// commit stores what a step has counted together with the place behind it.
func (w *worker) commit(ctx context.Context, b *batch, step *Tally, took time.Duration, last bool) error {
	r := w.run
	r.Figures = r.Figures.clone()
	r.Figures.merge(step)
	r.Place, r.Done, r.Busy = b.next, r.Done+b.read, r.Busy+took
	if last {
		r.Total = r.Done
	}
	s := w.service
	err := s.Store.Write(ctx, func(tx *db.Tx) error {
		w.run = r // may be run again
		if err := keep(ctx, tx, &w.run, step); err != nil {
			return err
		}
		if last {
			return s.end(ctx, tx, actor.Of(r.Tenant), &w.run, Finish, "")
		}
		ok, err := save(ctx, tx, &w.run)
		if err == nil && !ok {
			return errMoved
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("storing progress of back-test %s: %w", r.ID, err)
	}
	if s.Stored != nil {
		s.Stored(w.run.Done)
	}
	return nil
}
