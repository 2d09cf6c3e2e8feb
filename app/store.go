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

// valuesOf returns the values whose names begin with a text.
func valuesOf(ctx context.Context, tx *db.Tx, start string) (map[string]string, error) {
	rows, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) },
		`select name, value from app_installation where substr(name, 1, length($1)) = $1`, start)
	all := map[string]string{}
	for _, r := range rows {
		all[r[0]] = r[1]
	}
	return all, err
}

// replaceName changes the value of a name, if it is what the caller believes.
func replaceName(ctx context.Context, tx *db.Tx, name, from, to string) (bool, error) {
	n, err := tx.Exec(ctx, `update app_installation set value = $1 where name = $2 and value = $3`, to, name, from)
	return n == 1, err
}

// saveName stores a value under a name, whatever was there.
func saveName(ctx context.Context, tx *db.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `insert into app_installation (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`, name, value)
	return err
}

// claimName stores a value under a name unless there is one, and returns the
// one that is there.
func claimName(ctx context.Context, tx *db.Tx, name, value string) (stored string, err error) {
	_, err = tx.Exec(ctx, `insert into app_installation (name, value) values ($1, $2) on conflict do nothing`, name, value)
	if err == nil {
		err = tx.QueryRow(ctx, `select value from app_installation where name = $1`, name).Scan(&stored)
	}
	return stored, err
}
