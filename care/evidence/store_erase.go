package evidence

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase takes the files of a case out of sight; the next sweeps remove them.
// What the sealed log knows of them, their hashes, stays proven.
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) (int64, error) {
	n, err := tx.Exec(ctx, `
		update evidence_photo set case_id = '', gone_at = $1 where tenant = $2 and case_id = $3 and gone_at = 0`, db.Millis(tx.Now), tenant, caseID)
	if err != nil {
		return 0, fmt.Errorf("files of case %s: %w", caseID, err)
	}
	return n, nil
}

// EraseOwn takes away what a customer has sent that belongs to no case, also
// what is only half there: the next sweeps remove it.
func EraseOwn(ctx context.Context, tx *db.Tx, tenant, customer string) (int64, error) {
	n, err := tx.Exec(ctx, `
		update evidence_photo set gone_at = $1
		where tenant = $2 and owner_kind = 'customer' and owner_id = $3 and case_id = '' and gone_at = 0`, db.Millis(tx.Now), tenant, customer)
	if err != nil {
		return 0, fmt.Errorf("files of customer %s: %w", customer, err)
	}
	_, err = tx.Exec(ctx, `
		update evidence_upload set owner_id = '', sha256 = '', created_at = 0
		where tenant = $1 and owner_kind = 'customer' and owner_id = $2`, tenant, customer)
	if err != nil {
		return 0, fmt.Errorf("uploads of customer %s: %w", customer, err)
	}
	return n, nil
}
