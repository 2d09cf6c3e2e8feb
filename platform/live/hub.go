// Package live tells open screens that something changed, by server-sent events.
//
// It owns the connections and the one feed of events that a process shares
// among them: the bus if there is one, else the tail of the log. It does not
// own events and decides nothing about who may see them; Serve's caller does. A
// screen that was away learns what it missed from the log, or that it missed
// too much; it never silently misses something.
package live

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	ErrFull    = fault.New(fault.Busy, "live.full", "This server has no more room for live connections. Try again shortly.")
	ErrTooMany = fault.New(fault.Limited, "live.too_many", "You have too many live connections open.")
)

// Options change a hub; the zero value is right for a server.
type Options struct {
	Clients   int           // connections of this process at most, 10,000 when 0
	PerActor  int           // connections of one actor at most, 20 when 0
	Buffer    int           // rounds of events that a slow client may lag, 256 when 0; then it must connect again
	Replay    int           // positions that a returning client is told one by one, 5,000 when 0; beyond: reset
	Gather    time.Duration // events are passed on together this often, 25 ms when 0
	Heartbeat time.Duration // a sign of life on a silent connection, 20 s when 0
	Longest   time.Duration // a connection ends and comes back, and so proves itself again, 30 min when 0
	Log       *slog.Logger

	// Identify tells who sends a request, now. Without it, what ended while a
	// client was on its way in is noticed only after Longest.
	Identify func(ctx context.Context, tx *db.Tx, r *http.Request) (actor.Actor, error)
}

// Hub connects screens to the log.
type Hub struct {
	db   *db.DB
	tail *event.Tail
	bus  *bus.Bus
	o    Options

	mu      sync.Mutex
	clients map[string]map[*client]bool // by tenant
	actors  map[string]int
	count   int
	closed  bool
	ready   chan struct{} // closed while the feed runs
	changed chan struct{} // poked when a client came or went

	feeding sync.Mutex // one delivery at a time
	last    int64      // newest position delivered
	pending map[string][]*entry
	stop    func() // ends the bus consumer
}

// entry is one event on its way to many screens, encoded at most once.
type entry struct {
	event event.Event
	short bool // a whisper: it is in no log and has no position
	once  sync.Once
	frame []byte
}

// client is one connection. rounds is closed when it must end.
type client struct {
	tenant, actor string
	rounds        chan []*entry
}

// New makes a hub. With a bus, the events come from there, else from the tail,
// which then must run; the other may be nil.
func New(d *db.DB, t *event.Tail, b *bus.Bus, o Options) *Hub {
	number := func(n *int, standard int) {
		if *n == 0 {
			*n = standard
		}
	}
	number(&o.Clients, 10_000)
	number(&o.PerActor, 20)
	number(&o.Buffer, 256)
	number(&o.Replay, 5_000)
	span := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	span(&o.Gather, 25*time.Millisecond)
	span(&o.Heartbeat, 20*time.Second)
	span(&o.Longest, 30*time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Hub{
		db: d, tail: t, bus: b, o: o,
		clients: map[string]map[*client]bool{}, actors: map[string]int{}, pending: map[string][]*entry{},
		ready: make(chan struct{}), changed: make(chan struct{}, 1),
	}
}

// Clients is the number of open connections.
func (h *Hub) Clients() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.count
}

func (h *Hub) join(tenant, who string) (*client, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.count >= h.o.Clients {
		return nil, ErrFull
	}
	if h.actors[who] >= h.o.PerActor {
		return nil, ErrTooMany.With("limit", h.o.PerActor)
	}
	c := &client{tenant: tenant, actor: who, rounds: make(chan []*entry, h.o.Buffer)}
	if h.clients[tenant] == nil {
		h.clients[tenant] = map[*client]bool{}
	}
	h.clients[tenant][c] = true
	h.actors[who]++
	h.count++
	h.poke()
	return c, nil
}

func (h *Hub) leave(c *client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(c)
}

// drop forgets a client and ends its connection; h.mu is held.
func (h *Hub) drop(c *client) {
	if !h.clients[c.tenant][c] {
		return
	}
	delete(h.clients[c.tenant], c)
	if len(h.clients[c.tenant]) == 0 {
		delete(h.clients, c.tenant)
	}
	if h.actors[c.actor]--; h.actors[c.actor] == 0 {
		delete(h.actors, c.actor)
	}
	h.count--
	close(c.rounds)
	h.poke()
}

func (h *Hub) poke() {
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

// send gives a round to all clients of a tenant. One that has not taken the
// earlier rounds is dropped: it comes back and resumes from the log.
func (h *Hub) send(tenant string, round []*entry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.clients[tenant] {
		select {
		case c.rounds <- round:
		default:
			h.drop(c)
		}
	}
}

func (h *Hub) dropAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, of := range h.clients {
		for c := range of {
			h.drop(c)
		}
	}
}

// follows tells whether anybody of a tenant is connected.
func (h *Hub) follows(tenant string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.clients[tenant]) > 0
}

func (e *entry) encoded() []byte {
	e.once.Do(func() {
		if e.frame = changed(e.event); e.short {
			e.frame = whisperFrame(e.event)
		}
	})
	return e.frame
}

// Change is the data of a "changed" event: what to load again, not its content.
type Change struct {
	Subject  string    `json:"subject"`
	Stream   string    `json:"stream"`
	Type     string    `json:"type"`
	Version  int64     `json:"version"`
	At       time.Time `json:"at"`
	Position int64     `json:"position"`
}

func changed(e event.Event) []byte {
	return frame("changed", e.Position, Change{Subject: e.Subject, Stream: e.Stream, Type: e.Type, Version: e.Version, At: e.At, Position: e.Position})
}

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func decode(data []byte) (e event.Event, err error) {
	return e, json.Unmarshal(data, &e)
}
