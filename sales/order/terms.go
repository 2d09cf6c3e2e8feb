package order

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// UsedPolicy is a version of a policy by which somebody bought.
type UsedPolicy struct {
	ID      string
	Version int64
}

// PoliciesOf lists the versions of policies by which a seller's goods were
// bought, the newest first, up to 500.
func PoliciesOf(ctx context.Context, tx *db.Tx, tenant, seller string) ([]UsedPolicy, error) {
	all, err := policiesOf(ctx, tx, tenant, seller)
	if err != nil {
		return nil, fmt.Errorf("policies of seller %s: %w", seller, err)
	}
	return all, nil
}
