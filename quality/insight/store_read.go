package insight

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

// tally is one figure of one period.
type tally struct {
	start, label string
	n, total     int64
}

// where writes the conditions of a filter.
func (f Filter) where(args []any) (string, []any) {
	var b strings.Builder
	for _, one := range []struct{ column, value string }{{"kind", f.Kind}, {"channel", f.Channel}, {"market", f.Market}} {
		if one.value != "" {
			args = append(args, one.value)
			b.WriteString(" and " + one.column + " = $" + strconv.Itoa(len(args)))
		}
	}
	return b.String(), args
}

// at writes the conditions that choose the sums which answer a filter: those of
// the shop are there for each choice of dimensions, a seller's as a whole and by
// all dimensions.
func (f Filter) at(args []any) (string, []any) {
	if f.Seller != "" && (f.Kind != "" || f.Channel != "" || f.Market != "") {
		args = append(args, f.Seller)
		scope := " and scope = $" + strconv.Itoa(len(args)) + " and channel <> '*'"
		narrow, args := f.where(args)
		return scope + narrow, args
	}
	scope := everybody
	if f.Seller != "" {
		scope = f.Seller
	}
	first := len(args)
	args = append(args, scope, cmp.Or(f.Kind, all), cmp.Or(f.Channel, all), cmp.Or(f.Market, all))
	var b strings.Builder
	for i, column := range []string{"scope", "kind", "channel", "market"} {
		b.WriteString(" and " + column + " = $" + strconv.Itoa(first+i+1))
	}
	return b.String(), args
}

// figures is everything that happened in some periods.
type figures map[Measure][]tally

// figuresOf adds up the days of periods, each measure in the order of periods.
func figuresOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, g Grain, from, to string) (figures, error) {
	narrow, args := f.at([]any{tenant, from, to})
	type cell struct {
		start string
		label
	}
	added, starts := map[cell]amount{}, map[string]string{}
	_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var day, text string
		if err := row.Scan(&day, &text); err != nil {
			return none, err
		}
		start, known := starts[day]
		if !known {
			start = g.startOf(day)
			starts[day] = start
		}
		return none, unpack(text, func(l label, more amount) {
			at := cell{start, l}
			a := added[at]
			added[at] = amount{a.n + more.n, a.total + more.total}
		})
	}, `select day, sums from insight_sum where tenant = $1 and day >= $2 and day <= $3`+narrow, args...)
	if err != nil {
		return nil, err
	}
	all := figures{}
	for at, a := range added {
		if a != (amount{}) {
			all[at.measure] = append(all[at.measure], tally{at.start, at.name, a.n, a.total})
		}
	}
	for _, some := range all {
		slices.SortFunc(some, func(a, b tally) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.label, b.label)) })
	}
	return all, nil
}

// product is how much of an article was sold and asked back.
type product struct {
	sku            string
	sold, returned int64
}

// productsOf lists the articles of which most units were asked back.
func productsOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, from, to string, limit int) ([]product, error) {
	narrow, args := f.at([]any{tenant, from, to})
	args = append(args, limit)
	all, err := db.List(ctx, tx, func(row db.Scanner) (p product, err error) { return p, row.Scan(&p.sku, &p.returned, &p.sold) }, `
		select sku, cast(sum(returned) as bigint), cast(sum(sold) as bigint) from insight_units
		where tenant = $1 and month >= $2 and month <= $3`+narrow+` and sku <> ''
		group by sku having sum(returned) > 0 order by sum(returned) desc, sku limit $`+strconv.Itoa(len(args)), args...)
	if err != nil || len(all) == 0 || f.Kind == "" {
		return all, err
	}
	return all, soldOf(ctx, tx, tenant, f.anyKind(), from, to, all)
}

// soldOf tells how many units of some articles were sold.
func soldOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, from, to string, all []product) error {
	places := map[string]int{}
	skus := make([]string, len(all))
	for i, p := range all {
		places[p.sku], skus[i] = i, p.sku
	}
	narrow, args := f.at([]any{tenant})
	inMonths, ofSKUs := rowsOf(&args, months(from, to)), rowsOf(&args, skus)
	_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var sku string
		var sold int64
		err = row.Scan(&sku, &sold)
		all[places[sku]].sold = sold
		return none, err
	}, `
		select s.column1, cast(coalesce((select sum((`+unitsIn("sold", narrow, "s.column1")+`)) from (values `+inMonths+`) m), 0) as bigint)
		from (values `+ofSKUs+`) s`, args...)
	return err
}

// unitsIn is a question for the units of an article in the month m. Each month
// is looked up by itself: a stretch of months would be read with the units of all
// articles, and PostgreSQL reads it so where it is given a list of months.
func unitsIn(column, narrow, sku string) string {
	return `select sum(` + column + `) from insight_units where tenant = $1` + narrow + ` and month = m.column1 and sku = ` + sku
}

// rowsOf writes texts as the rows of a table of values.
func rowsOf(args *[]any, all []string) string {
	rows := make([]string, len(all))
	for i, one := range all {
		*args = append(*args, one)
		rows[i] = "($" + strconv.Itoa(len(*args)) + ")"
	}
	return strings.Join(rows, ", ")
}

// anyKind is the filter of what is sold: it has no kind.
func (f Filter) anyKind() Filter {
	f.Kind = ""
	return f
}

// unitsOf adds up all units sold and asked back of some months.
func unitsOf(ctx context.Context, tx *db.Tx, tenant string, f Filter, from, to string) (sold, returned int64, err error) {
	add := func(column string, f Filter) (n int64, err error) {
		narrow, args := f.at([]any{tenant})
		inMonths := rowsOf(&args, months(from, to))
		err = tx.QueryRow(ctx, `
			select cast(coalesce(sum((`+unitsIn(column, narrow, "''")+`)), 0) as bigint) from (values `+inMonths+`) m`, args...).Scan(&n)
		return n, err
	}
	if sold, err = add("sold", f.anyKind()); err != nil {
		return 0, 0, err
	}
	returned, err = add("returned", f)
	return sold, returned, err
}
