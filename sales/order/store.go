package order

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "order", FS: files}

const orderColumns = `o.tenant, o.id, o.source, o.number, o.customer, o.currency, o.country, o.zone, o.placed_at, o.delivered_at,
	o.tax_included, o.policy, o.policy_version, o.version, o.shipping, o.tenders, o.extra`

func scanOrder(row db.Scanner) (Order, error) {
	var (
		o                 Order
		placed, delivered int64
		shipping, tenders string
		more              string
	)
	err := row.Scan(&o.Tenant, &o.ID, &o.Source, &o.Number, &o.Customer, &o.Currency, &o.Country, &o.Zone, &placed, &delivered,
		&o.TaxIncluded, &o.Policy, &o.PolicyVer, &o.Version, &shipping, &tenders, &more)
	if err != nil {
		return Order{}, err
	}
	o.PlacedAt, o.DeliveredAt = db.Time(placed), db.Time(delivered)
	if err := json.Unmarshal([]byte(shipping), &o.Shipping); err != nil {
		return Order{}, fmt.Errorf("shipping of %s: %w", o.ID, err)
	}
	if err := json.Unmarshal([]byte(tenders), &o.Tenders); err != nil {
		return Order{}, fmt.Errorf("tenders of %s: %w", o.ID, err)
	}
	if err := o.read(more); err != nil {
		return Order{}, fmt.Errorf("extra of %s: %w", o.ID, err)
	}
	return o, nil
}

const lineColumns = `no, sku, title, variant, category, image_url, seller, quantity, unit_price, weight_grams, delivered_at, ledger, extra`

func scanLine(row db.Scanner) (Line, error) {
	var (
		l         Line
		delivered int64
		ledger    string
		more      string
	)
	err := row.Scan(&l.No, &l.SKU, &l.Title, &l.Variant, &l.Category, &l.ImageURL, &l.Seller, &l.Quantity, &l.UnitPrice, &l.WeightGrams, &delivered, &ledger, &more)
	if err != nil {
		return Line{}, err
	}
	l.DeliveredAt = db.Time(delivered)
	if err := json.Unmarshal([]byte(ledger), &l.Ledger); err != nil {
		return Line{}, fmt.Errorf("ledger of line %d: %w", l.No, err)
	}
	if err := l.read(more); err != nil {
		return Line{}, fmt.Errorf("extra of line %d: %w", l.No, err)
	}
	return l, nil
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Order, error) {
	o, err := scanOrder(tx.QueryRow(ctx, `select `+orderColumns+` from order_order o where o.tenant = $1 and o.id = $2`, tenant, id))
	if err != nil {
		return Order{}, err
	}
	o.Lines, err = linesOf(ctx, tx, tenant, id)
	return o, err
}

func versionOf(ctx context.Context, tx *db.Tx, tenant, id string) (version int64, err error) {
	err = tx.QueryRow(ctx, `select version from order_order where tenant = $1 and id = $2`, tenant, id).Scan(&version)
	return version, err
}

func linesOf(ctx context.Context, tx *db.Tx, tenant, id string) ([]Line, error) {
	return db.List(ctx, tx, scanLine, `select `+lineColumns+` from order_line where tenant = $1 and order_id = $2 order by no`, tenant, id)
}

func byNumber(ctx context.Context, tx *db.Tx, tenant, number string) ([]Order, error) {
	all, err := db.List(ctx, tx, scanOrder, `
		select `+orderColumns+` from order_order o
		where o.tenant = $1 and o.number = $2
		order by o.placed_at desc, o.id desc limit 20`, tenant, number)
	for i := range all {
		if err == nil {
			all[i].Lines, err = linesOf(ctx, tx, tenant, all[i].ID)
		}
	}
	return all, err
}

// stored finds the id and digest of an order by its identity in the source;
// empty if there is none.
func stored(ctx context.Context, tx *db.Tx, tenant, source, number string) (id, digest string, err error) {
	err = tx.QueryRow(ctx, `
		select id, digest from order_order
		where tenant = $1 and source = $2 and number = $3`, tenant, source, number).Scan(&id, &digest)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return id, digest, err
}

// Rows go in chunks of few fixed sizes, so that few statements are prepared.
var chunks = []int{32, 8, 1}

// insert writes whole orders with their lines.
func insert(ctx context.Context, tx *db.Tx, all []*prepared) error {
	now := db.Millis(tx.Now)
	orders := make([]any, 0, 23*len(all))
	lines := make([]any, 0, 15*len(all)*8)
	for _, p := range all {
		o := &p.order
		orders = append(orders, o.Tenant, o.ID, o.Source, o.Number, o.Customer, o.Currency, o.Country, o.Zone, db.Millis(o.PlacedAt), db.Millis(o.DeliveredAt),
			o.TaxIncluded, o.Policy, o.PolicyVer, o.Version, p.shipping, p.tenders, o.Lines[0].Title, o.Lines[0].ImageURL, len(o.Lines), o.Paid(), p.digest, now, p.extra, o.Channel)
		for i := range o.Lines {
			l := &o.Lines[i]
			lines = append(lines, o.Tenant, o.ID, l.No, l.SKU, l.Title, l.Variant, l.Category, l.ImageURL, l.Seller,
				l.Quantity, l.UnitPrice, l.WeightGrams, db.Millis(l.DeliveredAt), p.ledgers[i], p.extraOf(i))
		}
	}
	err := insertRows(ctx, tx, `insert into order_order (tenant, id, source, number, customer, currency, country, zone, placed_at, delivered_at,
		tax_included, policy, policy_version, version, shipping, tenders, title, image_url, lines, paid, digest, created_at, extra, channel) values `, 24, orders)
	if err != nil {
		return err
	}
	return insertRows(ctx, tx, `insert into order_line (tenant, order_id, `+lineColumns+`) values `, 15, lines)
}

func insertRows(ctx context.Context, tx *db.Tx, head string, width int, args []any) error {
	for _, size := range chunks {
		n := size * width
		if len(args) < n {
			continue
		}
		query := head + places(tx.Engine(), size, width)
		for ; len(args) >= n; args = args[n:] {
			if _, err := tx.Exec(ctx, query, args[:n]...); err != nil {
				return err
			}
		}
	}
	return nil
}

// clean makes any text storable and short: what was wrong may be anything.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}

// places writes ($1, $2), ($3, $4) … SQLite gets plain question marks, which
// mean the same here: its driver looks each numbered place up among all
// arguments, which takes longer than the insert when there are hundreds.
func places(engine db.Engine, rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if engine == db.SQLite {
			b.WriteByte('?')
			continue
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}

const summaryColumns = `o.id, o.source, o.number, o.customer, o.currency, o.placed_at, o.delivered_at, o.paid, o.lines, o.title, o.image_url`

func scanSummary(row db.Scanner) (s Summary, err error) {
	var placed, delivered int64
	err = row.Scan(&s.ID, &s.Source, &s.Number, &s.Customer, &s.Currency, &placed, &delivered, &s.Paid, &s.Lines, &s.Title, &s.ImageURL)
	s.PlacedAt, s.DeliveredAt = db.Time(placed), db.Time(delivered)
	return s, err
}

// page lists newest first, after a place in that order. A search sorts what it
// finds: the + 0 keeps both engines from walking all orders by date instead.
func page(ctx context.Context, tx *db.Tx, by actor.Actor, number, channel string, customers []string, after Place, limit int) ([]Summary, error) {
	var where strings.Builder
	args := []any{by.Tenant}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	placed := "o.placed_at"
	if number != "" {
		placed = "o.placed_at + 0"
	}
	if mine, limited := by.Mine(); limited {
		where.WriteString(" and o.customer <> '' and o.customer = " + arg(mine))
	}
	switch channel {
	case "":
	case UnknownChannel:
		where.WriteString(" and o.channel = ''")
	default:
		where.WriteString(" and o.channel <> '' and o.channel = " + arg(channel))
	}
	if after.ID != "" {
		where.WriteString(" and (" + placed + ", o.id) < (" + arg(db.Millis(after.At)) + ", " + arg(after.ID) + ")")
	}
	if by.Seller != "" {
		where.WriteString(" and exists (select 1 from order_line l where l.tenant = o.tenant and l.order_id = o.id and l.seller = " + arg(by.Seller) + ")")
	}
	if number != "" {
		where.WriteString(" and o.id in (select id from order_order where tenant = " + arg(by.Tenant) + " and number >= " + arg(number) + " and number < " + arg(number+"\U0010FFFF"))
		if len(customers) > 0 {
			where.WriteString(" union all select id from order_order where tenant = " + arg(by.Tenant) + " and customer in (" + list(arg, customers) + ")")
		}
		where.WriteString(")")
	}
	return db.List(ctx, tx, scanSummary, `
		select `+summaryColumns+` from order_order o
		where o.tenant = $1`+where.String()+`
		order by `+placed+` desc, o.id desc limit `+arg(limit), args...)
}

func list(arg func(any) string, values []string) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = arg(v)
	}
	return strings.Join(marks, ", ")
}

func policiesOf(ctx context.Context, tx *db.Tx, tenant, seller string) ([]UsedPolicy, error) {
	return db.List(ctx, tx, func(row db.Scanner) (u UsedPolicy, err error) { return u, row.Scan(&u.ID, &u.Version) }, `
		select distinct o.policy, o.policy_version from order_line l join order_order o on o.tenant = l.tenant and o.id = l.order_id
		where l.tenant = $1 and l.seller = $2 and l.seller <> ''
		order by o.policy_version desc, o.policy limit 500`, tenant, seller)
}
