package search

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "search", FS: files}

// place is how far things of a shop were learned.
type place struct {
	after string
	done  bool
}

func placeOf(ctx context.Context, tx *db.Tx, shop, what string, version int) (p place, err error) {
	err = tx.QueryRow(ctx, `
		select after, done from search_learned where tenant = $1 and what = $2 and version = $3`, shop, what, version).Scan(&p.after, &p.done)
	if errors.Is(err, sql.ErrNoRows) {
		return place{}, nil
	}
	return p, err
}

func savePlace(ctx context.Context, tx *db.Tx, shop, what string, version int, p place) error {
	_, err := tx.Exec(ctx, `
		insert into search_learned (tenant, what, version, after, done) values ($1, $2, $3, $4, $5)
		on conflict (tenant, what) do update set version = excluded.version, after = excluded.after, done = excluded.done`,
		shop, what, version, p.after, p.done)
	return err
}
