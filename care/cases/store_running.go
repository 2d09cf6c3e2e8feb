package cases

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/opening"
)

// runsOf are deadlines of one kind that run, of one seller or, where none is
// named, of all.
const runsOf = `
		from cases_case
		where tenant = $1 and timer = $2 and (cast($3 as text) = '' or seller = $3) and deadline > 0 and state not in ('completed', 'closed')`

// runningCount is how many deadlines of one kind run, by seller.
func runningCount(ctx context.Context, tx *db.Tx, tenant, seller, timer string) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `
		select seller, count(*)`+runsOf+`
		group by seller`, tenant, timer, seller)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	by := map[string]int64{}
	for rows.Next() {
		var one string
		var n int64
		if err := rows.Scan(&one, &n); err != nil {
			return nil, err
		}
		by[one] = n
	}
	return by, rows.Err()
}

// running are the deadlines that run, the nearest first.
func running(ctx context.Context, tx *db.Tx, tenant, seller, timer string, limit int) (all []opening.Deadline, err error) {
	rows, err := tx.Query(ctx, `
		select id, number, timer, deadline, seller`+runsOf+`
		order by deadline, id limit $4`, tenant, timer, seller, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d opening.Deadline
		var at int64
		if err := rows.Scan(&d.Case, &d.Number, &d.Timer, &at, &d.Seller); err != nil {
			return nil, err
		}
		d.At = db.Time(at)
		all = append(all, d)
	}
	return all, rows.Err()
}
