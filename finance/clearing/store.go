package clearing

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "clearing", FS: files}

// insert adds a set with its entries, unless the key is taken: then it does
// nothing and says so. Of two transactions at once the second waits here.
func insert(ctx context.Context, tx *db.Tx, tenant, id, digest string, set Set) (fresh bool, err error) {
	at := db.Millis(tx.Now)
	n, err := tx.Exec(ctx, `
		insert into clearing_set (tenant, key, id, case_id, order_id, currency, digest, booked_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict do nothing`, tenant, set.Key, id, set.Case, set.Order, set.Currency, digest, at)
	if err != nil || n == 0 {
		return false, err
	}
	const width = 12
	rows := make([]string, len(set.Entries))
	args := make([]any, 0, width*len(rows))
	for i, e := range set.Entries {
		rows[i] = "(" + db.Placeholders(i*width+1, width) + ")"
		args = append(args, tenant, id, i, set.Key, set.Case, set.Order, set.Currency, string(e.Account), e.Party, e.Code, e.Amount, at)
	}
	_, err = tx.Exec(ctx, `
		insert into clearing_entry (tenant, set_id, place, key, case_id, order_id, currency, account, party, code, amount, booked_at)
		values `+strings.Join(rows, ", "), args...)
	return err == nil, err
}

func digestOf(ctx context.Context, tx *db.Tx, tenant, key string) (digest string, err error) {
	err = tx.QueryRow(ctx, `select digest from clearing_set where tenant = $1 and key = $2`, tenant, key).Scan(&digest)
	return digest, err
}

func scan(row db.Scanner) (b Booked, err error) {
	var at int64
	err = row.Scan(&b.ID, &b.Place, &b.Key, &b.Case, &b.Order, &b.Currency, &b.Account, &b.Party, &b.Code, &b.Amount, &at)
	b.At = db.Time(at)
	return b, err
}

// where says which entries a filter chooses, without its place.
func where(tenant string, f Filter) (condition string, args []any) {
	var b strings.Builder
	b.WriteString("tenant = $1")
	args = append(args, tenant)
	add := func(column string, value any) {
		args = append(args, value)
		fmt.Fprintf(&b, " and %s $%d", column, len(args))
	}
	if f.Case != "" {
		add("case_id =", f.Case)
	}
	if f.Account != "" {
		add("account =", string(f.Account))
	}
	if f.Party != "" {
		b.WriteString(" and party <> ''") // lets the index of parties serve
		add("party =", f.Party)
	}
	if !f.From.IsZero() {
		add("booked_at >=", db.Millis(f.From))
	}
	if !f.To.IsZero() {
		add("booked_at <", db.Millis(f.To))
	}
	return b.String(), args
}

func page(ctx context.Context, tx *db.Tx, tenant string, f Filter) ([]Booked, error) {
	condition, args := where(tenant, f)
	if f.After.Set != "" {
		args = append(args, f.After.Set, f.After.Place)
		condition += fmt.Sprintf(" and (set_id, place) > ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, f.Limit)
	return db.List(ctx, tx, scan, `
		select set_id, place, key, case_id, order_id, currency, account, party, code, amount, booked_at
		from clearing_entry
		where `+condition+`
		order by set_id, place
		limit $`+fmt.Sprint(len(args)), args...)
}

func totals(ctx context.Context, tx *db.Tx, tenant string, f Filter) ([]Total, error) {
	condition, args := where(tenant, f)
	return db.List(ctx, tx, func(row db.Scanner) (t Total, err error) {
		var sum money.Amount
		err = row.Scan(&t.Account, &t.Party, &sum.Currency, &sum.Minor, &t.Entries)
		t.Amount = sum
		return t, err
	}, `
		select account, party, currency, cast(coalesce(sum(amount), 0) as bigint), count(*)
		from clearing_entry
		where `+condition+`
		group by account, party, currency
		order by account, party, currency`, args...)
}
