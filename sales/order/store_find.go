package order

import (
	"context"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// mostNumbered is how many orders whose numbers begin alike are looked at.
const mostNumbered = 300

// visible is the condition that the actor may see the order o.
func visible(by actor.Actor, arg func(any) string) (where string) {
	if mine, limited := by.Mine(); limited {
		where += " and o.customer <> '' and o.customer = " + arg(mine)
	}
	if by.Seller != "" {
		where += " and exists (select 1 from order_line l where l.tenant = o.tenant and l.order_id = o.id and l.seller = " + arg(by.Seller) + ")"
	}
	return where
}

func marks(args *[]any) func(any) string {
	return func(v any) string {
		*args = append(*args, v)
		return "$" + strconv.Itoa(len(*args))
	}
}

// numbers gives the numbers of orders by their ids.
func numbers(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return db.Pairs(ctx, tx, `select id, number from order_order where tenant = $1 and id in`, tenant, ids)
}

func numbered(ctx context.Context, tx *db.Tx, by actor.Actor, start string, limit int) ([]Summary, error) {
	args := []any{by.Tenant, start, start + "\U0010FFFF", mostNumbered}
	arg := marks(&args)
	return db.List(ctx, tx, scanSummary, `
		select `+summaryColumns+` from (
			select id from order_order where tenant = $1 and number >= $2 and number < $3 order by number limit $4
		) k cross join order_order o
		where o.tenant = $1 and o.id = k.id`+visible(by, arg)+`
		order by o.placed_at + 0 desc, o.id desc limit `+arg(limit), args...)
}

// ending lists the orders whose number ends with a text of four characters or
// more, the newest of many.
func ending(ctx context.Context, tx *db.Tx, by actor.Actor, end string, limit int) ([]Summary, error) {
	runes := []rune(end)
	args := []any{by.Tenant, string(runes[len(runes)-shortestEnd:]), "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(end), mostNumbered}
	arg := marks(&args)
	return db.List(ctx, tx, scanSummary, `
		select `+summaryColumns+` from (
			select id from order_order where tenant = $1 and substr(number, length(number) - 3) = $2 and number like $3 escape '\' limit $4
		) k cross join order_order o
		where o.tenant = $1 and o.id = k.id`+visible(by, arg)+`
		order by o.placed_at + 0 desc, o.id desc limit `+arg(limit), args...)
}

// newestOf reads the newest orders of each customer by its index.
func newestOf(ctx context.Context, tx *db.Tx, by actor.Actor, customers []string, limit int) (all []Summary, err error) {
	for _, one := range customers {
		args := []any{by.Tenant, one}
		arg := marks(&args)
		found, err := db.List(ctx, tx, scanSummary, `
			select `+summaryColumns+` from order_order o
			where o.tenant = $1 and o.customer = $2`+visible(by, arg)+`
			order by o.placed_at desc, o.id desc limit `+arg(limit), args...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func numberedExactly(ctx context.Context, tx *db.Tx, by actor.Actor, numbers []string, limit int) ([]Summary, error) {
	args := []any{by.Tenant}
	arg := marks(&args)
	return db.List(ctx, tx, scanSummary, `
		select `+summaryColumns+` from order_order o
		where o.tenant = $1 and o.number in (`+list(arg, numbers)+`)`+visible(by, arg)+`
		order by o.placed_at + 0 desc, o.id desc limit `+arg(limit), args...)
}
