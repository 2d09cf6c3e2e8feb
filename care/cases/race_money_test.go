package cases_test

import (
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Returns, lower prices, agreed parts and compensations of one order at once:
// each is paid once, and never more than was paid.
func TestManyClaimsOnTheMoneyOfOneOrderStayWithinIt(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) {
			r.PriceProtectionDays, r.Compensation = 30, map[string]map[string]int64{"goodwill": {"CNY": 5000}}
		})
		o := s.crate("R4", 24)
		var all []cases.Case
		var steps []cases.Input
		for n := range 16 {
			r := cases.Request{Order: o.ID, Items: item(1, "not_as_described")}
			step := yes
			switch n % 4 {
			case 1:
				r.Kind, r.Items[0].Lower = cases.KindProtection, 5000
			case 2:
				r.Kind, r.Basis, r.Amount = cases.KindCompensate, "goodwill", 1000
			}
			c := s.asked(s.agent, r)
			switch n % 4 {
			case 0:
				c, step = s.act(s.agent, c, received(1)), graded(1, 0)
			case 3:
				c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(0, 1))
				c, step = s.act(s.agent, c, partial), do(cases.Accept)
			}
			all, steps = append(all, c), append(steps, step)
		}
		won := s.together(func(n int) error {
			who, at := s.agent, all[n%16]
			if n%4 == 3 {
				who = s.buyer
			}
			_, err := s.try(who, at, steps[n%16])
			return err
		})
		if won != 16 {
			t.Errorf("%d of 16 claims won", won)
		}
		s.work()
		var paid int64
		for _, c := range all {
			c = s.reload(c)
			if paid += s.reserved(c); s.reserved(c) != c.Refunded || c.Refunded == 0 {
				t.Errorf("%s (%s) pays %d in payouts of %d", c.Number, c.Kind, c.Refunded, s.reserved(c))
			}
			s.unbroken(c)
		}
		account := s.sum(`select refunded from refund_account where order_id = $1`, o.ID)
		onTop := s.sum(`select coalesce(sum(amount), 0) from settlement_payout where order_id = $1 and purpose = 'compensation'`, o.ID)
		if account != paid-onTop || onTop != 4000 || s.bank.total() != account {
			t.Errorf("%d paid, %d of it on top, %d in the account, %d by the bank", paid, onTop, account, s.bank.total())
		}
		if off := s.sum(`select count(*) from (select set_id from clearing_entry group by set_id having sum(amount) <> 0) x`); off != 0 {
			t.Errorf("%d sets of entries do not add up", off)
		}
	})
}

// Many workers send the payouts of many cases: each key is paid once.
func TestManyWorkersPayEachPayoutOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		till := &till{calls: map[string]int{}}
		s.bank.mood = till
		o := s.crate("R7", 16)
		for range 16 {
			c := s.act(s.agent, s.asked(s.agent, cases.Request{Order: o.ID, Items: item(1, "not_as_described")}), received(1))
			s.act(s.agent, c, graded(1, 0))
		}
		s.together(func(int) error { _, err := s.queue.RunDue(t.Context()); return err })
		s.work()
		payouts := s.sum(`select count(*) from settlement_payout where order_id = $1 and state = 'succeeded'`, o.ID)
		over := s.sum(`select count(*) from cases_case where state = 'completed'`)
		if int64(len(till.calls)) != payouts || over != 16 {
			t.Errorf("%d keys paid, %d payouts, %d cases over", len(till.calls), payouts, over)
		}
		for key, n := range till.calls {
			if n != 1 {
				t.Errorf("%s was sent %d times", key, n)
			}
		}
	})
}

// till pays whatever it is sent and counts it.
type till struct {
	mu    sync.Mutex
	calls map[string]int
}

func (b *till) refund(r settlement.Request) (settlement.Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls[r.Key]++
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

func (b *till) lookup(r settlement.Request) (settlement.Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.calls[r.Key] == 0 {
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + r.Key}, nil
}

// crate is an order of so many units of 100.00, 10.00 shipping, by two means.
func (s *shop) crate(number string, units int64) (o order.Order) {
	s.t.Helper()
	delivered := monday.Add(-14 * time.Hour)
	s.write(func(tx *db.Tx) (err error) {
		o, _, err = s.orders.Put(s.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: monday.Add(-72 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
			Customer: &customer.Draft{Ref: "c-" + number, Name: "林晓雯", Email: number + "@example.com"}, Lines: []order.DraftLine{{SKU: "M1", Title: "杯子", Quantity: units, UnitPrice: 10000}},
			Shipping: order.DraftShipping{Amount: 1000},
			Tenders:  []order.DraftTender{{Kind: "card", Provider: "bank", Reference: "pi_1", Amount: units * 7000}, {Kind: "gift_card", Provider: "bank", Reference: "pi_2", Amount: units*3000 + 1000}},
		})
		return err
	})
	s.buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
	return o
}
