package cases_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

const minute = time.Minute

// world is a shop in which people, carriers, banks and the clock do what they
// like, with the model beside it.
type world struct {
	*shop
	dice   *rand.Rand
	seed   uint64
	steps  int
	trace  []string
	orders []*bought
	cases  []*ref
	seen   int64 // of the log, delivered
	number int
	fates  map[string]*fate // by key of the bank
	paid   map[string]int64 // by payment: what the bank has paid back
	limits map[string]int64 // by payment: what was paid
	tally  *tally
}

// bought is an order of the walk.
type bought struct {
	o        order.Order
	buyer    actor.Actor
	phase    string
	advance  int64 // limit of the policy
	silent   bool  // the policy lets silence approve what nobody checked
	lowered  bool  // money was paid for goods that were kept
	swapped  bool  // a part of it pays for other goods
	returned int64 // of advances, given back by the customer
}

// tally counts what the walks met.
type tally struct {
	steps    int
	done     map[string]int
	refused  map[string]int
	states   map[cases.State]int
	outcomes map[string]int
}

func newTally() *tally {
	return &tally{done: map[string]int{}, refused: map[string]int{}, states: map[cases.State]int{}, outcomes: map[string]int{}}
}

func newWorld(s *shop, seed uint64, t *tally) *world {
	w := &world{shop: s, dice: rand.New(rand.NewPCG(seed, 7)), seed: seed, tally: t,
		fates: map[string]*fate{}, paid: map[string]int64{}, limits: map[string]int64{}}
	s.bank.mood = w
	for _, change := range []func(r *policy.Rules){
		func(*policy.Rules) {},
		func(r *policy.Rules) { r.Advance.Max = map[string]int64{"CNY": 100000} },
		func(r *policy.Rules) {
			r.Keep.Below, r.RestockingFee, r.Shipping = map[string]int64{"CNY": 25000}, 10, "pro_rata"
		},
		func(r *policy.Rules) {
			r.RestockingFee = 10
			r.Conditions = []policy.Condition{
				{ID: "used", When: `'use.opened' in known && known['use.opened'] == true`, Reasons: []string{"wrong_size"}, Then: policy.Then{Outcome: "refuse"}},
				{ID: "ask", When: "true", Then: policy.Then{Outcome: "ask", Needs: []policy.Question{{Name: "use.opened", Type: "bool"}}}},
			}
		},
		func(r *policy.Rules) { r.Silence = policy.SilenceApproves },
	} {
		s.under(func(r *policy.Rules) {
			r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}, "statutory": {"CNY": 90000}}
			r.PriceProtectionDays = 30
			change(r)
		})
	}
	s.sells("DEAR", 40000)
	s.sells("CHEAP", 3000)
	return w
}

func (w *world) unique() int { w.number++; return w.number }

// buys makes an order of two lines, paid by card and gift card, that is
// anywhere.
func (w *world) buys() *bought {
	w.t.Helper()
	now, n := w.clock.Now(), w.unique()
	b := &bought{phase: []string{policy.PreShip, policy.InTransit, policy.AfterReceipt, policy.AfterReceipt, policy.AfterReceipt}[w.dice.IntN(5)]}
	shipped, delivered := now.Add(-40*time.Hour), now.Add(-14*time.Hour)
	unit := []int64{5000, 19900, 12345}[w.dice.IntN(3)]
	lines := []order.DraftLine{{SKU: "A", Title: "杯子", Quantity: 3, UnitPrice: unit}, {SKU: "B", Title: "壶", Quantity: 2, UnitPrice: 7777}}
	for i := range lines {
		if b.phase != policy.PreShip {
			lines[i].ShippedAt, lines[i].Carrier, lines[i].Tracking = &shipped, "SF", fmt.Sprintf("SFW%08d", n)
		}
		if b.phase == policy.AfterReceipt {
			lines[i].DeliveredAt = &delivered
		}
	}
	total := 3*unit + 2*7777
	total += 1200 - total/10
	gift := total / 5
	card, other := fmt.Sprint("pi_", n, "_card"), fmt.Sprint("pi_", n, "_gift")
	w.limits[card], w.limits[other] = total-gift, gift
	w.rules = []int64{2, 3, 3, 4, 5, 6}[w.dice.IntN(6)]
	if w.rules == 3 {
		b.advance = 100000
	}
	b.silent = w.rules == 6
	w.write(func(tx *db.Tx) (err error) {
		b.o, _, err = w.shop.orders.Put(w.t.Context(), tx, actor.Of("main"), order.Draft{
			Source: "walk", Number: fmt.Sprint("W", n), Currency: "CNY", Country: "CN", PlacedAt: now.Add(-72 * time.Hour), TaxIncluded: true, Lines: lines,
			Customer:  &customer.Draft{Ref: fmt.Sprint("w", n), Name: "林晓雯", Email: fmt.Sprintf("w%d@example.com", n)},
			Discounts: []order.DraftDiscount{{Code: "TEN", Amount: (3*unit + 2*7777) / 10}}, Shipping: order.DraftShipping{Amount: 1200},
			Tenders: []order.DraftTender{{Kind: "card", Provider: "bank", Reference: card, Amount: total - gift}, {Kind: "gift_card", Provider: "bank", Reference: other, Amount: gift}},
		})
		return err
	})
	b.buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: b.o.Customer}
	w.orders = append(w.orders, b)
	return b
}

// follow takes up the order of what was sent in an exchange.
func (w *world) follow(m *ref, now cases.Case) {
	m.order.swapped = true
	next := &bought{buyer: m.order.buyer, phase: policy.InTransit, advance: m.order.advance, silent: m.order.silent}
	w.write(func(tx *db.Tx) (err error) {
		next.o, err = order.ByID(w.t.Context(), tx, w.agent, now.Detail.Exchange.Order)
		return err
	})
	for _, t := range next.o.Tenders {
		if _, known := w.limits[t.Reference]; !known {
			w.limits[t.Reference] = t.Amount // the difference, paid apart
		}
	}
	w.orders = append(w.orders, next)
	m.next = next
}

func (w *world) parcels(m *ref) (all []shipment.Parcel) {
	w.t.Helper()
	w.read(func(tx *db.Tx) (err error) { all, err = shipment.Of(w.t.Context(), tx, "main", m.id); return err })
	return all
}

func (w *world) payouts(m *ref) (all []settlement.Payout) {
	w.t.Helper()
	w.read(func(tx *db.Tx) (err error) { all, err = settlement.ByCase(w.t.Context(), tx, "main", m.id); return err })
	return all
}

func (w *world) read(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Read(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// canHandOver: there is a parcel of the case to give away, and where it has
// another number it has not arrived.
func (w *world) canHandOver(m *ref, named bool) bool {
	var mine []shipment.Parcel
	for _, p := range w.parcels(m) {
		if p.Direction == shipment.Return {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 {
		return false
	}
	tracking := w.reload(cases.Case{ID: m.id}).Tracking
	i := slices.IndexFunc(mine, func(p shipment.Parcel) bool { return p.Tracking == tracking || p.Label == tracking })
	return !named || ranks[mine[max(i, 0)].State] < ranks[shipment.Delivered]
}

// fate is what the bank makes of one key.
type fate struct {
	how    string
	calls  int
	asked  int
	paid   bool
	amount int64
	from   string
}

var errSilent = errors.New("no answer")

func (w *world) refund(r settlement.Request) (settlement.Result, error) {
	f := w.fates[r.Key]
	if f == nil {
		f = &fate{how: []string{"fine", "fine", "fine", "fine", "no", "lost", "down", "late", "late", "late_no"}[w.dice.IntN(10)], amount: r.Amount.Minor, from: r.Reference}
		w.fates[r.Key] = f
	}
	f.calls++
	switch {
	case f.paid:
	case (f.how == "no" || f.how == "late_no") && f.calls == 1:
		if f.how == "no" {
			return settlement.Result{Outcome: settlement.Declined, Reason: "closed"}, nil
		}
		return settlement.Result{Outcome: settlement.Pending, Reference: "ref-" + r.Key}, nil
	case f.how == "down" && f.calls < 3:
		return settlement.Result{}, errSilent
	case f.how == "late" && f.asked < 2:
		return settlement.Result{Outcome: settlement.Pending, Reference: "ref-" + r.Key}, nil
	default:
		w.pay(f)
		if f.how == "lost" {
			return settlement.Result{}, errSilent
		}
	}
	return w.answer(r.Key, f), nil
}

func (w *world) pay(f *fate) {
	if !f.paid {
		f.paid = true
		w.paid[f.from] += f.amount
	}
}

func (w *world) answer(key string, f *fate) settlement.Result {
	switch {
	case f.paid:
		return settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + key}
	case f.how == "late" && f.asked < 2, f.how == "late_no" && f.asked < 2:
		return settlement.Result{Outcome: settlement.Pending, Reference: "ref-" + key}
	case f.how == "late":
		w.pay(f)
		return w.answer(key, f)
	case f.how == "no", f.how == "late_no":
		return settlement.Result{Outcome: settlement.Declined, Reason: "closed"}
	}
	return settlement.Result{Outcome: settlement.Absent}
}

func (w *world) lookup(r settlement.Request) (settlement.Result, error) {
	f := w.fates[r.Key]
	if f == nil {
		return settlement.Result{Outcome: settlement.Absent}, nil
	}
	f.asked++
	return w.answer(r.Key, f), nil
}
