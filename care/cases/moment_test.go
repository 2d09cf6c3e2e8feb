package cases_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
)

// life is what a list is told of a case, and what its row says besides.
type life struct {
	cases.Case
	moments  []cases.Moment
	refunded int64
	unread   int64
	wrote    time.Time
}

// lived gives cases a past: money once or twice, an answer, messages.
func lived(t *testing.T, d *db.DB, all []cases.Case, r *rand.Rand) (lives []life) {
	t.Helper()
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	told := map[string][]cases.Moment{}
	for _, c := range all {
		l := life{Case: c}
		add := func(what cases.Happening, label string) {
			took := time.Duration(1+r.IntN(96)) * time.Hour
			l.moments = append(l.moments, cases.Moment{What: what, Label: label, At: c.OpenedAt.Add(took), Took: took})
		}
		for range r.IntN(3) {
			add(cases.Paid, c.Currency)
		}
		if r.IntN(2) == 0 {
			add(cases.Settled, "")
		}
		if r.IntN(3) > 0 {
			add(cases.FirstAnswer, pick("rule", "staff", "timer"))
		}
		l.refunded = int64(r.IntN(4)) * 1000
		if r.IntN(3) == 0 {
			l.unread, l.wrote = int64(r.IntN(3)), monday.Add(-time.Duration(r.IntN(9))*time.Minute)
		}
		told[c.ID], lives = l.moments, append(lives, l)
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, l := range lives {
			if err := cases.Talked(t.Context(), tx, "main", l.ID, cases.Talk{Unread: l.unread, WroteAt: l.wrote}); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `update cases_case set refunded = $1 where tenant = 'main' and id = $2`, l.refunded, l.ID); err != nil {
				return err
			}
		}
		wrong := map[string][]cases.Moment{lives[0].ID: {{What: cases.Paid, Label: "JPY", At: monday}}}
		if err := cases.TellMoments(t.Context(), tx, "main", wrong); err != nil {
			return err
		}
		return cases.TellMoments(t.Context(), tx, "main", told)
	})
	if err != nil {
		t.Fatal(err)
	}
	return lives
}

// last is the latest moment of a kind within days that passes; zero: none.
func (l life) last(what cases.Happening, days cases.Span, labels string, least, most time.Duration) (at time.Time) {
	for _, m := range l.moments {
		day := m.At.Add(8 * time.Hour).UTC().Format(time.DateOnly)
		switch {
		case m.What != what, days.From != "" && day < days.From, days.To != "" && day > days.To, labels != "" && !strings.Contains(labels, m.Label),
			m.Took < least, most > 0 && m.Took > most:
			continue
		}
		if m.At.After(at) {
			at = m.At
		}
	}
	return at
}

// lists is what a list by what happened should hold, found the simple way.
func lists(all []life, by actor.Actor, f cases.Filter) (ids []string) {
	type row struct {
		id string
		at time.Time
	}
	var rows []row
	for _, l := range all {
		at := l.OpenedAt
		fits := func(asked bool, moment time.Time, first *bool) bool {
			if asked && *first && f.Customer == "" && f.Sort != cases.Deadline && f.Sort != cases.Waiting {
				at, *first = moment, false
			}
			return !asked || !moment.IsZero()
		}
		first := true
		answerers := map[string]string{"automatic": "rule timer"}
		money := f.Paid != (cases.Span{})
		ok := fits(money, l.last(cases.Paid, f.Paid, f.Currency, 0, 0), &first)
		ok = fits(f.Settled != (cases.Span{}) || f.TookLeast+f.TookMost > 0, l.last(cases.Settled, f.Settled, "", f.TookLeast, f.TookMost), &first) && ok
		ok = fits(f.Answered != (cases.Span{}) || f.AnsweredBy != "", l.last(cases.FirstAnswer, f.Answered, cmp.Or(answerers[f.AnsweredBy], f.AnsweredBy), 0, 0), &first) && ok
		age := monday.Sub(l.OpenedAt)
		left := l.Deadline.Sub(monday)
		switch {
		case !ok, by.Seller != "" && l.Seller != by.Seller, len(f.States) > 0 && !slices.Contains(f.States, l.State), f.Kind != "" && l.Kind != f.Kind,
			f.Currency != "" && l.Currency != f.Currency, f.Customer != "" && l.Customer != f.Customer,
			f.AgeOver > 0 && age < f.AgeOver, f.AgeUnder > 0 && age >= f.AgeUnder,
			f.ReturnedLeast > l.refunded, f.ReturnedMost > 0 && l.refunded > f.ReturnedMost, f.Unread && (l.unread == 0 || l.wrote.IsZero()),
			f.DueAfter > 0 && (l.Deadline.IsZero() || left < f.DueAfter || l.State.Final()), f.Undated && (!l.Deadline.IsZero() || l.State.Final()):
			continue
		case f.Sort == cases.Deadline:
			at = l.Deadline
		case f.Sort == cases.Waiting:
			at = l.wrote
		}
		if !at.IsZero() {
			rows = append(rows, row{l.ID, at})
		}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	if f.Sort == cases.Newest {
		slices.Reverse(rows)
	}
	for _, one := range rows {
		ids = append(ids, one.id)
	}
	return ids
}

func TestListsByWhatHappenedFindWhatASimpleSearchFinds(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, made []cases.Case) {
		r := rand.New(rand.NewPCG(5, 9))
		all := lived(t, d, made, r)
		pick := func(from ...string) string { return from[r.IntN(len(from))] }
		span := func(one int) (s cases.Span) {
			if r.IntN(one) == 0 {
				from := r.IntN(5)
				s = cases.Span{From: fmt.Sprintf("2026-03-%02d", 1+from), To: fmt.Sprintf("2026-03-%02d", 1+from+r.IntN(3))}
				if r.IntN(4) == 0 {
					s.From = ""
				}
			}
			return s
		}
		hours := func(one int) time.Duration {
			if r.IntN(one) > 0 {
				return 0
			}
			return time.Duration(1+r.IntN(80)) * time.Hour
		}
		readers := []actor.Actor{{Tenant: "main", Kind: actor.Staff}, {Tenant: "main", Kind: actor.Staff, Seller: "sel_1"}}
		found := 0
		for i := range 500 {
			by := readers[r.IntN(len(readers))]
			f := cases.Filter{Paid: span(2), Settled: span(4), Answered: span(4), TookLeast: hours(6), TookMost: hours(6), AnsweredBy: pick("", "", "", "rule", "staff", "automatic"),
				Currency: pick("", "", "CNY", "EUR"), AgeOver: hours(6), AgeUnder: hours(6), DueAfter: hours(30) / 100, Undated: r.IntN(9) == 0, Unread: r.IntN(9) == 0,
				ReturnedLeast: int64(r.IntN(8)/7) * 1500, ReturnedMost: int64(r.IntN(8)/7) * 2500, Kind: pick("", "", "", "exchange"), Customer: pick("", "", "", "", "cus_1"),
				Sort: cases.Order(pick("newest", "newest", "oldest", "deadline", "waiting")), Limit: 1 + r.IntN(30)}
			for range r.IntN(3) {
				f.States = append(f.States, cases.States[r.IntN(len(cases.States))])
			}
			if r.IntN(2) == 0 { // also in steps
				f = cases.Reading(f, 60)
			}
			got, err := walked(t.Context(), d, by, f)
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			want := lists(all, by, f)
			if diff := diff.Diff(want, got); diff != "" {
				t.Fatalf("%d: %+v by %s (-want +got):\n%s", i, f, by.Seller, diff)
			}
			found += len(got)
			countsOf(t, d, all, by, cases.Reading(f, 0))
		}
		if found < 500 {
			t.Errorf("%d cases in all lists prove little", found)
		}
	})
}

func TestAListOfWhatHasNeverHappenedIsEmpty(t *testing.T) {
	eachList(t, func(t *testing.T, d *db.DB, _ []cases.Case) {
		f := cases.Filter{Paid: cases.Span{From: "2026-03-01"}, Kind: "exchange", States: []cases.State{cases.Submitted}, Limit: 10, Sort: cases.Newest}
		got, err := walked(t.Context(), d, actor.Actor{Tenant: "main", Kind: actor.Staff}, f)
		if err != nil || len(got) > 0 {
			t.Errorf("%v, %v", got, err)
		}
		countsOf(t, d, nil, actor.Actor{Tenant: "main", Kind: actor.Staff}, f)
	})
}

// countsOf compares what badges say.
func countsOf(t *testing.T, d *db.DB, all []life, by actor.Actor, f cases.Filter) {
	t.Helper()
	f.Sort = cases.Newest
	var got map[cases.State]int64
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		got, _, err = cases.Counts(t.Context(), tx, by, f)
		return err
	})
	if err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	want := map[cases.State]int64{}
	for _, s := range cases.States {
		f.States = []cases.State{s}
		if n := len(lists(all, by, f)); n > 0 {
			want[s] = int64(n)
		}
	}
	if diff := diff.Diff(want, got); diff != "" {
		t.Fatalf("counts of %+v by %s (-want +got):\n%s", f, by.Seller, diff)
	}
}
