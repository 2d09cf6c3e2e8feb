package privacy

import (
	"context"
	"database/sql"
	"embed"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "privacy", FS: files}

func insert(ctx context.Context, tx *db.Tx, e Erasure) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into privacy_erasure (tenant, customer, reason, asked_by, asked_name, asked_at, cases, orders, events, files, walked, done_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)
		on conflict do nothing`,
		e.Tenant, e.Customer, e.Reason, e.By, e.Name, db.Millis(e.At), e.Cases, e.Orders, e.Events, e.Files)
	return n == 1, err
}

func byCustomer(ctx context.Context, tx *db.Tx, tenant, customer string) (e Erasure, err error) {
	var at, done int64
	err = tx.QueryRow(ctx, `
		select tenant, customer, reason, asked_by, asked_name, asked_at, cases, orders, events, files, walked, done_at
		from privacy_erasure where tenant = $1 and customer = $2`, tenant, customer).
		Scan(&e.Tenant, &e.Customer, &e.Reason, &e.By, &e.Name, &at, &e.Cases, &e.Orders, &e.Events, &e.Files, &e.Walked, &done)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ErrNotErased
	}
	e.At, e.DoneAt = db.Time(at), db.Time(done)
	return e, err
}

// walked notes how far the log was searched; done ends the search.
func walked(ctx context.Context, tx *db.Tx, e Erasure, to, more int64, done bool) error {
	end := int64(0)
	if done {
		end = db.Millis(tx.Now)
	}
	_, err := tx.Exec(ctx, `
		update privacy_erasure set walked = $1, events = events + $2, done_at = $3 where tenant = $4 and customer = $5`,
		to, more, end, e.Tenant, e.Customer)
	return err
}
