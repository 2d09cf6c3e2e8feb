package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
)

// seen is what a reaction writes: no key, so a doubled effect shows.
var withSeen = []db.Schema{event.Schema, {Name: "seen", FS: fstest.MapFS{"schema/0001_seen.sql": {Data: []byte(`
create table seen_event (
	nr bigserial primary key,
	tenant text not null,
	follower text not null,
	position bigint not null
);
`)}}}}

func see(name string) event.Reaction {
	return func(ctx context.Context, tx *db.Tx, e event.Event) error {
		_, err := tx.Exec(ctx, `insert into seen_event (tenant, follower, position) values ($1, $2, $3)`, e.Tenant, name, e.Position)
		return err
	}
}

func seen(t testing.TB, d *db.DB, name string) []int64 {
	t.Helper()
	var all []int64
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		all, err = db.List(context.Background(), tx, func(row db.Scanner) (p int64, err error) {
			return p, row.Scan(&p)
		}, `select position from seen_event where follower = $1 order by nr`, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func oneTo(n int64) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = int64(i + 1)
	}
	return all
}

// follow runs what a process runs: tail, relay, followers.
func follow(d *db.DB, holder string, o event.FollowOptions, add func(f *event.Followers)) (f *event.Followers, stop func()) {
	tail := event.NewTail(d, nil, testLog())
	stopTail := background(tail.Run)
	stopRelay := background(event.NewRelay(tail, event.RelayOptions{Holder: holder, Lease: 400 * time.Millisecond}).Run)
	o.Holder, o.Lease, o.Backoff = holder, 400*time.Millisecond, time.Millisecond
	f = event.NewFollowers(tail, o)
	add(f)
	stopFollowers := background(f.Run)
	return f, func() { stopFollowers(); stopRelay(); stopTail() }
}

func TestAFollowerSeesEachWantedEventOnceInOrder(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		write(t, d, 2, 10)
		add := func(f *event.Followers) {
			f.Follow("all", nil, see("all"))
			f.Follow("family", []string{"case.*"}, see("family"))
			f.Follow("exact", []string{"case.moved"}, see("exact"))
			f.Follow("other", []string{"note.*"}, see("other"))
		}
		_, stop := follow(d, "one", event.FollowOptions{}, add)
		eventually(t, "history", func() bool { return len(seen(t, d, "all")) == 20 })
		write(t, d, 4, 30)
		eventually(t, "news", func() bool { return len(seen(t, d, "all")) == 140 })
		stop()

		f, stop := follow(d, "two", event.FollowOptions{}, func(f *event.Followers) {
			add(f)
			f.FollowFromNow("late", nil, see("late"))
		})
		defer stop()
		eventually(t, "the late one stands at what is there now", func() bool {
			s, _ := f.Status(t.Context())
			return slices.ContainsFunc(s, func(one event.FollowerStatus) bool { return one.Name == "late" && one.Position == 140 })
		})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return event.Append(t.Context(), tx, by, event.About{Stream: "note", Subject: "note_1", Version: 1}, noted{})
		})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the last", func() bool {
			return len(seen(t, d, "all")) == 141 && len(seen(t, d, "late")) == 1 && len(seen(t, d, "other")) == 1
		})
		got := map[string][]int64{}
		for _, name := range []string{"all", "family", "exact", "other", "late"} {
			got[name] = seen(t, d, name)
		}
		want := map[string][]int64{"all": oneTo(141), "family": oneTo(140), "exact": oneTo(140), "other": {141}, "late": {141}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAFailingEventHoldsUpItsFollowerAndIsParked(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		var tries atomic.Int64
		var repaired atomic.Bool
		f, stop := follow(d, "one", event.FollowOptions{Attempts: 4}, func(f *event.Followers) {
			f.Follow("picky", nil, func(ctx context.Context, tx *db.Tx, e event.Event) error {
				if err := see("picky")(ctx, tx, e); err != nil {
					return err
				}
				if e.Position == 7 && !repaired.Load() {
					if tries.Add(1)%2 == 0 {
						panic("bug")
					}
					return errors.New("cannot")
				}
				return nil
			})
			f.Follow("calm", nil, see("calm"))
		})
		defer stop()
		write(t, d, 1, 20)
		eventually(t, "both done", func() bool { return len(seen(t, d, "picky")) == 19 && len(seen(t, d, "calm")) == 20 })
		want := append(oneTo(6), oneTo(20)[7:]...)
		if diff := cmp.Diff(want, seen(t, d, "picky")); diff != "" {
			t.Error(diff)
		}
		status, err := f.Status(t.Context())
		if err != nil || status[0].Parked != 1 || status[0].Behind != 0 || status[1].Parked != 0 {
			t.Errorf("status %+v, %v", status, err)
		}
		rerun := func(position int64) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return f.Rerun(t.Context(), tx, "main", "picky", position) })
		}
		if err := rerun(7); err == nil || errors.Is(err, event.ErrNotParked) {
			t.Errorf("an event that still fails: %v", err)
		}
		repaired.Store(true)
		if err := rerun(7); err != nil {
			t.Error(err)
		}
		if err := rerun(7); !errors.Is(err, event.ErrNotParked) {
			t.Errorf("the second time: %v", err)
		}
		if diff := cmp.Diff(append(want, 7), seen(t, d, "picky")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAttemptsSurviveARestart(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		var tries atomic.Int64
		write(t, d, 1, 1)
		for round := range 3 {
			f, stop := follow(d, fmt.Sprint(round), event.FollowOptions{Attempts: 5}, func(f *event.Followers) {
				f.Follow("picky", nil, func(context.Context, *db.Tx, event.Event) error {
					if tries.Add(1)%2 == 0 {
						time.Sleep(50 * time.Millisecond) // the process is stopped meanwhile
					}
					return errors.New("cannot")
				})
			})
			if round < 2 {
				eventually(t, "tries", func() bool { return tries.Load() >= int64(2*round+2) })
				stop()
				continue
			}
			defer stop()
			eventually(t, "parked", func() bool { s, _ := f.Status(t.Context()); return s[0].Parked == 1 })
			var parked []event.Parked
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				parked, err = f.Parked(t.Context(), tx, "main")
				return err
			})
			if err != nil || len(parked) != 1 || parked[0].Event.Position != 1 || parked[0].Error != "cannot" || parked[0].Event.Subject != "case_0" {
				t.Errorf("parked %+v, %v", parked, err)
			}
		}
		// An attempt calls twice: with its batch, then alone. Each stop may cost the call that was
		// under way; attempts that nobody remembered would come to 14.
		if n := tries.Load(); n > 12 {
			t.Errorf("%d tries for 5 attempts in 3 processes", n)
		}
	})
}

func TestTwoProcessesShareAFollower(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		add := func(f *event.Followers) { f.Follow("all", nil, see("all")) }
		first, stopFirst := follow(d, "first", event.FollowOptions{Batch: 3}, add)
		eventually(t, "the first holds it", func() bool { s, _ := first.Status(t.Context()); return s[0].Holder == "first" })
		_, stopSecond := follow(d, "second", event.FollowOptions{Batch: 3}, add)
		defer stopSecond()
		write(t, d, 4, 20)
		stopFirst()
		write(t, d, 4, 20)
		eventually(t, "all", func() bool { return len(seen(t, d, "all")) >= 160 })
		if diff := cmp.Diff(oneTo(160), seen(t, d, "all")); diff != "" {
			t.Error(diff)
		}
	})
}

// Whoever believes to hold the lease finds the cursor moved.
func TestAHolderThatWasReplacedChangesNothing(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		add := func(f *event.Followers) { f.Follow("all", nil, see("all")) }
		take := func(holder string) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `update event_lease set holder = $1 where name = $2`, holder, "follow:all")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		first, stopFirst := follow(d, "first", event.FollowOptions{Batch: 3}, add)
		defer stopFirst()
		eventually(t, "the first holds it", func() bool { s, _ := first.Status(t.Context()); return s[0].Holder == "first" })
		_, stopSecond := follow(d, "second", event.FollowOptions{Batch: 3}, add)
		defer stopSecond()
		done := make(chan struct{})
		go func() {
			defer close(done)
			write(t, d, 4, 100)
		}()
		for i := range 20 { // both run at times
			take([]string{"second", "first"}[i%2])
			time.Sleep(20 * time.Millisecond)
		}
		<-done
		eventually(t, "all", func() bool { return len(seen(t, d, "all")) >= 400 })
		if diff := cmp.Diff(oneTo(400), seen(t, d, "all")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestANewEventIsSeenWithinMilliseconds(t *testing.T) {
	dbtest.Each(t, withSeen, func(t *testing.T, d *db.DB) {
		arrived := make(chan time.Time, 100)
		f, stop := follow(d, "one", event.FollowOptions{}, func(f *event.Followers) {
			f.Follow("quick", nil, func(context.Context, *db.Tx, event.Event) error {
				arrived <- time.Now()
				return nil
			})
		})
		defer stop()
		eventually(t, "ready", func() bool { s, _ := f.Status(t.Context()); return s[0].Holder == "one" })
		time.Sleep(200 * time.Millisecond)
		var took []time.Duration
		for i := range 20 {
			begun := time.Now()
			if err := announce(t.Context(), d, "case_1", int64(i+1)); err != nil {
				t.Fatal(err)
			}
			took = append(took, (<-arrived).Sub(begun))
			time.Sleep(30 * time.Millisecond)
		}
		// The quick ones tell: what holds up the others may be the machine.
		slices.Sort(took)
		t.Logf("from the write to the reaction: %v", took)
		if took[5] > 100*time.Millisecond {
			t.Errorf("a quarter took %v and less", took[5])
		}
	})
}
