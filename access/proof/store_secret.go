package proof

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// Vault is where the shops' own keys are.
func Vault() secret.Vault {
	return secret.Vault{
		Name: "proof", Purpose: sealPurpose,
		About: func(v secret.Value) string { return v.Tenant + "\n" + v.ID },
		After: func(ctx context.Context, tx *db.Tx, tenant, id string, limit int) ([]secret.Value, error) {
			return db.List(ctx, tx, secret.ScanValue, `
				select tenant, id, '', sealed from proof_shop_key where (tenant, id) > ($1, $2) order by tenant, id limit $3`, tenant, id, limit)
		},
		Replace: func(ctx context.Context, tx *db.Tx, v secret.Value, fresh []byte) error {
			_, err := tx.Exec(ctx, `update proof_shop_key set sealed = $1 where tenant = $2 and id = $3 and sealed = $4`, fresh, v.Tenant, v.ID, v.Sealed)
			return err
		},
	}
}
