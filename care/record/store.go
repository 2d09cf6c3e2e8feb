package record

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "record", FS: files}

const columns = `tenant, id, case_id, actor_kind, actor_id, actor_name, seller, state, problem, done, total, blob, size, asked_at, ready_at`

func scan(row db.Scanner) (f File, err error) {
	var asked, ready int64
	err = row.Scan(&f.Tenant, &f.ID, &f.Case, &f.By.Kind, &f.By.ID, &f.By.Name, &f.By.Seller, &f.State, &f.Problem, &f.Done, &f.Of, &f.Blob, &f.Size, &asked, &ready)
	if errors.Is(err, sql.ErrNoRows) {
		return f, ErrUnknown
	}
	f.By.Tenant, f.AskedAt, f.ReadyAt = f.Tenant, db.Time(asked), db.Time(ready)
	return f, err
}

func insert(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		insert into record_bundle (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 0, '', 0, $9, 0)`,
		f.Tenant, f.ID, f.Case, string(f.By.Kind), f.By.ID, f.By.Name, f.By.Seller, f.State, db.Millis(f.AskedAt))
	return err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (File, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from record_bundle where tenant = $1 and id = $2`, tenant, id))
}

// unfinished is the file that somebody already waits for, or ErrUnknown.
func unfinished(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (File, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from record_bundle
		where tenant = $1 and case_id = $2 and actor_id = $3 and actor_kind = $4 and state in ('waiting', 'making')
		order by id desc limit 1`, by.Tenant, caseID, by.ID, string(by.Kind)))
}

// save keeps how far a file is.
func save(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `
		update record_bundle set state = $1, problem = $2, done = $3, total = $4, blob = $5, size = $6, ready_at = $7
		where tenant = $8 and id = $9`,
		f.State, f.Problem, f.Done, f.Of, f.Blob, f.Size, db.Millis(f.ReadyAt), f.Tenant, f.ID)
	return err
}

// old lists files of all tenants that were asked for before an instant.
func old(ctx context.Context, tx *db.Tx, before time.Time) ([]File, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from record_bundle where asked_at < $1 order by asked_at limit 200`, db.Millis(before))
}

func remove(ctx context.Context, tx *db.Tx, f File) error {
	_, err := tx.Exec(ctx, `delete from record_bundle where tenant = $1 and id = $2`, f.Tenant, f.ID)
	return err
}

// needed tells whether a file that can still be fetched has its content under a key.
func needed(ctx context.Context, tx *db.Tx, blob string, since time.Time) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `select count(*) from record_bundle where blob = $1 and asked_at >= $2`, blob, db.Millis(since)).Scan(&n)
	return n > 0, err
}
