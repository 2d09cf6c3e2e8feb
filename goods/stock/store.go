package stock

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "stock", FS: files}

const columns = `case_id, line, seq, id, order_id, seller, sku, title, quantity, source, target, grade, moved_at`

// insert tells false where the movement is recorded already.
func insert(ctx context.Context, tx *db.Tx, tenant string, m Movement) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into stock_movement (tenant, `+columns+`)
		values (`+db.Placeholders(1, 14)+`)
		on conflict (tenant, case_id, line, seq) do nothing`,
		tenant, m.Case, m.Line, m.Sequence, m.ID, m.Order, m.Seller, m.SKU, m.Title, m.Quantity, string(m.From), string(m.To), m.Grade, db.Millis(m.At))
	return n == 1, err
}

func scan(row db.Scanner) (m Movement, err error) {
	var at int64
	err = row.Scan(&m.Case, &m.Line, &m.Sequence, &m.ID, &m.Order, &m.Seller, &m.SKU, &m.Title, &m.Quantity, &m.From, &m.To, &m.Grade, &at)
	m.At = db.Time(at)
	return m, err
}

func recorded(ctx context.Context, tx *db.Tx, tenant string, m Move) (Movement, error) {
	return scan(tx.QueryRow(ctx, `
		select `+columns+` from stock_movement
		where tenant = $1 and case_id = $2 and line = $3 and seq = $4`, tenant, m.Case, m.Line, m.Sequence))
}

func of(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Movement, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from stock_movement
		where tenant = $1 and case_id = $2
		order by id`, tenant, caseID)
}

func page(ctx context.Context, tx *db.Tx, tenant string, f Filter) ([]Movement, error) {
	var where strings.Builder
	where.WriteString("tenant = $1")
	args := []any{tenant}
	add := func(column string, value any) {
		args = append(args, value)
		fmt.Fprintf(&where, " and %s $%d", column, len(args))
	}
	if f.Case != "" {
		add("case_id =", f.Case)
	}
	if f.SKU != "" {
		add("sku =", f.SKU)
	}
	if f.To != "" {
		add("target =", string(f.To))
	}
	if f.Seller != "" {
		where.WriteString(" and seller <> ''") // lets the index of sellers serve
		add("seller =", f.Seller)
	}
	if !f.Since.IsZero() {
		add("moved_at >=", db.Millis(f.Since))
	}
	if !f.Before.IsZero() {
		add("moved_at <", db.Millis(f.Before))
	}
	if f.After != "" {
		add("id <", f.After)
	}
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, `
		select `+columns+` from stock_movement
		where `+where.String()+`
		order by id desc
		limit $`+fmt.Sprint(len(args)), args...)
}
