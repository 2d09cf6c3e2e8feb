package cases

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// MostCounted is how far the cases of a state are counted: what badges show.
const MostCounted = 1000

// counts tells how many cases of each state match the rest of a filter, and for
// which states there may be more than that.
func counts(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (map[State]int64, []State, error) {
	f.States, f.Sort, f.After, f.Limit, f.none = slices.Clone(States), Newest, Place{}, MostCounted, false
	all, more, err := countStates(ctx, tx, by, f, MostCounted)
	if f.Undated || f.Overdue || f.Due > 0 || f.DueAfter > 0 { // of few cases those are counted as well that are over
		maps.DeleteFunc(all, func(s State, _ int64) bool { return s.Final() })
		more = slices.DeleteFunc(more, State.Final)
	}
	return all, more, err
}

// Count tells how many cases a filter leaves, up to most, and whether there may
// be more. It reads as much as most needs and no more.
func Count(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter, most int) (n int64, more bool, err error) {
	if f.none {
		return 0, false, nil
	}
	wanted := f.States
	if len(wanted) == 0 {
		wanted = States
	}
	f.States, f.Sort, f.After, f.Limit = slices.Clone(wanted), Newest, Place{}, most
	all, rest, err := countStates(ctx, tx, by, f, most)
	if err != nil {
		return 0, false, err
	}
	for _, s := range wanted {
		n += all[s]
		more = more || slices.Contains(rest, s)
	}
	if n > int64(most) {
		n, more = int64(most), true
	}
	return n, more, nil
}

func countStates(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter, most int) (map[State]int64, []State, error) {
	p, err := plan(ctx, tx, by, f)
	all, more := map[State]int64{}, []State{}
	if err != nil || p.empty {
		return all, more, err
	}
	if p.driven != nil {
		return countMoments(ctx, tx, by.Tenant, p, most)
	}
	if len(p.few) > 0 || len(p.streams) == 1 && p.streams[0] == nil { // of one customer, or few: all that there are
		return countFew(ctx, tx, by, p)
	}
	planned := p.depth
	p.depth = most + 1
	if !p.exact { // rare matches are looked for further than they are counted
		p.depth = min(max(p.depth, MostCounted+1), planned)
	}
	q := &query{}
	text := ""
	for i, s := range p.streams {
		if i > 0 {
			text += " union all "
		}
		text += fmt.Sprintf("select cast(%s as text), count(*), count(case when %s then 1 end) from (%s limit %s) s%d",
			q.arg(s[0].args[0]), p.residue(q), p.entries(q, by, s), q.arg(p.depth), i)
	}
	_, err = db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var state string
		var read, matched int64
		err = row.Scan(&state, &read, &matched)
		if read >= int64(p.depth) {
			more = append(more, State(state))
			matched = min(matched, int64(most))
		}
		if matched > 0 {
			all[State(state)] = matched
		}
		return none, err
	}, text, q.args...)
	return all, more, err
}

// entries is a stream in no order: an index alone can answer it.
func (p *listPlan) entries(q *query, by actor.Actor, s stream) string {
	where := "tenant = " + q.once(&q.tenant, by.Tenant)
	for _, c := range slices.Concat(p.driver, s, p.span) {
		where += " and " + c.write(q)
	}
	return "select id, state" + p.columns() + " from cases_case where " + where
}

func countFew(ctx context.Context, tx *db.Tx, by actor.Actor, p *listPlan) (map[State]int64, []State, error) {
	p.rest = slices.DeleteFunc(p.rest, func(c cond) bool { return c.column == "state" })
	q := &query{}
	text := "select state, count(*), count(case when " + p.residue(q) + " then 1 end) from ("
	for i, part := range p.few {
		if i > 0 {
			text += " union "
		}
		text += "select id, (state || '') as state" + p.columns() + " " + part.rows(q, by.Tenant)
	}
	if len(p.streams) == 1 {
		text += p.entries(q, by, nil)
	}
	text += " limit " + q.arg(2*mostFound) + ") c group by state"
	all, read, err := tally(ctx, tx, text, q.args)
	more := []State{}
	if read >= 2*mostFound || p.until.ID != "" {
		more = slices.Clone(States)
	}
	return all, more, err
}

// tally reads the cases of each state that match, and how many rows were looked
// at for that.
func tally(ctx context.Context, tx *db.Tx, text string, args []any) (all map[State]int64, read int64, err error) {
	all = map[State]int64{}
	_, err = db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var state string
		var n, matched int64
		err = row.Scan(&state, &n, &matched)
		read += n
		if matched > 0 {
			all[State(state)] = matched
		}
		return none, err
	}, text, args...)
	return all, read, err
}
