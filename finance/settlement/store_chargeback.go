package settlement

import (
	"context"
	"database/sql"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

// concerns is true of a chargeback c and a row of settlement_payout.
const concerns = `c.tenant = settlement_payout.tenant and c.state in ('open', 'lost') and (
	c.order_id <> '' and c.order_id = settlement_payout.order_id and c.tender in ('', settlement_payout.tender)
	or c.payment <> '' and c.provider = settlement_payout.provider and c.payment = settlement_payout.reference)`

const chargebackColumns = `c.tenant, c.id, c.order_id, c.tender, c.provider, c.payment, c.reference, c.reason, c.state, c.version, c.opened_at, c.closed_at`

func scanChargeback(row db.Scanner) (c Chargeback, err error) {
	var opened, closed int64
	err = row.Scan(&c.Tenant, &c.ID, &c.Order, &c.Tender, &c.Provider, &c.Payment, &c.Reference, &c.Reason, &c.State, &c.Version, &opened, &closed)
	c.OpenedAt, c.ClosedAt = db.Time(opened), db.Time(closed)
	return c, err
}

// insertChargeback adds an open chargeback unless there is one about the same;
// then it gives that one.
func insertChargeback(ctx context.Context, tx *db.Tx, c Chargeback) (open Chargeback, fresh bool, err error) {
	for range 5 {
		if open, fresh, err = tryChargeback(ctx, tx, c); !errors.Is(err, sql.ErrNoRows) {
			break // else the one that was open has just ended
		}
	}
	return open, fresh, err
}

func tryChargeback(ctx context.Context, tx *db.Tx, c Chargeback) (_ Chargeback, fresh bool, err error) {
	n, err := tx.Exec(ctx, `
		insert into settlement_chargeback (tenant, id, order_id, tender, provider, payment, reference, reason, state, version, opened_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict do nothing`, c.Tenant, c.ID, c.Order, c.Tender, c.Provider, c.Payment, c.Reference, c.Reason, string(c.State), c.Version, db.Millis(c.OpenedAt))
	if err != nil || n == 1 {
		return c, n == 1, err
	}
	c, err = scanChargeback(tx.QueryRow(ctx, `
		select `+chargebackColumns+` from settlement_chargeback c
		where c.tenant = $1 and c.order_id = $2 and c.tender = $3 and c.provider = $4 and c.payment = $5 and c.state = 'open'`,
		c.Tenant, c.Order, c.Tender, c.Provider, c.Payment))
	return c, false, err
}

// closeChargeback ends an open one; what reserves or sends a payout it concerns
// waits for this transaction, or this one for it.
func closeChargeback(ctx context.Context, tx *db.Tx, c *Chargeback) error {
	c.ClosedAt = tx.Now
	err := tx.QueryRow(ctx, `
		update settlement_chargeback set state = $1, closed_at = $2, version = version + 1
		where tenant = $3 and id = $4 and version = $5 and state = 'open'
		returning version`, string(c.State), db.Millis(c.ClosedAt), c.Tenant, c.ID, c.Version).Scan(&c.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale
	}
	return err
}

// lockOpen finds an open chargeback that concerns a payout and keeps it from
// being closed before this transaction ends; empty when there is none.
func lockOpen(ctx context.Context, tx *db.Tx, p Payout) (chargeback string, err error) {
	err = tx.QueryRow(ctx, `
		update settlement_chargeback set reference = reference
		where tenant = $1 and state = 'open' and id = (
			select min(c.id) from settlement_chargeback c, settlement_payout
			where settlement_payout.tenant = $1 and settlement_payout.id = $2 and c.state = 'open' and `+concerns+`)
		returning id`, p.Tenant, p.ID).Scan(&chargeback)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return chargeback, err
}

func chargebackByID(ctx context.Context, tx *db.Tx, tenant, id string) (Chargeback, error) {
	c, err := scanChargeback(tx.QueryRow(ctx, `select `+chargebackColumns+` from settlement_chargeback c where c.tenant = $1 and c.id = $2`, tenant, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Chargeback{}, ErrNoChargeback
	}
	return c, err
}

// chargebacksByReference reads all of a shop's: they are few.
func chargebacksByReference(ctx context.Context, tx *db.Tx, tenant, provider, reference string) ([]Chargeback, error) {
	return db.List(ctx, tx, scanChargeback, `
		select `+chargebackColumns+` from settlement_chargeback c
		where c.tenant = $1 and c.provider = $2 and c.reference = $3
		order by c.id desc`, tenant, provider, reference)
}

// concerned lists the payouts that a chargeback is about. Of one that names no
// order these are only the payouts that are not paid: there is no index of
// payments.
func concerned(ctx context.Context, tx *db.Tx, c Chargeback) ([]Payout, error) {
	if c.Order != "" {
		return db.List(ctx, tx, scan, `
			select `+columns+` from settlement_payout
			where tenant = $1 and order_id = $2 and ($3 = '' or tender = $3)
			order by id`, c.Tenant, c.Order, c.Tender)
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from settlement_payout
		where tenant = $1 and state <> 'succeeded' and provider = $2 and reference = $3
		order by id`, c.Tenant, c.Provider, c.Payment)
}

func pageChargebacks(ctx context.Context, tx *db.Tx, tenant string, state Standing, before string, limit int) ([]Chargeback, error) {
	if before == "" {
		before = "d" // after every id, which begin with "cbk"
	}
	return db.List(ctx, tx, scanChargeback, `
		select `+chargebackColumns+` from settlement_chargeback c
		where c.tenant = $1 and ($2 = '' or c.state = $2) and c.id < $3
		order by c.id desc limit $4`, tenant, string(state), before, limit)
}

// insertRedirect keeps the means of payment that a payout leaves.
func insertRedirect(ctx context.Context, tx *db.Tx, p Payout, consent, actor string) error {
	_, err := tx.Exec(ctx, `
		insert into settlement_redirect (tenant, payout, generation, kind, provider, reference, label, provider_ref, reason, consent, actor, at, account)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		p.Tenant, p.ID, p.Generation, p.Kind, p.Provider, p.Reference, p.Label, p.ProviderRef, p.LastError, consent, actor, db.Millis(tx.Now), p.Account)
	return err
}

// former is the provider's id of what an earlier generation paid, empty if it
// never did, and the account that it was sent through.
func former(ctx context.Context, tx *db.Tx, tenant, payout string, generation int) (providerRef, account string, err error) {
	err = tx.QueryRow(ctx, `
		select provider_ref, account from settlement_redirect
		where tenant = $1 and payout = $2 and generation = $3`, tenant, payout, generation).Scan(&providerRef, &account)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrUnknown
	}
	return providerRef, account, err
}

// uncount takes a success back from a case.
func uncount(ctx context.Context, tx *db.Tx, tenant, caseID string) error {
	_, err := tx.Exec(ctx, `update settlement_case set succeeded = succeeded - 1 where tenant = $1 and case_id = $2`, tenant, caseID)
	return err
}
