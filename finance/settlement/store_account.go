package settlement

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func underWay(ctx context.Context, tx *db.Tx, tenant, account string) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from settlement_payout
		where tenant = $1 and account = $2 and account <> '' and state <> 'succeeded' and (state in ('reserved', 'submitted', 'blocked') or unsure)`,
		tenant, account).Scan(&n)
	return n, err
}
