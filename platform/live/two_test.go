package live_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/bus"
	"github.com/aftercare/aftercare/platform/bus/bustest"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/live"
)

// process is everything that one process runs, with its own connections.
func process(t *testing.T, database, messages string) (*db.DB, *httptest.Server) {
	t.Helper()
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Migrate(t.Context(), []db.Schema{event.Schema}); err != nil {
		t.Fatal(err)
	}
	b, err := bus.Open(t.Context(), bus.Options{URL: messages})
	if err != nil {
		t.Fatal(err)
	}
	tail := event.NewTail(d, b, nil)
	h := live.New(d, tail, b, live.Options{})
	stops := []func(){
		background(tail.Run),
		background(event.NewRelay(tail, event.RelayOptions{Lease: 500 * time.Millisecond}).Run),
		background(h.Run),
	}
	site := serve(h)
	t.Cleanup(func() {
		site.CloseClientConnections()
		site.Close()
		for _, stop := range stops {
			stop()
		}
		_ = b.Close()
		_ = d.Close()
	})
	return d, site
}

func TestTwoProcessesSeeEachOther(t *testing.T) {
	targets := map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "two.db")}
	if s := os.Getenv("AFTERCARE_TEST_POSTGRES"); s != "" {
		targets["postgres"] = dbtest.PostgresSchema(t, s)
	}
	for name, database := range targets {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			carrier := bustest.Serve(t, dir, -1)
			port := carrier.Addr().String()[len("127.0.0.1:"):]
			a, siteA := process(t, database, carrier.ClientURL())
			b, siteB := process(t, database, carrier.ClientURL())
			screenA, screenB := connect(t, siteA, ""), connect(t, siteB, "")
			screenA.want("ready", "0")
			screenB.want("ready", "0")

			both := func(want ...int64) {
				t.Helper()
				for _, s := range []*screen{screenA, screenB} {
					if diff := cmp.Diff(want, s.positions(len(want))); diff != "" {
						t.Error(diff)
					}
				}
			}
			announce(t, a, "main", "case_a", 2)
			both(1, 2)
			begun := time.Now()
			announce(t, b, "main", "case_b", 1)
			both(3)
			t.Logf("from one process to the other's screen: %v", time.Since(begun))

			carrier.Shutdown()
			carrier.WaitForShutdown()
			announce(t, a, "main", "case_a", 1) // nobody can be told now
			announce(t, b, "main", "case_b", 1)
			var number int
			_, _ = fmt.Sscan(port, &number)
			carrier = bustest.Serve(t, dir, number)
			both(4, 5)
			announce(t, a, "main", "case_a", 1)
			both(6)

			// The stream is thrown away while all run; screens still miss nothing.
			c, err := bus.Open(context.Background(), bus.Options{URL: carrier.ClientURL()})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.JetStream().DeleteStream(t.Context(), bus.Stream); err != nil {
				t.Fatal(err)
			}
			announce(t, b, "main", "case_b", 1)
			both(7)
			wait(t, "the stream is made and filled again", func() bool {
				end, err := c.End(t.Context())
				return err == nil && end.Sequence == 7 && end.Position == 7
			})
			announce(t, a, "main", "case_a", 1)
			both(8)
		})
	}
}
