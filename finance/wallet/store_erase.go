package wallet

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets the words that staff gave entries of a customer, and names the
// accounts. Entries and the numbers of gift cards stay: they are money.
func Erase(ctx context.Context, tx *db.Tx, tenant, customer string) ([]string, error) {
	accounts, err := db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `
		select id from wallet_account where tenant = $1 and customer = $2 and customer <> '' order by id`, tenant, customer)
	if err != nil {
		return nil, fmt.Errorf("wallet of customer %s: %w", customer, err)
	}
	for _, one := range accounts {
		if _, err := tx.Exec(ctx, `update wallet_entry set reason = '' where tenant = $1 and account = $2`, tenant, one); err != nil {
			return nil, fmt.Errorf("entries of account %s: %w", one, err)
		}
	}
	return accounts, nil
}
