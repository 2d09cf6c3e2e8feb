package cases_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

const crowd = 32

// together lets many do something at the same moment and counts who succeeded.
// Whoever did not was refused, and knows why.
func (s *shop) together(do func(n int) error) (won int64) {
	s.t.Helper()
	var start, all sync.WaitGroup
	start.Add(1)
	var count atomic.Int64
	for n := range crowd {
		all.Go(func() {
			start.Wait()
			err := do(n)
			var f *fault.Fault
			switch {
			case err == nil:
				count.Add(1)
			case !errors.As(err, &f):
				s.t.Errorf("client %d: %v", n, err)
			}
		})
	}
	start.Done()
	all.Wait()
	return count.Load()
}

// unbroken checks that the events of a case are its versions, each once, each
// from where the one before it led.
func (s *shop) unbroken(c cases.Case) {
	s.t.Helper()
	now, last, at := s.reload(c), int64(0), cases.State("")
	s.write(func(tx *db.Tx) error {
		all, err := event.History(s.t.Context(), tx, "main", "case", c.ID)
		last, at = 0, ""
		for _, e := range all {
			if e.Version == 0 || e.Type == "case.noted" || e.Version == 1 && last == 1 {
				continue
			}
			fact := movedIn(s.t, e)
			if e.Version != last+1 || fact.To != "" && at != "" && fact.From != at {
				s.t.Errorf("%s: version %d behind %d, from %s behind %s", e.Type, e.Version, last, fact.From, at)
			}
			last, at = e.Version, fact.To
		}
		return err
	})
	if last != now.Version {
		s.t.Errorf("events up to %d of version %d", last, now.Version)
	}
}

func TestOfManyWhoDecideOnOneCaseOneWins(t *testing.T) {
	steps := []cases.Input{yes, no, do(cases.Withdraw), partial, goods, ours}
	eachShop(t, func(s *shop) {
		for _, seen := range []bool{true, false} {
			c := s.open(s.buyer2(fmt.Sprint("R1", seen), 89900), s.lastOrder, 1, "wrong_size")
			won := s.together(func(n int) error {
				who, at := s.agent, c
				if n%3 == 0 {
					who = s.buyer
				}
				if !seen {
					at.Version = 0 // whatever the case has come to
				}
				_, err := s.try(who, at, steps[n%len(steps)])
				return err
			})
			if seen && won != 1 || won < 1 || s.reload(c).Version != c.Version+won {
				t.Errorf("%d of %d won, the case went from version %d to %d", won, crowd, c.Version, s.reload(c).Version)
			}
			s.unbroken(c)
		}
	})
}

func TestManyInspectorsGradeOnceAndItIsPaidOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("R2", 19900), s.lastOrder, 2, "not_as_described"), received(2))
		won := s.together(func(n int) error {
			at := c
			if at.Version = 0; n%2 == 0 {
				at.Version = c.Version
			}
			_, err := s.try(s.agent, at, graded(int64(n%3), 2-int64(n%3)))
			return err
		})
		s.work()
		c = s.reload(c)
		if won != 1 || s.reserved(c) != c.Refunded || s.bank.total() != c.Refunded {
			t.Errorf("%d graded; %d reserved in %d, %d paid", won, c.Refunded, s.reserved(c), s.bank.total())
		}
		s.unbroken(c)
	})
}

// Many requests for few units: each unit is in one case.
func TestManyRequestsShareTheUnitsOfAnOrder(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.crate("R3", 40)
		var got atomic.Int64
		s.together(func(n int) error {
			count := int64(1 + n%3)
			_, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 1, Quantity: count, Reason: "wrong_size"})
			if err == nil {
				got.Add(count)
			}
			return err
		})
		units := s.sum(`select coalesce(sum(units), 0) from refund_claim where order_id = $1`, o.ID)
		if units != got.Load() || units > 40 || units < 38 {
			t.Errorf("%d units held, %d given to cases, of 40", units, got.Load())
		}
		if twice := s.sum(`select count(*) from refund_claim a, refund_claim b where a.order_id = $1 and b.order_id = a.order_id
			and a.first_unit < b.first_unit and b.first_unit < a.first_unit + a.units`, o.ID); twice != 0 {
			t.Errorf("%d claims overlap", twice)
		}
	})
}

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

func TestADeadlineAndPeopleAtTheSameMomentDecideOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		for n := range 4 {
			c := s.open(s.buyer2(fmt.Sprint("R5-", n), 89900), s.lastOrder, 1, "wrong_size")
			s.clock.Set(c.Deadline.Add(time.Millisecond))
			won := s.together(func(n int) error {
				if n%4 == 0 {
					_, err := s.queue.RunDue(t.Context())
					return errors.Join(err, errQuiet)
				}
				_, err := s.try(s.agent, c, []cases.Input{yes, no, do(cases.Withdraw), partial}[n%4])
				return err
			})
			if _, err := s.queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			now := s.reload(c)
			if now.Version != c.Version+1 || won > 1 || won == 0 && now.Decision.By != "timer" {
				t.Errorf("%d people won; %s at version %d by %s", won, now.State, now.Version, now.Decision.By)
			}
			s.unbroken(c)
		}
	})
}

// errQuiet marks what is neither won nor lost.
var errQuiet = fault.New(fault.Conflict, "test.quiet", "This does not count.")

func TestManyWhoReopenAreTwoPeople(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("R6", 19900), s.lastOrder, 1, "wrong_size"), do(cases.Withdraw))
		won := s.together(func(n int) error {
			who := s.agent
			who.ID = fmt.Sprint("stf_", n%8)
			at := c
			at.Version = 0
			_, err := s.try(who, at, again)
			return err
		})
		now := s.reload(c)
		if won != 2 || now.State != cases.Submitted || now.Detail.Reopened != 1 {
			t.Errorf("%d took part; %s, reopened %d times", won, now.State, now.Detail.Reopened)
		}
		var people []string
		for _, e := range (&tour{shop: s}).told(c) {
			people = append(people, e.ActorID)
		}
		if len(people) != 2 || people[0] == people[1] {
			t.Errorf("reopened by %v", people)
		}
		s.unbroken(c)
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

func (s *shop) sum(query string, args ...any) (n int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error { return tx.QueryRow(s.t.Context(), query, args...).Scan(&n) })
	return n
}
