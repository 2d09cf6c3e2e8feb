package crash_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
)

// found is what the database holds in the end.
type found struct {
	events  []record
	cases   map[string]*kept
	payouts []payout
}

// record is one row of the log.
type record struct {
	position, version               int64
	id, stream, subject, typ, actor string
}

// kept is a case.
type kept struct {
	id, kind, state, order string
	version, refunded      int64
}

type payout struct {
	id, caseID, order, state, reference string
	amount, version                     int64
}

// replay sends every answered write once more: the same key has the same
// answer, and nothing happens again.
func (w *world) replay(t *testing.T, ctx context.Context) {
	c := w.caller(999)
	before := w.count(t, `select count(*) from event_log`)
	wrong := 0
	for _, was := range w.answers {
		again := was
		_, err := c.send(ctx, &again)
		if err != nil || again.status != was.status || !bytes.Equal(again.reply, was.reply) {
			if wrong++; wrong < 5 {
				t.Errorf("%s %s with key %s was answered %d %s, and now %d %s (%v)", was.method, was.path, was.key, was.status, was.reply, again.status, again.reply, err)
			}
		}
	}
	if after := w.count(t, `select count(*) from event_log`); after != before {
		t.Errorf("answered writes, sent again, made %d events", after-before)
	}
}

func (w *world) count(t *testing.T, query string) (n int64) {
	t.Helper()
	w.sql(t, func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) })
	return n
}

// prove looks at what the dead have left.
func (w *world) prove(t *testing.T) {
	for _, s := range w.strange {
		t.Errorf("a client met: %s", s)
	}
	f := w.look(t)
	w.proveStream(t, f)
	w.proveVersions(t, f)
	w.proveTimers(t, f)
	w.proveMoney(t, f)
	w.proveStories(t, f)
	for what, query := range map[string]string{
		"dead jobs": `select count(*) from job_job where state = 'dead'`,
		"deadlines of cases left behind": `select count(*) from job_job j where kind = 'cases.timer' and not exists (
			select 1 from cases_case c where c.tenant = j.tenant and c.id = j.key and c.state = 'rejected')`,
		"charges that are still due":         `select count(*) from charge_charge where state <> 'paid'`,
		"sets of entries that do not add up": `select count(*) from (select set_id from clearing_entry group by set_id having sum(amount) <> 0) x`,
		"events that a follower parked":      `select count(*) from event_parked`,
	} {
		if n := w.count(t, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func (w *world) look(t *testing.T) *found {
	f := &found{cases: map[string]*kept{}}
	w.sql(t, func(ctx context.Context, tx *db.Tx) (err error) {
		f.events, err = db.List(ctx, tx, func(row db.Scanner) (r record, err error) {
			return r, row.Scan(&r.position, &r.id, &r.stream, &r.subject, &r.version, &r.typ, &r.actor)
		}, `select coalesce(position, 0), id, stream, subject, version, type, actor_kind from event_log order by coalesce(position, 0), seq`)
		if err != nil {
			return err
		}
		all, err := db.List(ctx, tx, func(row db.Scanner) (c kept, err error) {
			return c, row.Scan(&c.id, &c.kind, &c.state, &c.order, &c.version, &c.refunded)
		}, `select id, kind, state, order_id, version, refunded from cases_case`)
		if err != nil {
			return err
		}
		for i := range all {
			f.cases[all[i].id] = &all[i]
		}
		f.payouts, err = db.List(ctx, tx, func(row db.Scanner) (p payout, err error) {
			return p, row.Scan(&p.id, &p.caseID, &p.order, &p.state, &p.reference, &p.amount, &p.version)
		}, `select id, case_id, order_id, state, provider_ref, amount, version from settlement_payout`)
		return err
	})
	return f
}

// proveTimers: what was overdue was approved by its deadline, once, and nothing
// else was done by a deadline.
func (w *world) proveTimers(t *testing.T, f *found) {
	fired := map[string]int{}
	for _, e := range f.events {
		if e.actor != "timer" || e.stream != "case" || e.typ == "stock.moved" { // what comes with an approval: a label, or the money
			continue
		}
		if e.typ != "case.approved" {
			t.Errorf("a deadline made %s of %s", e.typ, e.subject)
		}
		fired[e.subject]++
	}
	for id := range w.expired {
		if fired[id] != 1 {
			t.Errorf("the deadline of %s fired %d times", id, fired[id])
		}
	}
	if len(fired) != len(w.expired) {
		t.Errorf("%d deadlines passed, %d fired", len(w.expired), len(fired))
	}
}

// proveStories: each case ended as its client lived it, and no case exists that
// nobody opened.
func (w *world) proveStories(t *testing.T, f *found) {
	if len(w.stories) != len(f.cases) {
		t.Errorf("%d cases were opened, %d exist", len(w.stories), len(f.cases))
	}
	held := w.rows(t, `select case_id, sum(units) from refund_claim where state = 'paid' group by case_id`)
	scans := w.rows(t, `select substr(scan, 4), count(*) from shipment_scan group by scan`)
	grades := w.rows(t, `select case_id, sum(count) from inspection_grade group by case_id`)
	for _, s := range w.stories {
		c, want := f.cases[s.id], "completed"
		units := s.units
		graded := s.units
		switch {
		case s.refuse:
			want, units = "rejected", 0
		case s.kind == protects:
			units, graded = 0, 0
		case s.kind == keeps:
			graded = 0
		}
		if c == nil {
			t.Errorf("case %s was opened and does not exist", s.id)
			continue
		}
		if !s.done || c.state != want || held[s.id] != units || grades[s.id] != graded {
			t.Errorf("case %s (told to the end: %t) is %s with %d units paid and %d graded, want %s with %d and %d", s.id, s.done, c.state, held[s.id], grades[s.id], want, units, graded)
		}
		for _, scan := range s.scans {
			if scans[scan] != 1 {
				t.Errorf("scan %s is kept %d times", strings.TrimPrefix(scan, s.id), scans[scan])
			}
		}
	}
}

func (w *world) rows(t *testing.T, query string) map[string]int64 {
	all := map[string]int64{}
	w.sql(t, func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.Query(ctx, query)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var n int64
			if err := rows.Scan(&name, &n); err != nil {
				return err
			}
			all[name] = n
		}
		return rows.Err()
	})
	return all
}
