package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

const (
	// outsideLimit bounds a job with outside effects; its lease is longer, so
	// that nobody else starts it while it may still be under way.
	outsideLimit = 45 * time.Second
	leaseTime    = 60 * time.Second
	batch        = 64
	poll         = time.Second // how late a job of another process may start
	rescueEvery  = 5 * time.Second
	gather       = 2 * time.Millisecond // jobs of many callers are read together
	again        = 2 * time.Millisecond // before jobs that are under way here are looked at again
)

// Queue runs jobs. Register handlers before Run; Enqueue works without Run.
type Queue struct {
	store    *db.DB
	log      *slog.Logger
	holder   string
	handlers map[string]handler
	every    []recurring
	kinds    []string
	slots    chan struct{}
	signal   chan struct{}
	observe  func(kind, outcome string, late, took time.Duration)

	mu    sync.Mutex
	sleep time.Time // until when Run sleeps
	busy  map[string]bool

	ended sync.Map // ids of outside jobs that their handler has finished
}

type handler struct {
	look    func(ctx context.Context, tx *db.Tx, j Job) (any, error)
	inside  func(ctx context.Context, tx *db.Tx, j Job, found any) error
	outside func(ctx context.Context, j Job) error
	every   time.Duration
}

type recurring struct {
	kind     string
	interval time.Duration
}

// NewQueue makes a queue on a store.
func NewQueue(store *db.DB, log *slog.Logger) *Queue {
	return &Queue{
		store: store, log: log, holder: id.New("wrk"), handlers: map[string]handler{},
		slots: make(chan struct{}, 32), signal: make(chan struct{}, 1), busy: map[string]bool{},
		observe: func(string, string, time.Duration, time.Duration) {},
	}
}

// Observe calls f after each job with its outcome: done, retry, dead or lost.
func (q *Queue) Observe(f func(kind, outcome string, late, took time.Duration)) { q.observe = f }

// Handle registers a job that works inside one transaction: its effect and its
// end commit together, so it takes effect exactly once.
func (q *Queue) Handle(kind string, f func(ctx context.Context, tx *db.Tx, j Job) error) {
	q.register(kind, handler{inside: func(ctx context.Context, tx *db.Tx, j Job, _ any) error { return f(ctx, tx, j) }})
}

// HandleFound is Handle for a job that reads much: look reads before the
// transaction, where it keeps nobody from writing. What it found may be out of
// date when act gets it.
func HandleFound[T any](q *Queue, kind string, look func(ctx context.Context, tx *db.Tx, j Job) (T, error), act func(ctx context.Context, tx *db.Tx, j Job, found T) error) {
	q.register(kind, handler{
		look:   func(ctx context.Context, tx *db.Tx, j Job) (any, error) { return look(ctx, tx, j) },
		inside: func(ctx context.Context, tx *db.Tx, j Job, found any) error { return act(ctx, tx, j, found.(T)) },
	})
}

// HandleOutside registers a job that talks to the outside. It runs at least
// once, for at most 45 s, under a lease. It may call Finish in its last
// transaction to save one.
func (q *Queue) HandleOutside(kind string, f func(ctx context.Context, j Job) error) {
	q.register(kind, handler{outside: f})
}

// Every runs a registered kind again and again; one process at a time.
func (q *Queue) Every(kind string, interval time.Duration) {
	h, ok := q.handlers[kind]
	if !ok {
		panic("job: Every before Handle: " + kind)
	}
	h.every = interval
	q.handlers[kind] = h
	q.every = append(q.every, recurring{kind, interval})
}

func (q *Queue) register(kind string, h handler) {
	if _, ok := q.handlers[kind]; ok {
		panic("job: kind registered twice: " + kind)
	}
	q.handlers[kind] = h
	q.kinds = append(q.kinds, kind)
	slices.Sort(q.kinds)
}

// Finish ends an outside job in the handler's own transaction.
func (q *Queue) Finish(ctx context.Context, tx *db.Tx, j Job) error {
	tx.OnCommit(func() { q.ended.Store(j.ID, true) })
	return finish(ctx, tx, j, q.holder)
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

const systemTenant = "system"

// Run works until the context ends, then waits for the jobs under way.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.schedule(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	rescued := time.Time{}
	for ctx.Err() == nil {
		if time.Since(rescued) > rescueEvery {
			rescued = time.Now()
			q.rescue(ctx)
		}
		looked := time.Now()
		q.until(looked.Add(poll)) // from here on whoever has something for sooner says so
		wait, err := q.start(ctx, &wg)
		if err != nil && ctx.Err() == nil {
			q.log.ErrorContext(ctx, "jobs cannot be read", "err", err)
		}
		q.idle(ctx, wait-time.Since(looked))
	}
	return nil
}

// RunDue runs everything that is due at the store's clock, in order, and tells
// how many jobs ran. Tests and the demo use it instead of Run.
func (q *Queue) RunDue(ctx context.Context) (int, error) {
	total := 0
	for {
		q.rescue(ctx)
		jobs, _, err := q.due(ctx, 1)
		if err != nil || len(jobs) == 0 {
			return total, err
		}
		q.one(ctx, jobs[0])
		total++
	}
}

func (q *Queue) schedule(ctx context.Context) error {
	return q.store.Write(ctx, func(tx *db.Tx) error {
		for _, r := range q.every {
			if err := q.Enqueue(ctx, tx, New{Tenant: systemTenant, Kind: r.kind, Key: "every", Keep: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

// due reads jobs whose time has come, and how long it is to the time of the
// next; poll at most.
func (q *Queue) due(ctx context.Context, limit int) (jobs []Job, wait time.Duration, err error) {
	wait = poll
	if len(q.kinds) == 0 {
		return nil, wait, nil
	}
	err = q.store.Read(ctx, func(tx *db.Tx) (err error) {
		if jobs, err = due(ctx, tx, q.kinds, limit); err != nil || len(jobs) == limit {
			return err
		}
		at, err := next(ctx, tx)
		if err == nil && !at.IsZero() {
			wait = min(wait, at.Sub(tx.Now))
		}
		return err
	})
	return jobs, wait, err
}

// start runs a batch of due jobs side by side, each in a slot, and tells how
// long there is nothing more to start.
func (q *Queue) start(ctx context.Context, wg *sync.WaitGroup) (wait time.Duration, err error) {
	jobs, wait, err := q.due(ctx, batch)
	if err != nil {
		return poll, err
	}
	if len(jobs) == batch { // there may be more
		wait = 0
	}
	started := 0
	for _, j := range jobs {
		if !q.claim(j.ID) { // still under way here, from the batch before
			wait = min(wait, again)
			continue
		}
		select {
		case q.slots <- struct{}{}:
		case <-ctx.Done():
			q.unclaim(j.ID)
			return wait, nil
		}
		started++
		wg.Go(func() {
			defer func() { q.unclaim(j.ID); <-q.slots }()
			q.one(ctx, j)
		})
	}
	if started == 0 { // the whole batch is under way
		wait = max(wait, again)
	}
	return wait, nil
}

func (q *Queue) claim(id string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy[id] {
		return false
	}
	q.busy[id] = true
	return true
}

func (q *Queue) unclaim(id string) {
	q.mu.Lock()
	delete(q.busy, id)
	q.mu.Unlock()
}

// idle sleeps until the next job is due, somebody wakes us, or it is time to
// look for jobs of other processes.
func (q *Queue) idle(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	q.until(time.Now().Add(wait))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-q.signal:
		time.Sleep(gather)
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (q *Queue) until(at time.Time) {
	q.mu.Lock()
	q.sleep = at
	q.mu.Unlock()
}

func (q *Queue) wake() {
	select {
	case q.signal <- struct{}{}:
	default:
	}
}

// wakeAt wakes Run if it would sleep past at.
func (q *Queue) wakeAt(at time.Time) {
	q.mu.Lock()
	past := at.Before(q.sleep)
	q.mu.Unlock()
	if past {
		q.wake()
	}
}

func (q *Queue) rescue(ctx context.Context) {
	err := q.store.Write(ctx, func(tx *db.Tx) error {
		_, err := rescue(ctx, tx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		q.log.ErrorContext(ctx, "jobs of ended processes cannot be taken back", "err", err)
	}
}

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

// Backoff is the wait before attempt n+1: 1 s, 2 s, 4 s … at most an hour,
// with a tenth of chance so that many jobs do not return at once.
func Backoff(n int) time.Duration {
	d := time.Hour
	if n < 12 {
		d = time.Second << max(n-1, 0)
	}
	return d + time.Duration(rand.Int64N(int64(d)/10+1))
}
