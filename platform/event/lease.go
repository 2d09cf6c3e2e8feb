package event

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// errLost ends the work of a holder whose lease somebody else has taken.
var errLost = errors.New("the lease was taken over")

// elector keeps the leases of some duties and runs each duty only while this
// process holds its lease. A paused process may believe it still holds one;
// therefore every write of a duty proves it inside its own transaction (fence,
// moveCursor), and the lease itself only saves double work.
type elector struct {
	db     *db.DB
	log    *slog.Logger
	holder string
	ttl    time.Duration
	duties map[string]func(ctx context.Context) error
}

type duty struct {
	stop context.CancelFunc
	done chan struct{}
}

// run elects until ctx ends, then waits for the duties and frees the leases.
func (e *elector) run(ctx context.Context) {
	running := map[string]duty{}
	renewed := time.Now()
	for ctx.Err() == nil {
		held, err := e.renew(ctx)
		switch {
		case err == nil:
			renewed = time.Now()
			e.follow(ctx, running, held)
		case ctx.Err() != nil:
		case time.Since(renewed) > e.ttl:
			e.log.WarnContext(ctx, "event leases could not be renewed", "err", err)
			e.follow(ctx, running, nil)
		}
		select {
		case <-ctx.Done():
		case <-time.After(e.ttl / 3):
		}
	}
	e.follow(ctx, running, nil)
	e.free()
}

// follow starts the duties that are held and do not run, and stops those that
// run and are not held.
func (e *elector) follow(ctx context.Context, running map[string]duty, held map[string]bool) {
	var stopped sync.WaitGroup
	for name, d := range running {
		ended := false
		select {
		case <-d.done:
			ended = true
		default:
		}
		if held[name] && !ended {
			continue
		}
		d.stop()
		stopped.Go(func() { <-d.done })
		delete(running, name)
	}
	stopped.Wait()
	for name := range held {
		if _, ok := running[name]; ok {
			continue
		}
		inner, stop := context.WithCancel(ctx)
		d := duty{stop: stop, done: make(chan struct{})}
		running[name] = d
		go func() {
			defer close(d.done)
			defer stop()
			err := e.duties[name](inner)
			if err != nil && inner.Err() == nil {
				e.log.WarnContext(ctx, "event duty starts again", "duty", name, "err", err)
			}
		}()
	}
}

func (e *elector) renew(ctx context.Context) (map[string]bool, error) {
	var held map[string]bool
	err := e.db.Write(ctx, func(tx *db.Tx) error {
		held = map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(e.duties)) { // one order, or two processes block each other
			ok, err := takeLease(ctx, tx, name, e.holder, e.ttl)
			if err != nil {
				return err
			}
			if ok {
				held[name] = true
			}
		}
		return nil
	})
	return held, err
}

func (e *elector) free() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := e.db.Write(ctx, func(tx *db.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(e.duties)) {
			if err := freeLease(ctx, tx, name, e.holder); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil { // it expires by itself
		e.log.Info("event leases were not given back", "err", err)
	}
}
