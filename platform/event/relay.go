package event

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
)

// RelayOptions change a relay; the zero value is right.
type RelayOptions struct {
	Holder  string        // names this process in the lease; made up when empty
	Lease   time.Duration // how long a dead relay keeps others waiting, 6 s when 0
	Batch   int           // events per round, 500 when 0
	Horizon time.Duration // how far back a new, empty stream is filled; 0: from the beginning
}

// Relay gives positions to what was committed and copies the log to the bus. Any
// number of processes may run one; the lease lets one work. It may die between
// any two instructions: the next one goes on from what the log and the stream
// really hold.
//
// On SQLite positions exist already and the relay only publishes. Without a bus
// it only gives positions.
type Relay struct {
	tail *Tail
	db   *db.DB
	bus  *bus.Bus
	log  *slog.Logger
	o    RelayOptions

	step func(string) // tests stop the relay between two steps; nil otherwise

	mu        sync.Mutex
	published int64 // as known by the leading relay
	leading   bool
	problem   string
}

const (
	relayDuty   = "relay"
	relayActive = 25 * time.Millisecond // polling for other processes' events, while there are some
	relayIdle   = 100 * time.Millisecond
	relayPause  = 5 * time.Millisecond // events committed close together get their positions together
	cursorEvery = time.Second
	largest     = 900 << 10 // below a NATS server's default limit of 1 MiB
)

// NewRelay makes a relay on a tail, which must run in the same process.
func NewRelay(t *Tail, o RelayOptions) *Relay {
	if o.Holder == "" {
		o.Holder = id.New("relay")
	}
	if o.Lease == 0 {
		o.Lease = 6 * time.Second
	}
	if o.Batch == 0 {
		o.Batch = 500
	}
	return &Relay{tail: t, db: t.db, bus: t.bus, log: t.log, o: o}
}

// Run works whenever this process holds the lease, until ctx ends.
func (r *Relay) Run(ctx context.Context) error {
	e := elector{db: r.db, log: r.log, holder: r.o.Holder, ttl: r.o.Lease, duties: map[string]func(context.Context) error{relayDuty: r.lead}}
	e.run(ctx)
	return nil
}

func (r *Relay) lead(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r.note(func() { r.leading = true })
	defer r.note(func() { r.leading = false })
	var parts sync.WaitGroup
	run := func(part func(context.Context) error) {
		parts.Go(func() {
			if err := part(ctx); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	if r.db.Engine() == db.Postgres {
		run(r.number)
	}
	if r.bus != nil {
		run(r.publish)
	}
	<-ctx.Done()
	parts.Wait()
	return context.Cause(ctx)
}

func (r *Relay) note(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

func (r *Relay) at(step string) {
	if r.step != nil {
		r.step(step)
	}
}

// RelayStatus is what an operator asks about the relay.
type RelayStatus struct {
	Holder    string `json:"holder"`            // process that holds the lease; empty: nobody
	Leading   bool   `json:"leading"`           // it is this process
	Last      int64  `json:"last"`              // newest position of the log
	Waiting   bool   `json:"waiting"`           // committed events have no position yet
	Published int64  `json:"published"`         // newest position in the stream, up to a second old
	Behind    int64  `json:"behind"`            // positions not yet in the stream; 0 without a bus
	Problem   string `json:"problem,omitempty"` // why publishing does not succeed, on the leading process
}

// Status looks into the store.
func (r *Relay) Status(ctx context.Context) (RelayStatus, error) {
	var s RelayStatus
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if s.Holder, err = holderOf(ctx, tx, relayDuty); err != nil {
			return err
		}
		if s.Waiting, err = fresh(ctx, tx); err != nil {
			return err
		}
		c, _, err := cursorOf(ctx, tx, relayDuty)
		if err != nil {
			return err
		}
		s.Published = c.position
		s.Last, err = top(ctx, tx)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.Leading = r.leading; s.Leading {
		s.Published, s.Problem = max(s.Published, r.published), r.problem
	}
	if r.bus != nil {
		s.Behind = max(0, s.Last-s.Published)
	}
	return s, err
}
