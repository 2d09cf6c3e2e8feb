package cases

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// keepAddress remembers where the replacement of a case goes.
func keepAddress(ctx context.Context, tx *db.Tx, c *Case, by actor.Kind, a shipment.Address) error {
	_, err := tx.Exec(ctx, `
		insert into cases_address (tenant, case_id, address, told_by, updated_at) values ($1, $2, $3, $4, $5)
		on conflict (tenant, case_id) do update set address = excluded.address, told_by = excluded.told_by, updated_at = excluded.updated_at`,
		c.Tenant, c.ID, encode(a), string(by), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("address of case %s: %w", c.ID, err)
	}
	return nil
}

// addressTold is what the customer, or staff, said of where it goes; false
// where nobody did.
func addressTold(ctx context.Context, tx *db.Tx, c *Case) (d Destination, told bool, err error) {
	var raw string
	var at int64
	err = tx.QueryRow(ctx, `select address, told_by, updated_at from cases_address where tenant = $1 and case_id = $2`, c.Tenant, c.ID).Scan(&raw, &d.From, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Destination{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(raw), &d.To)
	}
	if err != nil {
		return Destination{}, false, fmt.Errorf("address of case %s: %w", c.ID, err)
	}
	d.At = db.Time(at)
	return d, true, nil
}
