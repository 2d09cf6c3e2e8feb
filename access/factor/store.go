package factor

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

// Schema is this package's tables.
var Schema = db.Schema{Name: "factor", FS: files}

// record is a factor with what it is checked against.
type record struct {
	Factor
	credential []byte // id of a passkey
	secret     []byte // sealed: the key of an app, or the record of a passkey
	step       int64  // of the last code that was accepted
}

const columns = `tenant, id, staff, kind, name, site, credential, secret, step, created_at, used_at`

func scan(row db.Scanner) (record, error) {
	var (
		r             record
		kind          string
		created, used int64
	)
	err := row.Scan(&r.Tenant, &r.ID, &r.Staff, &kind, &r.Name, &r.Site, &r.credential, &r.secret, &r.step, &created, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ErrUnknown
	}
	r.Kind, r.CreatedAt, r.UsedAt = Kind(kind), db.Time(created), db.Time(used)
	return r, err
}

func insert(ctx context.Context, tx *db.Tx, r record) error {
	_, err := tx.Exec(ctx, `
		insert into factor_factor (tenant, id, staff, kind, name, site, credential, secret, step, created_at, used_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.Tenant, r.ID, r.Staff, string(r.Kind), r.Name, r.Site, r.credential, r.secret, r.step, db.Millis(r.CreatedAt), db.Millis(r.UsedAt))
	if db.IsUnique(err) { // the same passkey once more
		return ErrOver
	}
	return err
}

func of(ctx context.Context, tx *db.Tx, tenant, staff string) ([]record, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from factor_factor where tenant = $1 and staff = $2 order by id`, tenant, staff)
}

func byCredential(ctx context.Context, tx *db.Tx, tenant string, credential []byte) (record, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from factor_factor where tenant = $1 and credential = $2 and kind = 'passkey'`, tenant, credential))
}

func rename(ctx context.Context, tx *db.Tx, tenant, staff, id, name string) (record, error) {
	return scan(tx.QueryRow(ctx, `
		update factor_factor set name = $1 where tenant = $2 and staff = $3 and id = $4
		returning `+columns, name, tenant, staff, id))
}

func remove(ctx context.Context, tx *db.Tx, tenant, staff, id string) (record, error) {
	return scan(tx.QueryRow(ctx, `
		delete from factor_factor where tenant = $1 and staff = $2 and id = $3
		returning `+columns, tenant, staff, id))
}

// use notes that a factor was accepted. Of two that show the same code at once
// only one finds the step still behind it.
func use(ctx context.Context, tx *db.Tx, r record, step int64) (bool, error) {
	n, err := tx.Exec(ctx, `
		update factor_factor set step = $1, used_at = $2, secret = $3
		where tenant = $4 and id = $5 and (step < $1 or kind = 'passkey')`,
		step, db.Millis(tx.Now), r.secret, r.Tenant, r.ID)
	return n == 1, err
}

func removeAll(ctx context.Context, tx *db.Tx, tenant, staff string) (int, error) {
	n, err := tx.Exec(ctx, `delete from factor_factor where tenant = $1 and staff = $2`, tenant, staff)
	if err != nil {
		return 0, err
	}
	return int(n), removeCodes(ctx, tx, tenant, staff)
}

func removeCodes(ctx context.Context, tx *db.Tx, tenant, staff string) error {
	_, err := tx.Exec(ctx, `delete from factor_recovery where tenant = $1 and staff = $2`, tenant, staff)
	return err
}

func addCode(ctx context.Context, tx *db.Tx, tenant, staff string, digest []byte) error {
	_, err := tx.Exec(ctx, `
		insert into factor_recovery (tenant, staff, digest, used_at) values ($1, $2, $3, 0)`, tenant, staff, digest)
	return err
}

func useCode(ctx context.Context, tx *db.Tx, tenant, staff string, digest []byte) (bool, error) {
	n, err := tx.Exec(ctx, `
		update factor_recovery set used_at = $1
		where tenant = $2 and staff = $3 and digest = $4 and used_at = 0`, db.Millis(tx.Now), tenant, staff, digest)
	return n == 1, err
}

func codesLeft(ctx context.Context, tx *db.Tx, tenant, staff string) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) from factor_recovery where tenant = $1 and staff = $2 and used_at = 0`, tenant, staff).Scan(&n)
	return n, err
}

// lock keeps others from changing somebody's factors meanwhile, and counts the
// changes.
func lock(ctx context.Context, tx *db.Tx, tenant, staff string) (version int64, err error) {
	err = tx.QueryRow(ctx, `
		insert into factor_owner (tenant, staff, version, failed, failed_at, locked_until)
		values ($1, $2, 1, 0, 0, 0)
		on conflict (tenant, staff) do update set version = factor_owner.version + 1
		returning version`, tenant, staff).Scan(&version)
	return version, err
}

// guess counts a code before it is judged, so that codes at the same time
// cannot be more than the limit. It tells how many in a row that makes, or
// until when codes are not judged at all.
func guess(ctx context.Context, tx *db.Tx, tenant, staff string) (failed int64, until time.Time, err error) {
	now := db.Millis(tx.Now)
	err = tx.QueryRow(ctx, `
		insert into factor_owner (tenant, staff, version, failed, failed_at, locked_until)
		values ($1, $2, 1, 1, $3, 0)
		on conflict (tenant, staff) do update set
			failed = case when factor_owner.failed_at < $4 then 1 else factor_owner.failed + 1 end,
			failed_at = excluded.failed_at, locked_until = 0
		where factor_owner.locked_until <= excluded.failed_at
		returning failed`, tenant, staff, now, now-memory.Milliseconds()).Scan(&failed)
	if !errors.Is(err, sql.ErrNoRows) {
		return failed, time.Time{}, err
	}
	var ms int64
	err = tx.QueryRow(ctx, `select locked_until from factor_owner where tenant = $1 and staff = $2`, tenant, staff).Scan(&ms)
	return 0, db.Time(ms), err
}

func block(ctx context.Context, tx *db.Tx, tenant, staff string, until time.Time) error {
	_, err := tx.Exec(ctx, `update factor_owner set locked_until = $1 where tenant = $2 and staff = $3`, db.Millis(until), tenant, staff)
	return err
}

// forgive forgets the wrong codes of somebody.
func forgive(ctx context.Context, tx *db.Tx, tenant, staff string) error {
	_, err := tx.Exec(ctx, `
		update factor_owner set failed = 0, failed_at = 0, locked_until = 0
		where tenant = $1 and staff = $2`, tenant, staff)
	return err
}

// spend marks a ticket as used; false when it was already.
func spend(ctx context.Context, tx *db.Tx, tenant string, digest []byte, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into factor_spent (tenant, digest, until) values ($1, $2, $3) on conflict do nothing`, tenant, digest, db.Millis(until))
	return n == 1, err
}

// sweep deletes marks of tickets that have expired anyway, of all tenants.
func sweep(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `delete from factor_spent where until < $1`, db.Millis(tx.Now))
	return err
}

func roles(ctx context.Context, tx *db.Tx, tenant string) ([]string, error) {
	return db.List(ctx, tx, func(row db.Scanner) (name string, err error) { return name, row.Scan(&name) }, `
		select role from factor_rule where tenant = $1 order by role`, tenant)
}

func required(ctx context.Context, tx *db.Tx, tenant, role string) (yes bool, err error) {
	err = tx.QueryRow(ctx, `select count(*) > 0 from factor_rule where tenant = $1 and role = $2`, tenant, role).Scan(&yes)
	return yes, err
}

func unrequire(ctx context.Context, tx *db.Tx, tenant string) error {
	_, err := tx.Exec(ctx, `delete from factor_rule where tenant = $1`, tenant)
	return err
}

func require(ctx context.Context, tx *db.Tx, tenant, role string) error {
	_, err := tx.Exec(ctx, `
		insert into factor_rule (tenant, role, since) values ($1, $2, $3) on conflict do nothing`, tenant, role, db.Millis(tx.Now))
	return err
}
