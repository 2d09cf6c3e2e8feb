package apikey

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "apikey", FS: files}

const columns = `tenant, id, name, scopes, seller, created_by, created_at, expires_at, used_at`

func scan(row db.Scanner) (Key, error) {
	var (
		k                      Key
		scopes                 string
		created, expires, used int64
	)
	err := row.Scan(&k.Tenant, &k.ID, &k.Name, &scopes, &k.Seller, &k.CreatedBy, &created, &expires, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return k, ErrUnknown
	}
	k.Scopes, k.CreatedAt, k.ExpiresAt, k.LastUsedAt = split(scopes), db.Time(created), db.Time(expires), db.Time(used)
	return k, err
}

func insert(ctx context.Context, tx *db.Tx, k Key, digest []byte) error {
	_, err := tx.Exec(ctx, `
		insert into apikey_key (tenant, id, digest, name, scopes, seller, created_by, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		k.Tenant, k.ID, digest, k.Name, join(k.Scopes), k.Seller, k.CreatedBy, db.Millis(k.CreatedAt), db.Millis(k.ExpiresAt))
	return err
}

func byDigest(ctx context.Context, tx *db.Tx, tenant string, digest []byte) (Key, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from apikey_key
		where tenant = $1 and digest = $2 and revoked_at = 0`, tenant, digest))
}

func used(ctx context.Context, tx *db.Tx, tenant, id string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update apikey_key set used_at = $1
		where tenant = $2 and id = $3 and used_at < $4`, db.Millis(at), tenant, id, db.Millis(at))
	return err
}

func page(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Key, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from apikey_key
		where tenant = $1 and revoked_at = 0 and (cast($2 as text) = '' or id < $2)
		order by id desc limit $3`, tenant, after, limit)
}

func revoke(ctx context.Context, tx *db.Tx, tenant, id string) (Key, error) {
	return scan(tx.QueryRow(ctx, `
		update apikey_key set revoked_at = $1
		where tenant = $2 and id = $3 and revoked_at = 0
		returning `+columns, db.Millis(tx.Now), tenant, id))
}
