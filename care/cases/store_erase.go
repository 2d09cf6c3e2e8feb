package cases

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func ofCustomer(ctx context.Context, tx *db.Tx, tenant, customer string) ([]Case, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from cases_case where tenant = $1 and customer = $2 and customer <> '' order by opened_at, id`, tenant, customer)
}

// forgetName removes what the customer wrote, where a replacement went, and the
// name also from what is searched.
func forgetName(ctx context.Context, tx *db.Tx, c Case) error {
	if _, err := forgetFresh(ctx, tx, c.Tenant, c.ID); err != nil {
		return err
	}
	for _, term := range append(pieces(c.Name), "") {
		_, err := tx.Exec(ctx, `
			delete from cases_term where tenant = $1 and term = $2 and field = 'name' and value = $3`, c.Tenant, term, c.Customer+" "+c.Name)
		if err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `delete from cases_address where tenant = $1 and case_id = $2`, c.Tenant, c.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `update cases_case set name = '', comment = '', unread = 0, news = 0, wrote_at = 0 where tenant = $1 and id = $2`, c.Tenant, c.ID)
	return err
}
