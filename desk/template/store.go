package template

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
var Schema = db.Schema{Name: "template", FS: files}

const columns = `kind, language, version, own, subject, body, by_name, at`

func scan(row db.Scanner) (t Text, err error) {
	var at int64
	err = row.Scan(&t.Kind, &t.Language, &t.Version, &t.Own, &t.Subject, &t.Body, &t.By, &at)
	t.At = db.Time(at)
	return t, err
}

// latest is the newest version of the words of a message; the zero Text where
// they were never changed.
func latest(ctx context.Context, tx *db.Tx, tenant, kind, language string) (Text, error) {
	t, err := scan(tx.QueryRow(ctx, `
		select `+columns+` from template_text where tenant = $1 and kind = $2 and language = $3 order by version desc limit 1`, tenant, kind, language))
	if errors.Is(err, sql.ErrNoRows) {
		return Text{Kind: kind, Language: language}, nil
	}
	return t, err
}

func versionOf(ctx context.Context, tx *db.Tx, tenant, kind, language string, version int64) (Text, error) {
	t, err := scan(tx.QueryRow(ctx, `
		select `+columns+` from template_text where tenant = $1 and kind = $2 and language = $3 and version = $4`, tenant, kind, language, version))
	if errors.Is(err, sql.ErrNoRows) {
		return t, ErrVersion
	}
	return t, err
}

// history lists versions, the newest first.
func history(ctx context.Context, tx *db.Tx, tenant, kind, language string) ([]Text, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from template_text where tenant = $1 and kind = $2 and language = $3 order by version desc limit 100`, tenant, kind, language)
}

// all lists the newest version of everything that was ever changed.
func all(ctx context.Context, tx *db.Tx, tenant string) ([]Text, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from template_text t
		where tenant = $1 and version = (select max(version) from template_text l where l.tenant = t.tenant and l.kind = t.kind and l.language = t.language)
		order by kind, language`, tenant)
}

// insert adds a version; ErrStale where somebody was faster.
func insert(ctx context.Context, tx *db.Tx, tenant string, t Text) error {
	n, err := tx.Exec(ctx, `
		insert into template_text (tenant, `+columns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		tenant, t.Kind, t.Language, t.Version, t.Own, t.Subject, t.Body, t.By, db.Millis(t.At))
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}
