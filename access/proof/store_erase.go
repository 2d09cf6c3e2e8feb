package proof

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets the codes that were sent to a customer, and where to.
func Erase(ctx context.Context, tx *db.Tx, tenant, customer string) error {
	_, err := tx.Exec(ctx, `delete from proof_challenge where tenant = $1 and customer = $2`, tenant, customer)
	if err != nil {
		return fmt.Errorf("codes of customer %s: %w", customer, err)
	}
	return nil
}
