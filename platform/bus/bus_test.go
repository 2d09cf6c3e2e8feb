package bus_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/bus/bustest"
)

func open(t testing.TB, dir string) *bus.Bus {
	t.Helper()
	return bustest.Open(t, dir, bus.Options{})
}

func messages(from, n int) []bus.Message {
	all := make([]bus.Message, n)
	for i := range all {
		p := int64(from + i)
		all[i] = bus.Message{ID: fmt.Sprint("evt_", p), Position: p, Subject: bus.Subject("main", "case.moved"), Data: []byte(`{}`)}
	}
	return all
}

func wantEnd(t testing.TB, b *bus.Bus, want bus.End) {
	t.Helper()
	got, err := b.End(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheStreamSurvivesAndKnowsItsEnd(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	wantEnd(t, b, bus.End{})
	if err := b.Publish(t.Context(), 0, messages(1, 700)); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), 700, messages(701, 1)); err != nil {
		t.Fatal(err)
	}
	if err := b.Health(t.Context()); err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Health(t.Context()); err == nil {
		t.Error("a closed bus is healthy")
	}
	b = open(t, dir)
	defer b.Close()
	wantEnd(t, b, bus.End{Sequence: 701, ID: "evt_701", Position: 701})
	if err := b.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantEnd(t, b, bus.End{Sequence: 701})
}

func TestOnlyWhatFollowsTheEndIsStored(t *testing.T) {
	b := open(t, t.TempDir())
	defer b.Close()
	if err := b.Publish(t.Context(), 0, messages(1, 10)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		after uint64
		from  int
	}{
		{"the same again", 0, 1},
		{"a gap", 12, 13},
		{"others in the place of stored ones", 0, 101},
		{"known ones at the end", 10, 1},
	}
	for _, test := range tests {
		if err := b.Publish(t.Context(), test.after, messages(test.from, 10)); !errors.Is(err, bus.ErrChain) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	wantEnd(t, b, bus.End{Sequence: 10, ID: "evt_10", Position: 10})
	if err := b.Publish(t.Context(), 5, messages(6, 10)); err != nil {
		t.Errorf("an overlap that ends with new ones: %v", err)
	}
	wantEnd(t, b, bus.End{Sequence: 15, ID: "evt_15", Position: 15})
}

func TestListenersHearWhatComesInOrder(t *testing.T) {
	b := open(t, t.TempDir())
	defer b.Close()
	if err := b.Publish(t.Context(), 0, messages(1, 5)); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var heard []int64
	done := make(chan struct{})
	stop, err := b.Listen(t.Context(), func(position int64, data []byte) {
		mu.Lock()
		defer mu.Unlock()
		if heard = append(heard, position); len(heard) == 300 {
			close(done)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := b.Publish(t.Context(), 5, messages(6, 300)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("300 messages were not heard")
	}
	for i, p := range heard {
		if p != int64(6+i) {
			t.Fatalf("message %d has position %d", i, p)
		}
	}
}

func TestTicksReachEverybody(t *testing.T) {
	b := open(t, t.TempDir())
	defer b.Close()
	heard := make(chan int, 10)
	for i := range 2 {
		stop, err := b.OnTick(func() { heard <- i })
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
	}
	b.Tick()
	for range 2 {
		select {
		case <-heard:
		case <-time.After(time.Minute):
			t.Fatal("no tick")
		}
	}
}

func TestSubjectsHaveNoSignsWithAMeaning(t *testing.T) {
	tests := []struct{ tenant, typ, want string }{
		{"main", "case.approved", "aftercare.main.case.approved"},
		{"a.b", "case.>", "aftercare.a_b.case._"},
		{"*", "a b", "aftercare._.a_b"},
	}
	for _, test := range tests {
		if got := bus.Subject(test.tenant, test.typ); got != test.want {
			t.Errorf("Subject(%q, %q) = %q, want %q", test.tenant, test.typ, got, test.want)
		}
	}
}

func TestOpenSaysWhatIsMissing(t *testing.T) {
	if _, err := bus.Open(t.Context(), bus.Options{}); err == nil {
		t.Error("opened without a URL and a folder")
	}
	if _, err := bus.Open(t.Context(), bus.Options{URL: "nats://127.0.0.1:1"}); err == nil {
		t.Error("opened a bus that is not there")
	}
}

func BenchmarkPublish(b *testing.B) {
	for _, size := range []int{1, 20, 500} {
		b.Run(fmt.Sprint("batch=", size), func(b *testing.B) {
			carrier := open(b, b.TempDir())
			defer carrier.Close()
			data := make([]byte, 600)
			b.ResetTimer()
			for done := 0; done < b.N; {
				batch := messages(done+1, min(size, b.N-done))
				for i := range batch {
					batch[i].Data = data
				}
				if err := carrier.Publish(b.Context(), uint64(done), batch); err != nil {
					b.Fatal(err)
				}
				done += len(batch)
			}
		})
	}
}
