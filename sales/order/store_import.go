package order

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
)

func findImport(ctx context.Context, tx *db.Tx, k importKey) (state, position, summary string, err error) {
	err = tx.QueryRow(ctx, `
		select state, position, summary from order_import
		where tenant = $1 and source = $2 and fingerprint = $3`, k.tenant, k.source, k.fingerprint).Scan(&state, &position, &summary)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return state, position, summary, err
}

// resetImport starts an import from the beginning and forgets the report of an
// earlier one.
func resetImport(ctx context.Context, tx *db.Tx, k importKey) error {
	_, err := tx.Exec(ctx, `delete from order_rejected where tenant = $1 and source = $2 and fingerprint = $3`, k.tenant, k.source, k.fingerprint)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into order_import (tenant, source, fingerprint, state, position, summary, started_at, updated_at)
		values ($1, $2, $3, 'running', '{}', '{"reasons":{}}', $4, $5)
		on conflict (tenant, source, fingerprint) do update
		set state = excluded.state, position = excluded.position, summary = excluded.summary, started_at = excluded.started_at, updated_at = excluded.updated_at`,
		k.tenant, k.source, k.fingerprint, db.Millis(tx.Now), db.Millis(tx.Now))
	return err
}

func saveImport(ctx context.Context, tx *db.Tx, k importKey, state, position, summary string) error {
	_, err := tx.Exec(ctx, `
		update order_import set state = $1, position = $2, summary = $3, updated_at = $4
		where tenant = $5 and source = $6 and fingerprint = $7`,
		state, position, summary, db.Millis(tx.Now), k.tenant, k.source, k.fingerprint)
	return err
}

func endImport(ctx context.Context, tx *db.Tx, k importKey) error {
	_, err := tx.Exec(ctx, `
		update order_import set state = 'done', updated_at = $1
		where tenant = $2 and source = $3 and fingerprint = $4`, db.Millis(tx.Now), k.tenant, k.source, k.fingerprint)
	return err
}

func insertRejected(ctx context.Context, tx *db.Tx, k importKey, seq int64, all []Rejected) error {
	args := make([]any, 0, 10*len(all))
	for i := range all {
		r := &all[i]
		args = append(args, k.tenant, k.source, k.fingerprint, seq+int64(i)+1, clean(r.File), r.Line, clean(r.Order), clean(r.Field), clean(r.Reason), clean(r.Value))
	}
	return insertRows(ctx, tx, `insert into order_rejected (tenant, source, fingerprint, seq, file, line, number, field, reason, value) values `, 10, args)
}

func rejectedAfter(ctx context.Context, tx *db.Tx, k importKey, seq int64, limit int) ([]Rejected, error) {
	return db.List(ctx, tx, func(row db.Scanner) (r Rejected, err error) {
		err = row.Scan(&r.File, &r.Line, &r.Order, &r.Field, &r.Reason, &r.Value)
		return r, err
	}, `
		select file, line, number, field, reason, value from order_rejected
		where tenant = $1 and source = $2 and fingerprint = $3 and seq > $4
		order by seq limit $5`, k.tenant, k.source, k.fingerprint, seq, limit)
}

const returnedColumns = `tenant, source, ref, order_id, line, quantity, amount, at`

func insertReturned(ctx context.Context, tx *db.Tx, tenant, order string, all []Returned) error {
	args := make([]any, 0, 8*len(all))
	for _, r := range all {
		args = append(args, tenant, r.Source, r.Ref, order, r.Line, r.Quantity, r.Amount, db.Millis(r.At))
	}
	return insertRows(ctx, tx, `insert into order_returned (`+returnedColumns+`) values `, 8, args)
}

func returnKnown(ctx context.Context, tx *db.Tx, tenant, source, ref string) (known bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (select 1 from order_returned where tenant = $1 and source = $2 and ref = $3)`, tenant, source, ref).Scan(&known)
	return known, err
}

// purchase is a line of an earlier order with what is left of it.
type purchase struct {
	order, currency string
	line            int
	paid            int64 // for the units, and not given back yet
}

// purchases lists the lines that have enough units left for a past return,
// latest first and, of the same moment, by number, so that importing the same
// files anywhere ties the same returns. What a line has left of money is for that
// many units.
func purchases(ctx context.Context, tx *db.Tx, tenant, customer, source string, x SourceReturn, limit int) ([]purchase, error) {
	return db.List(ctx, tx, func(row db.Scanner) (purchase, error) {
		var (
			p                        purchase
			quantity, units, amounts int64
			text                     string
			ledger                   Ledger
		)
		if err := row.Scan(&p.order, &p.currency, &p.line, &quantity, &text, &units, &amounts); err != nil {
			return p, err
		}
		if err := json.Unmarshal([]byte(text), &ledger); err != nil {
			return p, fmt.Errorf("ledger of line %d: %w", p.line, err)
		}
		p.paid = money.Part(ledger.Paid, units+x.Quantity, quantity) - amounts
		return p, nil
	}, `
		with line as (
			select o.id, o.number, o.currency, o.placed_at, l.no, l.quantity, l.ledger,
				(select cast(coalesce(sum(r.quantity), 0) as bigint) from order_returned r
				where r.tenant = l.tenant and r.order_id = l.order_id and r.line = l.no) as units,
				(select cast(coalesce(sum(r.amount), 0) as bigint) from order_returned r
				where r.tenant = l.tenant and r.order_id = l.order_id and r.line = l.no) as amounts
			from order_order o join order_line l on l.tenant = o.tenant and l.order_id = o.id
			where o.tenant = $1 and o.customer = $2 and o.customer <> '' and o.source = $3 and o.placed_at <= $4
				and l.sku = $5 and l.quantity >= $6
		)
		select id, currency, no, quantity, ledger, units, amounts from line
		where quantity - units >= $7
		order by placed_at desc, number desc, no limit $8`,
		tenant, customer, source, db.Millis(x.At), x.SKU, x.Quantity, x.Quantity, limit)
}

func boughtBefore(ctx context.Context, tx *db.Tx, tenant, customer, source string, x SourceReturn) (bought bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (
			select 1 from order_order o join order_line l on l.tenant = o.tenant and l.order_id = o.id
			where o.tenant = $1 and o.customer = $2 and o.customer <> '' and o.source = $3 and o.placed_at <= $4 and l.sku = $5)`,
		tenant, customer, source, db.Millis(x.At), x.SKU).Scan(&bought)
	return bought, err
}
