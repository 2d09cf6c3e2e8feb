package factor

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// Vault is where the secrets of factors are.
func Vault() secret.Vault {
	return secret.Vault{
		Name: "factor", Purpose: sealPurpose,
		About: func(v secret.Value) string {
			return place(record{Factor: Factor{Tenant: v.Tenant, Staff: v.Owner, ID: v.ID}})
		},
		After: func(ctx context.Context, tx *db.Tx, tenant, id string, limit int) ([]secret.Value, error) {
			return db.List(ctx, tx, secret.ScanValue, `
				select tenant, id, staff, secret from factor_factor where (tenant, id) > ($1, $2) order by tenant, id limit $3`, tenant, id, limit)
		},
		Replace: func(ctx context.Context, tx *db.Tx, v secret.Value, fresh []byte) error {
			_, err := tx.Exec(ctx, `update factor_factor set secret = $1 where tenant = $2 and id = $3 and secret = $4`, fresh, v.Tenant, v.ID, v.Sealed)
			return err
		},
	}
}
