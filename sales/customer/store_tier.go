package customer

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

func insertTier(ctx context.Context, tx *db.Tx, tenant, customer string, s Standing) error {
	_, err := tx.Exec(ctx, `
		insert into customer_tier (tenant, customer, id, tier, from_at, until_at, reason, source, by_kind, by_id, by_name, told_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		tenant, customer, s.ID, s.Tier, db.Millis(s.From), db.Millis(s.Until), s.Reason, s.Source, string(s.By.Kind), s.By.ID, s.By.Name, db.Millis(s.ToldAt))
	return err
}

// atOnce is how many customers one statement asks for.
const atOnce = 500

func standings(ctx context.Context, tx *db.Tx, tenant string, customers []string) (map[string][]Standing, error) {
	all := map[string][]Standing{}
	for some := range slices.Chunk(customers, atOnce) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		_, err := db.List(ctx, tx, func(row db.Scanner) (s Standing, err error) {
			var customer, kind string
			var from, until, told int64
			err = row.Scan(&customer, &s.ID, &s.Tier, &from, &until, &s.Reason, &s.Source, &kind, &s.By.ID, &s.By.Name, &told)
			s.From, s.Until, s.ToldAt = db.Time(from), db.Time(until), db.Time(told)
			s.By.Kind = actor.Kind(kind)
			all[customer] = append(all[customer], s)
			return s, err
		}, `
			select customer, id, tier, from_at, until_at, reason, source, by_kind, by_id, by_name, told_at from customer_tier
			where tenant = $1 and customer in (`+db.Placeholders(2, len(some))+`)
			order by customer, from_at desc, id desc`, args...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func newest(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Customer, error) {
	if after == "" {
		after = "~" // behind every id
	}
	return db.List(ctx, tx, scan, `
		select `+columns+` from customer_customer c
		where c.tenant = $1 and c.id < $2 order by c.id desc limit $3`, tenant, after, limit)
}
