package refund

import (
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// values is the goods' money of an order: all of it, what came back before,
// what comes back now, and how much of that is the seller's fault.
type values struct {
	all, before, now, fault int64
	full                    bool          // nothing is kept
	faulty                  bool          // something is the seller's fault, be it worth nothing
	unsent                  bool          // nothing of the order has left the shop
	kept                    int64         // the kept goods after discounts, as a tariff counts them
	basket                  map[int][]Run // by line: kept units, and those that somebody else has to answer for
}

// values looks at the whole order, with what comes back now.
func (w *work) values() values {
	v := values{now: w.worth(w.runs), full: true, unsent: w.c.Kind == RefundOnly}
	back := map[int][]Run{}
	for _, r := range w.runs {
		back[r.Line] = append(back[r.Line], r)
		if w.t.atFault(r.Reason) {
			v.faulty = true
			v.fault += w.worth([]Run{r})
		}
	}
	for _, r := range w.before.Units {
		back[r.Line] = append(back[r.Line], r)
	}
	v.before = w.worth(w.before.Units)
	for _, l := range w.o.Lines {
		v.all += l.Ledger.Paid
		var count int64
		for _, r := range back[l.No] {
			count += r.Count
		}
		v.full = v.full && count >= l.Quantity
		v.unsent = v.unsent && l.ShippedAt.IsZero() && l.DeliveredAt.IsZero()
	}
	if len(w.o.Shipping.Tiers) > 0 || w.t.Promotions == Rebill {
		v.basket = map[int][]Run{}
		for _, l := range w.o.Lines {
			for _, r := range outside(l, back[l.No], func(Run) bool { return false }) {
				v.kept += goodsValue(unitsOf(l, w.o.TaxIncluded, r), w.o.TaxIncluded)
			}
			v.basket[l.No] = outside(l, back[l.No], func(r Run) bool { return w.t.atFault(r.Reason) })
		}
	}
	return v
}

func (w *work) worth(runs []Run) (sum int64) {
	for _, r := range runs {
		if l, ok := w.o.Line(r.Line); ok && r.First >= 1 && r.First+r.Count-1 <= l.Quantity {
			sum += money.Part(l.Ledger.Paid, r.First-1+r.Count, l.Quantity) - money.Part(l.Ledger.Paid, r.First-1, l.Quantity)
		}
	}
	return sum
}

// goodsValue is the price of units after discounts, as it was labelled.
func goodsValue(u unitMoney, taxIncluded bool) int64 {
	if taxIncluded {
		return u.paid - u.duty
	}
	return u.paid - u.duty - u.tax
}

// outside are the units of a line that are in none of the runs, but for those
// that count all the same.
func outside(l order.Line, runs []Run, counts func(Run) bool) []Run {
	var all holds
	for _, r := range runs {
		if !counts(r) {
			all = append(all, hold{Run: r})
		}
	}
	all.sort()
	return all.gaps(l)
}

// ship gives the outbound delivery back, as far as the terms say.
func (w *work) ship(v values) {
	s := w.o.Shipping
	amount, ground := outbound(s, w.before.Shipping, v, w.t)
	if amount == 0 {
		return
	}
	w.shipping = between(w.before.Shipping, w.before.Shipping+amount, s.Tenders)
	tax := within(s.Tax, w.before.Shipping+amount, s.Paid) - within(s.Tax, w.before.Shipping, s.Paid)
	w.plus(CodeShipping, 0, amount-tax, ground)
	w.plus(CodeShippingTax, 0, tax, ground)
	by := w.seller()
	if ground == GroundSellerFault {
		by = w.answers()
	}
	w.ledger.move(CodeShipping, amount, by, theCustomer)
}

// tariff is what delivery of goods of a value costs; false where it is not
// known.
func tariff(s order.Shipping, value int64) (amount int64, known bool) {
	for _, t := range s.Tiers {
		if t.From <= value {
			amount, known = t.Amount, true
		}
	}
	return amount, known
}

// outbound is how much of the delivery's cost is given back, and why.
//
//   - Nothing is kept and nothing was sent, or the seller is at fault for any of
//     it now: all that is left.
//   - Nothing is kept and the terms give it back: up to what the cheapest standard
//     delivery would have cost; a surcharge for express stays, unless the law
//     gives back all of it.
//   - Otherwise, by the terms, what the kept basket would not have cost, or the
//     share of the standard cost by value; and at least the share by value of the
//     whole cost for units that are the seller's fault.
//
// It is never negative and never more than what is left of it.
func outbound(s order.Shipping, refunded int64, v values, t Terms) (amount int64, ground string) {
	left := max(s.Paid-refunded, 0)
	standard := s.Paid
	if s.Standard > 0 {
		standard = min(s.Standard, s.Paid)
	}
	switch {
	case v.full && v.unsent:
		amount, ground = left, GroundNotShipped
	case v.full && v.faulty:
		amount, ground = left, GroundSellerFault
	case v.full && t.Delivery == DeliveryFull:
		amount, ground = left, GroundFullReturn
	case v.full && t.delivers():
		amount, ground = standard-refunded, GroundFullReturn
	default:
		if t.Shipping == ProRata || t.Shipping == Difference {
			amount, ground = share(standard, v, v.now), GroundPartial
			if v.all == 0 && v.full {
				amount = standard
			}
		}
		if cost, known := tariff(s, v.kept); known && t.Shipping == Difference && !v.full {
			amount, ground = standard-cost-refunded, GroundDifference
		}
		if byFault := share(s.Paid, v, v.fault); byFault > amount {
			amount, ground = byFault, GroundSellerFault
		}
	}
	return min(max(amount, 0), left), ground
}

// share is the part of a cost that falls on the next of the goods' value, after
// what came back before. Successive shares add up to the cost.
func share(cost int64, v values, part int64) int64 {
	return within(cost, v.before+part, v.all) - within(cost, v.before, v.all)
}
