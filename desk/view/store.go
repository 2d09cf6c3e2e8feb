package view

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "view", FS: files}

const columns = `tenant, id, owner, owner_name, seller, name, shared, query, version, at`

func scan(row db.Scanner) (v View, err error) {
	var at int64
	err = row.Scan(&v.Tenant, &v.ID, &v.Owner, &v.OwnerName, &v.Seller, &v.Name, &v.Shared, &v.Query, &v.Version, &at)
	v.At = db.Time(at)
	return v, err
}

// visible lists one's own views and those shared with one, oldest first.
func visible(ctx context.Context, tx *db.Tx, by actor.Actor) ([]View, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from view_view
		where tenant = $1 and (owner = $2 or (shared and seller = $3))
		order by id limit 400`, by.Tenant, by.ID, by.Seller)
}

func byID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (View, error) {
	v, err := scan(tx.QueryRow(ctx, `
		select `+columns+` from view_view
		where tenant = $1 and id = $2 and (owner = $3 or (shared and seller = $4))`, by.Tenant, id, by.ID, by.Seller))
	if errors.Is(err, sql.ErrNoRows) {
		return v, ErrUnknown
	}
	return v, err
}

// room is where a name is used once: among the own views of a person, or among
// those that a shop or a seller shares.
func room(v View) string {
	if v.Shared {
		return "seller:" + v.Seller
	}
	return "owner:" + v.Owner
}

func insert(ctx context.Context, tx *db.Tx, v View) error {
	n, err := tx.Exec(ctx, `
		insert into view_view (tenant, id, owner, owner_name, seller, name, shared, query, version, at, room)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict do nothing`,
		v.Tenant, v.ID, v.Owner, v.OwnerName, v.Seller, v.Name, v.Shared, v.Query, v.Version, db.Millis(v.At), room(v))
	if err == nil && n == 0 {
		return ErrTaken.With("name", v.Name)
	}
	return err
}

func update(ctx context.Context, tx *db.Tx, v *View) error {
	taken, err := db.List(ctx, tx, scan, `
		select `+columns+` from view_view where tenant = $1 and room = $2 and name = $3 and id <> $4 limit 1`,
		v.Tenant, room(*v), v.Name, v.ID)
	if err != nil {
		return err
	}
	if len(taken) > 0 {
		return ErrTaken.With("name", v.Name)
	}
	err = tx.QueryRow(ctx, `
		update view_view set name = $1, shared = $2, query = $3, at = $4, room = $5, version = version + 1
		where tenant = $6 and id = $7 and version = $8
		returning version`, v.Name, v.Shared, v.Query, db.Millis(v.At), room(*v), v.Tenant, v.ID, v.Version).Scan(&v.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale
	}
	return err
}

func remove(ctx context.Context, tx *db.Tx, v View) error {
	_, err := tx.Exec(ctx, `delete from view_view where tenant = $1 and id = $2`, v.Tenant, v.ID)
	return err
}

func orderOf(ctx context.Context, tx *db.Tx, tenant, person string) ([]string, error) {
	var ids string
	err := tx.QueryRow(ctx, `select ids from view_order where tenant = $1 and person = $2`, tenant, person).Scan(&ids)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return strings.Fields(ids), err
}

func arrange(ctx context.Context, tx *db.Tx, tenant, person string, ids []string) error {
	_, err := tx.Exec(ctx, `
		insert into view_order (tenant, person, ids) values ($1, $2, $3)
		on conflict (tenant, person) do update set ids = excluded.ids`, tenant, person, strings.Join(ids, " "))
	return err
}
