package cases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Filter chooses cases of a list. Empty fields do not filter.
type Filter struct {
	States   []State
	Reason   string
	Customer string
	Query    string // case or order number, or part of a name
	Oldest   bool   // oldest first
	After    Place  // keyset: continue after this one
	Limit    int
}

// Place is where a page of a list ended.
type Place struct {
	OpenedAt time.Time
	ID       string
}

func page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Case, error) {
	where, args := conditions(by, f)
	order, compare := "desc", "<"
	if f.Oldest {
		order, compare = "asc", ">"
	}
	if f.After.ID != "" {
		args = append(args, db.Millis(f.After.OpenedAt), f.After.ID)
		where += fmt.Sprintf(" and (opened_at, id) %s ($%d, $%d)", compare, len(args)-1, len(args))
	}
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, fmt.Sprintf(`
		select `+columns+` from cases_case where %s order by opened_at %s, id %s limit $%d`, where, order, order, len(args)), args...)
}

func counts(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (map[State]int64, error) {
	f.States = nil
	where, args := conditions(by, f)
	rows, err := tx.Query(ctx, `select state, count(*) from cases_case where `+where+` group by state`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[State]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		all[State(state)] = n
	}
	return all, rows.Err()
}

func conditions(by actor.Actor, f Filter) (string, []any) {
	where, args := "tenant = $1", []any{by.Tenant}
	add := func(condition string, value any) {
		args = append(args, value)
		where += " and " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if own, limited := by.Mine(); limited {
		add("customer = ?", own)
	}
	if by.Seller != "" {
		add("seller = ?", by.Seller)
	}
	if f.Customer != "" {
		add("customer = ?", f.Customer)
	}
	if len(f.States) > 0 {
		marks := make([]string, len(f.States))
		for i, s := range f.States {
			args = append(args, string(s))
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		where += " and state in (" + strings.Join(marks, ", ") + ")"
	}
	if f.Reason != "" {
		add("reason = ?", f.Reason)
	}
	if q := strings.TrimSpace(f.Query); q != "" {
		add(`(lower(number) like ? escape '\' or lower(order_number) like ? escape '\' or lower(name) like ? escape '\' or lower(title) like ? escape '\' or lower(tracking) like ? escape '\')`, "%"+escapeLike(strings.ToLower(q))+"%")
	}
	return where, args
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
