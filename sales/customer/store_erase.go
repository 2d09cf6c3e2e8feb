package customer

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

func erase(ctx context.Context, tx *db.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `
		update customer_customer set ref = '', name = '', folded = '', email = '', phone = ''
		where tenant = $1 and id = $2`, tenant, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from customer_ref where tenant = $1 and customer = $2`, tenant, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update customer_tier set reason = '' where tenant = $1 and customer = $2`, tenant, id); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into customer_erased (tenant, customer, at) values ($1, $2, $3) on conflict do nothing`, tenant, id, db.Millis(tx.Now))
	return err
}

func erasedAt(ctx context.Context, tx *db.Tx, tenant, id string) (time.Time, error) {
	var at int64
	err := tx.QueryRow(ctx, `select at from customer_erased where tenant = $1 and customer = $2`, tenant, id).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return db.Time(at), err
}
