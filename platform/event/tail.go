package event

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
)

// Tail reads the end of the log once for everybody in this process and keeps
// the newest part in memory: followers, the relay and live screens mostly want
// the same few events at the same moment.
type Tail struct {
	db  *db.DB
	bus *bus.Bus
	log *slog.Logger

	poke chan struct{} // something may have been added

	mu     sync.Mutex
	recent []Event // consecutive positions, ends with last
	last   int64
	grown  chan struct{} // closed when last rises
}

const (
	tailKeeps = 4096
	tailReads = 1000
	tailPoll  = 100 * time.Millisecond // other processes, when no tick comes
	tailPause = 2 * time.Millisecond   // commits that come close together are read together
)

// NewTail makes a tail; it stands still until Run. The bus may be nil: then
// other processes are noticed by polling only.
func NewTail(d *db.DB, b *bus.Bus, log *slog.Logger) *Tail {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Tail{db: d, bus: b, log: log, poke: make(chan struct{}, 1), grown: make(chan struct{})}
}

// Run reads until ctx ends. Errors of the store are logged and tried again.
func (t *Tail) Run(ctx context.Context) error {
	if t.bus != nil {
		stop, err := t.bus.OnTick(t.wake)
		if err != nil {
			return err
		}
		defer stop()
	}
	begun := false
	for ctx.Err() == nil {
		var committed <-chan struct{}
		if t.db.Engine() == db.SQLite { // on PostgreSQL a commit adds nothing before the relay gave positions
			committed = t.db.Committed()
		}
		more, err := t.read(ctx, !begun)
		if err != nil && ctx.Err() == nil {
			t.log.WarnContext(ctx, "event log could not be read", "err", err)
			sleep(ctx, time.Second)
			continue
		}
		begun = true
		if more {
			continue
		}
		select {
		case <-committed:
			sleep(ctx, tailPause)
		case <-t.poke:
		case <-time.After(tailPoll):
		case <-ctx.Done():
		}
	}
	return nil
}

// read takes in what is new; the first time it only learns where the log ends.
func (t *Tail) read(ctx context.Context, first bool) (more bool, err error) {
	var events []Event
	from := t.Last()
	err = t.db.Read(ctx, func(tx *db.Tx) (err error) {
		if first {
			from, err = top(ctx, tx)
			return err
		}
		events, err = after(ctx, tx, from, tailReads)
		return err
	})
	if err != nil {
		return false, err
	}
	if first {
		t.mu.Lock()
		if from > t.last {
			t.last, t.recent = from, nil
			t.tell()
		}
		t.mu.Unlock()
		return false, nil
	}
	t.add(events, true)
	return len(events) == tailReads, nil
}

// add takes events that follow each other; those already known are skipped. If
// some are missing before them, the store was right or is asked again.
func (t *Tail) add(events []Event, stored bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(events) > 0 && events[0].Position <= t.last {
		events = events[1:]
	}
	if len(events) == 0 {
		return
	}
	if events[0].Position != t.last+1 {
		if !stored {
			t.wake()
			return
		}
		t.recent = nil
	}
	if len(t.recent)+len(events) > 2*tailKeeps {
		t.recent = slices.Clone(t.recent[max(0, len(t.recent)-tailKeeps):])
	}
	t.recent = append(t.recent, events...)
	t.last = events[len(events)-1].Position
	t.tell()
}

func (t *Tail) tell() {
	close(t.grown)
	t.grown = make(chan struct{})
}

// wake makes Run look at once.
func (t *Tail) wake() {
	select {
	case t.poke <- struct{}{}:
	default:
	}
}

// Last is the newest position this process knows of.
func (t *Tail) Last() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// After returns the events behind a position, at most limit, and waits until
// there is one. The events are shared: they must not be changed.
func (t *Tail) After(ctx context.Context, position int64, limit int) ([]Event, error) {
	for {
		events, behind, grown := t.remembered(position, limit)
		if len(events) > 0 {
			return events, nil
		}
		if behind {
			err := t.db.Read(ctx, func(tx *db.Tx) (err error) {
				events, err = after(ctx, tx, position, limit)
				return err
			})
			if err != nil || len(events) > 0 {
				return events, err
			}
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// remembered returns what memory has behind a position, and whether the store
// has more than memory there.
func (t *Tail) remembered(position int64, limit int) (events []Event, behind bool, grown <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	missing := t.last - position
	if missing <= 0 {
		return nil, false, t.grown
	}
	if int(missing) > len(t.recent) {
		return nil, true, t.grown
	}
	events = t.recent[len(t.recent)-int(missing):]
	return events[:min(limit, len(events)):min(limit, len(events))], false, t.grown
}

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
