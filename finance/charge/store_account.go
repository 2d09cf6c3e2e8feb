package charge

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func underWay(ctx context.Context, tx *db.Tx, tenant, account string) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from charge_attempt
		where tenant = $1 and account = $2 and account <> '' and state = 'open'`, tenant, account).Scan(&n)
	return n, err
}
