package webhook

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// Erase forgets what was, or would be, delivered of events about some things.
// Receivers hear of an erasure by an event of its own.
func Erase(ctx context.Context, tx *db.Tx, tenant string, subjects []string) error {
	for _, one := range subjects {
		if err := erase(ctx, tx, tenant, one); err != nil {
			return fmt.Errorf("deliveries about %s: %w", one, err)
		}
	}
	return nil
}
