package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	schemas = []db.Schema{job.Schema}
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func enqueue(t *testing.T, d *db.DB, q *job.Queue, jobs ...job.New) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, n := range jobs {
			n.Tenant = "t"
			if err := q.Enqueue(t.Context(), tx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *db.DB, state job.State) (jobs []job.Job) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		jobs, err = job.Page(t.Context(), tx, "t", state, "", 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

func runDue(t *testing.T, q *job.Queue) int {
	t.Helper()
	n, err := q.RunDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnUndoneTransactionEnqueuesNothing(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.Default())
		_ = d.Write(t.Context(), func(tx *db.Tx) error {
			if err := q.Enqueue(t.Context(), tx, job.New{Tenant: "t", Kind: "k"}); err != nil {
				t.Error(err)
			}
			return errors.New("no")
		})
		if jobs := list(t, d, job.Waiting); len(jobs) != 0 {
			t.Errorf("%v", jobs)
		}
	})
}

func TestATimerFiresOnceAtItsTimeAndAPausedOneWaits(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		q := job.NewQueue(d, slog.Default())
		fired := map[string]int{}
		q.Handle("timer", func(_ context.Context, _ *db.Tx, j job.Job) error { fired[j.Key]++; return nil })
		enqueue(t, d, q,
			job.New{Kind: "timer", Key: "a", RunAt: monday.Add(48 * time.Hour)},
			job.New{Kind: "timer", Key: "b", RunAt: monday.Add(time.Hour)},
			job.New{Kind: "timer", Key: "c", RunAt: monday.Add(time.Hour)})
		write := func(f func(tx *db.Tx) error) {
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		clock.Add(30 * time.Minute)
		write(func(tx *db.Tx) error { return q.Pause(t.Context(), tx, "t", "timer", "b") })
		write(func(tx *db.Tx) error { return q.Cancel(t.Context(), tx, "t", "timer", "c") })
		clock.Add(72 * time.Hour)
		if n := runDue(t, q); n != 1 || fired["a"] != 1 {
			t.Errorf("after three days %d fired: %v", n, fired)
		}
		write(func(tx *db.Tx) error { return q.Resume(t.Context(), tx, "t", "timer", "b") })
		clock.Add(29 * time.Minute)
		if n := runDue(t, q); n != 0 {
			t.Errorf("fired a minute early: %v", fired)
		}
		clock.Add(time.Minute)
		if n := runDue(t, q); n != 1 || fired["b"] != 1 || fired["c"] != 0 {
			t.Errorf("after resuming: %v", fired)
		}
		clock.Add(1000 * time.Hour)
		if n := runDue(t, q); n != 0 {
			t.Errorf("a timer fired again: %v", fired)
		}
	})
}

func TestAKeyIsOneJobThatMoves(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		q := job.NewQueue(d, slog.Default())
		enqueue(t, d, q, job.New{Kind: "k", Key: "x", Args: 1, RunAt: monday.Add(time.Hour)})
		enqueue(t, d, q, job.New{Kind: "k", Key: "x", Args: 2, RunAt: monday.Add(2 * time.Hour)})
		enqueue(t, d, q, job.New{Kind: "k", Key: "x", Args: 3, RunAt: monday, Keep: true})
		jobs := list(t, d, job.Waiting)
		if len(jobs) != 1 || string(jobs[0].Args) != "2" || !jobs[0].RunAt.Equal(monday.Add(2*time.Hour)) {
			t.Errorf("%+v", jobs)
		}
	})
}

func TestADeadJobIsNotKeptButBeginsAnew(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler))
		q.HandleOutside("k", func(context.Context, job.Job) error { return job.Dead(errors.New("declined")) })
		enqueue(t, d, q, job.New{Kind: "k", Key: "x", Args: 1})
		runDue(t, q)
		if dead := list(t, d, job.Died); len(dead) != 1 {
			t.Fatalf("%+v", dead)
		}
		enqueue(t, d, q, job.New{Kind: "k", Key: "x", Args: 2, Keep: true})
		jobs := list(t, d, job.Waiting)
		if len(jobs) != 1 || string(jobs[0].Args) != "2" || jobs[0].Attempt != 0 {
			t.Errorf("%+v", jobs)
		}
	})
}

func TestFailuresAreRetriedLaterAndThenDie(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler))
		tries := map[string]int{}
		q.Handle("inside", func(context.Context, *db.Tx, job.Job) error { tries["inside"]++; return errors.New("no luck") })
		q.HandleOutside("outside", func(context.Context, job.Job) error { tries["outside"]++; panic("bug") })
		q.HandleOutside("hopeless", func(context.Context, job.Job) error { tries["hopeless"]++; return job.Dead(errors.New("declined")) })
		for _, kind := range []string{"inside", "outside", "hopeless"} {
			enqueue(t, d, q, job.New{Kind: kind, MaxAttempts: 3})
		}
		for range 10 {
			runDue(t, q)
			clock.Add(2 * time.Hour)
		}
		if tries["inside"] != 3 || tries["outside"] != 3 || tries["hopeless"] != 1 {
			t.Errorf("attempts: %v", tries)
		}
		dead := list(t, d, job.Died)
		if len(dead) != 3 {
			t.Fatalf("%d dead jobs", len(dead))
		}
		for _, j := range dead {
			if j.LastError == "" {
				t.Errorf("%s died without a reason", j.Kind)
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := q.Act(t.Context(), tx, "other", dead[0].ID, "run"); !errors.Is(err, job.ErrUnknown) {
				t.Errorf("another tenant's job: %v", err)
			}
			if err := q.Act(t.Context(), tx, "t", dead[0].ID, "run"); err != nil {
				return err
			}
			return q.Act(t.Context(), tx, "t", dead[1].ID, "discard")
		})
		if err != nil {
			t.Fatal(err)
		}
		runDue(t, q)
		if n := len(list(t, d, job.Died)); n != 1 {
			t.Errorf("%d dead after one was run again and one discarded", n)
		}
	})
}

func TestAHandlersWritesAndItsEndAreOne(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		q := job.NewQueue(d, slog.New(slog.DiscardHandler))
		fail := true
		q.Handle("first", func(ctx context.Context, tx *db.Tx, j job.Job) error {
			if err := q.Enqueue(ctx, tx, job.New{Tenant: j.Tenant, Kind: "second"}); err != nil {
				return err
			}
			if fail {
				return errors.New("after writing")
			}
			return nil
		})
		enqueue(t, d, q, job.New{Kind: "first"})
		runDue(t, q)
		if jobs := list(t, d, job.Waiting); len(jobs) != 1 || jobs[0].Kind != "first" || jobs[0].Attempt != 1 {
			t.Errorf("after a failure: %+v", jobs)
		}
		fail = false
		clock.Add(time.Hour)
		runDue(t, q)
		if jobs := list(t, d, job.Waiting); len(jobs) != 1 || jobs[0].Kind != "second" {
			t.Errorf("after success: %+v", jobs)
		}
	})
}

// Several queues on one store stand for several processes.
func TestEachJobRunsOnceWhoeverWorks(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		const jobs = 400
		var inside, outside [jobs]atomic.Int32
		var left sync.WaitGroup
		left.Add(2 * jobs)
		ctx, stop := context.WithCancel(t.Context())
		var workers sync.WaitGroup
		var first *job.Queue
		for i := range 3 {
			q := job.NewQueue(d, slog.Default())
			q.Handle("inside", func(_ context.Context, tx *db.Tx, j job.Job) error {
				var n int
				_, err := fmt.Sscan(string(j.Args), &n)
				tx.OnCommit(func() { inside[n].Add(1); left.Done() })
				return err
			})
			q.HandleOutside("outside", func(_ context.Context, j job.Job) error {
				var n int
				_, err := fmt.Sscan(string(j.Args), &n)
				outside[n].Add(1)
				left.Done()
				return err
			})
			if i == 0 {
				first = q
			}
			workers.Go(func() { _ = q.Run(ctx) })
		}
		for n := range jobs {
			enqueue(t, d, first, job.New{Kind: "inside", Args: n}, job.New{Kind: "outside", Args: n})
		}
		left.Wait()
		stop()
		workers.Wait()
		for n := range jobs {
			if inside[n].Load() != 1 || outside[n].Load() != 1 {
				t.Errorf("job %d ran %d times inside, %d outside", n, inside[n].Load(), outside[n].Load())
			}
		}
		if rest := len(list(t, d, job.Running)) + len(list(t, d, job.Waiting)); rest != 0 {
			t.Errorf("%d jobs left behind", rest)
		}
	})
}

func TestWhatADeadProcessHeldIsTakenBack(t *testing.T) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		dying := job.NewQueue(d, slog.New(slog.DiscardHandler))
		hang, entered := make(chan struct{}), make(chan struct{})
		dying.HandleOutside("pay", func(context.Context, job.Job) error { close(entered); <-hang; return nil })
		enqueue(t, d, dying, job.New{Kind: "pay"})
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = dying.RunDue(context.WithoutCancel(t.Context())) })
		<-entered

		heir, paid := job.NewQueue(d, slog.Default()), 0
		heir.HandleOutside("pay", func(context.Context, job.Job) error { paid++; return nil })
		if runDue(t, heir); paid != 0 {
			t.Error("taken while the lease runs")
		}
		clock.Add(2 * time.Minute)
		if runDue(t, heir); paid != 1 {
			t.Errorf("after the lease: paid %d times", paid)
		}
		close(hang)
		wg.Wait()
		if n := runDue(t, heir); n != 0 || paid != 1 {
			t.Errorf("the late finish brought it back: %d", paid)
		}
	})
}

func TestARecurringJobComesBack(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		q := job.NewQueue(d, slog.Default())
		var runs atomic.Int32
		q.Handle("clean", func(context.Context, *db.Tx, job.Job) error { runs.Add(1); return nil })
		q.Every("clean", 5*time.Millisecond)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		done := make(chan struct{})
		go func() { defer close(done); _ = q.Run(ctx) }()
		for runs.Load() < 3 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		stop()
		<-done
		if runs.Load() < 3 {
			t.Errorf("ran %d times", runs.Load())
		}
	})
}
