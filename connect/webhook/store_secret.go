package webhook

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/secret"
)

// Vaults are where the secrets of endpoints are.
func Vaults() []secret.Vault {
	var all []secret.Vault
	for _, column := range []string{"secret", "old_secret"} {
		all = append(all, secret.Vault{
			Name: "webhook." + column, Purpose: purpose,
			About: func(v secret.Value) string { return v.Tenant + "/" + v.ID },
			After: func(ctx context.Context, tx *db.Tx, tenant, id string, limit int) ([]secret.Value, error) {
				return db.List(ctx, tx, secret.ScanValue, `
					select tenant, id, '', `+column+` from webhook_endpoint where (tenant, id) > ($1, $2) order by tenant, id limit $3`, tenant, id, limit)
			},
			Replace: func(ctx context.Context, tx *db.Tx, v secret.Value, fresh []byte) error {
				_, err := tx.Exec(ctx, `update webhook_endpoint set `+column+` = $1 where tenant = $2 and id = $3 and `+column+` = $4`, fresh, v.Tenant, v.ID, v.Sealed)
				return err
			},
		})
	}
	return all
}
