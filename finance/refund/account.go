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
}

func captured(o order.Order) (sum int64) {
	for _, t := range o.Tenders {
		sum += t.Amount
	}
	return sum
}

func (a account) before(all holds) Before {
	return Before{Units: all.paid(), Shipping: a.shipping, Tenders: a.tenders}
}

// add books a quote. Each tender is checked again here, under the lock, because
// this is what stands between a mistake above and money paid twice.
func (a *account) add(o order.Order, q Quote) error {
	for _, share := range q.Tenders {
		a.tenders[share.ID] += share.Goods + share.Shipping
		a.shipping += share.Shipping
		a.refunded += share.Goods + share.Shipping
	}
	return a.check(o)
}

func (a *account) check(o order.Order) error {
	for _, t := range o.Tenders {
		if got := a.tenders[t.ID]; got < 0 || got > t.Amount {
			return ErrExceeds.With("tender", t.ID).With("paid", t.Amount).With("refunded", got)
		}
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

// book spreads an amount over the tenders by weight, each up to what is left of
// it, and tells how much found room.
func (a *account) book(o order.Order, amount int64, weights []int64) (booked int64) {
	room := a.room(o)
	for i, share := range money.Split(amount, weights) {
		share = min(share, room[i])
		a.tenders[o.Tenders[i].ID] += share
		a.refunded += share
		booked += share
	}
	return booked
}
