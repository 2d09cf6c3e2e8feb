package job

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

const (
	// outsideLimit bounds a job with outside effects; its lease is longer, so
	// that nobody else starts it while it may still be under way.
	outsideLimit = 45 * time.Second
	leaseTime    = 60 * time.Second
	batch        = 64
	poll         = time.Second // how late a job of another process may start
	rescueEvery  = 5 * time.Second
	gather       = 2 * time.Millisecond // jobs of many callers are read together
	again        = 2 * time.Millisecond // before jobs that are under way here are looked at again
)

// Queue runs jobs. Register handlers before Run; Enqueue works without Run.
type Queue struct {
	store    *db.DB
	log      *slog.Logger
	holder   string
	handlers map[string]handler
	every    []recurring
	kinds    []string
	slots    chan struct{}
	signal   chan struct{}
	observe  func(kind, outcome string, late, took time.Duration)

	mu    sync.Mutex
	sleep time.Time // until when Run sleeps
	busy  map[string]bool

	ended sync.Map // ids of outside jobs that their handler has finished
}

type handler struct {
	look    func(ctx context.Context, tx *db.Tx, j Job) (any, error)
	inside  func(ctx context.Context, tx *db.Tx, j Job, found any) error
	outside func(ctx context.Context, j Job) error
	every   time.Duration
}

type recurring struct {
	kind     string
	interval time.Duration
}

// NewQueue makes a queue on a store.
func NewQueue(store *db.DB, log *slog.Logger) *Queue {
	return &Queue{
		store: store, log: log, holder: id.New("wrk"), handlers: map[string]handler{},
		slots: make(chan struct{}, 32), signal: make(chan struct{}, 1), busy: map[string]bool{},
		observe: func(string, string, time.Duration, time.Duration) {},
	}
}

// Observe calls f after each job with its outcome: done, retry, dead or lost.
func (q *Queue) Observe(f func(kind, outcome string, late, took time.Duration)) { q.observe = f }

// Handle registers a job that works inside one transaction: its effect and its
// end commit together, so it takes effect exactly once.
func (q *Queue) Handle(kind string, f func(ctx context.Context, tx *db.Tx, j Job) error) {
	q.register(kind, handler{inside: func(ctx context.Context, tx *db.Tx, j Job, _ any) error { return f(ctx, tx, j) }})
}

// HandleFound is Handle for a job that reads much: look reads before the
// transaction, where it keeps nobody from writing. What it found may be out of
// date when act gets it.
func HandleFound[T any](q *Queue, kind string, look func(ctx context.Context, tx *db.Tx, j Job) (T, error), act func(ctx context.Context, tx *db.Tx, j Job, found T) error) {
	q.register(kind, handler{
		look:   func(ctx context.Context, tx *db.Tx, j Job) (any, error) { return look(ctx, tx, j) },
		inside: func(ctx context.Context, tx *db.Tx, j Job, found any) error { return act(ctx, tx, j, found.(T)) },
	})
}

// HandleOutside registers a job that talks to the outside. It runs at least
// once, for at most 45 s, under a lease. It may call Finish in its last
// transaction to save one.
func (q *Queue) HandleOutside(kind string, f func(ctx context.Context, j Job) error) {
	q.register(kind, handler{outside: f})
}

// Every runs a registered kind again and again; one process at a time.
func (q *Queue) Every(kind string, interval time.Duration) {
	h, ok := q.handlers[kind]
	if !ok {
		panic("job: Every before Handle: " + kind)
	}
	h.every = interval
	q.handlers[kind] = h
	q.every = append(q.every, recurring{kind, interval})
}

func (q *Queue) register(kind string, h handler) {
	if _, ok := q.handlers[kind]; ok {
		panic("job: kind registered twice: " + kind)
	}
	q.handlers[kind] = h
	q.kinds = append(q.kinds, kind)
	slices.Sort(q.kinds)
}

// Finish ends an outside job in the handler's own transaction.
func (q *Queue) Finish(ctx context.Context, tx *db.Tx, j Job) error {
	tx.OnCommit(func() { q.ended.Store(j.ID, true) })
	return finish(ctx, tx, j, q.holder)
}
