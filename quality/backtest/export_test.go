package backtest

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

// Forget is what the hourly job does.
func Forget(ctx context.Context, tx *db.Tx) error {
	_, err := forget(ctx, tx, tx.Now.AddDate(0, 0, -KeepDays), 100)
	return err
}
