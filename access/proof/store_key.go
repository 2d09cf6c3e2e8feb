package proof

import (
	"context"
	"database/sql"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

const keyColumns = `tenant, id, name, sealed, created_by, created_at, used_at`

func scanKey(row db.Scanner) (ShopKey, error) {
	var k ShopKey
	var created, used int64
	err := row.Scan(&k.Tenant, &k.ID, &k.Name, &k.sealed, &k.CreatedBy, &created, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return k, ErrKey
	}
	k.CreatedAt, k.UsedAt = db.Time(created), db.Time(used)
	return k, err
}

func insertKey(ctx context.Context, tx *db.Tx, k ShopKey) error {
	_, err := tx.Exec(ctx, `
		insert into proof_shop_key (tenant, id, name, sealed, created_by, created_at)
		values ($1, $2, $3, $4, $5, $6)`, k.Tenant, k.ID, k.Name, k.sealed, k.CreatedBy, db.Millis(k.CreatedAt))
	return err
}

func keyByID(ctx context.Context, tx *db.Tx, tenant, id string) (ShopKey, error) {
	return scanKey(tx.QueryRow(ctx, `
		select `+keyColumns+` from proof_shop_key
		where tenant = $1 and id = $2 and revoked_at = 0`, tenant, id))
}

func keysOf(ctx context.Context, tx *db.Tx, tenant string) ([]ShopKey, error) {
	return db.List(ctx, tx, scanKey, `
		select `+keyColumns+` from proof_shop_key
		where tenant = $1 and revoked_at = 0 order by id desc`, tenant)
}

// touchKey notes that a key was used, once a minute at most.
func touchKey(ctx context.Context, tx *db.Tx, k ShopKey) error {
	now := db.Millis(tx.Now)
	_, err := tx.Exec(ctx, `
		update proof_shop_key set used_at = $1
		where tenant = $2 and id = $3 and used_at < $4`, now, k.Tenant, k.ID, now-60_000)
	return err
}

func revokeKey(ctx context.Context, tx *db.Tx, tenant, id string) (ShopKey, error) {
	return scanKey(tx.QueryRow(ctx, `
		update proof_shop_key set revoked_at = $1
		where tenant = $2 and id = $3 and revoked_at = 0
		returning `+keyColumns, db.Millis(tx.Now), tenant, id))
}
