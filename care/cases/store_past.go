package cases

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

const many = 200 // ids in one statement

// where writes the conditions of a filter on past cases.
func (f PastFilter) where(tenant string) (text string, args []any) {
	var where strings.Builder
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	among := func(column string, values []string) {
		marks := make([]string, len(values))
		for i, v := range values {
			marks[i] = arg(v)
		}
		if len(values) > 0 {
			where.WriteString(" and " + column + " in (" + strings.Join(marks, ", ") + ")")
		}
	}
	where.WriteString("tenant = " + arg(tenant))
	if !f.From.IsZero() {
		where.WriteString(" and opened_at >= " + arg(db.Millis(f.From)))
	}
	if !f.To.IsZero() {
		where.WriteString(" and opened_at < " + arg(db.Millis(f.To)))
	}
	if f.After.ID != "" {
		where.WriteString(" and (opened_at, id) < (" + arg(db.Millis(f.After.At)) + ", " + arg(f.After.ID) + ")")
	}
	among("kind", f.Kinds)
	among("seller", f.Sellers)
	return where.String(), args
}

func pastPage(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) ([]Case, error) {
	where, args := f.where(tenant)
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, `
		select `+columns+` from cases_case
		where `+where+`
		order by opened_at desc, id desc limit $`+strconv.Itoa(len(args)), args...)
}

func byIDs(ctx context.Context, tx *db.Tx, tenant string, ids []string) (all []Case, err error) {
	for some := range slices.Chunk(ids, many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		found, err := db.List(ctx, tx, scan, `
			select `+columns+` from cases_case where tenant = $1 and id in (`+db.Placeholders(2, len(some))+`)`, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func pastCount(ctx context.Context, tx *db.Tx, tenant string, f PastFilter) (n int64, err error) {
	where, args := f.where(tenant)
	err = tx.QueryRow(ctx, `select count(*) from cases_case where `+where, args...).Scan(&n)
	return n, err
}

func pastOf(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]PastCase, error) {
	all := make(map[string][]PastCase, len(customers))
	for some := range slices.Chunk(customers, many) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		type one struct {
			customer string
			at       int64
			refused  bool
		}
		found, err := db.List(ctx, tx, func(row db.Scanner) (x one, err error) {
			err = row.Scan(&x.customer, &x.at, &x.refused)
			return x, err
		}, `
			select customer, opened_at, state = 'rejected' from cases_case
			where tenant = $1 and customer in (`+db.Placeholders(2, len(some))+`) and customer <> ''
			order by customer, opened_at`, args...)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			all[x.customer] = append(all[x.customer], PastCase{db.Time(x.at), x.refused})
		}
	}
	return all, nil
}
