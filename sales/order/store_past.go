package order

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// where writes the conditions of a filter on past returns.
func (f PastFilter) where(tenant string) (text string, args []any) {
	var where strings.Builder
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where.WriteString("r.tenant = " + arg(tenant))
	if !f.From.IsZero() {
		where.WriteString(" and r.at >= " + arg(db.Millis(f.From)))
	}
	if !f.To.IsZero() {
		where.WriteString(" and r.at < " + arg(db.Millis(f.To)))
	}
	if f.After.Ref != "" {
		where.WriteString(" and (r.at, r.source, r.ref) < (" + arg(db.Millis(f.After.At)) + ", " + arg(f.After.Source) + ", " + arg(f.After.Ref) + ")")
	}
	if len(f.Sellers) > 0 {
		where.WriteString(" and exists (select 1 from order_line l where l.tenant = r.tenant and l.order_id = r.order_id and l.no = r.line and l.seller in (" + list(arg, f.Sellers) + "))")
	}
	return where.String(), args
}

func returnedPage(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) ([]PastReturn, error) {
	where, args := f.where(tenant)
	args = append(args, f.Limit)
	return db.List(ctx, tx, func(row db.Scanner) (r PastReturn, err error) {
		var at int64
		err = row.Scan(&r.Source, &r.Ref, &r.Order, &r.Line, &r.Quantity, &r.Amount, &at)
		r.At = db.Time(at)
		return r, err
	}, `
		select r.source, r.ref, r.order_id, r.line, r.quantity, r.amount, r.at from order_returned r
		where `+where+`
		order by r.at desc, r.source desc, r.ref desc limit $`+strconv.Itoa(len(args)), args...)
}

func returnedCount(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) (n int64, err error) {
	where, args := f.where(tenant)
	err = tx.QueryRow(ctx, `select count(*) from order_returned r where `+where, args...).Scan(&n)
	return n, err
}

// many is how many ids one statement names.
const many = 200

func byIDs(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]Order, error) {
	all := make(map[string]Order, len(ids))
	for some := range slices.Chunk(ids, many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		places := db.Placeholders(2, len(some))
		orders, err := db.List(ctx, tx, scanOrder, `select `+orderColumns+` from order_order o where o.tenant = $1 and o.id in (`+places+`)`, args...)
		if err != nil {
			return nil, err
		}
		type one struct {
			order string
			line  Line
		}
		lines, err := db.List(ctx, tx, func(row db.Scanner) (x one, err error) {
			x.line, err = scanLine(behind{row, &x.order})
			return x, err
		}, `select order_id, `+lineColumns+` from order_line where tenant = $1 and order_id in (`+places+`) order by order_id, no`, args...)
		if err != nil {
			return nil, err
		}
		for _, o := range orders {
			all[o.ID] = o
		}
		for _, x := range lines {
			if o, ok := all[x.order]; ok {
				o.Lines = append(o.Lines, x.line)
				all[x.order] = o
			}
		}
	}
	return all, nil
}

// behind is a row with one more column in front.
type behind struct {
	row   db.Scanner
	first any
}

func (b behind) Scan(dest ...any) error { return b.row.Scan(append([]any{b.first}, dest...)...) }

func placedBy(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]time.Time, error) {
	all := make(map[string][]time.Time, len(customers))
	for some := range slices.Chunk(customers, many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		type one struct {
			customer string
			at       int64
		}
		found, err := db.List(ctx, tx, func(row db.Scanner) (x one, err error) {
			err = row.Scan(&x.customer, &x.at)
			return x, err
		}, `
			select customer, placed_at from order_order
			where tenant = $1 and customer in (`+db.Placeholders(2, len(some))+`) and customer <> ''
			order by customer, placed_at`, args...)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			all[x.customer] = append(all[x.customer], db.Time(x.at))
		}
	}
	return all, nil
}

func soldBy(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]Sold, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{tenant}
	arg := marks(&args)
	all := map[string]Sold{}
	_, err := db.List(ctx, tx, func(row db.Scanner) (none struct{}, err error) {
		var id string
		var s Sold
		err = row.Scan(&id, &s.Channel, &s.Country)
		all[id] = s
		return none, err
	}, `select id, channel, country from order_order where tenant = $1 and id in (`+list(arg, ids)+`)`, args...)
	return all, err
}
