package event_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) { dbtest.Main(m, child) }

// child writes without end, relays and follows, until it is killed. It prints a
// line when it has begun.
func child(url string, args []string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	b, err := bus.Open(ctx, bus.Options{URL: args[0]})
	if err != nil {
		return err
	}
	tail := event.NewTail(d, b, testLog())
	go tail.Run(ctx)
	go event.NewRelay(tail, event.RelayOptions{Lease: 200 * time.Millisecond, Batch: 20}).Run(ctx)
	f := event.NewFollowers(tail, event.FollowOptions{Lease: 200 * time.Millisecond, Batch: 7})
	f.Follow("all", nil, see("all"))
	go f.Run(ctx)
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			subject := fmt.Sprintf("case_%d", w)
			for err == nil {
				err = d.Write(ctx, func(tx *db.Tx) error {
					done, err := event.History(ctx, tx, "main", "case", subject)
					if err != nil {
						return err
					}
					n := len(done) + 1
					return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: subject, Version: int64(n)}, moved{n})
				})
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	fmt.Println("begun")
	wg.Wait()
	return err
}

func TestKilledTenTimesNothingIsLost(t *testing.T) {
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), url, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(t.Context(), withSeen); err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "nats")
			carrier := bustest.Serve(t, dir, -1)
			for range 10 {
				process := dbtest.Start(t, url, carrier.ClientURL()).Wait(1)
				time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
				process.Kill()
			}

			b := openBus(t, dir)
			defer b.Close()
			r, stop := relay(d, b, "last", nil)
			defer stop()
			tail := event.NewTail(d, b, testLog())
			defer background(tail.Run)()
			f := event.NewFollowers(tail, event.FollowOptions{Lease: 200 * time.Millisecond})
			f.Follow("all", nil, see("all"))
			defer background(f.Run)()

			// What a killed process had sent to the database may be stored after its end.
			var n int64
			eventually(t, "published", func() bool {
				err = d.Read(t.Context(), func(tx *db.Tx) error {
					return tx.QueryRow(t.Context(), `select count(*) from event_log`).Scan(&n)
				})
				return err == nil && caughtUp(r, n)()
			})
			eventually(t, "followed", func() bool { return int64(len(seen(t, d, "all"))) >= n })
			log := logged(t, d)
			wantWhole(t, log, int(n))
			wantSame(t, log, streamed(t, b))
			for i, position := range seen(t, d, "all") {
				if position != int64(i+1) {
					t.Fatalf("reaction %d was to position %d", i+1, position)
				}
			}
			t.Logf("%d events, killed 10 times", n)
		})
	}
}
