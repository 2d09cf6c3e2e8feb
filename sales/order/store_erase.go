package order

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets where the orders of a customer went and what imports refused of
// them, and names the orders: what
// was bought, and for how much, stays as the books need it.
func Erase(ctx context.Context, tx *db.Tx, tenant, customer string) ([]string, error) {
	ids, err := db.List(ctx, tx, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `select id from order_order where tenant = $1 and customer = $2 and customer <> '' order by id`, tenant, customer)
	if err != nil {
		return nil, fmt.Errorf("orders of customer %s: %w", customer, err)
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `delete from order_address where tenant = $1 and order_id = $2`, tenant, id); err != nil {
			return nil, fmt.Errorf("address of order %s: %w", id, err)
		}
		_, err := tx.Exec(ctx, `
			update order_rejected set value = '' where tenant = $1 and number = (select number from order_order where tenant = $1 and id = $2)`, tenant, id)
		if err != nil {
			return nil, fmt.Errorf("refused rows of order %s: %w", id, err)
		}
	}
	return ids, nil
}
