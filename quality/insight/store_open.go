package insight

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

const hour = int64(time.Hour / time.Millisecond)

// limits of ages and of the time that is left, in hours.
var (
	ageHours = []int64{24, 3 * 24, 7 * 24, 30 * 24}
	dueHours = []int64{0, 24, 3 * 24}
)

// open counts open cases: all, by age and by the time that is left as far as
// each limit reaches, and by state.
type open struct {
	total  int64
	ages   []int64 // opened within a day, three, a week, a month
	none   int64   // without a deadline
	dues   []int64 // whose deadline has passed, or passes within a day, three
	states []int64 // of the states asked for
}

// openOf counts the open cases of a filter.
func openOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, states []string, now time.Time) (open, error) {
	if f.Seller != "" {
		return openOfSeller(ctx, tx, tenant, f, states, db.Millis(now))
	}
	return openOfShop(ctx, tx, tenant, f, states, db.Millis(now))
}

// openOfShop counts by two indexes that hold all that is asked, no row: a shop
// may have hundreds of thousands. Each case is met once by its state and
// deadline, and once more by its age where it is younger than the last limit.
func openOfShop(ctx context.Context, tx *db.Tx, tenant string, f Filter, states []string, at int64) (o open, err error) {
	o.states, o.dues, o.ages = make([]int64, len(states)), make([]int64, len(dueHours)), make([]int64, len(ageHours))
	ends := []int64{-1, 0}
	for _, hours := range dueHours {
		ends = append(ends, at+hours*hour)
	}
	ends = append(ends, math.MaxInt64)
	var wanted []stretch
	for _, state := range states {
		wanted = append(wanted, stretches(state, ends)...)
	}
	found, err := countStretches(ctx, tx, tenant, f, "state = w.column1 and ", "deadline", wanted)
	if err != nil {
		return o, err
	}
	for i, n := range found {
		o.total += n
		o.states[i/(len(ends)-1)] += n
		switch due := i % (len(ends) - 1); {
		case due == 0:
			o.none += n
		case due <= len(dueHours):
			for later := due - 1; later < len(dueHours); later++ {
				o.dues[later] += n
			}
		}
	}
	ends = []int64{math.MaxInt64}
	for _, hours := range ageHours {
		ends = append(ends, at-hours*hour)
	}
	slices.Reverse(ends)
	found, err = countStretches(ctx, tx, tenant, f, "", "opened_at", stretches("", ends))
	slices.Reverse(found) // the youngest first
	for i, n := range found {
		for older := i; older < len(o.ages); older++ {
			o.ages[older] += n
		}
	}
	return o, err
}

// stretch is a part of an index: a label, and what follows one number up to
// another.
type stretch struct {
	label    string
	from, to int64
}

func stretches(label string, ends []int64) (all []stretch) {
	for i := range ends[1:] {
		all = append(all, stretch{label, ends[i], ends[i+1]})
	}
	return all
}

// countStretches counts the open cases of a filter in each part of an index: of
// a column, and of the labels where these are asked for.
func countStretches(ctx context.Context, tx *db.Tx, tenant string, f Filter, labelled, column string, wanted []stretch) ([]int64, error) {
	narrow, args := f.where([]any{tenant})
	number := func(n int64) string {
		args = append(args, n)
		return "cast($" + strconv.Itoa(len(args)) + " as bigint)"
	}
	rows := make([]string, len(wanted))
	for i, w := range wanted {
		args = append(args, w.label)
		rows[i] = "($" + strconv.Itoa(len(args)) + ", " + number(w.from) + ", " + number(w.to) + ", " + number(int64(i)) + ")"
	}
	counts := make([]int64, len(wanted))
	_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var place, n int64
		if err = row.Scan(&place, &n); err == nil {
			counts[place] = n
		}
		return none, err
	}, `
		select w.column4, (select count(*) from insight_open where tenant = $1`+narrow+` and `+labelled+column+` > w.column2 and `+column+` <= w.column3)
		from (values `+strings.Join(rows, ", ")+`) w`, args...)
	return counts, err
}

// openOfSeller reads each open case of a seller once, who has few.
func openOfSeller(ctx context.Context, tx *db.Tx, tenant string, f Filter, states []string, at int64) (o open, err error) {
	var args []any
	var b strings.Builder
	counted := func(list *[]int64, condition string, value any) {
		args = append(args, value)
		*list = append(*list, 0)
		b.WriteString(", count(case when " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))) + " then 1 end)")
	}
	for _, hours := range ageHours {
		counted(&o.ages, "opened_at > ?", at-hours*hour)
	}
	for _, hours := range dueHours {
		counted(&o.dues, "deadline > 0 and deadline <= ?", at+hours*hour)
	}
	for _, state := range states {
		counted(&o.states, "state = ?", state)
	}
	args = append(args, tenant, f.Seller)
	where := " where tenant = $" + strconv.Itoa(len(args)-1) + " and seller <> '' and seller = $" + strconv.Itoa(len(args))
	narrow, args := f.where(args)
	to := []any{&o.total, &o.none}
	for _, list := range [][]int64{o.ages, o.dues, o.states} {
		for i := range list {
			to = append(to, &list[i])
		}
	}
	err = tx.QueryRow(ctx, `
		select count(*), count(case when deadline = 0 then 1 end)`+b.String()+` from insight_open`+where+narrow, args...).Scan(to...)
	return o, err
}
