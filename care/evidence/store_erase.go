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
