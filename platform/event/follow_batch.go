package event

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

const (
	scanBatch    = 200 // events looked at together
	maxBackoff   = 30 * time.Second
	cursorSaving = 2 * time.Second // how often a cursor moves over events that nobody wants
)

// place is where a follower stands: saved is in the store, seen is ahead of it
// by events that it does not want.
type place struct {
	saved, seen int64
	savedAt     time.Time
	attempts    int // at the event after saved
}

func (f *Followers) follow(ctx context.Context, n *follower) error {
	p, err := f.place(ctx, n)
	if err != nil {
		return err
	}
	for {
		soon, cancel := context.WithTimeout(ctx, cursorSaving)
		events, err := f.tail.After(soon, p.seen, scanBatch)
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, context.DeadlineExceeded):
			err = f.save(ctx, n, &p)
		case err == nil:
			err = f.take(ctx, n, &p, events)
		}
		if errors.Is(err, errLost) {
			return err
		}
		if err != nil && ctx.Err() == nil { // the store's, not the reaction's: those are dealt with in take
			f.log.WarnContext(ctx, "follower waits for the store", "follower", n.name, "err", err)
			sleep(ctx, time.Second)
		}
	}
}

func (f *Followers) place(ctx context.Context, n *follower) (place, error) {
	p := place{savedAt: time.Now()}
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		c, found, err := cursorOf(ctx, tx, n.name)
		if err != nil {
			return err
		}
		if !found {
			if n.fromNow {
				if c.position, err = top(ctx, tx); err != nil {
					return err
				}
			}
			if err := saveCursor(ctx, tx, n.name, c.position); err != nil {
				return err
			}
		}
		p.saved, p.seen, p.attempts = c.position, c.position, c.attempts
		return nil
	})
	return p, err
}

// save moves the cursor over what was not wanted, now and then.
func (f *Followers) save(ctx context.Context, n *follower, p *place) error {
	if p.seen == p.saved || time.Since(p.savedAt) < cursorSaving {
		return nil
	}
	_, err := f.run(ctx, n, p, nil, p.seen)
	return err
}

// take looks at events and reacts to the wanted ones, a batch per transaction.
// If one of a batch fails, all are taken one by one.
func (f *Followers) take(ctx context.Context, n *follower, p *place, events []Event) error {
	var batch []Event
	for i, e := range events {
		if n.wants(e) {
			batch = append(batch, e)
		}
		if last := i == len(events)-1; !last && len(batch) < f.o.Batch {
			continue
		}
		if len(batch) == 0 {
			p.seen = e.Position
			return f.save(ctx, n, p)
		}
		if p.attempts == 0 {
			failed, err := f.run(ctx, n, p, batch, e.Position)
			if err != nil && failed == nil {
				return err
			}
			if err == nil {
				batch = nil
				continue
			}
		}
		for _, one := range batch {
			if err := f.insist(ctx, n, p, one); err != nil {
				return err
			}
		}
		p.seen = max(p.seen, e.Position)
		batch = nil
	}
	return nil
}

// run is one transaction: the cursor moves to a position and the reactions to
// the batch happen. Moving the cursor first makes a second holder wait for this
// transaction and then find the cursor moved. failed is the event whose
// reaction gave the error; nil if the error is the store's.
func (f *Followers) run(ctx context.Context, n *follower, p *place, batch []Event, to int64) (failed *Event, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		failed = nil
		moved, err := moveCursor(ctx, tx, n.name, p.saved, to)
		if err != nil {
			return err
		}
		if !moved {
			return errLost
		}
		for i := range batch {
			if err := safely(ctx, tx, n.react, batch[i]); err != nil {
				failed = &batch[i]
				return err
			}
		}
		return nil
	})
	if err == nil {
		p.saved, p.seen, p.savedAt, p.attempts = to, to, time.Now(), 0
	}
	return failed, err
}

// insist reacts to one event until it succeeds or is parked. Order matters more
// than speed: the events behind it wait.
func (f *Followers) insist(ctx context.Context, n *follower, p *place, e Event) error {
	for {
		failed, err := f.run(ctx, n, p, []Event{e}, e.Position)
		if err == nil {
			return nil
		}
		if failed == nil || ctx.Err() != nil {
			return err
		}
		attempts, parked, noteErr := f.fail(ctx, n, p, e, err)
		if noteErr != nil {
			return noteErr
		}
		if parked {
			f.log.ErrorContext(ctx, "event parked", "follower", n.name, "event", e.ID, "type", e.Type, "position", e.Position, "attempts", attempts, "err", err)
			return nil
		}
		f.log.WarnContext(ctx, "follower is held up", "follower", n.name, "event", e.ID, "type", e.Type, "position", e.Position, "attempt", attempts, "err", err)
		sleep(ctx, min(f.o.Backoff<<min(attempts-1, 20), maxBackoff))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// fail counts a failure in the store, so that a restart does not begin again,
// and parks the event after the last attempt.
func (f *Followers) fail(ctx context.Context, n *follower, p *place, e Event, problem error) (attempts int, gone bool, err error) {
	err = f.db.Write(ctx, func(tx *db.Tx) error {
		gone = false
		message, _, _ := strings.Cut(fmt.Sprintf("%.1000v", problem), "\n")
		if attempts, err = noteFailure(ctx, tx, n.name, p.saved, message); err != nil {
			return err
		}
		if attempts < f.o.Attempts {
			return nil
		}
		gone = true
		if err := park(ctx, tx, n.name, e, message); err != nil {
			return err
		}
		_, err := moveCursor(ctx, tx, n.name, p.saved, e.Position)
		return err
	})
	if err != nil {
		return attempts, false, err
	}
	p.attempts = attempts
	if gone {
		p.saved, p.seen, p.savedAt, p.attempts = e.Position, e.Position, time.Now(), 0
	}
	return attempts, gone, nil
}

// safely turns a panic of a reaction into an error: one bad event must not end
// the process over and over.
func safely(ctx context.Context, tx *db.Tx, react Reaction, e Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return react(ctx, tx, e)
}
