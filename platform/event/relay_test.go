package event_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

func TestEverythingCommittedIsPublishedInOrder(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		b := openBus(t, t.TempDir())
		defer b.Close()
		r, stop := relay(d, b, "one", nil)
		defer stop()
		write(t, d, 8, 60)
		eventually(t, "all published", caughtUp(r, 480))
		log := logged(t, d)
		wantWhole(t, log, 480)
		wantSame(t, log, streamed(t, b))
	})
}

func TestPositionsAreGivenWithoutABus(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		_, stop := relay(d, nil, "one", nil)
		defer stop()
		write(t, d, 4, 20)
		eventually(t, "positions", func() bool { return len(logged(t, d)) == 80 })
		wantWhole(t, logged(t, d), 80)
	})
}

// A relay is stopped between two steps for good; another one takes over, and
// then the first one comes back to life, not knowing.
func TestARelayMayStopAnywhereAndComeBackLate(t *testing.T) {
	for _, step := range []string{"numbered", "publishing", "published", "cursor saved"} {
		t.Run(step, func(t *testing.T) {
			dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
				if step == "numbered" && d.Engine() == db.SQLite {
					return // positions are given by the writer
				}
				b := openBus(t, t.TempDir())
				defer b.Close()
				var once sync.Once
				frozen, thaw := make(chan struct{}), make(chan struct{})
				_, stopFirst := relay(d, b, "first", func(at string) {
					if at == step {
						once.Do(func() {
							close(frozen)
							<-thaw
						})
					}
				})
				write(t, d, 4, 30)
				if step == "cursor saved" {
					time.Sleep(1100 * time.Millisecond)
					write2(t, d, 30)
				}
				<-frozen
				// The lease of a frozen process runs out; here only one goroutine is
				// frozen, so its lease is taken away.
				steal(t, d)
				second, stopSecond := relay(d, b, "second", nil)
				defer stopSecond()
				n := int64(120)
				if step == "cursor saved" {
					n = 150
				}
				eventually(t, "the second relay publishes", caughtUp(second, n))
				time.Sleep(300 * time.Millisecond) // until the stream has forgotten the ids
				close(thaw)
				if err := announce(t.Context(), d, "case_late", 1); err != nil {
					t.Fatal(err)
				}
				eventually(t, "the second relay goes on", caughtUp(second, n+1))
				time.Sleep(100 * time.Millisecond)
				stopFirst()
				log := logged(t, d)
				wantWhole(t, log, int(n)+1)
				wantSame(t, log, streamed(t, b))
			})
		})
	}
}

func write2(t *testing.T, d *db.DB, n int) {
	t.Helper()
	for v := range n {
		if err := announce(t.Context(), d, "case_more", int64(v+1)); err != nil {
			t.Fatal(err)
		}
	}
}

func steal(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `update event_lease set holder = 'second', until = $1 where name = 'relay'`, db.Millis(tx.Now.Add(time.Minute)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARoundThatDiesBeforeItsCommitLeavesNoTrace(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		if d.Engine() == db.SQLite {
			return // positions are given by the writer
		}
		var r *event.Relay
		ctx, cancel := context.WithCancel(t.Context())
		tail := event.NewTail(d, nil, testLog())
		r = event.NewRelay(tail, event.RelayOptions{Holder: "first", Lease: 300 * time.Millisecond})
		var died atomic.Bool
		r.OnStep(func(at string) {
			if at == "numbered, not committed" && !died.Swap(true) {
				cancel()
			}
		})
		write(t, d, 4, 10)
		_ = r.Run(ctx)
		if !died.Load() || len(logged(t, d)) != 0 {
			t.Fatalf("died %v, %d positions", died.Load(), len(logged(t, d)))
		}
		_, stop := relay(d, nil, "second", nil)
		defer stop()
		eventually(t, "positions", func() bool { return len(logged(t, d)) == 40 })
		wantWhole(t, logged(t, d), 40)
	})
}

func TestOfTwoRelaysOneWorksAndTheOtherTakesOver(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		b := openBus(t, t.TempDir())
		defer b.Close()
		first, stopFirst := relay(d, b, "first", nil)
		eventually(t, "the first leads", func() bool { s, _ := first.Status(t.Context()); return s.Leading })
		second, stopSecond := relay(d, b, "second", func(step string) {
			s, err := first.Status(context.Background())
			if err == nil && s.Holder == "first" {
				t.Errorf("the second relay was %s while the first held the lease", step)
			}
		})
		defer stopSecond()
		write(t, d, 4, 20)
		eventually(t, "published by the first", caughtUp(first, 80))
		stopFirst()
		if err := announce(t.Context(), d, "case_late", 1); err != nil {
			t.Fatal(err)
		}
		eventually(t, "published by the second", caughtUp(second, 81))
		if s, _ := second.Status(t.Context()); s.Holder != "second" || !s.Leading {
			t.Errorf("status %+v", s)
		}
		log := logged(t, d)
		wantWhole(t, log, 81)
		wantSame(t, log, streamed(t, b))
	})
}

func TestAStreamThatLostItsTailIsFilledAgain(t *testing.T) {
	tests := []struct {
		name string
		lose func(t *testing.T, dir, old string)
	}{
		{"power cut", func(t *testing.T, dir, old string) { copyFolder(t, old, dir) }},
		{"everything", func(t *testing.T, dir, _ string) {}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
				dir, old := filepath.Join(t.TempDir(), "nats"), filepath.Join(t.TempDir(), "old")
				b := openBus(t, dir)
				r, stop := relay(d, b, "one", nil)
				write(t, d, 4, 10)
				eventually(t, "published", caughtUp(r, 40))
				stop()
				_ = b.Close()
				copyFolder(t, dir, old)

				b = openBus(t, dir)
				r, stop = relay(d, b, "two", nil)
				write2(t, d, 30)
				eventually(t, "published", caughtUp(r, 70))
				stop()
				_ = b.Close()
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				test.lose(t, dir, old)

				b = openBus(t, dir)
				defer b.Close()
				r, stop = relay(d, b, "three", nil)
				defer stop()
				eventually(t, "leading", func() bool { s, _ := r.Status(t.Context()); return s.Leading })
				eventually(t, "published", func() bool { return len(streamed(t, b)) == 70 })
				log := logged(t, d)
				wantWhole(t, log, 70)
				wantSame(t, log, streamed(t, b))
			})
		})
	}
}

func TestAStreamOfAnotherLogIsReplaced(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		other, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "other.db"), db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if _, err := other.Migrate(t.Context(), schemas); err != nil {
			t.Fatal(err)
		}
		b := openBus(t, t.TempDir())
		defer b.Close()
		r, stop := relay(other, b, "other", nil)
		write(t, other, 2, 10)
		eventually(t, "published", caughtUp(r, 20))
		stop()

		write(t, d, 2, 8)
		r, stop = relay(d, b, "one", nil)
		defer stop()
		eventually(t, "published", caughtUp(r, 16))
		wantSame(t, logged(t, d), streamed(t, b))
	})
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, inside), 0o700)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, inside), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
