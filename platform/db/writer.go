package db

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// writer is the one goroutine that writes to SQLite. It takes the waiting
// requests one after the other into one transaction, commits once (one fsync
// for all) and then tells each caller its own outcome. When one of them fails
// after it has written, all are undone and run again, each inside a savepoint.
type writer struct {
	session *session
	now     func() time.Time
	tell    func(writes int, took time.Duration) // called after each commit
	keys    *keyring
	group   int
	queue   chan *request
	stopped chan struct{}
	guarded int // so many of the next groups use savepoints at once

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

// Savepoints cost a copy of each page that a request changes, a failure without
// them costs the work of the group. Failures come in swarms: after one, so many
// groups use savepoints.
const guardedGroups = 16

var errClosed = errors.New("database is closed")

func newWriter(s *session, now func() time.Time, tell func(int, time.Duration), keys *keyring, group int) *writer {
	w := &writer{session: s, now: now, tell: tell, keys: keys, group: group, queue: make(chan *request, 4*group), stopped: make(chan struct{})}
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
	began := time.Now()
	group, err := w.gather(first)
	if err == nil && !slices.ContainsFunc(group, (*request).succeeded) {
		w.exec("rollback") //nolint:errcheck // nothing to keep
		w.acknowledge(group)
		return
	}
	if err == nil {
		err = w.exec("commit")
	}
	if err == nil {
		w.tell(len(group), time.Since(began))
	} else {
		w.exec("rollback") //nolint:errcheck // may be rolled back already
		for _, r := range group {
			if r.err == nil && errors.Is(err, ErrBusy) {
				r.err = err
			} else if r.err == nil {
				r.err = fmt.Errorf("commit: %w", err)
			}
		}
	}
	w.acknowledge(group)
}

// gather begins a transaction and runs in it first and all that wait. The error
// is the transaction's, after which nothing of the group can be kept.
func (w *writer) gather(first *request) ([]*request, error) {
	group, guard := []*request{first}, w.guarded > 0
	if guard {
		w.guarded--
	}
	if err := w.begin(); err != nil {
		return group, err
	}
	for {
		clean, err := w.run(group[len(group)-1], guard)
		if err != nil {
			return group, err
		}
		if !clean {
			return group, w.again(group)
		}
		next, ok := w.poll(len(group))
		if !ok {
			return group, nil
		}
		group = append(group, next)
	}
}

// again undoes a group whose last request failed after it had written, and runs
// it anew so that each failure undoes itself only.
func (w *writer) again(group []*request) error {
	w.exec("rollback") //nolint:errcheck // may be rolled back already
	if len(group) == 1 {
		return nil // there is nobody else, and it has its outcome
	}
	w.guarded = guardedGroups
	if err := w.begin(); err != nil {
		return err
	}
	for _, r := range group {
		if _, err := w.run(r, true); err != nil {
			return err
		}
	}
	return nil
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

// poll takes the next request that waits. Before it gives up it lets those
// that are ready to run have the processor once: on a busy machine some of them
// are requests about to be handed in, and one commit for more of them costs less.
func (w *writer) poll(have int) (*request, bool) {
	if have == w.group {
		return nil, false
	}
	for yielded := false; ; yielded = true {
		select {
		case r, ok := <-w.queue:
			return r, ok
		default:
			if yielded {
				return nil, false
			}
			runtime.Gosched()
		}
	}
}

// run executes one request; the request's own error goes into r. It tells
// whether the transaction holds nothing of a request that failed.
func (w *writer) run(r *request, guard bool) (clean bool, err error) {
	r.tx, r.panic = nil, nil
	if r.err = r.ctx.Err(); r.err != nil {
		return true, nil
	}
	if guard {
		if err := w.exec("savepoint one"); err != nil {
			return false, err
		}
	}
	w.session.wrote = false
	r.tx = &Tx{Now: w.now(), engine: SQLite, keys: w.keys, run: w.session}
	w.call(r)
	if !guard {
		// SQLite ends a transaction by itself when it cannot go on, on a full disk.
		lost := w.session.conn.AutocommitEnabled()
		return !lost && (r.succeeded() || !w.session.wrote), nil
	}
	if !r.succeeded() {
		if err := w.exec("rollback to one"); err != nil {
			return false, err
		}
	}
	return true, w.exec("release one")
}

func (r *request) succeeded() bool { return r.err == nil && r.panic == nil }

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
		if r.succeeded() && r.tx != nil {
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
