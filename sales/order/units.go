package order

import "github.com/aftercare/aftercare/base/money"

// UnitMoney is the money of some units of a line, in minor units:
//
//	Paid = List − LineDiscount − OrderDiscount + Duty (+ Tax, where prices do not contain it)
type UnitMoney struct{ List, LineDiscount, OrderDiscount, Tax, Duty, Paid int64 }

// Units is the money of units first to first+count−1 of the line, from 1. Paid,
// Tax and Duty of the first k units are ⌊amount·k/q⌋; the discount shown is
// what remains, so that the equation always holds and all units add up to the
// ledger. A unit's discount can therefore be one minor unit off its exact
// share, and even −1 where tax and discount round in opposite directions. It
// panics if the units are not the line's: the caller has checked them.
func (l Line) Units(first, count int64) UnitMoney {
	a, b := l.upTo(first-1), l.upTo(first-1+count)
	return UnitMoney{
		List: b.List - a.List, LineDiscount: b.LineDiscount - a.LineDiscount, OrderDiscount: b.OrderDiscount - a.OrderDiscount,
		Tax: b.Tax - a.Tax, Duty: b.Duty - a.Duty, Paid: b.Paid - a.Paid,
	}
}

// upTo is the money of the first k units.
func (l Line) upTo(k int64) UnitMoney {
	g, q := l.Ledger, l.Quantity
	onLine, onOrder := Sum(g.LineDiscounts), Sum(g.OrderDiscounts)
	u := UnitMoney{
		List: money.Part(g.List, k, q),
		Tax:  money.Part(g.Tax, k, q), Duty: money.Part(g.Duty, k, q), Paid: money.Part(g.Paid, k, q),
	}
	discount := u.List + u.Duty - u.Paid
	if g.Paid != g.List-onLine-onOrder+g.Duty { // prices do not contain tax
		discount += u.Tax
	}
	switch {
	case onOrder > 0:
		u.LineDiscount = money.Part(onLine, k, q)
		u.OrderDiscount = discount - u.LineDiscount
	case onLine > 0:
		u.LineDiscount = discount
	default: // no discount: what duty and tax round differently stays with the duty
		u.Duty -= discount
	}
	return u
}

// Sum adds up discounts.
func Sum(discounts []Discount) (total int64) {
	for _, d := range discounts {
		total += d.Amount
	}
	return total
}
