package backtest_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/quality/backtest"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) { dbtest.Main(m, child) }

// child works on back-tests, slowly, until it is killed. It prints a line after
// each step that is stored.
func child(url string, args []string) error {
	at, err := time.Parse(time.RFC3339, args[0])
	if err != nil {
		return err
	}
	d, err := db.Open(context.Background(), url, db.Options{Clock: func() time.Time { return at }})
	if err != nil {
		return err
	}
	book, err := rights.Standard()
	if err != nil {
		return err
	}
	queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
	(&backtest.Service{Store: d, Queue: queue, Book: book, Step: 1, Stored: func(done int64) {
		fmt.Println(done)
		time.Sleep(20 * time.Millisecond)
	}}).Jobs(queue)
	_, err = queue.RunDue(context.Background())
	return err
}

func TestKilledAgainAndAgainNothingIsCountedTwice(t *testing.T) {
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			clock := dbtest.NewClock(monday)
			d, err := db.Open(t.Context(), url, db.Options{Clock: clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close() //nolint:errcheck // the test is over
			if _, err := d.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			s := newShop(t, d, clock)
			s.past()
			wish := backtest.Wish{Policy: policy.Standard, Rules: generous()}
			straight := s.ask(wish)
			s.work()
			straight = s.run(straight.ID)

			killed := s.ask(wish)
			for _, lines := range []int{2, 1, 4} { // steps until it is killed
				clock.Add(2 * time.Minute) // the lease of the one before has ended
				dbtest.Start(t, url, clock.Now().Format(time.RFC3339)).Wait(lines).Kill()
			}
			half := s.run(killed.ID)
			if half.State != backtest.Running || half.Done < 3 || half.Done >= half.Total {
				t.Fatalf("after three kills: %s, %d of %d", half.State, half.Done, half.Total)
			}
			clock.Add(2 * time.Minute)
			s.work()
			done := s.run(killed.ID)
			if done.State != backtest.Done || done.Done != straight.Done {
				t.Fatalf("at the end: %s, %d of %d", done.State, done.Done, straight.Done)
			}
			if diff := cmp.Diff(straight.Figures, done.Figures, cmp.AllowUnexported(backtest.Tally{})); diff != "" {
				t.Errorf("figures of the run that was killed: %s", diff)
			}
			for _, table := range []string{"sample", "group"} {
				if diff := cmp.Diff(rows(t, d, table, straight.ID), rows(t, d, table, killed.ID)); diff != "" {
					t.Errorf("%s: %s", table, diff)
				}
			}
		})
	}
}

// rows is what a run has stored in a table, without its id.
func rows(t *testing.T, d *db.DB, table, run string) (all []string) {
	t.Helper()
	query := map[string]string{
		"sample": `select change || ' ' || seq || ' ' || sample from backtest_sample where run = $1 order by change, seq`,
		"group": `select dimension || ' ' || name || ' ' || tried || ' ' || better || ' ' || worse || ' ' || other || ' ' || paid_before || ' ' || paid_after
			from backtest_group where run = $1 order by dimension, name`,
	}[table]
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.List(t.Context(), tx, func(row db.Scanner) (one string, err error) {
			err = row.Scan(&one)
			return one, err
		}, query, run)
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("%d rows of %s: %v", len(all), table, err)
	}
	return all
}

// TestAStepThatIsCancelledCountsNothing cancels a run between the reading of a
// step and its end.
func TestAStepThatIsCancelledCountsNothing(t *testing.T) {
	eachShop(t, func(s *shop) {
		t := s.t
		s.past()
		s.trials.Step = 3
		r := s.ask(backtest.Wish{Policy: policy.Standard, Rules: generous()})
		s.trials.Stored = func(done int64) {
			if done != 6 {
				return
			}
			s.write(func(tx *db.Tx) error {
				_, err := s.trials.Cancel(t.Context(), tx, actor.Of("main"), r.ID)
				return err
			})
		}
		s.work()
		if got := s.run(r.ID); got.State != backtest.Cancelled || got.Done != 6 || got.Figures.Decided != 6 {
			t.Errorf("%s, %d done, %d decided", got.State, got.Done, got.Figures.Decided)
		}
	})
}
