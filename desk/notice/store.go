package notice

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

// Schema is this package's table.
var Schema = db.Schema{Name: "notice", FS: files}

// insert records a message once per event.
func insert(ctx context.Context, tx *db.Tx, m Message) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into notice_message (tenant, id, case_id, event, template, state, at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (tenant, event) do nothing`,
		m.Tenant, m.ID, m.Case, m.Event, m.Template, string(m.State), db.Millis(m.At))
	return n == 1, err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (m Message, err error) {
	var state string
	var at int64
	err = tx.QueryRow(ctx, `
		select tenant, id, case_id, event, template, state, error, at from notice_message where tenant = $1 and id = $2`, tenant, id).
		Scan(&m.Tenant, &m.ID, &m.Case, &m.Event, &m.Template, &state, &m.Error, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return m, errUnknown
	}
	m.State, m.At = State(state), db.Time(at)
	return m, err
}

// finish ends a message that waits, and tells whether it was this call's doing.
func finish(ctx context.Context, tx *db.Tx, m Message, state State, why string) (bool, error) {
	n, err := tx.Exec(ctx, `update notice_message set state = $1, error = $2 where tenant = $3 and id = $4 and state = $5`,
		string(state), why, m.Tenant, m.ID, string(Waiting))
	return n == 1, err
}

// waitsBefore tells whether an earlier e-mail about the conversation of the same
// case, of a time not before since, is still to be sent.
func waitsBefore(ctx context.Context, tx *db.Tx, m Message, since time.Time) (before bool, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) > 0 from notice_message where tenant = $1 and case_id = $2 and template = $3 and state = $4 and id < $5 and at >= $6`,
		m.Tenant, m.Case, m.Template, string(Waiting), m.ID, db.Millis(since)).Scan(&before)
	return before, err
}

func idsOf(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `select id from notice_message where tenant = $1 and case_id = $2 order by id`, tenant, caseID)
}
