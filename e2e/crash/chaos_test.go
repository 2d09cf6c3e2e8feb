package crash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// chaos kills servers at bad moments and starts them again.
func (w *world) chaos(t *testing.T, dice *rand.Rand) {
	for n := range w.kills {
		w.moment(dice, n)
		switch {
		case len(w.servers) == 1 || n%3 == 2: // all of them die
			w.die(t, dice, w.servers...)
			w.pass(t, n%2 == 0)
			for _, s := range w.servers {
				s.start(t)
			}
		case n == 4: // a server freezes for longer than its leases, and believes afterwards that it still holds them
			s := w.servers[dice.IntN(len(w.servers))]
			s.signal(t, syscall.SIGSTOP)
			time.Sleep(7 * time.Second)
			s.signal(t, syscall.SIGCONT)
			w.die(t, dice, w.servers[dice.IntN(len(w.servers))])
			w.revive(t)
		default:
			w.die(t, dice, w.servers[dice.IntN(len(w.servers))])
			w.pass(t, false) // the other server goes on
			w.revive(t)
		}
	}
}

// moment waits for a bad one: right after a grading, while payouts are under
// way, or any.
func (w *world) moment(dice *rand.Rand, n int) {
	switch n % 3 {
	case 0:
		time.Sleep(time.Duration(150+dice.IntN(1200)) * time.Millisecond)
	case 1:
		time.Sleep(time.Duration(400+dice.IntN(400)) * time.Millisecond)
		w.graded()
		time.Sleep(time.Duration(dice.IntN(20)) * time.Millisecond) // the answer, or the first call to the provider
	case 2:
		time.Sleep(time.Duration(400+dice.IntN(400)) * time.Millisecond)
		w.graded()
		time.Sleep(time.Duration(30+dice.IntN(300)) * time.Millisecond) // the provider answers slowly
	}
}

func (w *world) graded() {
	select { // forget an old one
	case <-w.grading:
	default:
	}
	select {
	case <-w.grading:
	case <-time.After(5 * time.Second):
	}
}

// die kills processes, now and then in the middle of a graceful stop.
func (w *world) die(t *testing.T, dice *rand.Rand, doomed ...*process) {
	if dice.IntN(4) == 0 {
		for _, s := range doomed {
			s.signal(t, syscall.SIGTERM)
		}
		time.Sleep(time.Duration(dice.IntN(60)) * time.Millisecond)
	}
	for _, s := range doomed {
		s.kill()
	}
}

func (w *world) revive(t *testing.T) {
	for _, s := range w.servers {
		if s.cmd == nil {
			s.start(t)
		}
	}
}

// pass lets time pass: the answer deadlines of cases that nobody answers come
// and, where no server runs, the leases of the dead end. Without leases it is a
// quick restart.
func (w *world) pass(t *testing.T, leases bool) {
	t.Helper()
	w.mu.Lock()
	late := w.overdue
	w.overdue = nil
	for _, id := range late {
		w.expired[id] = true
	}
	w.mu.Unlock()
	w.sql(t, func(ctx context.Context, tx *db.Tx) error {
		past := db.Millis(tx.Now) - 1
		if leases {
			if _, err := tx.Exec(ctx, `update job_job set lease_until = $1 where state = 'running'`, past); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `update event_lease set until = $1`, past); err != nil {
				return err
			}
		}
		for _, id := range late {
			for _, change := range []string{
				`update job_job set run_at = $1 where tenant = 'main' and kind = 'cases.timer' and key = $2 and state = 'waiting'`,
				`update cases_case set deadline = $1 where tenant = 'main' and id = $2 and state = 'submitted'`,
			} {
				if n, err := tx.Exec(ctx, change, past, id); err != nil || n != 1 {
					return fmt.Errorf("deadline of %s: %d rows, %w", id, n, err)
				}
			}
		}
		return nil
	})
}

// sql runs a transaction of the test on the servers' database.
func (w *world) sql(t *testing.T, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	d, err := db.Open(t.Context(), w.url, db.Options{Conns: 2, Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) })
	if err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.FailNow()
	}
}

// finish kills everything once more, then lets the clients end their stories
// and waits until nothing is left to do.
func (w *world) finish(t *testing.T, all *sync.WaitGroup) {
	t.Helper()
	for _, s := range w.servers {
		s.kill()
	}
	w.pass(t, true)
	w.revive(t)
	over := make(chan struct{})
	go func() { all.Wait(); close(over) }()
	for waiting := true; waiting; {
		select {
		case <-over:
			waiting = false
		case <-time.After(500 * time.Millisecond):
			w.pass(t, false)
		}
	}
	var left string
	for until := time.Now().Add(45 * time.Second); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		if left = w.left(t); left == "" {
			return
		}
	}
	t.Errorf("not quiet: %s", left)
}

// left names what has still to be done, as the database sees it.
func (w *world) left(t *testing.T) (what string) {
	questions := []struct{ what, query string }{
		{"cases that are not over", `select count(*) from cases_case where state not in ('completed', 'rejected', 'closed')`},
		{"payouts that did not succeed", `select count(*) from settlement_payout where state <> 'succeeded'`},
		{"jobs of payouts", `select count(*) from job_job where kind = 'settlement.pay'`},
		{"events without position", `select count(*) from event_log where position is null`},
		{"events that the relay has not passed on", `select max(l.position) - min(c.position) from event_log l, event_cursor c where c.name = 'relay'`},
	}
	w.sql(t, func(ctx context.Context, tx *db.Tx) error {
		what = ""
		for _, q := range questions {
			var n int64
			if err := tx.QueryRow(ctx, q.query).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				what = q.what
				return nil
			}
		}
		return nil
	})
	return what
}
