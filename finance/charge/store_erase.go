package charge

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets words about the charges of a case, and the pages on which they
// could be paid. Amounts and references of payments stay, as the books need them.
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `update charge_charge set reason = '' where tenant = $1 and case_id = $2`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("charges of case %s: %w", caseID, err)
	}
	_, err = tx.Exec(ctx, `
		update charge_attempt set url = '', reason = '', back = ''
		where tenant = $1 and charge in (select id from charge_charge where tenant = $1 and case_id = $2)`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("attempts to pay charges of case %s: %w", caseID, err)
	}
	return nil
}
