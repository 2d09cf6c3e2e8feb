package charge

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "charge", FS: files}

const columns = `tenant, id, key, case_id, order_id, customer, purpose, amount, currency, state, due_at, reference, reason, version, created_at, updated_at`

func scan(row db.Scanner) (c Charge, err error) {
	var due, created, updated int64
	err = row.Scan(&c.Tenant, &c.ID, &c.Key, &c.Case, &c.Order, &c.Customer, &c.Purpose, &c.Amount.Minor, &c.Amount.Currency, &c.State,
		&due, &c.Reference, &c.Reason, &c.Version, &created, &updated)
	c.Due, c.CreatedAt, c.UpdatedAt = db.Time(due), db.Time(created), db.Time(updated)
	return c, err
}

// one reads a charge by a query, with its latest attempt.
func one(ctx context.Context, tx *db.Tx, query string, args ...any) (Charge, error) {
	c, err := scan(tx.QueryRow(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Charge{}, ErrUnknown
	}
	if err == nil {
		c.Attempt, err = latest(ctx, tx, c.Tenant, c.ID)
	}
	return c, err
}

// insert adds a charge unless its key is taken; then it gives the one there.
func insert(ctx context.Context, tx *db.Tx, c Charge) (_ Charge, fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		insert into charge_charge (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		on conflict do nothing`, c.Tenant, c.ID, c.Key, c.Case, c.Order, c.Customer, c.Purpose, c.Amount.Minor, c.Amount.Currency, string(c.State),
		db.Millis(c.Due), c.Reference, c.Reason, c.Version, db.Millis(c.CreatedAt), db.Millis(c.UpdatedAt))
	if err != nil || n == 1 {
		return c, n == 1, err
	}
	c, err = one(ctx, tx, `select `+columns+` from charge_charge where tenant = $1 and key = $2`, c.Tenant, c.Key)
	return c, false, err
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Charge, error) {
	return one(ctx, tx, `select `+columns+` from charge_charge where tenant = $1 and id = $2`, tenant, id)
}

func casesOf(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return db.Pairs(ctx, tx, `select id, case_id from charge_charge where tenant = $1 and id in`, tenant, ids)
}

// lock reads a charge and keeps others from it until the end of the transaction.
func lock(ctx context.Context, tx *db.Tx, tenant, id string) (Charge, error) {
	return one(ctx, tx, `
		update charge_charge set version = version
		where tenant = $1 and id = $2
		returning `+columns, tenant, id)
}

// update saves what may change, if nobody changed the charge since it was read.
func update(ctx context.Context, tx *db.Tx, c *Charge) error {
	c.UpdatedAt = tx.Now
	err := tx.QueryRow(ctx, `
		update charge_charge set state = $1, reference = $2, reason = $3, updated_at = $4, version = version + 1
		where tenant = $5 and id = $6 and version = $7
		returning version`, string(c.State), c.Reference, c.Reason, db.Millis(c.UpdatedAt), c.Tenant, c.ID, c.Version).Scan(&c.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale
	}
	return err
}

// fill reads the attempts of charges.
func fill(ctx context.Context, tx *db.Tx, all []Charge, err error) ([]Charge, error) {
	for i := range all {
		if err == nil {
			all[i].Attempt, err = latest(ctx, tx, all[i].Tenant, all[i].ID)
		}
	}
	return all, err
}

func byCase(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Charge, error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from charge_charge
		where tenant = $1 and case_id = $2
		order by id`, tenant, caseID)
	return fill(ctx, tx, all, err)
}

// page lists charges newest first, before an id; of one customer or in one state
// where these are named.
func page(ctx context.Context, tx *db.Tx, tenant, customer string, state State, before string, limit int) ([]Charge, error) {
	if before == "" {
		before = "d" // after every id, which begin with "chg"
	}
	query := `select ` + columns + ` from charge_charge where tenant = $1 and id < $2`
	args := []any{tenant, before}
	if customer != "" {
		args = append(args, customer)
		query += ` and customer = $3 and customer <> ''`
	} else if state != "" {
		args = append(args, string(state))
		query += ` and state = $3`
	}
	args = append(args, limit)
	all, err := db.List(ctx, tx, scan, query+` order by id desc limit $`+fmt.Sprint(len(args)), args...)
	return fill(ctx, tx, all, err)
}

const attemptColumns = `charge, number, provider, account, means, back, state, url, reference, reason, busy_until, started_at`

func scanAttempt(row db.Scanner) (a Attempt, err error) {
	var busy, started int64
	err = row.Scan(&a.Charge, &a.Number, &a.Provider, &a.Account, &a.Means, &a.Back, &a.State, &a.URL, &a.Reference, &a.Reason, &busy, &started)
	a.BusyUntil, a.StartedAt = db.Time(busy), db.Time(started)
	return a, err
}

func latest(ctx context.Context, tx *db.Tx, tenant, charge string) (*Attempt, error) {
	a, err := scanAttempt(tx.QueryRow(ctx, `
		select `+attemptColumns+` from charge_attempt
		where tenant = $1 and charge = $2
		order by number desc limit 1`, tenant, charge))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &a, err
}

func attempt(ctx context.Context, tx *db.Tx, tenant, charge string, number int) (Attempt, error) {
	a, err := scanAttempt(tx.QueryRow(ctx, `
		select `+attemptColumns+` from charge_attempt
		where tenant = $1 and charge = $2 and number = $3`, tenant, charge, number))
	if errors.Is(err, sql.ErrNoRows) {
		return Attempt{}, ErrUnknown
	}
	return a, err
}

func addAttempt(ctx context.Context, tx *db.Tx, tenant string, a Attempt) error {
	_, err := tx.Exec(ctx, `
		insert into charge_attempt (tenant, charge, number, provider, account, means, back, state, busy_until, started_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, tenant, a.Charge, a.Number, a.Provider, a.Account, a.Means, a.Back, a.State, db.Millis(a.BusyUntil), db.Millis(a.StartedAt))
	return err
}

func saveAttempt(ctx context.Context, tx *db.Tx, tenant string, a Attempt) error {
	_, err := tx.Exec(ctx, `
		update charge_attempt set state = $1, url = $2, reference = $3, reason = $4, busy_until = $5
		where tenant = $6 and charge = $7 and number = $8`, a.State, a.URL, a.Reference, a.Reason, db.Millis(a.BusyUntil), tenant, a.Charge, a.Number)
	return err
}
