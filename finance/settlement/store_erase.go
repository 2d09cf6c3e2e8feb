package settlement

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets words about the payouts of a case: what the customer agreed to,
// why something failed, and what a means of payment is called. Amounts, kinds and
// references of payments stay: they are vouchers of the books.
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `
		update settlement_redirect set consent = '', reason = '', label = ''
		where tenant = $1 and payout in (select id from settlement_payout where tenant = $1 and case_id = $2)`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("redirected payouts of case %s: %w", caseID, err)
	}
	_, err = tx.Exec(ctx, `
		update settlement_payout set last_error = '', label = '' where tenant = $1 and case_id = $2`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("payouts of case %s: %w", caseID, err)
	}
	return nil
}

// EraseOrder forgets why the payments of an order were taken back, and names
// those chargebacks.
func EraseOrder(ctx context.Context, tx *db.Tx, tenant, order string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `
		update settlement_chargeback set reason = '' where tenant = $1 and order_id = $2 and order_id <> '' returning id`, tenant, order)
}
