package e2e

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Nobody does anything for months: each deadline of the demonstration passes,
// each job runs, and what is left waits for a person who was told.
func TestEveryDeadlinePassesAndWhatIsLeftWaitsForAPerson(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := &shop{server: installation(t, database), box: newMailbox(t)}
		s.tell(t)
		s.start(t, "--demo", "--mail", "smtp://"+s.box.address+"?tls=none", "--mail-from", "Dolphin <noreply@shop.example>")
		d := s.store(t, database)
		s.idle(t, d)
		for round := 1; passAll(t, d) > 0; round++ {
			if round == 20 { // far more than a case has on its way
				t.Fatal("there is always one more deadline")
			}
			s.idle(t, d)
		}
		s.idle(t, d)
		for what, query := range map[string]string{
			"jobs that gave up":         `select count(*) from job_job where state = 'dead'`,
			"events that are put aside": `select count(*) from event_parked`,
			"cases that nobody is called to and nothing happens to": `
				select count(*) from cases_case where state not in ('closed', 'completed', 'rejected', 'withdrawn')
				and not exists (select 1 from event_log where subject = cases_case.id and type in ('case.overdue', 'case.escalated'))`,
		} {
			if n := count(t, d, query); n != 0 {
				t.Errorf("%s: %d", what, n)
			}
		}
		if called, _ := s.box.find("supervisor@demo.example"); len(called) == 0 {
			t.Errorf("no supervisor is told; arrived: %s", s.box.subjects())
		}
	})
}

// store opens the database of a running server beside it.
func (s *shop) store(t *testing.T, database string) *db.DB {
	t.Helper()
	if database == "" {
		database = "sqlite:" + s.data + "/aftercare.db"
	}
	d, err := db.Open(t.Context(), database, db.Options{Conns: 2, Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// passAll lets the time of everything come that waits for one, and tells how many
// of it are deadlines of cases.
func passAll(t *testing.T, d *db.DB) (deadlines int64) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		now := db.Millis(tx.Now)
		if err := tx.QueryRow(t.Context(), `select count(*) from job_job where kind = 'cases.timer' and state = 'waiting'`).Scan(&deadlines); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `
			update cases_case set deadline = $1 where deadline > $1
			and id in (select key from job_job where kind = 'cases.timer' and state = 'waiting')`, now-1)
		if err == nil {
			_, err = tx.Exec(t.Context(), `update job_job set run_at = $1 where state = 'waiting' and run_at > $1`, now-1)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return deadlines
}

// idle waits until no job is due, under way or about to be tried again, and the
// followers of events have heard all of them.
func (s *shop) idle(t *testing.T, d *db.DB) {
	t.Helper()
	const busy = `
		select (select count(*) from job_job where state = 'running' or (state = 'waiting' and (last_error <> '' or run_at <= $1)))
		+ (select count(*) from event_cursor where position < (select max(position) from event_log))`
	for end := time.Now().Add(2 * time.Minute); count(t, d, busy, db.Millis(time.Now())) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the work of the server does not end")
		}
	}
}

func count(t *testing.T, d *db.DB, query string, args ...any) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.QueryRow(t.Context(), query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}
