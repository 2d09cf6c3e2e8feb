package live

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

const (
	linger = 30 * time.Second // the feed goes on so long after the last client left
	watch  = time.Second      // how often the feed is compared with the log
)

// Run feeds the clients until ctx ends, then ends their connections. While
// nobody is connected nothing is consumed.
func (h *Hub) Run(ctx context.Context) error {
	defer h.hear(ctx)()
	defer func() {
		h.mu.Lock()
		h.closed = true
		h.mu.Unlock()
		h.dropAll()
	}()
	for ctx.Err() == nil {
		if h.Clients() == 0 {
			select {
			case <-h.changed:
			case <-ctx.Done():
			}
			continue
		}
		if err := h.feed(ctx); err != nil && ctx.Err() == nil {
			h.o.Log.WarnContext(ctx, "live feed starts again", "err", err)
			sleep(ctx, time.Second)
		}
	}
	return nil
}

// feed delivers until nobody has been connected for a while.
func (h *Hub) feed(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last, err := h.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { h.stop() }()
	broken := make(chan error, 1)
	if h.bus == nil {
		go func() { broken <- h.follow(ctx, last) }()
	}
	h.mu.Lock()
	close(h.ready)
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.ready = make(chan struct{})
		h.mu.Unlock()
		h.dropAll() // those who came at the last moment come again
	}()
	return h.tend(ctx, broken)
}

// begin starts to listen and then notes where the log ends. Everything up to
// there is the clients' own matter, for they look into the log later still.
func (h *Hub) begin(ctx context.Context) (last int64, err error) {
	h.feeding.Lock()
	defer h.feeding.Unlock()
	h.stop = func() {}
	if err := h.listen(ctx); err != nil {
		return 0, err
	}
	if last, err = h.newest(ctx); err != nil {
		h.stop()
		return 0, err
	}
	h.last = last
	clear(h.pending)
	return last, nil
}

// listen starts a consumer in the place of the present one; h.feeding is held.
func (h *Hub) listen(ctx context.Context) error {
	if h.bus == nil {
		return nil
	}
	stop, err := h.bus.Listen(ctx, func(position int64, data []byte) { h.receive(ctx, position, data) })
	if err != nil {
		return err
	}
	h.stop()
	h.stop = stop
	return nil
}

func (h *Hub) tend(ctx context.Context, broken <-chan error) error {
	flush, check := time.NewTicker(h.o.Gather), time.NewTicker(watch)
	defer flush.Stop()
	defer check.Stop()
	used, before := time.Now(), int64(-1)
	for {
		select {
		case <-flush.C:
			h.flush()
		case <-check.C:
			if h.Clients() > 0 {
				used = time.Now()
			} else if time.Since(used) > linger {
				return nil
			}
			var err error
			if before, err = h.compare(ctx, before); err != nil {
				return err
			}
		case err := <-broken:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// receive takes a message of the bus.
func (h *Hub) receive(ctx context.Context, position int64, data []byte) {
	h.feeding.Lock()
	defer h.feeding.Unlock()
	if position <= h.last {
		return
	}
	if position > h.last+1 {
		if err := h.fill(ctx, position-1); err != nil {
			return // compare tries again
		}
	}
	e, err := decode(data)
	if err != nil {
		h.o.Log.WarnContext(ctx, "live event not readable", "position", position, "err", err)
		return
	}
	h.deliver(e)
}

// follow takes what the tail reads.
func (h *Hub) follow(ctx context.Context, from int64) error {
	for {
		events, err := h.tail.After(ctx, from, 500)
		if err != nil {
			return err
		}
		h.feeding.Lock()
		for _, e := range events {
			if e.Position > h.last {
				h.deliver(e)
			}
		}
		h.feeding.Unlock()
		from = events[len(events)-1].Position
	}
}

// deliver puts an event into the next round of its tenant; h.feeding is held.
func (h *Hub) deliver(e event.Event) {
	h.last = e.Position
	if h.follows(e.Tenant) {
		h.pending[e.Tenant] = append(h.pending[e.Tenant], &entry{event: e})
	}
}

func (h *Hub) flush() {
	h.feeding.Lock()
	defer h.feeding.Unlock()
	for tenant, round := range h.pending {
		h.send(tenant, round)
	}
	clear(h.pending)
}

// compare looks whether the feed stands still while the log grows. Then it fills
// what is missing and listens anew, for the stream may have been made anew. It
// returns where the feed stands.
func (h *Hub) compare(ctx context.Context, before int64) (int64, error) {
	newest, err := h.newest(ctx)
	if err != nil {
		return before, err
	}
	h.feeding.Lock()
	defer h.feeding.Unlock()
	if newest > h.last && h.last == before {
		h.o.Log.WarnContext(ctx, "live feed stands still; reading the log", "position", h.last, "log", newest)
		if err := h.relisten(ctx); err != nil {
			h.o.Log.WarnContext(ctx, "live feed has no message bus", "err", err)
		}
		if err := h.fill(ctx, newest); err != nil {
			return before, err
		}
	}
	return h.last, nil
}

func (h *Hub) relisten(ctx context.Context) error {
	if h.bus == nil {
		return nil
	}
	soon, cancel := context.WithTimeout(ctx, watch)
	defer cancel()
	if err := h.bus.Health(soon); err != nil {
		return err
	}
	return h.listen(ctx)
}

// fill delivers from the log up to a position; h.feeding is held. If that is
// too much, all clients are dropped: they come back and are told to reset.
func (h *Hub) fill(ctx context.Context, to int64) error {
	if to-h.last > int64(h.o.Replay) {
		h.last = to
		clear(h.pending)
		h.dropAll()
		return nil
	}
	for h.last < to {
		var events []event.Event
		err := h.db.Read(ctx, func(tx *db.Tx) (err error) {
			events, err = event.After(ctx, tx, h.last, 500)
			return err
		})
		if err != nil {
			return fmt.Errorf("missing events: %w", err)
		}
		if len(events) == 0 {
			h.last = to
		}
		for _, e := range events {
			if e.Position > to {
				return nil
			}
			h.deliver(e)
		}
	}
	return nil
}

func (h *Hub) newest(ctx context.Context) (last int64, err error) {
	err = h.db.Read(ctx, func(tx *db.Tx) (err error) {
		last, err = event.Last(ctx, tx)
		return err
	})
	return last, err
}
