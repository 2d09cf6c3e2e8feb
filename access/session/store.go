package session

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

// Schema is this package's tables.
var Schema = db.Schema{Name: "session", FS: files}

const columns = `tenant, id, kind, subject, order_id, ip, agent, created_at, seen_at, idle, expires_at, confirmed_at, factors, framed`

func scan(row db.Scanner) (Session, error) {
	var (
		s                            Session
		kind                         string
		created, seen, idle, expires int64
		confirmed                    int64
	)
	err := row.Scan(&s.Tenant, &s.ID, &kind, &s.Subject, &s.Order, &s.IP, &s.Agent, &created, &seen, &idle, &expires, &confirmed, &s.Factors, &s.Framed)
	if errors.Is(err, sql.ErrNoRows) {
		return s, ErrUnknown
	}
	s.Kind, s.Idle = actor.Kind(kind), time.Duration(idle)*time.Millisecond
	s.CreatedAt, s.LastSeenAt, s.ExpiresAt = db.Time(created), db.Time(seen), db.Time(expires)
	s.ConfirmedAt = db.Time(confirmed)
	return s, err
}

func insert(ctx context.Context, tx *db.Tx, s Session, digest []byte) error {
	_, err := tx.Exec(ctx, `
		insert into session_session (tenant, id, digest, kind, subject, order_id, ip, agent, created_at, seen_at, idle, expires_at, factors, framed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		s.Tenant, s.ID, digest, string(s.Kind), s.Subject, s.Order, s.IP, s.Agent,
		db.Millis(s.CreatedAt), db.Millis(s.LastSeenAt), s.Idle.Milliseconds(), db.Millis(s.ExpiresAt), s.Factors, s.Framed)
	return err
}

func byDigest(ctx context.Context, tx *db.Tx, tenant string, kind actor.Kind, digest []byte) (Session, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from session_session
		where tenant = $1 and digest = $2 and kind = $3`, tenant, digest, string(kind)))
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Session, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from session_session where tenant = $1 and id = $2`, tenant, id))
}

func seen(ctx context.Context, tx *db.Tx, tenant, id string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update session_session set seen_at = $1
		where tenant = $2 and id = $3 and seen_at < $4`, db.Millis(at), tenant, id, db.Millis(at))
	return err
}

func confirm(ctx context.Context, tx *db.Tx, tenant, id string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update session_session set confirmed_at = $1
		where tenant = $2 and id = $3`, db.Millis(at), tenant, id)
	return err
}

func strengthen(ctx context.Context, tx *db.Tx, tenant, id, factors string) error {
	_, err := tx.Exec(ctx, `update session_session set factors = $1 where tenant = $2 and id = $3`, factors, tenant, id)
	return err
}

func page(ctx context.Context, tx *db.Tx, tenant, subject, after string, limit int) ([]Session, error) {
	now := db.Millis(tx.Now)
	return db.List(ctx, tx, scan, `
		select `+columns+` from session_session
		where tenant = $1 and kind = $2 and (cast($3 as text) = '' or subject = $3) and (cast($4 as text) = '' or id < $4)
			and expires_at > $5 and seen_at + idle > $6
		order by id desc limit $7`, tenant, string(actor.Staff), subject, after, now, now, limit)
}

func ids(ctx context.Context, tx *db.Tx, tenant string, kind actor.Kind, subject string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `
		select id from session_session
		where tenant = $1 and kind = $2 and subject = $3 order by id`, tenant, string(kind), subject)
}

// remove deletes a session and returns it; without an id when there was none.
func remove(ctx context.Context, tx *db.Tx, tenant, id string) (Session, error) {
	s, err := scan(tx.QueryRow(ctx, `
		delete from session_session where tenant = $1 and id = $2
		returning `+columns, tenant, id))
	if errors.Is(err, ErrUnknown) {
		return Session{}, nil
	}
	return s, err
}

// sweep deletes what expired, of all tenants.
func sweep(ctx context.Context, tx *db.Tx) error {
	now := db.Millis(tx.Now)
	_, err := tx.Exec(ctx, `delete from session_session where expires_at <= $1 or seen_at + idle <= $2`, now, now)
	return err
}
