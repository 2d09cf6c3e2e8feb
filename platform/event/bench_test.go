package event_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

// BenchmarkEvent measures the processor time of one event: written at a fixed
// rate in transactions of five, numbered, published, followed. Each line adds
// one part, so the difference of two lines is that part's price.
func BenchmarkEvent(b *testing.B) {
	parts := []string{"write", "tail", "relay", "followers"}
	engines := []string{"sqlite"}
	if os.Getenv("AFTERCARE_TEST_POSTGRES") != "" {
		engines = append(engines, "postgres")
	}
	for _, engine := range engines {
		for i, part := range parts {
			b.Run(engine+"/"+part, func(b *testing.B) { benchmark(b, engine, parts[:i+1]) })
		}
	}
}

const benchRate = 3000

func benchmark(b *testing.B, engine string, parts []string) {
	url := "sqlite:" + filepath.Join(b.TempDir(), "bench.db")
	if engine == "postgres" {
		url = dbtest.PostgresSchema(b, os.Getenv("AFTERCARE_TEST_POSTGRES"))
	}
	ctx := b.Context()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx, withSeen); err != nil {
		b.Fatal(err)
	}
	var tail *event.Tail
	var relay *event.Relay
	for _, part := range parts {
		switch part {
		case "tail":
			var carrier *bus.Bus
			if len(parts) > 2 {
				carrier = openBus(b, b.TempDir())
				defer carrier.Close()
			}
			tail = event.NewTail(d, carrier, testLog())
			defer background(tail.Run)()
		case "relay":
			relay = event.NewRelay(tail, event.RelayOptions{})
			defer background(relay.Run)()
		case "followers":
			f := event.NewFollowers(tail, event.FollowOptions{})
			for i := range 10 {
				f.Follow(fmt.Sprint("idle", i), []string{"note.added"}, see("idle"))
			}
			f.Follow("busy", []string{"case.*"}, func(ctx context.Context, tx *db.Tx, e event.Event) error {
				if e.Version%10 == 0 {
					return see("busy")(ctx, tx, e)
				}
				return nil
			})
			defer background(f.Run)()
		}
	}
	time.Sleep(300 * time.Millisecond)
	before, begun := cpu(), time.Now()
	b.ResetTimer()
	const writers, together = 8, 5
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			pause := time.NewTicker(time.Second * writers * together / benchRate)
			defer pause.Stop()
			for n := w * together; n < b.N; n += writers * together {
				<-pause.C
				err := d.Write(ctx, func(tx *db.Tx) error {
					for i := range min(together, b.N-n) {
						about := event.About{Stream: "case", Subject: fmt.Sprintf("case_%d_%d", w, n/1000), Version: int64(n + i)}
						if err := event.Append(ctx, tx, by, about, fat{Note: text}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(begun)
	if relay != nil {
		eventually(b, "published", func() bool { s, err := relay.Status(ctx); return err == nil && s.Behind == 0 && !s.Waiting })
	}
	b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "cpu-µs/event")
	b.ReportMetric(float64(b.N)/took.Seconds(), "events/s")
}

type fat struct {
	Note string `json:"note"`
}

func (fat) Type() string { return "case.moved" }

const text = "A fact of ordinary size: who decided, from which state to which, on what ground, with which amounts and deadlines. " +
	"Two hundred and fifty bytes are typical, and that is why this sentence goes on a little longer than it would have to, up to here, and ends."

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
