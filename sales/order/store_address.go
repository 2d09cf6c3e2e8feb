package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// KeepAddress remembers where an order goes, instead of what was known before.
func KeepAddress(ctx context.Context, tx *db.Tx, tenant, orderID string, a Address) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("address of order %s: %w", orderID, err)
	}
	_, err = tx.Exec(ctx, `
		insert into order_address (tenant, order_id, address, updated_at) values ($1, $2, $3, $4)
		on conflict (tenant, order_id) do update set address = excluded.address, updated_at = excluded.updated_at
		where order_address.address <> excluded.address`, tenant, orderID, string(raw), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("address of order %s: %w", orderID, err)
	}
	return nil
}

// AddressOf is where an order went; false where nobody told, or where it was
// forgotten. The caller has checked that the actor may see the order.
func AddressOf(ctx context.Context, tx *db.Tx, tenant, orderID string) (a Address, known bool, err error) {
	var raw string
	err = tx.QueryRow(ctx, `select address from order_address where tenant = $1 and order_id = $2`, tenant, orderID).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return Address{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &a)
	}
	if err != nil {
		return Address{}, false, fmt.Errorf("address of order %s: %w", orderID, err)
	}
	return a, true, nil
}

// keepAddresses stores where fresh orders go. Most sources tell no address.
func keepAddresses(ctx context.Context, tx *db.Tx, all []*prepared) error {
	var rows []any
	for _, p := range all {
		if p.shipTo == nil {
			continue
		}
		raw, err := json.Marshal(p.shipTo)
		if err != nil {
			return fmt.Errorf("address of order %s: %w", p.order.ID, err)
		}
		rows = append(rows, p.order.Tenant, p.order.ID, string(raw), db.Millis(tx.Now))
	}
	return insertRows(ctx, tx, `insert into order_address (tenant, order_id, address, updated_at) values `, 4, rows)
}
