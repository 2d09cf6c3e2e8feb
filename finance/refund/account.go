package refund

import (
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// account is the money row of an order: what was paid back, and the lock under
// which claims of the order change.
type account struct {
	refunded int64
	shipping int64
	tenders  map[string]int64
	book     book
}

func captured(o order.Order) (sum int64) {
	for _, t := range o.Tenders {
		sum += t.Amount
	}
	return sum
}

// before is what others than the case have had.
func (a account) before(all holds, caseID string) Before {
	b := Before{Units: all.paid(caseID), Shipping: a.shipping, Tenders: a.tenders}
	for _, p := range a.book.Parts {
		if p.Case != caseID {
			b.Parts = append(b.Parts, p)
		}
	}
	for _, id := range a.book.cases() {
		r := a.book.Cases[id]
		if id == caseID {
			b.without(r)
			continue
		}
		b.Insured = append(b.Insured, r.Insured...)
		b.Coupons = append(b.Coupons, r.Coupons...)
		b.Rebilled = b.Rebilled.plus(r.Rebilled)
	}
	return b
}

// without takes a case's own money out, so that it can be reckoned anew.
func (b *Before) without(r *record) {
	tenders := make(map[string]int64, len(b.Tenders))
	for id, n := range b.Tenders {
		tenders[id] = n - r.Money[id] - r.Used[id]
	}
	b.Tenders = tenders
	b.Shipping -= r.Shipping
}

// add books a quote for a case.
func (a *account) add(o order.Order, caseID string, q Quote, runs []Run) error {
	for _, s := range q.Tenders {
		a.shipping += s.Shipping
	}
	a.use(q.Tenders)
	a.use(q.Carried)
	a.use(q.Turned)
	for _, p := range q.Parts {
		p.Case = caseID
		a.book.Parts = append(a.book.Parts, p)
	}
	a.book.record(caseID).put(q, runs)
	return a.check(o)
}

func (a *account) use(shares []TenderShare) {
	for _, s := range shares {
		a.tenders[s.ID] += s.Goods + s.Shipping
		a.refunded += s.Goods + s.Shipping
	}
}

// check looks at each tender again, under the lock, because this is what stands
// between a mistake above and money paid twice.
func (a *account) check(o order.Order) error {
	for _, t := range o.Tenders {
		if got := a.tenders[t.ID]; got < 0 || got > t.Amount {
			return ErrExceeds.With("tender", t.ID).With("paid", t.Amount).With("refunded", got)
		}
	}
	if a.shipping < 0 || a.shipping > o.Shipping.Paid {
		return ErrExceeds.With("paid", o.Shipping.Paid).With("shipping", a.shipping)
	}
	return nil
}

// room is what is left of each tender.
func (a *account) room(o order.Order) []int64 {
	room := make([]int64, len(o.Tenders))
	for i, t := range o.Tenders {
		room[i] = t.Amount - a.tenders[t.ID]
	}
	return room
}

// spread books an amount over the tenders by weight, each up to what is left of
// it, and tells how much found room.
func (a *account) spread(o order.Order, amount int64, weights []int64) (booked int64) {
	room := a.room(o)
	for i, share := range money.Split(amount, weights) {
		share = min(share, room[i])
		a.tenders[o.Tenders[i].ID] += share
		a.refunded += share
		booked += share
	}
	return booked
}
