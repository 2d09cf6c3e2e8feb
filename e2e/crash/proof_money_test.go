package crash_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/connect/testpay"
	"github.com/aftercare/aftercare/platform/db"
)

// proveMoney compares the provider's books, the payouts and what was reserved.
func (w *world) proveMoney(t *testing.T, f *found) {
	books, err := testpay.Open(w.journal, testpay.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer books.Close()
	lines, err := books.Payments()
	if err != nil {
		t.Fatal(err)
	}
	paid := map[string][]testpay.Payment{}
	for _, one := range lines {
		paid[one.Key] = append(paid[one.Key], one)
	}
	var ofBooks, ofPayouts int64
	perCase, perOrder := map[string]int64{}, map[string]int64{}
	for _, p := range f.payouts {
		ofPayouts += p.amount
		perCase[p.caseID] += p.amount
		perOrder[p.order] += p.amount
		b := paid[p.id]
		if p.state != "succeeded" || len(b) != 1 || b[0].Minor != p.amount || b[0].Refund != p.reference {
			t.Errorf("payout %s of %d is %s by %q; the provider's books say %+v", p.id, p.amount, p.state, p.reference, b)
		}
	}
	for _, one := range lines {
		ofBooks += one.Minor
	}
	if len(lines) != len(f.payouts) || ofBooks != ofPayouts {
		t.Errorf("the provider paid %d in %d payments, the payouts are %d in %d", ofBooks, len(lines), ofPayouts, len(f.payouts))
	}
	for _, c := range f.cases {
		if perCase[c.id] != c.refunded {
			t.Errorf("case %s reserved %d and has payouts of %d", c.id, c.refunded, perCase[c.id])
		}
	}
	recovered := w.rows(t, `select order_id, cast(sum(amount) as bigint) from charge_charge where purpose = 'advance_recovery' and state = 'paid' group by order_id`)
	carried := w.carried(t)
	w.sql(t, func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.Query(ctx, `select order_id, captured, refunded from refund_account`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var order string
			var captured, refunded int64
			if err := rows.Scan(&order, &captured, &refunded); err != nil {
				return err
			}
			if refunded != perOrder[order]-recovered[order]+carried[order] || refunded > captured {
				t.Errorf("order %s: %d paid by the customer, %d refunded; %d in payouts, of it %d given back; %d carried over", order, captured, refunded, perOrder[order], recovered[order], carried[order])
			}
			delete(perOrder, order)
		}
		return rows.Err()
	})
	for order, n := range perOrder {
		t.Errorf("order %s has payouts of %d and no account", order, n)
	}
	t.Logf("%d payouts, %d minor units, each paid once", len(f.payouts), ofPayouts)
}

// carried is, by order, what its units pay for in the orders that exchanges
// have made: all of these but the differences paid apart.
func (w *world) carried(t *testing.T) map[string]int64 {
	all, roots := map[string]int64{}, map[string]string{}
	w.sql(t, func(ctx context.Context, tx *db.Tx) error {
		type row struct{ id, number, tenders string }
		rows, err := db.List(ctx, tx, func(r db.Scanner) (x row, err error) { return x, r.Scan(&x.id, &x.number, &x.tenders) }, `select id, number, tenders from order_order`)
		for _, x := range rows {
			roots[x.number] = x.id
		}
		for _, x := range rows {
			root, _, follows := strings.Cut(x.number, "-X")
			if !follows {
				continue
			}
			var tenders []struct {
				Provider string `json:"provider"`
				Amount   int64  `json:"amount"`
			}
			if err := json.Unmarshal([]byte(x.tenders), &tenders); err != nil {
				return err
			}
			for _, one := range tenders {
				if one.Provider == "test" {
					all[roots[root]] += one.Amount
				}
			}
		}
		return err
	})
	if swapped := w.count(t, `select count(*) from cases_case where kind = 'exchange'`); int64(len(roots)-orders) != swapped {
		t.Errorf("%d exchanges made %d orders", swapped, len(roots)-orders)
	}
	return all
}
