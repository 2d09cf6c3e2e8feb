package cases

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

func saveFresh(ctx context.Context, tx *db.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `insert into cases_fresh (tenant, case_id) values ($1, $2) on conflict do nothing`, tenant, id)
	return err
}

// learnFresh makes the names of the oldest new cases searchable and tells of how
// many. They are written in the order of their pieces, so that those of many
// cases meet on few pages of the index.
func learnFresh(ctx context.Context, tx *db.Tx, tenant string, limit int) (int, error) {
	ids, err := db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `
		select case_id from cases_fresh where tenant = $1 order by case_id limit $2`, tenant, limit)
	if err != nil {
		return 0, err
	}
	var values [][2]string // customer and name
	for _, id := range ids {
		n, err := forgetFresh(ctx, tx, tenant, id)
		if err != nil {
			return 0, err
		}
		if n == 0 { // somebody is erasing the customer
			continue
		}
		var v [2]string
		if err := tx.QueryRow(ctx, `select customer, name from cases_case where tenant = $1 and id = $2`, tenant, id).Scan(&v[0], &v[1]); err != nil {
			return 0, err
		}
		values = append(values, v)
	}
	var rows [][2]string // a piece and the value that has it
	for _, one := range values {
		value := one[0] + " " + one[1]
		for _, piece := range append(pieces(one[1]), "") { // "": a name without pieces is there as well
			rows = append(rows, [2]string{piece, value})
		}
	}
	slices.SortFunc(rows, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	rows = slices.Compact(rows)
	for len(rows) > 0 {
		q := &query{}
		tenantMark := q.arg(tenant)
		var marks []string
		for i := range perStatement {
			row := rows[min(i, len(rows)-1)]
			marks = append(marks, "("+tenantMark+", "+q.arg(row[0])+", 'name', "+q.arg(row[1])+")")
		}
		_, err := tx.Exec(ctx, `insert into cases_term (tenant, term, field, value) values `+strings.Join(marks, ", ")+` on conflict do nothing`, q.args...)
		if err != nil {
			return 0, err
		}
		rows = rows[min(perStatement, len(rows)):]
	}
	return len(ids), nil
}

// forgetFresh ends the waiting of a case. Who erases a customer does it first:
// then either the name was learned and is taken out, or it is not learned.
func forgetFresh(ctx context.Context, tx *db.Tx, tenant, id string) (int64, error) {
	return tx.Exec(ctx, `delete from cases_fresh where tenant = $1 and case_id = $2`, tenant, id)
}
