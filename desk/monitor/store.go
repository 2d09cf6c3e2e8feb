package monitor

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
var Schema = db.Schema{Name: "monitor", FS: files}

const columns = `tenant, id, state, files, asked_by, asked_at, ended_at, done, total, report, problem`

func scan(row db.Scanner) (r Run, err error) {
	var asked, ended int64
	var report string
	err = row.Scan(&r.Tenant, &r.ID, &r.State, &r.Files, &r.By, &asked, &ended, &r.Done, &r.Of, &report, &r.Problem)
	r.AskedAt, r.EndedAt, r.Report = db.Time(asked), db.Time(ended), []byte(report)
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `
		insert into monitor_run (`+columns+`, seen) values ($1, $2, $3, $4, $5, $6, 0, 0, 0, '', '', '')`,
		r.Tenant, r.ID, r.State, r.Files, r.By, db.Millis(r.AskedAt))
	return err
}

// open is the oldest run that has not ended; false: there is none.
func open(ctx context.Context, tx *db.Tx) (Run, bool, error) {
	r, err := scan(tx.QueryRow(ctx, `select `+columns+` from monitor_run where ended_at = 0 order by id limit 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func save(ctx context.Context, tx *db.Tx, r Run) error {
	_, err := tx.Exec(ctx, `
		update monitor_run set state = $1, done = $2, total = $3, report = $4, problem = $5, seen = $6, ended_at = $7 where tenant = $8 and id = $9`,
		r.State, r.Done, r.Of, string(r.Report), r.Problem, r.Seen, db.Millis(r.EndedAt), r.Tenant, r.ID)
	return err
}

func page(ctx context.Context, tx *db.Tx, tenant string, limit int) ([]Run, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from monitor_run where tenant = $1 order by id desc limit $2`, tenant, limit)
}

// lastSeen is what the newest run without findings has kept; empty: there is none.
func lastSeen(ctx context.Context, tx *db.Tx, tenant string) (seen string, err error) {
	err = tx.QueryRow(ctx, `select seen from monitor_run where tenant = $1 and seen <> '' order by id desc limit 1`, tenant).Scan(&seen)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return seen, err
}

// tidy forgets what older runs have kept for the next, and the oldest runs.
func tidy(ctx context.Context, tx *db.Tx, r Run) error {
	if r.Seen != "" {
		if _, err := tx.Exec(ctx, `update monitor_run set seen = '' where tenant = $1 and seen <> '' and id < $2`, r.Tenant, r.ID); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		delete from monitor_run where tenant = $1 and seen = '' and ended_at > 0 and id not in (
			select id from monitor_run where tenant = $1 order by id desc limit $2)`, r.Tenant, kept)
	return err
}
