package job

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "job", FS: files}

const columns = `tenant, id, kind, coalesce(key, ''), args, state, run_at, remaining, attempt, max_attempts, last_error, created_at`

func scan(row db.Scanner) (Job, error) {
	var (
		j                         Job
		args, state               string
		runAt, remaining, created int64
	)
	err := row.Scan(&j.Tenant, &j.ID, &j.Kind, &j.Key, &args, &state, &runAt, &remaining, &j.Attempt, &j.MaxAttempts, &j.LastError, &created)
	j.Args, j.State, j.RunAt, j.CreatedAt = []byte(args), State(state), db.Time(runAt), db.Time(created)
	j.Remaining = time.Duration(remaining) * time.Millisecond
	return j, err
}

func insert(ctx context.Context, tx *db.Tx, j Job, keep bool) error {
	// A dead job is none that could be kept: it begins anew.
	query := `
		insert into job_job (tenant, id, kind, key, args, state, run_at, max_attempts, created_at)
		values ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)`
	if j.Key != "" {
		query += ` on conflict (tenant, kind, key) where key is not null do update
			set args = excluded.args, run_at = excluded.run_at, state = 'waiting', attempt = 0, remaining = 0, last_error = ''`
	}
	if j.Key != "" && keep {
		query += ` where job_job.state = 'dead'`
	}
	_, err := tx.Exec(ctx, query, j.Tenant, j.ID, j.Kind, sql.NullString{String: j.Key, Valid: j.Key != ""},
		string(j.Args), db.Millis(j.RunAt), j.MaxAttempts, db.Millis(j.CreatedAt))
	return err
}

func remove(ctx context.Context, tx *db.Tx, tenant, kind, key string) error {
	_, err := tx.Exec(ctx, `delete from job_job where tenant = $1 and kind = $2 and key = $3`, tenant, kind, key)
	return err
}

func pause(ctx context.Context, tx *db.Tx, tenant, kind, key string, now time.Time) error {
	_, err := tx.Exec(ctx, `
		update job_job set state = 'paused', remaining = case when run_at > $1 then run_at - $1 else 0 end
		where tenant = $2 and kind = $3 and key = $4 and state = 'waiting'`, db.Millis(now), tenant, kind, key)
	return err
}

func resume(ctx context.Context, tx *db.Tx, tenant, kind, key string, now time.Time) (time.Time, error) {
	var at int64
	err := tx.QueryRow(ctx, `
		update job_job set state = 'waiting', run_at = $1 + remaining, remaining = 0
		where tenant = $2 and kind = $3 and key = $4 and state = 'paused'
		returning run_at`, db.Millis(now), tenant, kind, key).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return db.Time(at), err
}

func byKeys(ctx context.Context, tx *db.Tx, tenant, kind string, keys []string) ([]Job, error) {
	args := []any{tenant, kind}
	for _, k := range keys {
		args = append(args, k)
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from job_job
		where tenant = $1 and kind = $2 and key in (`+db.Placeholders(3, len(keys))+`)
		order by run_at, id`, args...)
}

// due lists jobs of the kinds whose time has come, the oldest first.
func due(ctx context.Context, tx *db.Tx, kinds []string, limit int) ([]Job, error) {
	args := []any{db.Millis(tx.Now)}
	for _, k := range kinds {
		args = append(args, k)
	}
	args = append(args, limit)
	return db.List(ctx, tx, scan, `
		select `+columns+` from job_job
		where state = 'waiting' and run_at <= $1 and kind in (`+db.Placeholders(2, len(kinds))+`)
		order by run_at, id limit $`+fmt.Sprint(len(args)), args...)
}

// next is the time of the first waiting job whose time has not come; zero when
// there is none.
func next(ctx context.Context, tx *db.Tx) (time.Time, error) {
	var at int64
	err := tx.QueryRow(ctx, `select coalesce(min(run_at), 0) from job_job where state = 'waiting' and run_at > $1`, db.Millis(tx.Now)).Scan(&at)
	return db.Time(at), err
}

// take removes a waiting job that nobody took or moved since it was read.
func take(ctx context.Context, tx *db.Tx, j Job) (bool, error) {
	n, err := tx.Exec(ctx, `
		delete from job_job where tenant = $1 and id = $2 and state = 'waiting' and attempt = $3 and run_at <= $4`,
		j.Tenant, j.ID, j.Attempt, db.Millis(tx.Now))
	return n == 1, err
}

// lease gives a waiting job to a holder until a time.
func lease(ctx context.Context, tx *db.Tx, j Job, holder string, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
		update job_job set state = 'running', attempt = attempt + 1, holder = $1, lease_until = $2
		where tenant = $3 and id = $4 and state = 'waiting' and attempt = $5 and run_at <= $6`,
		holder, db.Millis(until), j.Tenant, j.ID, j.Attempt, db.Millis(tx.Now))
	return n == 1, err
}

// finish removes a leased job, unless it was enqueued again meanwhile.
func finish(ctx context.Context, tx *db.Tx, j Job, holder string) error {
	_, err := tx.Exec(ctx, `
		delete from job_job where tenant = $1 and id = $2 and state = 'running' and holder = $3 and attempt = $4`,
		j.Tenant, j.ID, holder, j.Attempt)
	return err
}

// giveBack records a failure: another attempt at a later time, or the end.
func giveBack(ctx context.Context, tx *db.Tx, j Job, from State, seen int, state State, at time.Time, why string) error {
	_, err := tx.Exec(ctx, `
		update job_job set state = $1, run_at = $2, attempt = $3, last_error = $4, holder = ''
		where tenant = $5 and id = $6 and state = $7 and attempt = $8`,
		string(state), db.Millis(at), j.Attempt, why, j.Tenant, j.ID, string(from), seen)
	return err
}

// rescue gives back what dead processes held, and buries what used up its
// attempts; recurring work (key 'every') never is. It tells how many rows it
// changed.
func rescue(ctx context.Context, tx *db.Tx) (int64, error) {
	return tx.Exec(ctx, `
		update job_job set holder = '', run_at = $1,
			state = case when attempt >= max_attempts and key is distinct from 'every' then 'dead' else 'waiting' end,
			last_error = case when attempt >= max_attempts and key is distinct from 'every' then 'the process ended during the last attempt' else last_error end
		where state = 'running' and lease_until <= $1`, db.Millis(tx.Now))
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Job, error) {
	j, err := scan(tx.QueryRow(ctx, `select `+columns+` from job_job where tenant = $1 and id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, ErrUnknown
	}
	return j, err
}

func page(ctx context.Context, tx *db.Tx, tenant string, state State, after string, limit int) ([]Job, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from job_job
		where tenant = $1 and state = $2 and id > $3
		order by id limit $4`, tenant, string(state), after, limit)
}

func revive(ctx context.Context, tx *db.Tx, tenant, id string) (bool, error) {
	n, err := tx.Exec(ctx, `
		update job_job set state = 'waiting', attempt = 0, run_at = $1
		where tenant = $2 and id = $3 and (state = 'dead' or state = 'waiting' and attempt > 0)`, db.Millis(tx.Now), tenant, id)
	return n == 1, err
}

func discard(ctx context.Context, tx *db.Tx, tenant, id string) (bool, error) {
	n, err := tx.Exec(ctx, `delete from job_job where tenant = $1 and id = $2 and state = 'dead'`, tenant, id)
	return n == 1, err
}

func stuck(ctx context.Context, tx *db.Tx) ([]Stuck, error) {
	return db.List(ctx, tx, func(row db.Scanner) (s Stuck, err error) {
		err = row.Scan(&s.Tenant, &s.Count, &s.Last)
		return s, err
	}, `
		select all_dead.tenant, count(*), (select one.last_error from job_job one where one.tenant = all_dead.tenant and one.state = 'dead' order by one.id desc limit 1)
		from job_job all_dead where all_dead.state = 'dead' group by all_dead.tenant order by all_dead.tenant`)
}
