package shipment

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func underWay(ctx context.Context, tx *db.Tx, tenant, account string) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from shipment_booking
		where tenant = $1 and account = $2 and account <> '' and state in ('requested', 'cancelling')`, tenant, account).Scan(&n)
	return n, err
}
