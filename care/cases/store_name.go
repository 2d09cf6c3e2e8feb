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
	fresh, err := db.List(ctx, tx, func(row db.Scanner) (v [3]string, err error) { return v, row.Scan(&v[0], &v[1], &v[2]) }, `
		select c.id, c.customer, c.name from cases_fresh f join cases_case c on c.tenant = f.tenant and c.id = f.case_id
		where f.tenant = $1 order by f.case_id limit $2`, tenant, limit)
	if err != nil || len(fresh) == 0 {
		return 0, err
	}
	var rows [][2]string // a piece and the value that has it
	for _, one := range fresh {
		value := one[1] + " " + one[2]
		for _, piece := range append(pieces(one[2]), "") { // "": a name without pieces is there as well
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
	for _, one := range fresh { // not "up to the last": one with a smaller id may have come meanwhile
		if _, err := tx.Exec(ctx, `delete from cases_fresh where tenant = $1 and case_id = $2`, tenant, one[0]); err != nil {
			return 0, err
		}
	}
	return len(fresh), nil
}
