package cases

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/opening"
)

// runningCount is how many deadlines of one kind run.
func runningCount(ctx context.Context, tx *db.Tx, tenant, timer string) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from cases_case
		where tenant = $1 and timer = $2 and deadline > 0 and state not in ('completed', 'closed')`, tenant, timer).Scan(&n)
	return n, err
}

// running are the deadlines that run, the nearest first.
func running(ctx context.Context, tx *db.Tx, tenant string, timers []string, limit int) (all []opening.Deadline, err error) {
	args := []any{tenant}
	for _, timer := range timers {
		args = append(args, timer)
	}
	rows, err := tx.Query(ctx, `
		select id, number, timer, deadline from cases_case
		where tenant = $1 and timer in (`+db.Placeholders(2, len(timers))+`) and deadline > 0 and state not in ('completed', 'closed')
		order by deadline, id limit `+db.Placeholders(2+len(timers), 1), append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d opening.Deadline
		var at int64
		if err := rows.Scan(&d.Case, &d.Number, &d.Timer, &at); err != nil {
			return nil, err
		}
		d.At = db.Time(at)
		all = append(all, d)
	}
	return all, rows.Err()
}
