package policy

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "policy", FS: files}

const columns = `id, name, version, state, rules, tests, note, author_id, author_name, reviewer_id, reviewer_name, steps, parent_version, revision, created_at, live_at, retired_at`

func scan(row db.Scanner) (Policy, error) {
	var (
		p                   Policy
		rules, tests, steps string
		at                  [3]int64
	)
	err := row.Scan(&p.ID, &p.Name, &p.Version, &p.State, &rules, &tests, &p.Note, &p.Author.ID, &p.Author.Name, &p.Reviewer.ID, &p.Reviewer.Name,
		&steps, &p.Parent, &p.Revision, &at[0], &at[1], &at[2])
	if err != nil {
		return Policy{}, err
	}
	p.CreatedAt, p.LiveAt, p.RetiredAt = db.Time(at[0]), db.Time(at[1]), db.Time(at[2])
	for text, to := range map[string]any{rules: &p.Rules, tests: &p.Tests, steps: &p.Steps} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return Policy{}, fmt.Errorf("version %d of policy %s: %w", p.Version, p.ID, err)
		}
	}
	return p, nil
}

// one reads the version that a condition picks. It is ready to judge, together
// with the platform's version that it stands on.
func one(ctx context.Context, tx *db.Tx, tenant, id, where string, args ...any) (Policy, error) {
	p, err := scan(tx.QueryRow(ctx, `select `+columns+` from policy_version where tenant = $1 and id = $2 and `+where, append([]any{tenant, id}, args...)...))
	if errors.Is(err, sql.ErrNoRows) {
		return Policy{}, ErrUnknown
	}
	if err != nil {
		return Policy{}, fmt.Errorf("policy %s: %w", id, err)
	}
	if p.Rules.Parent == "" {
		p.ready(nil)
		return p, nil
	}
	parent, err := stands(ctx, tx, tenant, p)
	if err != nil {
		return Policy{}, err
	}
	p.ready(&parent)
	return p, nil
}

// stands reads the platform's version under a policy: the one it went live
// with, before that the live one.
func stands(ctx context.Context, tx *db.Tx, tenant string, p Policy) (Policy, error) {
	parent, err := scan(tx.QueryRow(ctx, `select `+columns+` from policy_version
		where tenant = $1 and id = $2 and (version = $3 or $3 = 0 and state = 'live')`, tenant, p.Rules.Parent, p.Parent))
	if errors.Is(err, sql.ErrNoRows) {
		return Policy{}, ErrParent.With("parent", p.Rules.Parent)
	}
	if err != nil {
		return Policy{}, fmt.Errorf("policy %s under %s: %w", p.Rules.Parent, p.ID, err)
	}
	parent.ready(nil)
	return parent, nil
}

// At reads one version of a policy; version 0 is the live one.
func At(ctx context.Context, tx *db.Tx, tenant, id string, version int64) (Policy, error) {
	return one(ctx, tx, tenant, id, `(version = $3 or $3 = 0 and state = 'live')`, version)
}

// Live reads the version that is live: what an order that is made now is
// judged by for ever.
func Live(ctx context.Context, tx *db.Tx, tenant, id string) (Policy, error) {
	return At(ctx, tx, tenant, id, 0)
}

// draftOf reads the version that is written or read at present.
func draftOf(ctx context.Context, tx *db.Tx, tenant, id string) (Policy, error) {
	return one(ctx, tx, tenant, id, `state in ('draft', 'reviewed')`)
}

// lives lists the live versions.
func lives(ctx context.Context, tx *db.Tx, tenant string) ([]Policy, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from policy_version where tenant = $1 and state = 'live' order by id`, tenant)
}

// current lists each policy once: its live version, or the newest where none is
// live.
func current(ctx context.Context, tx *db.Tx, tenant string) ([]Policy, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from policy_version p where tenant = $1 and (state = 'live'
		or version = (select max(o.version) from policy_version o where o.tenant = p.tenant and o.id = p.id)
		and not exists (select 1 from policy_version l where l.tenant = p.tenant and l.id = p.id and l.state = 'live'))
		order by id`, tenant)
}

// newest reads the version with the highest number.
func newest(ctx context.Context, tx *db.Tx, tenant, id string) (Policy, error) {
	number, err := last(ctx, tx, tenant, id)
	if err != nil {
		return Policy{}, err
	}
	return At(ctx, tx, tenant, id, max(1, number))
}

// children lists the live policies that stand on one of the platform.
func children(ctx context.Context, tx *db.Tx, tenant, id string) (above []Policy, err error) {
	all, err := lives(ctx, tx, tenant)
	for _, p := range all {
		if p.Rules.Parent == id {
			above = append(above, p)
		}
	}
	return above, err
}

// versions lists all versions of a policy, the newest first.
func versions(ctx context.Context, tx *db.Tx, tenant, id string) ([]Policy, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from policy_version where tenant = $1 and id = $2 order by version desc limit 200`, tenant, id)
}

// Span is a time in which a version was live.
type Span struct {
	Version  int64
	From, To time.Time // To is the first moment in which it was not
}

// Past lists when versions of a policy were live that, or while they, are not
// any more: orders may become known after another version went live.
func Past(ctx context.Context, tx *db.Tx, tenant, id string) ([]Span, error) {
	all, err := db.List(ctx, tx, func(row db.Scanner) ([]Span, error) {
		var version, from, to int64
		var raw string
		if err := row.Scan(&version, &from, &to, &raw); err != nil {
			return nil, err
		}
		var steps []Step
		err := json.Unmarshal([]byte(raw), &steps)
		return spans(version, db.Time(from), db.Time(to), steps), err
	}, `select version, live_at, retired_at, steps from policy_version where tenant = $1 and id = $2 and live_at > 0 order by version desc limit 200`, tenant, id)
	return slices.Concat(all...), err
}

// last is the highest version number of a policy, 0 without one.
func last(ctx context.Context, tx *db.Tx, tenant, id string) (n int64, err error) {
	err = tx.QueryRow(ctx, `select cast(coalesce(max(version), 0) as bigint) from policy_version where tenant = $1 and id = $2`, tenant, id).Scan(&n)
	return n, err
}

func encode(p Policy) (rules, tests, steps string, err error) {
	for _, one := range []struct {
		from any
		to   *string
	}{{p.Rules, &rules}, {p.Tests, &tests}, {p.Steps, &steps}} {
		raw, err := json.Marshal(one.from)
		if err != nil {
			return "", "", "", err
		}
		*one.to = string(raw)
	}
	return rules, tests, steps, nil
}

func insert(ctx context.Context, tx *db.Tx, tenant string, p Policy) (bool, error) {
	rules, tests, steps, err := encode(p)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into policy_version (tenant, id, version, name, state, rules, tests, note, author_id, author_name, reviewer_id, reviewer_name,
			steps, parent_version, revision, created_at, live_at, retired_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing`,
		tenant, p.ID, p.Version, p.Name, string(p.State), rules, tests, p.Note, p.Author.ID, p.Author.Name, p.Reviewer.ID, p.Reviewer.Name,
		steps, p.Parent, p.Revision, db.Millis(p.CreatedAt), db.Millis(p.LiveAt), db.Millis(p.RetiredAt))
	return n == 1, err
}

// update writes a version over the revision that was read.
func update(ctx context.Context, tx *db.Tx, tenant string, p Policy, seen int64) (bool, error) {
	rules, tests, steps, err := encode(p)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		update policy_version set name = $1, state = $2, rules = $3, tests = $4, note = $5, author_id = $6, author_name = $7, reviewer_id = $8,
			reviewer_name = $9, steps = $10, parent_version = $11, revision = $12, live_at = $13, retired_at = $14
		where tenant = $15 and id = $16 and version = $17 and revision = $18`,
		p.Name, string(p.State), rules, tests, p.Note, p.Author.ID, p.Author.Name, p.Reviewer.ID, p.Reviewer.Name, steps, p.Parent, p.Revision,
		db.Millis(p.LiveAt), db.Millis(p.RetiredAt), tenant, p.ID, p.Version, seen)
	return n == 1, err
}

func remove(ctx context.Context, tx *db.Tx, tenant string, p Policy) error {
	_, err := tx.Exec(ctx, `delete from policy_version where tenant = $1 and id = $2 and version = $3 and state in ('draft', 'reviewed')`, tenant, p.ID, p.Version)
	return err
}
