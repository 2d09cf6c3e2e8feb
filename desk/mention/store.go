package mention

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "mention", FS: files}

const columns = `tenant, person, id, case_id, at, read_at`

func scan(row db.Scanner) (m Mention, err error) {
	var at, readAt int64
	err = row.Scan(&m.Tenant, &m.Person, &m.ID, &m.Case, &at, &readAt)
	m.At, m.ReadAt = db.Time(at), db.Time(readAt)
	return m, err
}

// insert tells whether the mention is new.
func insert(ctx context.Context, tx *db.Tx, m Mention) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into mention_mention (tenant, person, id, case_id, at) values ($1, $2, $3, $4, $5)
		on conflict (tenant, person, id) do nothing`, m.Tenant, m.Person, m.ID, m.Case, db.Millis(m.At))
	return n == 1, err
}

func forget(ctx context.Context, tx *db.Tx, tenant, note string) error {
	_, err := tx.Exec(ctx, `delete from mention_mention where tenant = $1 and id = $2`, tenant, note)
	return err
}

func byID(ctx context.Context, tx *db.Tx, tenant, person, id string) (Mention, error) {
	m, err := scan(tx.QueryRow(ctx, `
		select `+columns+` from mention_mention where tenant = $1 and person = $2 and id = $3`, tenant, person, id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, ErrUnknown
	}
	return m, err
}

// page reads by id: events are named in the order in which they are made.
func page(ctx context.Context, tx *db.Tx, tenant, person string, unread bool, after string, limit int) ([]Mention, error) {
	if after == "" {
		after = "~" // behind every id
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from mention_mention
		where tenant = $1 and person = $2 and id < $3 and (read_at = 0 or $4)
		order by id desc limit $5`, tenant, person, after, !unread, limit)
}

func read(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	if _, err := byID(ctx, tx, by.Tenant, by.ID, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		update mention_mention set read_at = $1 where tenant = $2 and person = $3 and id = $4 and read_at = 0`,
		db.Millis(tx.Now), by.Tenant, by.ID, id)
	return err
}

func readAll(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	_, err := tx.Exec(ctx, `
		update mention_mention set read_at = $1 where tenant = $2 and person = $3 and read_at = 0`, db.Millis(tx.Now), by.Tenant, by.ID)
	return err
}

func unread(ctx context.Context, tx *db.Tx, by actor.Actor) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from (
			select id from mention_mention where tenant = $1 and person = $2 and read_at = 0 limit $3
		) few`, by.Tenant, by.ID, MostCounted).Scan(&n)
	return n, err
}

func wants(ctx context.Context, tx *db.Tx, tenant, person string) (email bool, err error) {
	err = tx.QueryRow(ctx, `select email from mention_choice where tenant = $1 and person = $2`, tenant, person).Scan(&email)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	return email, err
}

func choose(ctx context.Context, tx *db.Tx, by actor.Actor, email bool) error {
	_, err := tx.Exec(ctx, `
		insert into mention_choice (tenant, person, email) values ($1, $2, $3)
		on conflict (tenant, person) do update set email = excluded.email`, by.Tenant, by.ID, email)
	return err
}
