package cases

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// saveSale notes by which channel and to which country the goods of cases were
// sold: orders says of which order each case is. Lists are narrowed by them.
func saveSale(ctx context.Context, tx *db.Tx, tenant string, orders map[string]string) error {
	ids := make([]string, 0, len(orders))
	for _, id := range orders {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	sold, err := order.SoldBy(ctx, tx, tenant, slices.Compact(ids))
	if err != nil {
		return err
	}
	for id, of := range orders {
		s := sold[of]
		if s == (order.Sold{}) {
			continue
		}
		_, err := tx.Exec(ctx, `
			update cases_case set channel = $1, country = $2 where tenant = $3 and id = $4 and (channel <> $1 or country <> $2)`,
			s.Channel, s.Country, tenant, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// saleAgain notes it of the next cases by id, and tells the last of them; empty:
// there were no more.
func saleAgain(ctx context.Context, tx *db.Tx, tenant, after string, limit int) (last string, err error) {
	all, err := db.List(ctx, tx, func(row db.Scanner) (v [2]string, err error) { return v, row.Scan(&v[0], &v[1]) }, `
		select id, order_id from cases_case where tenant = $1 and id > $2 order by id limit $3`, tenant, after, limit)
	if err != nil || len(all) == 0 {
		return "", err
	}
	orders := map[string]string{}
	for _, one := range all {
		orders[one[0]], last = one[1], one[0]
	}
	return last, saveSale(ctx, tx, tenant, orders)
}
