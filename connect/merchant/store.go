package merchant

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "merchant", FS: files}

const columns = `tenant, id, provider, name, state, settings, secrets, key, marks, since_at, until_at, identity,
	test, test_code, test_detail, tested_at, version, created_at, updated_at`

func scan(row db.Scanner) (a Account, err error) {
	var settings, marks string
	var since, until, tested, created, updated int64
	err = row.Scan(&a.Tenant, &a.ID, &a.Provider, &a.Name, &a.State, &settings, &a.sealed, &a.key, &marks, &since, &until, &a.Identity,
		&a.Test, &a.TestCode, &a.TestText, &tested, &a.Version, &created, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrUnknown
	}
	if err != nil {
		return Account{}, err
	}
	a.Since, a.Until, a.TestedAt, a.CreatedAt, a.UpdatedAt = db.Time(since), db.Time(until), db.Time(tested), db.Time(created), db.Time(updated)
	if err := json.Unmarshal([]byte(settings), &a.Settings); err != nil {
		return Account{}, err
	}
	return a, json.Unmarshal([]byte(marks), &a.Marks)
}

func texts(a Account) (settings, marks string, err error) {
	s, err := json.Marshal(a.Settings)
	if err != nil {
		return "", "", err
	}
	m, err := json.Marshal(a.Marks)
	return string(s), string(m), err
}

func insert(ctx context.Context, tx *db.Tx, a Account) error {
	settings, marks, err := texts(a)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into merchant_account (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		a.Tenant, a.ID, a.Provider, a.Name, string(a.State), settings, a.sealed, a.key, marks, db.Millis(a.Since), db.Millis(a.Until), a.Identity,
		string(a.Test), a.TestCode, a.TestText, db.Millis(a.TestedAt), a.Version, db.Millis(a.CreatedAt), db.Millis(a.UpdatedAt))
	return err
}

// update saves an account, if nobody changed it since it was read.
func update(ctx context.Context, tx *db.Tx, a *Account) error {
	settings, marks, err := texts(*a)
	if err != nil {
		return err
	}
	a.UpdatedAt = tx.Now
	n, err := tx.Exec(ctx, `
		update merchant_account set name = $1, state = $2, settings = $3, secrets = $4, key = $5, marks = $6, since_at = $7, until_at = $8,
			identity = $9, test = $10, test_code = $11, test_detail = $12, tested_at = $13, updated_at = $14, version = version + 1
		where tenant = $15 and id = $16 and version = $17`,
		a.Name, string(a.State), settings, a.sealed, a.key, marks, db.Millis(a.Since), db.Millis(a.Until),
		a.Identity, string(a.Test), a.TestCode, a.TestText, db.Millis(a.TestedAt), db.Millis(a.UpdatedAt), a.Tenant, a.ID, a.Version)
	if err == nil && n == 0 {
		err = ErrStale
	}
	a.Version++
	return err
}

// noteTest saves how a test stands. It is no change of the account: who edits it
// meanwhile is not disturbed. Of one that was changed since, it says nothing.
func noteTest(ctx context.Context, tx *db.Tx, a Account) (bool, error) {
	n, err := tx.Exec(ctx, `
		update merchant_account set identity = $1, test = $2, test_code = $3, test_detail = $4, tested_at = $5
		where tenant = $6 and id = $7 and version = $8`,
		a.Identity, string(a.Test), a.TestCode, a.TestText, db.Millis(a.TestedAt), a.Tenant, a.ID, a.Version)
	return n == 1, err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Account, error) {
	return scan(tx.QueryRow(ctx, `select `+columns+` from merchant_account where tenant = $1 and id = $2`, tenant, id))
}

// all lists the accounts of a shop in the order they were added, also those
// that were removed.
func all(ctx context.Context, tx *db.Tx, tenant string) ([]Account, error) {
	return db.List(ctx, tx, scan, `select `+columns+` from merchant_account where tenant = $1 order by created_at, id`, tenant)
}

// leaving lists accounts that were removed and still hold their secrets.
func leaving(ctx context.Context, tx *db.Tx) ([]Account, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from merchant_account
		where state = 'removed' and key <> ''
		order by tenant, id limit 500`)
}
