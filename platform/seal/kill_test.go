package seal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) { dbtest.Main(m, child) }

// child announces without end and seals, until it is killed.
func child(url string, args []string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return err
	}
	o := options(d, args[0])
	o.Batch, o.Lease, o.Tail = 7, 200*time.Millisecond, event.NewTail(d, nil, testLog())
	go o.Tail.Run(ctx)                                                                    //nolint:errcheck // it is killed
	go event.NewRelay(o.Tail, event.RelayOptions{Lease: 200 * time.Millisecond}).Run(ctx) //nolint:errcheck // it is killed
	go seal.New(o).Run(ctx)                                                               //nolint:errcheck // it is killed
	fmt.Println("begun")
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			for n := 1; err == nil; n++ {
				err = d.Write(ctx, func(tx *db.Tx) error {
					return event.Append(ctx, tx, by, event.About{Stream: "case", Subject: fmt.Sprintf("case_%d", w), Version: int64(n)}, moved{n, "x"})
				})
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	all.Wait()
	return err
}

func TestKilledTenTimesNothingIsSkippedOrSealedTwice(t *testing.T) {
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), url, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var seen []*client
			var l *seal.Log
			for range 10 {
				running := []*dbtest.Process{dbtest.Start(t, url, dir).Wait(1)}
				if name == "postgres" { // two at once, of which one is elected
					running = append(running, dbtest.Start(t, url, dir).Wait(1))
				}
				time.Sleep(time.Duration(100+rand.IntN(500)) * time.Millisecond)
				for _, one := range running {
					one.Kill()
				}
				l = seal.New(options(d, dir))
				if s, err := l.Status(t.Context()); err == nil && s.Size > 0 {
					seen = append(seen, connect(t, serve(t, l), firstKey(t, d)))
				}
			}
			l, stop := run(t, options(d, dir))
			defer stop()
			eventually(t, "every event has its position", func() bool { // what the killed left behind is put in order first
				return read(t, d, func(tx *db.Tx) (waiting int64, err error) {
					err = tx.QueryRow(t.Context(), `select count(*) from event_log where position is null`).Scan(&waiting)
					return waiting, err
				}) == 0
			})
			s := sealedUp(t, l, 1)
			last := connect(t, serve(t, l), firstKey(t, d))
			for _, early := range seen {
				wantBeginning(t, last, early)
			}
			entries := last.entries()
			all := read(t, d, func(tx *db.Tx) ([]event.Sealed, error) { return event.SealedAfter(t.Context(), tx, 0, 1_000_000) })
			if len(all) != len(entries) || int64(len(all)) != s.Size {
				t.Fatalf("%d events, %d entries, size %d", len(all), len(entries), s.Size)
			}
			for i, e := range all {
				if string(e.Entry()) != string(entries[i]) || !e.True() {
					t.Fatalf("entry %d is not event %s", i, e.ID)
				}
			}
			t.Logf("%d events, killed 10 times, %d checkpoints compared", len(all), len(seen))
		})
	}
}

func TestAnotherProcessTakesOverWhenTheLeaderDies(t *testing.T) {
	server := os.Getenv("AFTERCARE_TEST_POSTGRES")
	if server == "" {
		return // one process serves SQLite
	}
	url, dir := dbtest.PostgresSchema(t, server), t.TempDir()
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schemas); err != nil {
		t.Fatal(err)
	}
	first := dbtest.Start(t, url, dir).Wait(1)
	l := seal.New(options(d, dir))
	eventually(t, "the first leads", func() bool { s, err := l.Status(t.Context()); return err == nil && s.Size > 5 && s.Holder != "" })
	holder := func() string { s, _ := l.Status(t.Context()); return s.Holder }
	leader := holder()
	dbtest.Start(t, url, dir).Wait(1)
	first.Kill()
	eventually(t, "the second leads", func() bool { h := holder(); return h != "" && h != leader })
	s, _ := l.Status(t.Context())
	eventually(t, "the log grows", func() bool { now, _ := l.Status(t.Context()); return now.Size > s.Size+5 })
}

// wantBeginning checks that one tree is the beginning of another.
func wantBeginning(t *testing.T, late, early *client) {
	t.Helper()
	entries := late.entries()
	if early.tree.N > int64(len(entries)) {
		t.Fatalf("%d entries, there were %d before", len(entries), early.tree.N)
	}
	if got := rootOf(entries[:early.tree.N]); got != early.tree.Hash {
		t.Fatalf("the first %d entries have changed", early.tree.N)
	}
}
