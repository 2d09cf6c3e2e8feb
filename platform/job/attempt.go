package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// one runs a job to its end or its next attempt.
func (q *Queue) one(ctx context.Context, j Job) {
	h := q.handlers[j.Kind]
	started, late := time.Now(), q.store.Now().Sub(j.RunAt)
	outcome, err := "done", error(nil)
	if h.inside != nil {
		outcome, err = q.inside(ctx, j, h)
	} else {
		outcome, err = q.outside(ctx, j, h)
	}
	if err != nil && ctx.Err() == nil {
		q.log.WarnContext(ctx, "job did not succeed", "kind", j.Kind, "job", j.ID, "outcome", outcome, "attempt", j.Attempt+1, "err", err)
	}
	q.observe(j.Kind, outcome, late, time.Since(started))
}

var errTaken = errors.New("taken by another worker")

func (q *Queue) inside(ctx context.Context, j Job, h handler) (string, error) {
	err := q.guard(func() (err error) {
		var found any
		if h.look != nil {
			err = q.store.Read(ctx, func(tx *db.Tx) error { found, err = h.look(ctx, tx, j); return err })
		}
		if err != nil {
			return err
		}
		return q.store.Write(ctx, func(tx *db.Tx) error {
			mine, err := take(ctx, tx, j)
			if err != nil {
				return err
			}
			if !mine {
				return errTaken
			}
			if err := h.inside(ctx, tx, j, found); err != nil {
				return err
			}
			return q.again(ctx, tx, j, h)
		})
	})
	if err == nil {
		return "done", nil
	}
	if errors.Is(err, errTaken) {
		return "lost", nil
	}
	seen := j.Attempt
	j.Attempt++
	return q.fail(ctx, j, Waiting, seen, err)
}

func (q *Queue) outside(ctx context.Context, j Job, h handler) (string, error) {
	mine := false
	err := q.store.Write(ctx, func(tx *db.Tx) (err error) {
		mine, err = lease(ctx, tx, j, q.holder, tx.Now.Add(leaseTime))
		return err
	})
	if err != nil {
		return "retry", err
	}
	if !mine {
		return "lost", nil
	}
	j.Attempt++
	limited, cancel := context.WithTimeout(ctx, outsideLimit)
	defer cancel()
	err = q.guard(func() error { return h.outside(limited, j) })
	_, ended := q.ended.LoadAndDelete(j.ID)
	if err != nil {
		return q.fail(context.WithoutCancel(ctx), j, Running, j.Attempt, err)
	}
	if ended && h.every == 0 {
		return "done", nil // the handler's last transaction did it
	}
	ctx = context.WithoutCancel(ctx) // what was done outside is recorded even while stopping
	err = q.store.Write(ctx, func(tx *db.Tx) error {
		if err := finish(ctx, tx, j, q.holder); err != nil {
			return err
		}
		return q.again(ctx, tx, j, h)
	})
	return "done", err
}

func (q *Queue) again(ctx context.Context, tx *db.Tx, j Job, h handler) error {
	if h.every == 0 {
		return nil
	}
	return q.Enqueue(ctx, tx, New{Tenant: j.Tenant, Kind: j.Kind, Key: j.Key, RunAt: tx.Now.Add(h.every)})
}

// guard turns a handler's panic into an error: one bad job must not end the
// process that runs all others.
func (q *Queue) guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

func (q *Queue) fail(ctx context.Context, j Job, from State, seen int, why error) (string, error) {
	ctx = context.WithoutCancel(ctx)
	state, outcome := Waiting, "retry"
	if (Hopeless(why) || j.Attempt >= j.MaxAttempts) && q.handlers[j.Kind].every == 0 { // recurring work never gives up
		state, outcome = Died, "dead"
	}
	err := q.store.Write(ctx, func(tx *db.Tx) error {
		text := why.Error()
		return giveBack(ctx, tx, j, from, seen, state, tx.Now.Add(Backoff(j.Attempt)), text[:min(len(text), 1000)])
	})
	return outcome, errors.Join(why, err)
}

// Dead wraps an error after which a job must not be tried again.
func Dead(err error) error { return deadError{err} }

// Hopeless reports whether an error is wrapped by Dead.
func Hopeless(err error) bool {
	var dead deadError
	return errors.As(err, &dead)
}

type deadError struct{ error }

func (e deadError) Unwrap() error { return e.error }

// Backoff is the wait before attempt n+1: 1 s, 2 s, 4 s … at most an hour,
// with a tenth of chance so that many jobs do not return at once.
func Backoff(n int) time.Duration {
	d := time.Hour
	if n < 12 {
		d = time.Second << max(n-1, 0)
	}
	return d + time.Duration(rand.Int64N(int64(d)/10+1))
}
