package reply

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "reply", FS: files}

const columns = `tenant, id, seller, owner, title, shortcut, texts, version, uses, by_name, updated_at`

func scan(row db.Scanner) (r Reply, err error) {
	var texts string
	var at int64
	if err = row.Scan(&r.Tenant, &r.ID, &r.Seller, &r.Owner, &r.Title, &r.Shortcut, &texts, &r.Version, &r.Uses, &r.By, &at); err != nil {
		return r, err
	}
	r.At = db.Time(at)
	return r, json.Unmarshal([]byte(texts), &r.Texts)
}

// visible lists what an actor may use: the shared ones of the actor's side, and
// the actor's own.
func visible(ctx context.Context, tx *db.Tx, by actor.Actor) ([]Reply, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from reply_reply
		where tenant = $1 and seller = $2 and (owner = '' or owner = $3)
		order by title, id`, by.Tenant, by.Seller, by.ID)
}

func byID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Reply, error) {
	r, err := scan(tx.QueryRow(ctx, `
		select `+columns+` from reply_reply
		where tenant = $1 and id = $2 and seller = $3 and (owner = '' or owner = $4)`, by.Tenant, id, by.Seller, by.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrUnknown
	}
	return r, err
}

func count(ctx context.Context, tx *db.Tx, r Reply) (n int, err error) {
	err = tx.QueryRow(ctx, `select count(*) from reply_reply where tenant = $1 and seller = $2 and owner = $3`, r.Tenant, r.Seller, r.Owner).Scan(&n)
	return n, err
}

func encode(texts map[string]string) (string, error) {
	raw, err := json.Marshal(texts)
	return string(raw), err
}

// insert tells whether the shortcut was free.
func insert(ctx context.Context, tx *db.Tx, r Reply) (bool, error) {
	texts, err := encode(r.Texts)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into reply_reply (`+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10) on conflict do nothing`,
		r.Tenant, r.ID, r.Seller, r.Owner, r.Title, r.Shortcut, texts, r.Version, r.By, db.Millis(r.At))
	return n == 1, err
}

// update saves the version after the one that was seen; false: somebody was
// faster.
func update(ctx context.Context, tx *db.Tx, r Reply) (bool, error) {
	texts, err := encode(r.Texts)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		update reply_reply set owner = $1, title = $2, shortcut = $3, texts = $4, version = version + 1, by_name = $5, updated_at = $6
		where tenant = $7 and id = $8 and version = $9`,
		r.Owner, r.Title, r.Shortcut, texts, r.By, db.Millis(r.At), r.Tenant, r.ID, r.Version)
	if db.IsUnique(err) { // somebody took the shortcut at the same moment
		return false, ErrTaken.With("shortcut", r.Shortcut)
	}
	return n == 1, err
}

// taken tells whether another text has the shortcut.
func taken(ctx context.Context, tx *db.Tx, r Reply) (other bool, err error) {
	var n int
	err = tx.QueryRow(ctx, `
		select count(*) from reply_reply where tenant = $1 and seller = $2 and owner = $3 and shortcut = $4 and id <> $5`,
		r.Tenant, r.Seller, r.Owner, r.Shortcut, r.ID).Scan(&n)
	return n > 0, err
}

func remove(ctx context.Context, tx *db.Tx, r Reply) (bool, error) {
	n, err := tx.Exec(ctx, `delete from reply_reply where tenant = $1 and id = $2 and version = $3`, r.Tenant, r.ID, r.Version)
	return n == 1, err
}

func used(ctx context.Context, tx *db.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `update reply_reply set uses = uses + 1 where tenant = $1 and id = $2`, tenant, id)
	return err
}
