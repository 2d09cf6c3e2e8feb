package app

import (
	"context"
	"embed"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the table of what is true of a whole installation.
var Schema = db.Schema{Name: "app", FS: files}

// claimName stores a value under a name unless there is one, and returns the
// one that is there.
func claimName(ctx context.Context, tx *db.Tx, name, value string) (stored string, err error) {
	_, err = tx.Exec(ctx, `insert into app_installation (name, value) values ($1, $2) on conflict do nothing`, name, value)
	if err == nil {
		err = tx.QueryRow(ctx, `select value from app_installation where name = $1`, name).Scan(&stored)
	}
	return stored, err
}
