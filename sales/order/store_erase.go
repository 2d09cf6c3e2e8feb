package order

import (
	"context"
	"encoding/json"
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
		if err := unlabel(ctx, tx, tenant, id); err != nil {
			return nil, fmt.Errorf("labels of payments of order %s: %w", id, err)
		}
		_, err := tx.Exec(ctx, `
			update order_rejected set value = '' where tenant = $1 and number = (select number from order_order where tenant = $1 and id = $2)`, tenant, id)
		if err != nil {
			return nil, fmt.Errorf("refused rows of order %s: %w", id, err)
		}
	}
	return ids, nil
}

// unlabel forgets what means of payment of an order are called: a label may name
// its owner. Kind, provider, reference and amount stay.
func unlabel(ctx context.Context, tx *db.Tx, tenant, id string) error {
	var text string
	var tenders []Tender
	err := tx.QueryRow(ctx, `select tenders from order_order where tenant = $1 and id = $2`, tenant, id).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &tenders)
	}
	if err != nil || len(tenders) == 0 {
		return err
	}
	for i := range tenders {
		tenders[i].Label = ""
	}
	raw, err := json.Marshal(tenders)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update order_order set tenders = $1, version = version + 1 where tenant = $2 and id = $3`, string(raw), tenant, id)
	return err
}
