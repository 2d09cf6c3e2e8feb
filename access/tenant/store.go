package tenant

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "tenant", FS: files}

const columns = `tenant, name, coalesce(host, ''), zone, language, currency, support_email,
	return_name, return_lines, return_city, return_postcode, return_country, return_phone, version, created_at`

func scan(row db.Scanner) (Tenant, error) {
	var (
		t     Tenant
		lines string
		at    int64
	)
	err := row.Scan(&t.ID, &t.Name, &t.Host, &t.Zone, &t.Language, &t.Currency, &t.SupportEmail,
		&t.Return.Name, &lines, &t.Return.City, &t.Return.Postcode, &t.Return.Country, &t.Return.Phone, &t.Version, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return t, ErrUnknown
	}
	if err != nil {
		return t, err
	}
	t.CreatedAt = db.Time(at)
	if err := json.Unmarshal([]byte(lines), &t.Return.Lines); err != nil {
		return t, fmt.Errorf("tenant %s: return address: %w", t.ID, err)
	}
	return t, nil
}

func insert(ctx context.Context, tx *db.Tx, t Tenant) error {
	lines, err := json.Marshal(t.Return.Lines)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into tenant_tenant (tenant, name, host, zone, language, currency, support_email,
			return_name, return_lines, return_city, return_postcode, return_country, return_phone, version, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict do nothing`,
		t.ID, t.Name, nullable(t.Host), t.Zone, t.Language, t.Currency, t.SupportEmail,
		t.Return.Name, string(lines), t.Return.City, t.Return.Postcode, t.Return.Country, t.Return.Phone, t.Version, db.Millis(t.CreatedAt))
	if err == nil && n == 0 {
		return ErrTaken
	}
	return err
}

func update(ctx context.Context, tx *db.Tx, t Tenant) (version int64, err error) {
	lines, err := json.Marshal(t.Return.Lines)
	if err != nil {
		return 0, err
	}
	var taken bool
	err = tx.QueryRow(ctx, `select count(*) > 0 from tenant_tenant where host = $1 and tenant <> $2`, t.Host, t.ID).Scan(&taken)
	if err != nil {
		return 0, err
	}
	if taken {
		return 0, ErrTaken
	}
	err = tx.QueryRow(ctx, `
		update tenant_tenant set name = $1, host = $2, zone = $3, language = $4, currency = $5, support_email = $6,
			return_name = $7, return_lines = $8, return_city = $9, return_postcode = $10, return_country = $11,
			return_phone = $12, version = version + 1
		where tenant = $13 and version = $14
		returning version`,
		t.Name, nullable(t.Host), t.Zone, t.Language, t.Currency, t.SupportEmail,
		t.Return.Name, string(lines), t.Return.City, t.Return.Postcode, t.Return.Country, t.Return.Phone, t.ID, t.Version).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrStale
	}
	return version, err
}

func byID(ctx context.Context, tx *db.Tx, id string) (Tenant, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from tenant_tenant where tenant = $1`, id))
}

func ids(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) }, `select tenant from tenant_tenant order by tenant`)
}

func byHost(ctx context.Context, tx *db.Tx, host string) (Tenant, error) {
	t, err := scan(tx.QueryRow(ctx, `select `+columns+` from tenant_tenant where host = $1`, host))
	if !errors.Is(err, ErrUnknown) {
		return t, err
	}
	if t, err = byID(ctx, tx, Default); !errors.Is(err, ErrUnknown) {
		return t, err
	}
	two, err := db.List(ctx, tx, scan, `select `+columns+` from tenant_tenant order by tenant limit 2`)
	if err != nil {
		return t, err
	}
	if len(two) != 1 {
		return t, ErrUnknown
	}
	return two[0], nil
}

// nullable keeps shops without a host out of the unique index.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
