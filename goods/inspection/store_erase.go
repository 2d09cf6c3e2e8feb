package inspection

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets what was noted in words about the goods of a case, and by which
// photos. Grades stay.
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `update inspection_grade set note = '', photos = '[]' where tenant = $1 and case_id = $2`, tenant, caseID)
	if err != nil {
		return fmt.Errorf("inspection of case %s: %w", caseID, err)
	}
	return nil
}
