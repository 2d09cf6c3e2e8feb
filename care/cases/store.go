package cases

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's table.
var Schema = db.Schema{Name: "cases", FS: files}

const columns = `tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller,
	currency, quoted, refunded, title, quantity, reason, language, comment, items, decision, policy, policy_version,
	terms, quote, timer, deadline, tracking, opened_at, updated_at, phase, assignee, detail`

func scan(row db.Scanner) (Case, error) {
	var (
		c                         Case
		state                     string
		items, decision, terms    string
		quote, detail             string
		deadline, opened, updated int64
	)
	err := row.Scan(&c.Tenant, &c.ID, &c.Number, &c.Kind, &state, &c.ClosedAs, &c.Version, &c.Order, &c.OrderNumber,
		&c.Customer, &c.Name, &c.Seller, &c.Currency, &c.Quoted, &c.Refunded, &c.Title, &c.Quantity, &c.Reason, &c.Language,
		&c.Comment, &items, &decision, &c.Policy, &c.PolicyVer, &terms, &quote, &c.Timer, &deadline, &c.Tracking, &opened, &updated,
		&c.Phase, &c.Assignee, &detail)
	if err != nil {
		return Case{}, err
	}
	c.State, c.Quote = State(state), []byte(quote)
	c.Deadline, c.OpenedAt, c.UpdatedAt = db.Time(deadline), db.Time(opened), db.Time(updated)
	err = errors.Join(json.Unmarshal([]byte(items), &c.Items), json.Unmarshal([]byte(decision), &c.Decision),
		json.Unmarshal([]byte(terms), &c.Terms))
	if detail != "" {
		err = errors.Join(err, json.Unmarshal([]byte(detail), &c.Detail))
	}
	c.stored = c.changing(decision, detail)
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

// byTracking lists the cases whose goods travel under a number.
func byTracking(ctx context.Context, tx *db.Tx, tenant, tracking string) ([]Case, error) {
	return db.List(ctx, tx, scan, `
		select `+columns+` from cases_case where tenant = $1 and lower(tracking) = $2 and tracking <> '' order by id`, tenant, strings.ToLower(tracking))
}

func encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types without channels or cycles
	}
	return string(raw)
}

func insert(ctx context.Context, tx *db.Tx, c *Case, titles *learned) error {
	c.Version, c.UpdatedAt = 1, tx.Now
	c.stored = c.changing(encode(c.Decision), c.Detail.encode())
	sold, err := order.SoldBy(ctx, tx, c.Tenant, []string{c.Order})
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into cases_case (`+columns+`, channel, country)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
			$25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)
		on conflict do nothing`,
		c.Tenant, c.ID, c.Number, c.Kind, string(c.State), c.ClosedAs, c.Version, c.Order, c.OrderNumber, c.Customer, c.Name, c.Seller,
		c.Currency, c.Quoted, c.Refunded, c.Title, c.Quantity, c.Reason, c.Language, c.Comment, encode(c.Items), c.stored.decision,
		c.Policy, c.PolicyVer, encode(c.Terms), string(c.Quote), c.Timer, db.Millis(c.Deadline), c.Tracking,
		db.Millis(c.OpenedAt), db.Millis(c.UpdatedAt), c.Phase, c.Assignee, c.stored.detail, sold[c.Order].Channel, sold[c.Order].Country)
	if err == nil && n == 0 {
		return ErrNumber
	}
	if err != nil {
		return err
	}
	if err := saveArticles(ctx, tx, c); err != nil {
		return err
	}
	return learn(ctx, tx, c, titles)
}

// rewrite saves what the customer asked for anew; update follows it.
func rewrite(ctx context.Context, tx *db.Tx, c *Case) error {
	_, err := tx.Exec(ctx, `
		update cases_case set kind = $1, quoted = $2, title = $3, quantity = $4, reason = $5, comment = $6, items = $7
		where tenant = $8 and id = $9`,
		c.Kind, c.Quoted, c.Title, c.Quantity, c.Reason, c.Comment, encode(c.Items), c.Tenant, c.ID)
	if err != nil {
		return err
	}
	return saveArticles(ctx, tx, c)
}

// encode writes nothing for a case that has no details.
func (d Detail) encode() string {
	if text := encode(d); text != "{}" {
		return text
	}
	return ""
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
