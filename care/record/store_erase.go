package record

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase takes evidence files of a case from who asked for them: they hold what
// was erased since. Their content is removed once nobody can be writing it.
func Erase(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `
		update record_bundle set actor_id = '', actor_name = '', asked_at = $1
		where tenant = $2 and case_id = $3`, db.Millis(tx.Now.Add(65*time.Minute-keptFor)), tenant, caseID)
	if err != nil {
		return fmt.Errorf("evidence files of case %s: %w", caseID, err)
	}
	return nil
}
