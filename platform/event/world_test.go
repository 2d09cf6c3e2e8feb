package event_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var schemas = []db.Schema{event.Schema}

type moved struct {
	N int `json:"n"`
}

func (moved) Type() string { return "case.moved" }

type noted struct{}

func (noted) Type() string { return "note.added" }

var by = actor.Actor{Tenant: "main", Kind: actor.System}

func announce(ctx context.Context, d *db.DB, subject string, version int64) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: subject, Version: version}, moved{N: int(version)})
	})
}

// write announces changes of as many things as there are writers; each writer
// owns its thing.
func write(t testing.TB, d *db.DB, writers, each int) {
	t.Helper()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for v := range each {
				if err := announce(context.Background(), d, fmt.Sprintf("case_%d", w), int64(v+1)); err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// openBus forgets ids at once: order must not rest on them.
func openBus(t testing.TB, dir string) *bus.Bus {
	t.Helper()
	return bustest.Open(t, dir, bus.Options{Log: testLog(), Dedupe: 100 * time.Millisecond})
}

func testLog() *slog.Logger {
	var w io.Writer = io.Discard
	if os.Getenv("AFTERCARE_TEST_LOG") != "" {
		w = os.Stderr
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// background runs something until the returned function is called, which waits
// for its end.
func background(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// relay runs a tail and a relay like a process does.
func relay(d *db.DB, b *bus.Bus, holder string, onStep func(string)) (r *event.Relay, stop func()) {
	tail := event.NewTail(d, b, testLog())
	stopTail := background(tail.Run)
	r = event.NewRelay(tail, event.RelayOptions{Holder: holder, Lease: 400 * time.Millisecond, Batch: 50})
	r.OnStep(onStep)
	stopRelay := background(r.Run)
	return r, func() { stopRelay(); stopTail() }
}

func logged(t testing.TB, d *db.DB) []event.Event {
	t.Helper()
	var all []event.Event
	for {
		from := int64(0)
		if len(all) > 0 {
			from = all[len(all)-1].Position
		}
		var more []event.Event
		err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
			more, err = event.Page(context.Background(), tx, "main", from, nil, 1000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(more) == 0 {
			return all
		}
		all = append(all, more...)
	}
}

func streamed(t testing.TB, b *bus.Bus) []event.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	s, err := b.JetStream().Stream(ctx, bus.Stream)
	if err != nil {
		t.Fatal(err)
	}
	info, err := s.Info(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var all []event.Event
	if info.State.Msgs == 0 {
		return nil
	}
	c, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Messages()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Stop()
	for uint64(len(all)) < info.State.Msgs {
		msg, err := m.Next(jetstream.NextContext(ctx))
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", len(all), info.State.Msgs, err)
		}
		var e event.Event
		if err := json.Unmarshal(msg.Data(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// wantWhole checks the log: positions without gaps, and each thing's versions
// in order. It returns the ids in order.
func wantWhole(t testing.TB, events []event.Event, n int) {
	t.Helper()
	if len(events) != n {
		t.Fatalf("%d events, want %d", len(events), n)
	}
	versions := map[string]int64{}
	for i, e := range events {
		if e.Position != int64(i+1) {
			t.Fatalf("event %d has position %d", i, e.Position)
		}
		if e.Version != versions[e.Subject]+1 {
			t.Fatalf("%s at position %d: version %d after %d", e.Subject, e.Position, e.Version, versions[e.Subject])
		}
		versions[e.Subject] = e.Version
	}
}

func wantSame(t testing.TB, log, stream []event.Event) {
	t.Helper()
	if len(log) != len(stream) {
		t.Fatalf("the log has %d events, the stream %d", len(log), len(stream))
	}
	for i := range log {
		if log[i].ID != stream[i].ID || log[i].Position != stream[i].Position {
			t.Fatalf("entry %d: log %s at %d, stream %s at %d", i, log[i].ID, log[i].Position, stream[i].ID, stream[i].Position)
		}
	}
}

// eventually waits for something that other goroutines bring about.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

func caughtUp(r *event.Relay, n int64) func() bool {
	return func() bool {
		s, err := r.Status(context.Background())
		return err == nil && s.Last == n && !s.Waiting && s.Behind == 0 && s.Published >= n
	}
}
