package cases

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "cases", FS: files}

const columns = `tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller,
	currency, quoted, refunded, title, quantity, reason, language, comment, items, decision, policy, policy_version,
	terms, quote, timer, deadline, tracking, opened_at, updated_at`

func scan(row db.Scanner) (Case, error) {
	var (
		c                         Case
		state                     string
		items, decision, terms    string
		quote                     string
		deadline, opened, updated int64
	)
	err := row.Scan(&c.Tenant, &c.ID, &c.Number, &c.Kind, &state, &c.ClosedAs, &c.Version, &c.Order, &c.OrderNumber,
		&c.Customer, &c.Name, &c.Seller, &c.Currency, &c.Quoted, &c.Refunded, &c.Title, &c.Quantity, &c.Reason, &c.Language,
		&c.Comment, &items, &decision, &c.Policy, &c.PolicyVer, &terms, &quote, &c.Timer, &deadline, &c.Tracking, &opened, &updated)
	if err != nil {
		return Case{}, err
	}
	c.State, c.Quote = State(state), []byte(quote)
	c.Deadline, c.OpenedAt, c.UpdatedAt = db.Time(deadline), db.Time(opened), db.Time(updated)
	err = errors.Join(json.Unmarshal([]byte(items), &c.Items), json.Unmarshal([]byte(decision), &c.Decision),
		json.Unmarshal([]byte(terms), &c.Terms))
	return c, err
}

// ByID reads a case that the actor may see; any other is ErrUnknown.
func ByID(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (Case, error) {
	c, err := scan(tx.QueryRow(ctx, `select `+columns+` from cases_case where tenant = $1 and id = $2`, by.Tenant, id))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !visible(c, by) {
		return Case{}, ErrUnknown
	}
	if err != nil {
		return Case{}, fmt.Errorf("case %s: %w", id, err)
	}
	return c, nil
}

func visible(c Case, by actor.Actor) bool {
	if own, limited := by.Mine(); limited && (own == "" || c.Customer != own) {
		return false
	}
	return by.Seller == "" || c.Seller == by.Seller
}

// ByOrder lists the cases of an order, newest first.
func ByOrder(ctx context.Context, tx *db.Tx, by actor.Actor, orderID string) ([]Case, error) {
	all, err := db.List(ctx, tx, scan, `
		select `+columns+` from cases_case where tenant = $1 and order_id = $2 order by opened_at desc, id desc`, by.Tenant, orderID)
	kept := all[:0]
	for _, c := range all {
		if visible(c, by) {
			kept = append(kept, c)
		}
	}
	return kept, err
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types without channels or cycles
	}
	return string(raw)
}

func insert(ctx context.Context, tx *db.Tx, c *Case) error {
	c.Version, c.UpdatedAt = 1, tx.Now
	n, err := tx.Exec(ctx, `
		insert into cases_case (`+columns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
			$25, $26, $27, $28, $29, $30, $31)
		on conflict do nothing`,
		c.Tenant, c.ID, c.Number, c.Kind, string(c.State), c.ClosedAs, c.Version, c.Order, c.OrderNumber, c.Customer, c.Name, c.Seller,
		c.Currency, c.Quoted, c.Refunded, c.Title, c.Quantity, c.Reason, c.Language, c.Comment, encode(c.Items), encode(c.Decision),
		c.Policy, c.PolicyVer, encode(c.Terms), string(c.Quote), c.Timer, db.Millis(c.Deadline), c.Tracking,
		db.Millis(c.OpenedAt), db.Millis(c.UpdatedAt))
	if err == nil && n == 0 {
		return ErrNumber
	}
	return err
}

// update saves what can change and refuses when somebody was faster than seen.
func update(ctx context.Context, tx *db.Tx, c *Case, seen int64) error {
	c.UpdatedAt = tx.Now
	err := tx.QueryRow(ctx, `
		update cases_case set state = $1, closed_as = $2, refunded = $3, decision = $4, quote = $5, timer = $6,
			deadline = $7, tracking = $8, updated_at = $9, version = version + 1
		where tenant = $10 and id = $11 and version = $12
		returning version`,
		string(c.State), c.ClosedAs, c.Refunded, encode(c.Decision), string(c.Quote), c.Timer, db.Millis(c.Deadline), c.Tracking,
		db.Millis(c.UpdatedAt), c.Tenant, c.ID, seen).Scan(&c.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrStale.With("version", seen)
	}
	return err
}

// Filter chooses cases of a list. Empty fields do not filter.
type Filter struct {
	States   []State
	Reason   string
	Customer string
	Query    string // case or order number, or part of a name
	Oldest   bool   // oldest first
	After    Place  // keyset: continue after this one
	Limit    int
}

// Place is where a page of a list ended.
type Place struct {
	OpenedAt time.Time
	ID       string
}

func page(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) ([]Case, error) {
	where, args := conditions(by, f)
	order, compare := "desc", "<"
	if f.Oldest {
		order, compare = "asc", ">"
	}
	if f.After.ID != "" {
		args = append(args, db.Millis(f.After.OpenedAt), f.After.ID)
		where += fmt.Sprintf(" and (opened_at, id) %s ($%d, $%d)", compare, len(args)-1, len(args))
	}
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, fmt.Sprintf(`
		select `+columns+` from cases_case where %s order by opened_at %s, id %s limit $%d`, where, order, order, len(args)), args...)
}

func counts(ctx context.Context, tx *db.Tx, by actor.Actor, f Filter) (map[State]int64, error) {
	f.States = nil
	where, args := conditions(by, f)
	rows, err := tx.Query(ctx, `select state, count(*) from cases_case where `+where+` group by state`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[State]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		all[State(state)] = n
	}
	return all, rows.Err()
}

func conditions(by actor.Actor, f Filter) (string, []any) {
	where, args := "tenant = $1", []any{by.Tenant}
	add := func(condition string, value any) {
		args = append(args, value)
		where += " and " + strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(args)))
	}
	if own, limited := by.Mine(); limited {
		add("customer = ?", own)
	}
	if by.Seller != "" {
		add("seller = ?", by.Seller)
	}
	if f.Customer != "" {
		add("customer = ?", f.Customer)
	}
	if len(f.States) > 0 {
		marks := make([]string, len(f.States))
		for i, s := range f.States {
			args = append(args, string(s))
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		where += " and state in (" + strings.Join(marks, ", ") + ")"
	}
	if f.Reason != "" {
		add("reason = ?", f.Reason)
	}
	if q := strings.TrimSpace(f.Query); q != "" {
		add(`(lower(number) like ? escape '\' or lower(order_number) like ? escape '\' or lower(name) like ? escape '\' or lower(title) like ? escape '\' or lower(tracking) like ? escape '\')`, "%"+escapeLike(strings.ToLower(q))+"%")
	}
	return where, args
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// openByOrder counts a customer's cases that are not over, by order.
func openByOrder(ctx context.Context, tx *db.Tx, by actor.Actor) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `
		select order_id, count(*) from cases_case
		where tenant = $1 and customer = $2 and customer <> '' and state not in ('completed', 'rejected', 'closed')
		group by order_id`, by.Tenant, by.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]int64{}
	for rows.Next() {
		var id string
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		all[id] = n
	}
	return all, rows.Err()
}
