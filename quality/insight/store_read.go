package insight

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// tally is one figure of one period.
type tally struct {
	start, label string
	n, total     int64
}

// where writes the conditions of a filter; kinds do not narrow what is sold.
func (f Filter) where(args []any, kinds bool) (string, []any) {
	var b strings.Builder
	for _, one := range []struct{ column, value string }{{"kind", f.Kind}, {"channel", f.Channel}, {"market", f.Market}} {
		if one.value != "" && (one.column != "kind" || kinds) {
			args = append(args, one.value)
			b.WriteString(" and " + one.column + " = $" + strconv.Itoa(len(args)))
		}
	}
	return b.String(), args
}

func (f Filter) scope() string {
	if f.Seller != "" {
		return f.Seller
	}
	return everybody
}

// talliesOf adds up a measure by period and label.
func talliesOf(ctx context.Context, tx *db.Tx, tenant string, m Measure, f Filter, g Grain, from, to string) ([]tally, error) {
	kept := g
	if f.Seller != "" {
		kept = Day
	}
	narrow, args := f.where([]any{tenant, f.scope(), string(m), string(kept), from, to}, m != Sold)
	all, err := db.List(ctx, tx, func(row db.Scanner) (x tally, err error) {
		return x, row.Scan(&x.start, &x.label, &x.n, &x.total)
	}, `
		select start, label, cast(sum(n) as bigint), cast(sum(total) as bigint) from insight_tally
		where tenant = $1 and scope = $2 and measure = $3 and grain = $4 and start >= $5 and start <= $6`+narrow+`
		group by start, label having sum(n) <> 0 or sum(total) <> 0
		order by start, label`, args...)
	if err != nil || kept == g {
		return all, err
	}
	return gather(all, g), nil
}

// gather adds up days to longer periods.
func gather(days []tally, g Grain) []tally {
	sums := map[[2]string]tally{}
	for _, t := range days {
		at := [2]string{g.startOf(t.start), t.label}
		sum := sums[at]
		sums[at] = tally{at[0], at[1], sum.n + t.n, sum.total + t.total}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b tally) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.label, b.label))
	})
}

// product is how much of an article was sold and asked back.
type product struct {
	sku            string
	sold, returned int64
}

// productsOf lists the articles of which most units were asked back.
func productsOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, from, to string, limit int) ([]product, error) {
	narrow, args := f.where([]any{tenant, f.scope(), string(Returned), from, to}, true)
	args = append(args, limit)
	all, err := db.List(ctx, tx, func(row db.Scanner) (p product, err error) { return p, row.Scan(&p.sku, &p.returned) }, `
		select label, cast(sum(n) as bigint) from insight_tally
		where tenant = $1 and scope = $2 and measure = $3 and grain = 'month' and start >= $4 and start <= $5`+narrow+`
		group by label having sum(n) > 0 order by sum(n) desc, label limit $`+strconv.Itoa(len(args)), args...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	narrow, args = f.where([]any{tenant, f.scope(), string(Sold), from, to}, false)
	marks := db.Placeholders(len(args)+1, len(all))
	for _, p := range all {
		args = append(args, p.sku)
	}
	sold, err := db.List(ctx, tx, func(row db.Scanner) (p product, err error) { return p, row.Scan(&p.sku, &p.sold) }, `
		select label, cast(sum(n) as bigint) from insight_tally
		where tenant = $1 and scope = $2 and measure = $3 and grain = 'month' and start >= $4 and start <= $5`+narrow+`
		and label in (`+marks+`) group by label`, args...)
	for _, s := range sold {
		for i := range all {
			if all[i].sku == s.sku {
				all[i].sold = s.sold
			}
		}
	}
	return all, err
}

// unitsOf adds up all units sold, or asked back, of some months.
func unitsOf(ctx context.Context, tx *db.Tx, tenant string, m Measure, f Filter, from, to string) (n int64, err error) {
	narrow, args := f.where([]any{tenant, f.scope(), string(m), from, to}, m != Sold)
	err = tx.QueryRow(ctx, `
		select cast(coalesce(sum(n), 0) as bigint) from insight_tally
		where tenant = $1 and scope = $2 and measure = $3 and grain = 'month' and start >= $4 and start <= $5`+narrow, args...).Scan(&n)
	return n, err
}

// waiting is a group of open cases.
type waiting struct {
	state, age, due string
	n               int64
}

const hour = int64(time.Hour / time.Millisecond)

// openOf groups open cases by state, age and the time that is left.
func openOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, now time.Time) ([]waiting, error) {
	at := db.Millis(now)
	args := []any{at - 24*hour, at - 3*24*hour, at - 7*24*hour, at - 30*24*hour, at, at + 24*hour, at + 3*24*hour, tenant}
	narrow, args := f.where(args, true)
	if f.Seller != "" {
		args = append(args, f.Seller)
		narrow += " and seller = $" + strconv.Itoa(len(args))
	}
	return db.List(ctx, tx, func(row db.Scanner) (w waiting, err error) { return w, row.Scan(&w.state, &w.age, &w.due, &w.n) }, `
		select state, age, due, count(*) from (
			select state,
				case when opened_at > $1 then 'day' when opened_at > $2 then 'three_days' when opened_at > $3 then 'week' when opened_at > $4 then 'month' else 'older' end as age,
				case when deadline = 0 then 'none' when deadline <= $5 then 'overdue' when deadline <= $6 then 'day' when deadline <= $7 then 'three_days' else 'later' end as due
			from insight_open where tenant = $8`+narrow+`
		) as waiting group by state, age, due order by state, age, due`, args...)
}
