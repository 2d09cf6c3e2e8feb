package event

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// number gives positions, round after round.
func (r *Relay) number(ctx context.Context) error {
	busy := time.Now()
	for ctx.Err() == nil {
		committed := r.db.Committed()
		n, err := r.round(ctx)
		switch {
		case errors.Is(err, errLost):
			return err
		case err != nil:
			if ctx.Err() == nil {
				r.log.WarnContext(ctx, "events got no positions", "err", err)
			}
			sleep(ctx, time.Second)
			continue
		case n == r.o.Batch:
			continue
		case n > 0:
			busy = time.Now()
			sleep(ctx, relayPause)
			continue
		}
		poll := relayIdle
		if time.Since(busy) < time.Second {
			poll = relayActive
		}
		select {
		case <-committed:
			sleep(ctx, relayPause)
		case <-time.After(poll):
		case <-ctx.Done():
		}
	}
	return nil
}

var errNothing = errors.New("no event waits for a position")

// round is one transaction: prove the lease, give positions.
func (r *Relay) round(ctx context.Context) (int, error) {
	var given []Event
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		waiting, err := fresh(ctx, tx)
		if err != nil {
			return err
		}
		if !waiting {
			return errNothing
		}
		if err := fence(ctx, tx, relayDuty, r.o.Holder, r.o.Lease); err != nil {
			return err
		}
		given, err = give(ctx, tx, r.o.Batch)
		r.at("numbered, not committed")
		return err
	})
	if errors.Is(err, errNothing) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("giving positions: %w", err)
	}
	r.at("numbered")
	slices.SortFunc(given, func(a, b Event) int { return int(a.Position - b.Position) })
	r.tail.add(given, false)
	if r.bus != nil {
		r.bus.Tick()
	}
	return len(given), nil
}
