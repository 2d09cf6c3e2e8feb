package account

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "account", FS: files}

const columns = `tenant, id, email, name, role, seller, language, state, version, created_at`

func scan(row db.Scanner) (Account, error) { return scanWith(row) }

func scanWith(row db.Scanner, more ...any) (Account, error) {
	var (
		a     Account
		state string
		at    int64
	)
	err := row.Scan(append([]any{&a.Tenant, &a.ID, &a.Email, &a.Name, &a.Role, &a.Seller, &a.Language, &state, &a.Version, &at}, more...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return a, ErrUnknown
	}
	a.State, a.CreatedAt = State(state), db.Time(at)
	return a, err
}

func insert(ctx context.Context, tx *db.Tx, a Account, phc string) error {
	n, err := tx.Exec(ctx, `
		insert into account_staff (tenant, id, email, email_key, name, role, seller, language, password, state, version, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict do nothing`,
		a.Tenant, a.ID, a.Email, key(a.Email), a.Name, a.Role, a.Seller, a.Language, phc, string(a.State), a.Version, db.Millis(a.CreatedAt))
	if err == nil && n == 0 {
		return ErrTaken
	}
	return err
}

// update stores an account whose row is locked, and a new password if given.
func update(ctx context.Context, tx *db.Tx, a Account, p *Password) error {
	var taken bool
	err := tx.QueryRow(ctx, `
		select count(*) > 0 from account_staff
		where tenant = $1 and email_key = $2 and id <> $3`, a.Tenant, key(a.Email), a.ID).Scan(&taken)
	if err != nil {
		return err
	}
	if taken {
		return ErrTaken
	}
	_, err = tx.Exec(ctx, `
		update account_staff set email = $1, email_key = $2, name = $3, role = $4, seller = $5, language = $6, state = $7, version = $8
		where tenant = $9 and id = $10`,
		a.Email, key(a.Email), a.Name, a.Role, a.Seller, a.Language, string(a.State), a.Version, a.Tenant, a.ID)
	if db.IsUnique(err) { // somebody took it at the same moment
		return ErrTaken
	}
	if err != nil || p == nil {
		return err
	}
	_, err = tx.Exec(ctx, `update account_staff set password = $1 where tenant = $2 and id = $3`, p.phc, a.Tenant, a.ID)
	return err
}

// lock reads an account and keeps others from changing it meanwhile.
func lock(ctx context.Context, tx *db.Tx, tenant, id string) (Account, error) {
	return scan(tx.QueryRow(ctx, `
		update account_staff set version = version where tenant = $1 and id = $2
		returning `+columns, tenant, id))
}

// administrators counts those who can manage the shop and keeps others from
// changing them meanwhile: two who disable each other must not both succeed.
func administrators(ctx context.Context, tx *db.Tx, tenant string) (int64, error) {
	return tx.Exec(ctx, `
		update account_staff set version = version
		where tenant = $1 and role = $2 and state = $3`, tenant, role.Administrator, string(Active))
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Account, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from account_staff where tenant = $1 and id = $2`, tenant, id))
}

// byEmail finds an active account and its password.
func byEmail(ctx context.Context, tx *db.Tx, tenant, email string) (a Account, phc string, err error) {
	a, err = scanWith(tx.QueryRow(ctx, `
		select `+columns+`, password from account_staff
		where tenant = $1 and email_key = $2 and state = $3`, tenant, key(email), string(Active)), &phc)
	return a, phc, err
}

// byIDWithPassword finds an account and its password.
func byIDWithPassword(ctx context.Context, tx *db.Tx, tenant, id string) (a Account, phc string, err error) {
	a, err = scanWith(tx.QueryRow(ctx, `
		select `+columns+`, password from account_staff where tenant = $1 and id = $2`, tenant, id), &phc)
	return a, phc, err
}

func page(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Account, error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from account_staff
		where tenant = $1 and (cast($2 as text) = '' or id < $2)
		order by id desc limit $3`, tenant, after, limit)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].LockedUntil, err = lockedUntil(ctx, tx, tenant, subject(all[i].Email)); err != nil {
			return nil, err
		}
		if all[i].Factors, err = factor.Ways(ctx, tx, tenant, all[i].ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// colleagues are those whose role works on cases.
func colleagues(ctx context.Context, tx *db.Tx, tenant, seller string, active bool, after string, limit int) ([]Account, error) {
	args := []any{tenant, seller, active, after}
	for _, name := range role.With(role.CaseNote) {
		args = append(args, name)
	}
	roles, last := db.Placeholders(5, len(args)-4), fmt.Sprintf("$%d", len(args)+1)
	return db.List(ctx, tx, scan, `
		select `+columns+` from account_staff
		where tenant = $1 and (cast($2 as text) = '' or seller = $2) and (state = '`+string(Active)+`' or not $3) and (cast($4 as text) = '' or id < $4)
			and role in (`+roles+`)
		order by id desc limit `+last, append(args, limit)...)
}

func holding(ctx context.Context, tx *db.Tx, tenant, role string) ([]Account, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from account_staff where tenant = $1 and role = $2 and state = $3 order by id`, tenant, role, string(Active))
}

// names finds who is behind ids, for lists.
func names(ctx context.Context, tx *db.Tx, tenant string, ids map[string]string) error {
	for id := range ids {
		a, err := byID(ctx, tx, tenant, id)
		if err != nil {
			return fmt.Errorf("name of %s: %w", id, err)
		}
		ids[id] = a.Name
	}
	return nil
}

// guess counts one try of a subject before it is judged, so that tries at the
// same time cannot be more than the limit. It tells how many that makes in a
// row, or until when tries are not judged at all. A row older than the window
// starts anew.
func guess(ctx context.Context, tx *db.Tx, tenant string, subject []byte, window time.Duration) (failed int64, until time.Time, err error) {
	now := db.Millis(tx.Now)
	err = tx.QueryRow(ctx, `
		insert into account_guess (tenant, subject, failed, locked_until, updated_at)
		values ($1, $2, 1, 0, $3)
		on conflict (tenant, subject) do update set
			failed = case when account_guess.updated_at < $4 then 1 else account_guess.failed + 1 end,
			locked_until = 0, updated_at = excluded.updated_at
		where account_guess.locked_until <= excluded.updated_at
		returning failed`, tenant, subject, now, now-window.Milliseconds()).Scan(&failed)
	if !errors.Is(err, sql.ErrNoRows) {
		return failed, time.Time{}, err
	}
	until, err = lockedUntil(ctx, tx, tenant, subject)
	return 0, until, err
}

func lockedUntil(ctx context.Context, tx *db.Tx, tenant string, subject []byte) (time.Time, error) {
	var until int64
	err := tx.QueryRow(ctx, `
		select locked_until from account_guess
		where tenant = $1 and subject = $2`, tenant, subject).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) || err == nil && until <= db.Millis(tx.Now) {
		return time.Time{}, nil
	}
	return db.Time(until), err
}

func block(ctx context.Context, tx *db.Tx, tenant string, subject []byte, until time.Time) error {
	_, err := tx.Exec(ctx, `
		update account_guess set locked_until = $1
		where tenant = $2 and subject = $3`, db.Millis(until), tenant, subject)
	return err
}

// forgive forgets the wrong tries of a subject.
func forgive(ctx context.Context, tx *db.Tx, tenant string, subject []byte) error {
	_, err := tx.Exec(ctx, `delete from account_guess where tenant = $1 and subject = $2`, tenant, subject)
	return err
}

// takeBack uncounts one try that was right, where others share the subject, and
// ends the block if only that try has caused it.
func takeBack(ctx context.Context, tx *db.Tx, tenant string, subject []byte, limit int64) error {
	_, err := tx.Exec(ctx, `
		update account_guess set failed = failed - 1, locked_until = case when failed <= $1 then 0 else locked_until end
		where tenant = $2 and subject = $3 and failed > 0`, limit, tenant, subject)
	return err
}

// sweep deletes counts that no longer matter, of all tenants.
func sweep(ctx context.Context, tx *db.Tx) error {
	old := db.Millis(tx.Now.Add(-memory))
	_, err := tx.Exec(ctx, `delete from account_guess where updated_at < $1`, old)
	return err
}
