// Package job keeps work for later: jobs and timers as rows, enqueued in the
// transaction that makes them necessary.
//
// It owns the queue, leases, retries, schedules and pausing. It does not know
// what a job does. A job inside a transaction (Handle) takes effect exactly
// once; a job with outside effects (HandleOutside) runs at least once and must
// carry a key that makes repeating harmless. A job that ran out of attempts is
// dead: it stays visible until somebody runs or discards it.
package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// State of a job. A finished job is deleted; its effect is in the event log.
type State string

const (
	Waiting State = "waiting" // runs at RunAt
	Running State = "running" // leased by a worker
	Paused  State = "paused"  // a timer whose clock is stopped
	Died    State = "dead"    // gave up; needs a person
)

// Job is one piece of work.
type Job struct {
	ID          string          `json:"id"`
	Tenant      string          `json:"tenant"`
	Kind        string          `json:"kind"` // "package.verb"; chooses the handler
	Key         string          `json:"key"`  // at most one living job per tenant, kind and key; empty: no limit
	Args        json.RawMessage `json:"args"`
	State       State           `json:"state"`
	RunAt       time.Time       `json:"run_at"`
	Remaining   time.Duration   `json:"-"` // of a paused timer
	Attempt     int             `json:"attempt"`
	MaxAttempts int             `json:"max_attempts"`
	LastError   string          `json:"last_error,omitempty"`
	CreatedAt   time.Time       `json:"created_at"`
}

// New describes a job to enqueue.
type New struct {
	Tenant      string
	Kind        string
	Key         string
	Args        any       // encoded as JSON; nil is {}
	RunAt       time.Time // zero: as soon as possible
	MaxAttempts int       // 0: 20, about a day with back-off
	Keep        bool      // with a Key that is taken: keep the living job as it is instead of moving it to RunAt and Args; a dead one begins anew
}

// Enqueue writes a job in the caller's transaction. With a Key that a living
// job already has, that job is moved to the new time and arguments (or kept,
// with Keep): enqueuing twice does not do the work twice.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, n New) error {
	args := json.RawMessage(`{}`)
	if n.Args != nil {
		raw, err := json.Marshal(n.Args)
		if err != nil {
			return fmt.Errorf("job %s: %w", n.Kind, err)
		}
		args = raw
	}
	if n.RunAt.IsZero() {
		n.RunAt = tx.Now
	}
	if n.MaxAttempts == 0 {
		n.MaxAttempts = 20
	}
	j := Job{
		ID: id.New("job"), Tenant: n.Tenant, Kind: n.Kind, Key: n.Key, Args: args, State: Waiting,
		RunAt: n.RunAt, MaxAttempts: n.MaxAttempts, CreatedAt: tx.Now,
	}
	if err := insert(ctx, tx, j, n.Keep); err != nil {
		return fmt.Errorf("enqueue %s: %w", n.Kind, err)
	}
	if !n.RunAt.After(tx.Now) {
		tx.OnCommit(q.wake)
	} else {
		at := n.RunAt
		tx.OnCommit(func() { q.wakeAt(at) })
	}
	return nil
}

// Cancel removes a living job by its key; one that is not there is no error.
func (q *Queue) Cancel(ctx context.Context, tx *db.Tx, tenant, kind, key string) error {
	return remove(ctx, tx, tenant, kind, key)
}

// Pause stops the clock of a waiting timer; Resume starts it again with what
// remained. Both do nothing to a job that is not in that state.
func (q *Queue) Pause(ctx context.Context, tx *db.Tx, tenant, kind, key string) error {
	return pause(ctx, tx, tenant, kind, key, tx.Now)
}

// Resume is described at Pause.
func (q *Queue) Resume(ctx context.Context, tx *db.Tx, tenant, kind, key string) error {
	at, err := resume(ctx, tx, tenant, kind, key, tx.Now)
	if err == nil && !at.IsZero() {
		tx.OnCommit(func() { q.wakeAt(at) })
	}
	return err
}

// ByKeys lists the living jobs of a kind with these keys, by time: the timers
// of a case.
func (q *Queue) ByKeys(ctx context.Context, tx *db.Tx, tenant, kind string, keys ...string) ([]Job, error) {
	return byKeys(ctx, tx, tenant, kind, keys)
}

// Act runs a job that failed before at once, or discards a dead one. A timer
// whose time has not come is not run: its deadline is a promise.
func (q *Queue) Act(ctx context.Context, tx *db.Tx, tenant, id, action string) error {
	j, err := byID(ctx, tx, tenant, id)
	if err != nil {
		return err
	}
	change := revive
	if action == "discard" {
		change = discard
	}
	ok, err := change(ctx, tx, tenant, id)
	if err != nil {
		return err
	}
	if !ok {
		return ErrState.With("state", string(j.State)).With("action", action)
	}
	tx.OnCommit(q.wake)
	return nil
}

// Page lists jobs of a tenant in a state by id, for the command line.
func Page(ctx context.Context, tx *db.Tx, tenant string, state State, after string, limit int) ([]Job, error) {
	return page(ctx, tx, tenant, state, after, limit)
}
