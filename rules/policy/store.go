package policy

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
var Schema = db.Schema{Name: "policy", FS: files}

func scan(row db.Scanner) (Policy, error) {
	var (
		p       Policy
		rules   string
		created int64
	)
	if err := row.Scan(&p.ID, &p.Name, &p.Version, &rules, &created); err != nil {
		return Policy{}, err
	}
	p.CreatedAt = db.Time(created)
	return p, json.Unmarshal([]byte(rules), &p.Rules)
}

// At reads one version of a policy; version 0 is the newest.
func At(ctx context.Context, tx *db.Tx, tenant, id string, version int64) (Policy, error) {
	p, err := scan(tx.QueryRow(ctx, `
		select id, name, version, rules, created_at from policy_version
		where tenant = $1 and id = $2 and ($3 = 0 or version = $3)
		order by version desc limit 1`, tenant, id, version))
	if errors.Is(err, sql.ErrNoRows) {
		return Policy{}, ErrUnknown
	}
	if err != nil {
		return Policy{}, fmt.Errorf("policy %s version %d: %w", id, version, err)
	}
	return p, nil
}

func newest(ctx context.Context, tx *db.Tx, tenant string) ([]Policy, error) {
	return db.List(ctx, tx, scan, `
		select id, name, version, rules, created_at from policy_version p
		where tenant = $1 and version = (select max(version) from policy_version where tenant = p.tenant and id = p.id)
		order by id`, tenant)
}

func insert(ctx context.Context, tx *db.Tx, tenant string, p Policy) (bool, error) {
	rules, err := json.Marshal(p.Rules)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into policy_version (tenant, id, version, name, rules, created_at)
		values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		tenant, p.ID, p.Version, p.Name, string(rules), db.Millis(p.CreatedAt))
	return n == 1, err
}
