package refund

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "refund", FS: files}

// lock makes or takes the order's row; others wait until this transaction ends.
func lock(ctx context.Context, tx *db.Tx, o order.Order) (account, error) {
	return scanAccount(tx.QueryRow(ctx, `
		insert into refund_account (tenant, order_id, captured, refunded, shipping, tenders, version)
		values ($1, $2, $3, 0, 0, '{}', 1)
		on conflict (tenant, order_id) do update set version = refund_account.version + 1
		returning refunded, shipping, tenders, book`, o.Tenant, o.ID, captured(o)))
}

// look reads the order's row without locking; there may be none yet.
func look(ctx context.Context, tx *db.Tx, o order.Order) (account, error) {
	a, err := scanAccount(tx.QueryRow(ctx, `
		select refunded, shipping, tenders, book from refund_account where tenant = $1 and order_id = $2`, o.Tenant, o.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return account{tenders: map[string]int64{}}, nil
	}
	return a, err
}

func scanAccount(row db.Scanner) (a account, err error) {
	var tenders, book string
	if err := row.Scan(&a.refunded, &a.shipping, &tenders, &book); err != nil {
		return account{}, err
	}
	if err := a.book.parse(book); err != nil {
		return account{}, err
	}
	a.tenders = map[string]int64{}
	return a, json.Unmarshal([]byte(tenders), &a.tenders)
}

// save writes the row that lock took.
func (a account) save(ctx context.Context, tx *db.Tx, o order.Order) error {
	tenders, err := json.Marshal(a.tenders)
	if err != nil {
		return err
	}
	book, err := a.book.column()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update refund_account set refunded = $1, shipping = $2, tenders = $3, book = $4
		where tenant = $5 and order_id = $6`, a.refunded, a.shipping, string(tenders), book, o.Tenant, o.ID)
	return err
}

func claimsOf(ctx context.Context, tx *db.Tx, o order.Order) (holds, error) {
	return db.List(ctx, tx, func(row db.Scanner) (c hold, err error) {
		err = row.Scan(&c.Line, &c.First, &c.Count, &c.caseID, &c.Reason, &c.state)
		return c, err
	}, `
		select line, first_unit, units, case_id, reason, state
		from refund_claim where tenant = $1 and order_id = $2
		order by line, first_unit`, o.Tenant, o.ID)
}

// insert adds claims, a hundred per statement.
func insert(ctx context.Context, tx *db.Tx, o order.Order, caseID string, state State, runs []Run) error {
	for chunk := range slices.Chunk(runs, 100) {
		var rows strings.Builder
		args := []any{o.Tenant, o.ID, caseID, string(state)}
		for i, r := range chunk {
			if i > 0 {
				rows.WriteString(", ")
			}
			n := len(args)
			fmt.Fprintf(&rows, "($1, $2, $3, $4, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4)
			args = append(args, r.Line, r.First, r.Count, r.Reason)
		}
		_, err := tx.Exec(ctx, `
			insert into refund_claim (tenant, order_id, case_id, state, line, first_unit, units, reason)
			values `+rows.String(), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the case's claims of a state.
func remove(ctx context.Context, tx *db.Tx, o order.Order, caseID string, state State) error {
	_, err := tx.Exec(ctx, `
		delete from refund_claim
		where tenant = $1 and order_id = $2 and case_id = $3 and state = $4`, o.Tenant, o.ID, caseID, string(state))
	return err
}

// turn gives all claims of the case in one state another.
func turn(ctx context.Context, tx *db.Tx, o order.Order, caseID string, from, to State) error {
	_, err := tx.Exec(ctx, `
		update refund_claim set state = $1
		where tenant = $2 and order_id = $3 and case_id = $4 and state = $5`, string(to), o.Tenant, o.ID, caseID, string(from))
	return err
}
