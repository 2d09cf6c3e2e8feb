package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

// saveParcel writes the changed lines and the order's version, if nobody was
// faster.
func saveParcel(ctx context.Context, tx *db.Tx, o *Order, changed []Line) error {
	err := tx.QueryRow(ctx, `
		update order_order set delivered_at = $1, version = version + 1
		where tenant = $2 and id = $3 and version = $4
		returning version`, db.Millis(o.DeliveredAt), o.Tenant, o.ID, o.Version).Scan(&o.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale
	}
	if err != nil {
		return err
	}
	for i := range changed {
		l := &changed[i]
		more, err := json.Marshal(lineExtraOf(l))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			update order_line set delivered_at = $1, extra = $2
			where tenant = $3 and order_id = $4 and no = $5`, db.Millis(l.DeliveredAt), string(more), o.Tenant, o.ID, l.No)
		if err != nil {
			return err
		}
	}
	return nil
}
