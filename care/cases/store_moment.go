package cases

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// TellMoments keeps the moments of cases, by id, in place of those that were kept of
// them. It is no change of a case: its version stays.
func TellMoments(ctx context.Context, tx *db.Tx, tenant string, all map[string][]Moment) error {
	const many = 100
	for some := range slices.Chunk(slices.Sorted(maps.Keys(all)), many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		_, err := tx.Exec(ctx, `delete from cases_moment where tenant = $1 and case_id in (`+db.Placeholders(2, len(some))+`)`, args...)
		if err != nil {
			return err
		}
		var rows []any
		for _, id := range some {
			for _, m := range all[id] {
				rows = append(rows, tenant, id, string(m.What), m.Label, db.Millis(m.At), m.Took.Milliseconds())
			}
		}
		for part := range slices.Chunk(rows, 6*many) {
			var marks []string
			for at := 1; at <= len(part); at += 6 {
				marks = append(marks, "("+db.Placeholders(at, 6)+")")
			}
			_, err := tx.Exec(ctx, `insert into cases_moment (tenant, case_id, what, label, at, took) values `+strings.Join(marks, ", ")+` on conflict do nothing`, part...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ForgetMoments forgets all moments of a shop, which are told anew.
func ForgetMoments(ctx context.Context, tx *db.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `delete from cases_moment where tenant = $1`, tenant)
	return err
}

// currencies are those in which money went back, found in as many steps.
func currencies(ctx context.Context, tx *db.Tx, tenant string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (s string, err error) { return s, row.Scan(&s) }, `
		with recursive one(label) as (
			select min(label) from cases_moment where tenant = $1 and what = 'paid'
			union all
			select (select min(label) from cases_moment where tenant = $1 and what = 'paid' and label > one.label) from one where one.label is not null
		)
		select label from one where label is not null`, tenant)
}

// happened is a wish of a moment with its instants.
type happened struct {
	timed
	from, to int64 // the first instant, and the first one after it; zero: open
}

// conditions are those of a moment m.
func (h happened) conditions(m string) (all []cond) {
	if h.from > 0 {
		all = append(all, cond{text: m + ".at >= ?", args: []any{h.from}})
	}
	if h.to > 0 {
		all = append(all, cond{text: m + ".at < ?", args: []any{h.to}})
	}
	return all
}

// took checks how long after the request a moment came.
func (h happened) took() (all []cond) {
	if h.least > 0 {
		all = append(all, cond{"took", "took >= ?", []any{h.least.Milliseconds()}})
	}
	if h.most > 0 {
		all = append(all, cond{"took", "took <= ?", []any{h.most.Milliseconds()}})
	}
	return all
}

// check is the wish as a condition on each row, where the list is read in
// another order than that of the moments.
func (h happened) check(tenant string) cond {
	c := cond{"id", "exists (select 1 from cases_moment m where m.tenant = ? and m.case_id = id and m.what = ?", []any{tenant, string(h.what)}}
	add := func(more cond) { c.text, c.args = c.text+" and "+more.text, append(c.args, more.args...) }
	if len(h.labels) > 0 {
		labels := make([]any, len(h.labels))
		for i, one := range h.labels {
			labels[i] = one
		}
		add(within("m.label", labels))
	}
	for _, more := range slices.Concat(h.conditions("m"), h.took()) {
		add(more)
	}
	c.text += ")"
	return c
}

// moment reads one label of the moments in their order, each case once: where
// something happened twice, at the later time. Places alone are those of all
// moments, without a look at their cases.
func (p *listPlan) moment(q *query, f Filter, s stream, checked bool) string {
	text, from := "select m.case_id as id, m.at as at", " from cases_moment m"
	where := p.ofLabel(q, s, checked)
	if checked {
		for _, column := range p.checked() {
			if column == "took" {
				text += ", m.took as took"
				continue
			}
			text, from = text+", c."+column+" as "+column, " from cases_moment m cross join cases_case c"
		}
	}
	if strings.HasSuffix(from, " c") {
		where += " and c.tenant = m.tenant and c.id = m.case_id"
	}
	direction := f.Sort.direction()
	if f.After.ID != "" {
		sign := map[string]string{"desc": "<", "asc": ">"}[direction]
		from := q.once(&q.from, db.Millis(f.After.At))
		where += fmt.Sprintf(" and m.at %s= %s and (m.at %s %s or m.case_id %s %s)", sign, from, sign, from, sign, q.once(&q.after, f.After.ID))
	}
	return text + from + where + fmt.Sprintf(" order by m.at %s, m.case_id %s", direction, direction)
}

// ofLabel chooses the moments m of one label that are wished for; of those that
// come again the last one only, if once.
func (p *listPlan) ofLabel(q *query, s stream, once bool) string {
	h := p.driven
	text := fmt.Sprintf(" where m.tenant = %s and m.what = %s and %s", q.tenant, q.arg(string(h.what)), s[0].write(q))
	for _, c := range h.conditions("m") {
		text += " and " + c.write(q)
	}
	if once && h.what == Paid { // nothing else comes again
		later := ""
		if h.to > 0 {
			later = " and n.at < " + q.arg(h.to)
		}
		text += ` and not exists (select 1 from cases_moment n
			where n.tenant = m.tenant and n.case_id = m.case_id and n.what = m.what and n.label = m.label and n.at > m.at` + later + ")"
	}
	return text
}

// countMoments tells how many cases of each state a list by moments has. It looks
// at the newest moments of all labels together; where the rows of their cases have
// to be read, at fewer.
func countMoments(ctx context.Context, tx *db.Tx, tenant string, p *listPlan, most int) (map[State]int64, []State, error) {
	p.rest = slices.DeleteFunc(p.rest, func(c cond) bool { return c.column == "state" })
	columns := slices.DeleteFunc(p.checked(), func(column string) bool { return column == "took" })
	depth := max(most, MostCounted) + 1
	if len(columns) > 0 {
		depth = mostApart
	}
	reads, cases := depth, "select * from %s order by at desc, id desc limit %s"
	if p.driven.what == Paid { // comes again: the later moments of a case are among those that are read
		reads, cases = depth+depth/4, "select id, max(at) as at, max(took) as took, count(*) as n from %s group by id limit %s"
	}
	q := &query{}
	q.once(&q.tenant, tenant)
	var labels []string
	for i, s := range p.streams {
		text := "select m.case_id as id, m.at as at, m.took as took, 1 as n from cases_moment m" + p.ofLabel(q, s, false) + " order by m.at desc, m.case_id desc"
		labels = append(labels, fmt.Sprintf("select * from (%s limit %s) s%d", text, q.arg(reads), i))
	}
	seen := fmt.Sprintf(cases, "("+strings.Join(labels, " union all ")+") m", q.arg(reads))
	state := stateOf(q.tenant)
	if len(columns) > 0 {
		state = "state"
		seen = "select m.*, c.state, c." + strings.Join(columns, ", c.") + " from (" + seen + ") m cross join cases_case c where c.tenant = " + q.tenant + " and c.id = m.id"
	}
	text := fmt.Sprintf(`
		with seen as (%s)
		select state, count(*), cast(sum(n) as bigint), count(case when matches = 1 then 1 end) from (
			select n, matches, case when matches = 1 then %s else '' end as state from (
				select seen.*, case when %s then 1 else 0 end as matches from seen
			) m
		) c group by state`, seen, state, p.residue(q))
	all, cut := map[State]int64{}, [2]int64{}
	_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var state string
		var cases, moments, matched int64
		err = row.Scan(&state, &cases, &moments, &matched)
		cut[0], cut[1] = cut[0]+cases, cut[1]+moments
		if state != "" && matched > 0 { // "": a case that is not there
			all[State(state)] = min(matched, int64(most))
		}
		return none, err
	}, text, q.args...)
	if cut[0] >= int64(depth) || cut[1] >= int64(reads) {
		return all, slices.Clone(States), err
	}
	return all, []State{}, err
}

// stateOf is the state of the case of a moment m. Most cases are over or refused,
// and their indexes tell that by the time of the request without the row, which
// lies anywhere; ids are written so that no other index fits.
func stateOf(tenant string) string {
	text := "coalesce("
	for _, s := range []State{Completed, Closed, Rejected} {
		text += fmt.Sprintf("(select c.state from cases_case c where c.tenant = %s and c.state = '%s' and %s and c.opened_at = m.at - m.took and (c.id || '') = m.id), ",
			tenant, s, strings.ReplaceAll(side(s, false).text, "state", "c.state"))
	}
	return text + "(select c.state from cases_case c where c.tenant = " + tenant + " and c.id = m.id), '')"
}
