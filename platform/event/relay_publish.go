package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
)

// publish copies the log to the stream, from where the stream ends.
func (r *Relay) publish(ctx context.Context) error {
	wait := 100 * time.Millisecond
	for ctx.Err() == nil {
		end, err := r.begin(ctx)
		if err == nil {
			wait = 100 * time.Millisecond
			err = r.copy(ctx, end)
		}
		if errors.Is(err, errLost) {
			return err
		}
		if ctx.Err() != nil {
			break
		}
		r.note(func() { r.problem = err.Error() })
		if !errors.Is(err, bus.ErrChain) { // that only means to look again
			r.log.WarnContext(ctx, "events were not published; trying again", "err", err)
		}
		sleep(ctx, wait)
		wait = min(2*wait, 3*time.Second)
	}
	return nil
}

// begin finds out what the stream really holds. Its files are not synced with
// every message, so after a power cut it may have lost its tail; it may be new
// or expired; or it may belong to a log that was restored from a backup, in
// which case it is emptied.
func (r *Relay) begin(ctx context.Context) (bus.End, error) {
	end, err := r.bus.End(ctx)
	if err != nil {
		return bus.End{}, err
	}
	foreign := false
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if err := fence(ctx, tx, relayDuty, r.o.Holder, r.o.Lease); err != nil {
			return err
		}
		from, known, err := r.known(ctx, tx, end)
		if err != nil {
			return err
		}
		foreign = !known
		if foreign || end.ID == "" && end.Sequence == 0 {
			from = 0
			if r.o.Horizon > 0 {
				if from, err = oldest(ctx, tx, tx.Now.Add(-r.o.Horizon)); err != nil {
					return err
				}
			}
		}
		end.Position = from
		return saveCursor(ctx, tx, relayDuty, from)
	})
	if err != nil {
		return bus.End{}, fmt.Errorf("finding the end of the stream: %w", err)
	}
	if foreign {
		r.log.WarnContext(ctx, "the stream holds another log's events and is emptied", "from", end.Position)
		if err := r.bus.Purge(ctx); err != nil {
			return bus.End{}, err
		}
	}
	r.note(func() { r.published, r.problem = end.Position, "" })
	return end, nil
}

// known tells the position that the stream's end stands for, and whether the
// log agrees.
func (r *Relay) known(ctx context.Context, tx *db.Tx, end bus.End) (int64, bool, error) {
	if end.ID != "" {
		there, err := after(ctx, tx, end.Position-1, 1)
		return end.Position, len(there) == 1 && there[0].ID == end.ID, err
	}
	if end.Sequence == 0 {
		return 0, true, nil
	}
	c, _, err := cursorOf(ctx, tx, relayDuty) // all messages have expired
	if err != nil {
		return 0, false, err
	}
	last, err := top(ctx, tx)
	return c.position, c.position <= last, err
}

// copy publishes batch after batch behind the end of the stream.
func (r *Relay) copy(ctx context.Context, end bus.End) error {
	saved, savedAt := end.Position, time.Now()
	save := func() error {
		if end.Position == saved {
			return nil
		}
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			if err := fence(ctx, tx, relayDuty, r.o.Holder, r.o.Lease); err != nil {
				return err
			}
			return saveCursor(ctx, tx, relayDuty, end.Position)
		})
		r.at("cursor saved")
		saved, savedAt = end.Position, time.Now()
		return err
	}
	for {
		soon, cancel := context.WithTimeout(ctx, cursorEvery)
		events, err := r.tail.After(soon, end.Position, r.o.Batch)
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			if err := save(); err != nil {
				return err
			}
			continue
		case err != nil:
			return err
		}
		if err := r.send(ctx, end.Sequence, events); err != nil {
			return err
		}
		end.Sequence += uint64(len(events))
		end.Position = events[len(events)-1].Position
		r.note(func() { r.published = end.Position })
		r.at("published")
		if time.Since(savedAt) >= cursorEvery {
			if err := save(); err != nil {
				return err
			}
		}
	}
}

func (r *Relay) send(ctx context.Context, sequence uint64, events []Event) error {
	messages := make([]bus.Message, len(events))
	for i, e := range events {
		data, err := json.Marshal(e)
		if err == nil && len(data) > largest {
			e.Data = nil // readers fetch it by position
			data, err = json.Marshal(e)
		}
		if err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		messages[i] = bus.Message{ID: e.ID, Position: e.Position, Subject: bus.Subject(e.Tenant, e.Type), Data: data}
	}
	r.at("publishing")
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return r.bus.Publish(ctx, sequence, messages)
}
