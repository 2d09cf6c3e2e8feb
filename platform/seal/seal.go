// Package seal keeps the sealed log: a Merkle tree over all events in the order
// of their positions, with signed checkpoints, in the formats of C2SP
// (tlog-tiles, tlog-checkpoint, tlog-cosignature, tlog-witness).
//
// It owns the tree, its keys, witnesses, proofs and the audit that compares log
// and database. It does not own what is sealed of an event (package leaf) or
// the events. Entry n of the log is the event at position n+1: nothing can be
// skipped or sealed twice, whoever dies at whatever instruction, because the
// size of the tree is the only cursor and it moves with the tree.
package seal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	ErrBegun   = fault.New(fault.Missing, "seal.not_begun", "The sealed log has not begun: start the server once.")
	errForeign = errors.New("none of the signing keys here belongs to the log")
	errLost    = errors.New("somebody else went on with the log")
	errShort   = errors.New("the database has fewer events than the log: rows were removed, or an older copy was put back")
)

// Options say how a log is kept.
type Options struct {
	DB   *db.DB
	Tail *event.Tail // nil where the process does not seal
	Log  *slog.Logger
	By   actor.Actor // who keys are announced by

	Name    string          // of a log that has not begun; a random one when empty
	KeyFile string          // where a key is made for a log that has none
	KeyText string          // signing keys from the configuration, instead of the file
	Seeds   func() [][]byte // what the keys are made from, the newest first, instead of a file: where processes share a master key but no folder

	Interval  time.Duration // between batches, 150 ms when 0
	Batch     int           // entries of a batch, 1000 when 0
	Lease     time.Duration // how long a dead process keeps others waiting, 6 s when 0
	Witnesses []Witness
	Every     time.Duration // how often witnesses are asked, a minute when 0
}

// Log is the sealed log of an installation.
type Log struct {
	o Options

	step func(string) // tests stop the sequencer between two steps; nil otherwise

	mu      sync.Mutex
	problem string
}

// New makes a log; Run begins and continues it.
func New(o Options) *Log {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Interval == 0 {
		o.Interval = 150 * time.Millisecond
	}
	if o.Batch == 0 {
		o.Batch = 1000
	}
	if o.Lease == 0 {
		o.Lease = 6 * time.Second
	}
	if o.Every == 0 {
		o.Every = time.Minute
	}
	return &Log{o: o}
}

// Status is what an operator asks about the log.
type Status struct {
	Origin   string        `json:"origin"`
	Size     int64         `json:"size"`     // entries
	Unsealed int64         `json:"unsealed"` // events that have no entry yet
	Lag      time.Duration `json:"lag"`      // age of the oldest of them
	SealedAt time.Time     `json:"sealed_at"`
	Holder   string        `json:"holder"` // process that seals; empty: nobody
	Problem  string        `json:"problem,omitempty"`
}

// Status looks into the store.
func (l *Log) Status(ctx context.Context) (s Status, err error) {
	err = l.o.DB.Read(ctx, func(tx *db.Tx) (err error) { s, err = statusOf(ctx, tx); return err })
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Problem = l.problem
	return s, err
}

func statusOf(ctx context.Context, tx *db.Tx) (s Status, err error) {
	t, err := readTree(ctx, tx)
	if err != nil {
		return s, err
	}
	last, err := event.Last(ctx, tx)
	if err != nil {
		return s, err
	}
	if s.Holder, err = event.Leader(ctx, tx, duty); err != nil {
		return s, err
	}
	s.Origin, s.Size, s.SealedAt, s.Unsealed = t.origin, t.size, t.sealedAt, max(0, last-t.size)
	if s.Unsealed > 0 {
		oldest, err := event.After(ctx, tx, t.size, 1)
		if err != nil {
			return s, err
		}
		if len(oldest) == 1 {
			s.Lag = max(0, tx.Now.Sub(oldest[0].At))
		}
	}
	return s, nil
}

// Checkpoint is a signed statement about the whole log.
type Checkpoint struct {
	Note     string // signed note
	Size     int64
	SealedAt time.Time
}

// Last returns the newest checkpoint.
func Last(ctx context.Context, tx *db.Tx) (Checkpoint, error) {
	t, err := readTree(ctx, tx)
	return Checkpoint{t.note, t.size, t.sealedAt}, err
}

// Since tells when an entry was first covered by a kept checkpoint; the zero
// time while it is not.
func Since(ctx context.Context, tx *db.Tx, index int64) (time.Time, error) {
	c, err := checkpointOver(ctx, tx, index+1)
	return c.SealedAt, err
}

func (l *Log) note(problem string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.problem = problem
}

func (l *Log) at(step string) {
	if l.step != nil {
		l.step(step)
	}
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
