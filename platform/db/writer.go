package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// writer is the one goroutine that writes to SQLite. It takes the waiting
// requests one after the other into one transaction, each inside a savepoint,
// commits once (one fsync for all) and then tells each caller its own outcome.
type writer struct {
	session *session
	now     func() time.Time
	tell    func(writes int, took time.Duration) // called after each commit
	key     []byte
	group   int
	queue   chan *request
	stopped chan struct{}

	mu      sync.RWMutex
	closing bool
}

type request struct {
	ctx    context.Context
	fn     func(tx *Tx) error
	tx     *Tx
	err    error
	panic  any
	answer chan struct{}
}

var errClosed = errors.New("database is closed")

func newWriter(s *session, now func() time.Time, tell func(int, time.Duration), o Options) *writer {
	w := &writer{session: s, now: now, tell: tell, key: o.Key, group: o.Group, queue: make(chan *request, 4*o.Group), stopped: make(chan struct{})}
	go w.loop()
	return w
}

func (w *writer) do(ctx context.Context, fn func(tx *Tx) error) error {
	r := &request{ctx: ctx, fn: fn, answer: make(chan struct{})}
	if err := w.submit(ctx, r); err != nil {
		return err
	}
	<-r.answer // not given up on cancellation: the caller must learn whether it committed
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

func (w *writer) submit(ctx context.Context, r *request) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closing {
		return errClosed
	}
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return ErrBusy
	}
}

func (w *writer) stop() {
	w.mu.Lock()
	already := w.closing
	w.closing = true
	w.mu.Unlock()
	if !already {
		close(w.queue)
	}
	<-w.stopped
}

func (w *writer) loop() {
	defer close(w.stopped)
	for first := range w.queue {
		w.commit(first)
	}
	_ = w.session.close()
}

// commit runs one group. Requests that arrive while the group runs join it, up
// to the group size; those that come later wait for the next.
func (w *writer) commit(first *request) {
	done, began := []*request{first}, time.Now()
	err := w.begin()
	if err == nil {
		alone := len(w.queue) == 0
		err = w.run(first, alone)
		for err == nil && !alone && len(done) < w.group {
			next, ok := w.poll()
			if !ok {
				break
			}
			done = append(done, next)
			err = w.run(next, false)
		}
		if err == nil && alone && (first.err != nil || first.panic != nil) {
			w.exec("rollback") //nolint:errcheck // nothing to keep
			w.acknowledge(done)
			return
		}
		if err == nil {
			err = w.exec("commit")
		}
		if err == nil {
			w.tell(len(done), time.Since(began))
		} else {
			w.exec("rollback") //nolint:errcheck // may be rolled back already
		}
	}
	if err != nil {
		for _, r := range done {
			if r.err == nil && errors.Is(err, ErrBusy) {
				r.err = err
			} else if r.err == nil {
				r.err = fmt.Errorf("commit: %w", err)
			}
		}
	}
	w.acknowledge(done)
}

// begin takes the file's write lock. Another process may hold it: a long import
// from the command line. SQLite itself waits for ten seconds; this asks again
// before callers are told to come back later.
func (w *writer) begin() error {
	var err error
	for range 3 {
		if err = w.exec("begin immediate"); !isBusy(err) {
			return err
		}
	}
	return ErrBusy.Because("Another process is writing.")
}

func (w *writer) poll() (*request, bool) {
	select {
	case r, ok := <-w.queue:
		return r, ok
	default:
		return nil, false
	}
}

// run executes one request. The error it returns is the transaction's, after
// which nothing of the group can be kept; the request's own goes into r.
func (w *writer) run(r *request, alone bool) error {
	if err := r.ctx.Err(); err != nil {
		r.err = err
		return nil
	}
	if !alone {
		if err := w.exec("savepoint one"); err != nil {
			return err
		}
	}
	r.tx = &Tx{Now: w.now(), engine: SQLite, key: w.key, run: w.session}
	w.call(r)
	if alone {
		return nil
	}
	if r.err != nil || r.panic != nil {
		if err := w.exec("rollback to one"); err != nil {
			return err
		}
	}
	return w.exec("release one")
}

func (w *writer) call(r *request) {
	defer func() {
		if p := recover(); p != nil {
			r.panic = fmt.Sprintf("%v\n%s", p, debug.Stack())
		}
	}()
	r.err = r.fn(r.tx)
}

func (w *writer) acknowledge(done []*request) {
	for _, r := range done {
		if r.err == nil && r.panic == nil && r.tx != nil {
			for _, f := range r.tx.after {
				f()
			}
		}
		close(r.answer)
	}
}

func (w *writer) exec(query string) error {
	_, err := w.session.exec(context.Background(), query)
	return err
}
