package event

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// FollowOptions change followers; the zero value is right.
type FollowOptions struct {
	Holder   string        // names this process in the leases; made up when empty
	Lease    time.Duration // how long a dead process keeps its followers from others, 6 s when 0
	Batch    int           // wanted events that share a transaction, 50 when 0, at most 200
	Attempts int           // tries before an event is parked, 20 when 0
	Backoff  time.Duration // wait after the first failure, doubled with each up to 30 s; 100 ms when 0
}

// Reaction is what a follower does about an event. It runs in a transaction
// that also moves the follower's cursor, so what it writes with tx happens
// exactly once. It must do nothing else: it may run again, and it may share the
// transaction with the events before and after.
type Reaction func(ctx context.Context, tx *db.Tx, e Event) error

// Followers run reactions to the log, each with its own cursor, in the log's
// order. Every process may run the same followers; a lease per follower lets
// one process do the work.
type Followers struct {
	tail *Tail
	db   *db.DB
	log  *slog.Logger
	o    FollowOptions
	all  []*follower
}

type follower struct {
	name    string
	types   map[string]bool // exact types; empty with families: all
	family  []string        // "case." for "case.*"
	fromNow bool
	react   Reaction
}

// NewFollowers makes a set on a tail, which must run in the same process.
func NewFollowers(t *Tail, o FollowOptions) *Followers {
	if o.Holder == "" {
		o.Holder = id.New("followers")
	}
	if o.Lease == 0 {
		o.Lease = 6 * time.Second
	}
	if o.Batch == 0 {
		o.Batch = 50
	}
	o.Batch = min(o.Batch, scanBatch)
	if o.Attempts == 0 {
		o.Attempts = 20
	}
	if o.Backoff == 0 {
		o.Backoff = 100 * time.Millisecond
	}
	return &Followers{tail: t, db: t.db, log: t.log, o: o}
}

// Follow adds a follower; call it before Run. Types are exact ("case.approved")
// or families ("case.*"); none means all. A follower that is new to the store
// starts at the beginning of the log: it is for what can be computed from
// history. The name is its identity and never changes.
func (f *Followers) Follow(name string, types []string, react Reaction) {
	f.add(name, types, react, false)
}

// FollowFromNow is Follow for reactions that would be wrong about the past,
// such as messages to people: a new one starts with what comes next.
func (f *Followers) FollowFromNow(name string, types []string, react Reaction) {
	f.add(name, types, react, true)
}

func (f *Followers) add(name string, types []string, react Reaction, fromNow bool) {
	if f.byName(name) != nil || name == relayDuty {
		panic("event: two followers are named " + name)
	}
	n := &follower{name: name, types: map[string]bool{}, fromNow: fromNow, react: react}
	for _, t := range types {
		if family, ok := strings.CutSuffix(t, "*"); ok {
			n.family = append(n.family, family)
		} else {
			n.types[t] = true
		}
	}
	f.all = append(f.all, n)
}

func (f *Followers) byName(name string) *follower {
	for _, n := range f.all {
		if n.name == name {
			return n
		}
	}
	return nil
}

// Run reacts until ctx ends.
func (f *Followers) Run(ctx context.Context) error {
	e := elector{db: f.db, log: f.log, holder: f.o.Holder, ttl: f.o.Lease, duties: map[string]func(context.Context) error{}}
	for _, n := range f.all {
		e.duties["follow:"+n.name] = func(ctx context.Context) error { return f.follow(ctx, n) }
	}
	e.run(ctx)
	return nil
}

func (n *follower) wants(e Event) bool {
	if n.types[e.Type] || len(n.types) == 0 && len(n.family) == 0 {
		return true
	}
	for _, family := range n.family {
		if strings.HasPrefix(e.Type, family) {
			return true
		}
	}
	return false
}

// FollowerStatus is what an operator asks about a follower.
type FollowerStatus struct {
	Name      string    `json:"name"`
	Position  int64     `json:"position"`
	Behind    int64     `json:"behind"` // positions not yet looked at; the cursor is saved every few seconds when nothing is wanted
	Holder    string    `json:"holder"` // process that holds the lease; empty: nobody
	Attempts  int       `json:"attempts"`
	LastError string    `json:"last_error,omitempty"` // of the event it stands at now
	Parked    int       `json:"parked"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Status looks into the store.
func (f *Followers) Status(ctx context.Context) ([]FollowerStatus, error) {
	var all []FollowerStatus
	err := f.db.Read(ctx, func(tx *db.Tx) error {
		all = make([]FollowerStatus, 0, len(f.all))
		last, err := top(ctx, tx)
		if err != nil {
			return err
		}
		for _, n := range f.all {
			c, _, err := cursorOf(ctx, tx, n.name)
			if err != nil {
				return err
			}
			s := FollowerStatus{Name: n.name, Position: c.position, Behind: last - c.position, Attempts: c.attempts, LastError: c.problem, UpdatedAt: c.at}
			if s.Holder, err = holderOf(ctx, tx, "follow:"+n.name); err != nil {
				return err
			}
			if s.Parked, err = parkedCount(ctx, tx, n.name); err != nil {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	return all, nil
}
