package backtest

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "backtest", FS: files}

const columns = `tenant, id, state, policy, policy_version, rules, scope, asked_by, place, done, total, busy, figures, error, version,
	created_at, started_at, updated_at, ended_at`

func scan(row db.Scanner) (Run, error) {
	var (
		r                                Run
		rules, scope, place, figures     string
		busy                             int64
		created, started, updated, ended int64
	)
	err := row.Scan(&r.Tenant, &r.ID, &r.State, &r.Policy, &r.PolicyVer, &rules, &scope, &r.By, &place, &r.Done, &r.Total, &busy, &figures, &r.Error, &r.Version,
		&created, &started, &updated, &ended)
	if err != nil {
		return Run{}, err
	}
	r.Rules, r.Busy = json.RawMessage(rules), time.Duration(busy)*time.Millisecond
	r.CreatedAt, r.StartedAt, r.UpdatedAt, r.EndedAt = db.Time(created), db.Time(started), db.Time(updated), db.Time(ended)
	err = errors.Join(json.Unmarshal([]byte(scope), &r.Scope), json.Unmarshal([]byte(place), &r.Place), json.Unmarshal([]byte(figures), &r.Figures))
	return r, err
}

// ByID reads a run of the actor's shop.
func ByID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Run, error) {
	return one(id, tx.QueryRow(ctx, `select `+columns+` from backtest_run where tenant = $1 and id = $2`, by.Tenant, id))
}

// lock is ByID that keeps the worker from storing a step meanwhile.
func lock(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Run, error) {
	return one(id, tx.QueryRow(ctx, `
		update backtest_run set version = version where tenant = $1 and id = $2
		returning `+columns, by.Tenant, id))
}

func one(id string, row db.Scanner) (Run, error) {
	r, err := scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return Run{}, ErrUnknown
	}
	if err != nil {
		return Run{}, fmt.Errorf("back-test %s: %w", id, err)
	}
	return r, nil
}

// page lists runs, the latest first, behind an id.
func page(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Run, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from backtest_run
		where tenant = $1 and ($2 = '' or id < $2)
		order by id desc limit $3`, tenant, after, limit)
}

// turn is the run to work on: the one under way, else the first in the queue.
func turn(ctx context.Context, tx *db.Tx, tenant string) (Run, bool, error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from backtest_run
		where tenant = $1 and state in ('queued', 'running')
		order by case state when 'running' then 0 else 1 end, id limit 1`, tenant)
	if err != nil || len(all) == 0 {
		return Run{}, false, err
	}
	return all[0], true, nil
}

func waiting(ctx context.Context, tx *db.Tx, tenant string) (n int64, err error) {
	err = tx.QueryRow(ctx, `select count(*) from backtest_run where tenant = $1 and state in ('queued', 'running')`, tenant).Scan(&n)
	return n, err
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types without channels or cycles
	}
	return string(raw)
}

func insert(ctx context.Context, tx *db.Tx, r *Run) error {
	_, err := tx.Exec(ctx, `
		insert into backtest_run (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		r.Tenant, r.ID, string(r.State), r.Policy, r.PolicyVer, string(r.Rules), encode(r.Scope), r.By, encode(r.Place), r.Done, r.Total, r.Busy.Milliseconds(),
		encode(r.Figures), r.Error, r.Version, db.Millis(r.CreatedAt), db.Millis(r.StartedAt), db.Millis(r.UpdatedAt), db.Millis(r.EndedAt))
	return err
}

// save writes a run that nobody has changed since it was read; false where
// somebody has.
func save(ctx context.Context, tx *db.Tx, r *Run) (bool, error) {
	r.UpdatedAt = tx.Now
	err := tx.QueryRow(ctx, `
		update backtest_run set state = $1, place = $2, done = $3, total = $4, busy = $5, figures = $6, error = $7,
			started_at = $8, updated_at = $9, ended_at = $10, version = version + 1
		where tenant = $11 and id = $12 and version = $13
		returning version`,
		string(r.State), encode(r.Place), r.Done, r.Total, r.Busy.Milliseconds(), encode(r.Figures), r.Error,
		db.Millis(r.StartedAt), db.Millis(r.UpdatedAt), db.Millis(r.EndedAt), r.Tenant, r.ID, r.Version).Scan(&r.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// keep stores what a step of a run found besides its figures.
func keep(ctx context.Context, tx *db.Tx, r *Run, t *Tally) error {
	for _, s := range t.kept {
		_, err := tx.Exec(ctx, `
			insert into backtest_sample (tenant, run, change, seq, sample) values ($1, $2, $3, $4, $5)`, r.Tenant, r.ID, s.Change, s.Seq, encode(s))
		if err != nil {
			return err
		}
	}
	for g, c := range t.groups {
		_, err := tx.Exec(ctx, `
			insert into backtest_group (tenant, run, dimension, name, currency, tried, better, worse, other, paid_before, paid_after)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			on conflict (tenant, run, dimension, name, currency) do update set
				tried = backtest_group.tried + excluded.tried, better = backtest_group.better + excluded.better, worse = backtest_group.worse + excluded.worse,
				other = backtest_group.other + excluded.other, paid_before = backtest_group.paid_before + excluded.paid_before, paid_after = backtest_group.paid_after + excluded.paid_after`,
			r.Tenant, r.ID, g.dimension, g.name, g.currency, c.tried, c.better, c.worse, c.other, c.before, c.after)
		if err != nil {
			return err
		}
	}
	return nil
}

// Group is what changes for one customer, seller, country …
type Group struct {
	Dimension, Name, Currency string
	Tried                     int64
	Better, Worse, Other      int64
	PaidBefore, PaidAfter     int64
}

// groups lists the values of a dimension of which most changes.
func groups(ctx context.Context, tx *db.Tx, tenant, run, dimension string, limit int) ([]Group, error) {
	return db.List(ctx, tx, func(row db.Scanner) (g Group, err error) {
		err = row.Scan(&g.Dimension, &g.Name, &g.Currency, &g.Tried, &g.Better, &g.Worse, &g.Other, &g.PaidBefore, &g.PaidAfter)
		return g, err
	}, `
		select dimension, name, currency, tried, better, worse, other, paid_before, paid_after from backtest_group
		where tenant = $1 and run = $2 and dimension = $3
		order by better + worse + other desc, tried desc, name, currency limit $4`, tenant, run, dimension, limit)
}

// affected counts by dimension the values for which something changes.
func affected(ctx context.Context, tx *db.Tx, tenant, run string) (map[string]int64, error) {
	type one struct {
		dimension string
		n         int64
	}
	all, err := db.List(ctx, tx, func(row db.Scanner) (x one, err error) {
		err = row.Scan(&x.dimension, &x.n)
		return x, err
	}, `
		select dimension, count(distinct name) from backtest_group
		where tenant = $1 and run = $2 and better + worse + other > 0
		group by dimension`, tenant, run)
	by := map[string]int64{}
	for _, x := range all {
		by[x.dimension] = x.n
	}
	return by, err
}

// samplePlace is behind a sample of a change.
type samplePlace struct {
	Change string
	Seq    int64
}

func samples(ctx context.Context, tx *db.Tx, tenant, run, change string, after samplePlace, limit int) ([]Sample, error) {
	query, args := `select sample from backtest_sample where tenant = $1 and run = $2`, []any{tenant, run}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if change != "" {
		query += ` and change = ` + arg(change)
	}
	if after.Change != "" {
		query += ` and (change, seq) > (` + arg(after.Change) + `, ` + arg(after.Seq) + `)`
	}
	return db.List(ctx, tx, func(row db.Scanner) (s Sample, err error) {
		var text string
		if err := row.Scan(&text); err != nil {
			return s, err
		}
		return s, json.Unmarshal([]byte(text), &s)
	}, query+` order by change, seq limit `+arg(limit), args...)
}

// forget deletes runs of all shops that ended before a time, and what belongs to
// them; it tells how many.
func forget(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int, error) {
	type key struct{ tenant, id string }
	all, err := db.List(ctx, tx, func(row db.Scanner) (k key, err error) {
		err = row.Scan(&k.tenant, &k.id)
		return k, err
	}, `
		select tenant, id from backtest_run where ended_at > 0 and ended_at < $1 order by ended_at limit $2`, db.Millis(before), limit)
	if err != nil {
		return 0, err
	}
	for _, k := range all {
		for _, statement := range []string{
			`delete from backtest_sample where tenant = $1 and run = $2`,
			`delete from backtest_group where tenant = $1 and run = $2`,
			`delete from backtest_run where tenant = $1 and id = $2`,
		} {
			if _, err := tx.Exec(ctx, statement, k.tenant, k.id); err != nil {
				return 0, err
			}
		}
	}
	return len(all), nil
}
