package job

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

// Stuck is how many jobs of a tenant gave up.
type Stuck struct {
	Tenant string
	Count  int64
	Last   string // why the youngest did
}

// StuckOf lists the tenants that have some, and the house itself ("system").
func StuckOf(ctx context.Context, tx *db.Tx) ([]Stuck, error) { return stuck(ctx, tx) }
