package httpapi

import (
	"context"
	"embed"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "httpapi", FS: files}

// entry is one idempotency key and the answer kept for it.
type entry struct {
	Tenant, Actor, Key    string
	Method, Path, Request string
	Status                int
	Headers, Answer       string
	At                    time.Time
}

// keep stores the answer for a key, unless there is one.
func keep(ctx context.Context, tx *db.Tx, e entry) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		insert into httpapi_key (tenant, actor, key, method, path, request, status, headers, answer, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict do nothing`,
		e.Tenant, e.Actor, e.Key, e.Method, e.Path, e.Request, e.Status, e.Headers, e.Answer, db.Millis(tx.Now))
	return n == 1, err
}

func byKey(ctx context.Context, tx *db.Tx, tenant, actor, key string) (entry, error) {
	e := entry{Tenant: tenant, Actor: actor, Key: key}
	var at int64
	err := tx.QueryRow(ctx, `
		select method, path, request, status, headers, answer, at
		from httpapi_key where tenant = $1 and actor = $2 and key = $3`, tenant, actor, key).
		Scan(&e.Method, &e.Path, &e.Request, &e.Status, &e.Headers, &e.Answer, &at)
	e.At = db.Time(at)
	return e, err
}

func forget(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `
		delete from httpapi_key where (tenant, actor, key) in (
			select tenant, actor, key from httpapi_key where at < $1 order by at limit 10000)`,
		db.Millis(before))
}

// forgetWhere deletes the kept answers of a shop that pass one of some tests.
func forgetWhere(ctx context.Context, tx *db.Tx, tests string, args []any) error {
	_, err := tx.Exec(ctx, `delete from httpapi_key where tenant = $1 and (`+tests+`)`, args...)
	return err
}
