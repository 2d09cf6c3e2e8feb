package wallet

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"math"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "wallet", FS: files}

const columns = `tenant, id, customer, kind, unit, reference, balance, version, created_at`

func scan(row db.Scanner) (a Account, err error) {
	var created int64
	err = row.Scan(&a.Tenant, &a.ID, &a.Customer, &a.Kind, &a.Unit, &a.Reference, &a.Balance, &a.Version, &created)
	a.CreatedAt = db.Time(created)
	return a, err
}

// open finds an account by its owner, kind, unit and reference, or makes it,
// and keeps others from it until the end of the transaction.
func open(ctx context.Context, tx *db.Tx, a Account) (Account, error) {
	return scan(tx.QueryRow(ctx, `
		insert into wallet_account (tenant, id, customer, kind, unit, reference, version, created_at)
		values ($1, $2, $3, $4, $5, $6, 0, $7)
		on conflict (tenant, customer, kind, unit, reference) do update set version = wallet_account.version
		returning `+columns, a.Tenant, a.ID, a.Customer, string(a.Kind), a.Unit, a.Reference, db.Millis(a.CreatedAt)))
}

// lock reads an account and keeps others from it.
func lock(ctx context.Context, tx *db.Tx, tenant, id string) (Account, error) {
	a, err := scan(tx.QueryRow(ctx, `
		update wallet_account set version = version
		where tenant = $1 and id = $2
		returning `+columns, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrUnknown
	}
	return a, err
}

func save(ctx context.Context, tx *db.Tx, a *Account) error {
	return tx.QueryRow(ctx, `
		update wallet_account set balance = $1, version = version + 1
		where tenant = $2 and id = $3
		returning version`, a.Balance, a.Tenant, a.ID).Scan(&a.Version)
}

func byCustomer(ctx context.Context, tx *db.Tx, tenant, customer string) ([]Account, error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from wallet_account
		where tenant = $1 and customer = $2
		order by kind, unit, reference`, tenant, customer)
	for i := range all {
		if err == nil {
			all[i].Lots, err = lotsOf(ctx, tx, tenant, all[i].ID)
		}
	}
	return all, err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Account, error) {
	a, err := scan(tx.QueryRow(ctx, `select `+columns+` from wallet_account where tenant = $1 and id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrUnknown
	}
	return a, err
}

const entryColumns = `tenant, id, account, kind, amount, balance, key, case_id, order_id, tender, basis, reason, actor, at`

func scanEntry(row db.Scanner) (e Entry, err error) {
	var at int64
	err = row.Scan(&e.Tenant, &e.ID, &e.Account, &e.Kind, &e.Amount, &e.Balance, &e.Key, &e.Case, &e.Order, &e.Tender, &e.Basis, &e.Reason, &e.Actor, &at)
	e.At = db.Time(at)
	return e, err
}

func insert(ctx context.Context, tx *db.Tx, e Entry) error {
	_, err := tx.Exec(ctx, `
		insert into wallet_entry (`+entryColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		e.Tenant, e.ID, e.Account, e.Kind, e.Amount, e.Balance, e.Key, e.Case, e.Order, e.Tender, e.Basis, e.Reason, e.Actor, db.Millis(e.At))
	return err
}

func byKey(ctx context.Context, tx *db.Tx, tenant, key string) (Entry, bool, error) {
	e, err := scanEntry(tx.QueryRow(ctx, `select `+entryColumns+` from wallet_entry where tenant = $1 and key = $2`, tenant, key))
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, false, nil
	}
	return e, err == nil, err
}

// statement lists the entries of an account, newest first, before an id.
func statement(ctx context.Context, tx *db.Tx, tenant, account, before string, limit int) ([]Entry, error) {
	if before == "" {
		before = "x" // after every id, which begin with "wen"
	}
	return db.List(ctx, tx, scanEntry, `
		select `+entryColumns+` from wallet_entry
		where tenant = $1 and account = $2 and id < $3
		order by id desc limit $4`, tenant, account, before, limit)
}

// some are those of the entries that a filter chooses, newest first, before an
// id. Empty values do not filter.
func some(ctx context.Context, tx *db.Tx, tenant, account, kind string, since, until time.Time, before string, limit int) ([]Entry, error) {
	if before == "" {
		before = "x" // after every id, which begin with "wen"
	}
	end := int64(math.MaxInt64)
	if !until.IsZero() {
		end = db.Millis(until)
	}
	return db.List(ctx, tx, scanEntry, `
		select `+entryColumns+` from wallet_entry
		where tenant = $1 and account = $2 and id < $3 and ($4 = '' or kind = $4) and at >= $5 and at < $6
		order by id desc limit $7`, tenant, account, before, kind, db.Millis(since), end, limit)
}

// basis is the money that refunds of a tender stand for so far.
func basis(ctx context.Context, tx *db.Tx, tenant, order, tender string) (sum int64, err error) {
	err = tx.QueryRow(ctx, `
		select cast(coalesce(sum(basis), 0) as bigint) from wallet_entry
		where tenant = $1 and order_id = $2 and order_id <> '' and tender = $3`, tenant, order, tender).Scan(&sum)
	return sum, err
}

// addedBy is what a person added to an account since an instant, besides the
// entry of a key.
func addedBy(ctx context.Context, tx *db.Tx, a Account, person, key string, since time.Time) (sum int64, err error) {
	err = tx.QueryRow(ctx, `
		select cast(coalesce(sum(amount), 0) as bigint) from wallet_entry
		where tenant = $1 and account = $2 and actor = $3 and key <> $4 and kind = 'adjusted' and amount > 0 and at > $5`,
		a.Tenant, a.ID, person, key, db.Millis(since)).Scan(&sum)
	return sum, err
}

func scanLot(row db.Scanner) (l Lot, err error) {
	var at int64
	err = row.Scan(&l.Account, &l.ID, &l.Rest, &at)
	l.ExpiresAt = db.Time(at)
	return l, err
}

// lotsOf lists what is left, the first to expire first, what never expires last.
func lotsOf(ctx context.Context, tx *db.Tx, tenant, account string) ([]Lot, error) {
	return db.List(ctx, tx, scanLot, `
		select account, id, rest, expires_at from wallet_lot
		where tenant = $1 and account = $2 and rest > 0
		order by case when expires_at = 0 then 1 else 0 end, expires_at, id`, tenant, account)
}

func addLot(ctx context.Context, tx *db.Tx, l Lot, tenant string) error {
	_, err := tx.Exec(ctx, `
		insert into wallet_lot (tenant, account, id, rest, expires_at)
		values ($1, $2, $3, $4, $5)`, tenant, l.Account, l.ID, l.Rest, db.Millis(l.ExpiresAt))
	return err
}

// setLot changes what is left; a lot that is used up goes.
func setLot(ctx context.Context, tx *db.Tx, tenant string, l Lot, rest int64) error {
	query := `update wallet_lot set rest = $1 where tenant = $2 and account = $3 and id = $4`
	if rest == 0 {
		query = `delete from wallet_lot where rest > $1 and tenant = $2 and account = $3 and id = $4`
	}
	_, err := tx.Exec(ctx, query, rest, tenant, l.Account, l.ID)
	return err
}

type owed struct{ tenant, account string }

// expired lists accounts of all tenants on which something has expired.
func expired(ctx context.Context, tx *db.Tx, limit int) ([]owed, error) {
	return db.List(ctx, tx, func(row db.Scanner) (o owed, err error) {
		err = row.Scan(&o.tenant, &o.account)
		return o, err
	}, `
		select distinct tenant, account from wallet_lot
		where rest > 0 and expires_at > 0 and expires_at <= $1
		order by tenant, account limit $2`, db.Millis(tx.Now), limit)
}
