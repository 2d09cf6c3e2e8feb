package refund

import (
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// unitMoney is the money of some units:
//
//	paid = goods − lineDiscount − orderDiscount + tax + duty
//
// Goods is without tax, whether prices contained it or not. No part is
// negative, and the parts of all units add up to the line's ledger.
type unitMoney struct{ goods, lineDiscount, orderDiscount, tax, duty, paid int64 }

// unitsOf is the money of the run's units.
func unitsOf(l order.Line, taxIncluded bool, r Run) unitMoney {
	cut := cutFor(l, taxIncluded)
	a, b := cut(r.First-1), cut(r.First-1+r.Count)
	return unitMoney{
		b.goods - a.goods, b.lineDiscount - a.lineDiscount, b.orderDiscount - a.orderDiscount,
		b.tax - a.tax, b.duty - a.duty, b.paid - a.paid,
	}
}

// cutFor chooses how the line's parts fall on its first k units. What is paid
// always is ⌊Paid·k/q⌋. Of the parts, one has to take what rounding leaves over
// so that they add up: the discount, if then no unit's can become negative;
// else the goods; and where amounts are of the size of single minor units and
// neither can, each part is cut from what the part before left.
func cutFor(l order.Line, taxIncluded bool) func(k int64) unitMoney {
	g, q := l.Ledger, l.Quantity
	onLine, onOrder := order.Sum(g.LineDiscounts), order.Sum(g.OrderDiscounts)
	discount, charged := onLine+onOrder, g.Tax
	if taxIncluded {
		charged = 0
	}
	share := func(amount, k int64) int64 { return money.Part(amount, k, q) }
	low := func(amount int64) int64 { return amount / q }
	high := func(amount int64) int64 { return (amount + q - 1) / q }
	fair := func(k int64) unitMoney {
		return unitMoney{tax: share(g.Tax, k), duty: share(g.Duty, k), paid: share(g.Paid, k)}
	}
	even := discount == 0 && g.List%q == 0 && (charged == 0 || g.Duty == 0)
	switch {
	case even, low(g.List)+low(charged)+low(g.Duty) >= high(g.Paid) && (!taxIncluded || low(g.List) >= high(g.Tax)):
		return func(k int64) unitMoney {
			u := fair(k)
			u.goods = share(g.List, k)
			if taxIncluded {
				u.goods -= u.tax
			}
			return u.discounted(u.goods+u.tax+u.duty-u.paid, onLine, discount)
		}
	case low(g.Paid)+low(discount) >= high(g.Tax)+high(g.Duty):
		return func(k int64) unitMoney {
			u := fair(k).discounted(share(discount, k), onLine, discount)
			u.goods = u.paid + u.lineDiscount + u.orderDiscount - u.tax - u.duty
			return u
		}
	}
	return func(k int64) unitMoney {
		u := unitMoney{paid: share(g.Paid, k)}
		u.tax = within(g.Tax, u.paid, g.Paid)
		u.duty = within(g.Duty, u.paid-u.tax, g.Paid-g.Tax)
		u = u.discounted(share(discount, k), onLine, discount)
		u.goods = u.paid + u.lineDiscount + u.orderDiscount - u.tax - u.duty
		return u
	}
}

// discounted splits what came off into the line's and the order's discounts.
func (u unitMoney) discounted(off, onLine, all int64) unitMoney {
	u.lineDiscount = within(onLine, off, all)
	u.orderDiscount = off - u.lineDiscount
	return u
}

// within is the share of part in the first x of whole: ⌊part·x/whole⌋. It never
// grows faster than x does, so what is left of x never shrinks; this is what
// keeps nested shares from becoming negative.
func within(part, x, whole int64) int64 {
	if whole == 0 {
		return 0
	}
	return money.Part(part, x, whole)
}

// fall splits the first x of an amount over the columns it was frozen in. The
// shares add up to x, and none ever shrinks as x grows.
func fall(x int64, columns []int64) []int64 {
	shares := make([]int64, len(columns))
	var whole int64
	for _, c := range columns {
		whole += c
	}
	for i := len(columns) - 1; i > 0; i-- {
		rest := whole - columns[i]
		before := within(rest, x, whole)
		shares[i] = x - before
		x, whole = before, rest
	}
	if len(shares) > 0 {
		shares[0] = x
	}
	return shares
}

// between splits what lies from a to b of an amount over its columns.
func between(a, b int64, columns []int64) []int64 {
	low, high := fall(a, columns), fall(b, columns)
	for i := range high {
		high[i] -= low[i]
	}
	return high
}
