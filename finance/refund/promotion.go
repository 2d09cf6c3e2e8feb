package refund

import (
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// rebill prices the kept goods again, as they would have been priced at the
// purchase: a promotion that they would not have had is kept back, one of which
// they would have had more is paid out. What earlier returns moved counts. Units
// for which somebody else has to answer count as kept, and pay nothing of it.
// When nothing is kept, nothing stays moved.
func (w *work) rebill(v values) {
	if w.t.Promotions != Rebill {
		return
	}
	var want Rebilled
	switch {
	case !v.full:
		want = w.repriced(v)
	case !w.t.delivers() && !v.faulty:
		want.Shipping = w.before.Rebilled.Shipping // it was delivered once
	}
	delta := want.minus(w.before.Rebilled)
	got := w.moved(delta.Promotion, w.before.Rebilled.Promotion)
	if got != delta.Promotion {
		share := func(n int64) int64 { return proportion(n, got, delta.Promotion) }
		delta.Tax, delta.Platform, delta.Brand = share(delta.Tax), share(delta.Platform), share(delta.Brand)
	}
	delta.Promotion = got
	delta.Shipping = w.moved(delta.Shipping, 0)
	w.quote.Rebilled = delta
	w.plus(CodePromotion, 0, delta.Promotion-delta.Tax, GroundRebill)
	w.plus(CodePromotionTax, 0, delta.Tax, GroundRebill)
	w.plus(CodeThreshold, 0, delta.Shipping, GroundThreshold)
	w.ledger.move(CodePromotion, delta.Promotion, w.seller(), theCustomer)
	w.ledger.move(CodeDiscount, -delta.Platform, w.seller(), thePlatform)
	w.ledger.move(CodeDiscount, -delta.Brand, w.seller(), w.party(Brand))
	w.ledger.move(CodeThreshold, delta.Shipping, w.seller(), theCustomer)
}

// moved adds an amount to the goods' money, or takes it from them, and tells how
// much it was. What earlier returns were paid on top is taken from any goods;
// what is lost only from those of which something may be kept.
func (w *work) moved(amount, before int64) int64 {
	if amount < 0 {
		back := min(-amount, max(before, 0), sum(w.goods))
		for i, n := range money.Split(back, w.goods) {
			w.goods[i] -= n
		}
		lost := min(-amount-back, w.available(0))
		w.take(0, lost)
		return -back - lost
	}
	room := w.room()
	for i := range room {
		room[i] = max(room[i]-w.goods[i]-w.shipping[i], 0)
	}
	return spill(w.goods, amount, room)
}

// proportion is n·part/whole, towards zero; part lies between 0 and whole.
func proportion(n, part, whole int64) int64 {
	if n < 0 {
		return -proportion(-n, part, whole)
	}
	if whole < 0 {
		part, whole = -part, -whole
	}
	return within(n, part, whole)
}

// repriced is what the customer gets (or loses, when negative) because the
// basket is another one.
func (w *work) repriced(v values) (r Rebilled) {
	var lost int64
	for i, x := range w.o.Promotions {
		first := slices.IndexFunc(w.o.Promotions, func(y order.Promotion) bool { return y.Code == x.Code && !y.ShippingFree })
		if first != i {
			continue
		}
		n := w.lost(x.Code, v.basket)
		lost += n
		switch x.Funder {
		case Platform:
			r.Platform -= n
		case Brand:
			r.Brand -= n
		}
	}
	value, tax := w.taxRate()
	lost = min(max(lost, -value), value)
	r.Promotion = -lost
	r.Tax = proportion(-tax, min(max(lost, -lost), value), value)
	if lost < 0 {
		r.Tax = -r.Tax
	}
	if !w.o.TaxIncluded {
		r.Promotion += r.Tax
	}
	if cost, paid := w.keptFreight(v), w.o.Shipping.Paid; cost > paid {
		r.Shipping = paid - cost
	}
	return r
}

// taxRate is the tax of all goods and the value that it is on.
func (w *work) taxRate() (value, tax int64) {
	for _, l := range w.o.Lines {
		value += goodsValue(unitsOf(l, w.o.TaxIncluded, Run{Line: l.No, First: 1, Count: l.Quantity}), w.o.TaxIncluded)
		tax += l.Ledger.Tax
	}
	return value, tax
}

// lost is how much less of a promotion the basket has by its rules than fell on
// its units; negative if more. A promotion whose rules the whole order does not
// fulfil is not understood, and stays as it fell.
func (w *work) lost(code string, basket map[int][]Run) int64 {
	var steps []order.Promotion
	for _, x := range w.o.Promotions {
		if x.Code == code && !x.ShippingFree {
			steps = append(steps, x)
		}
	}
	given, value := w.promoted(code, steps[0].Lines, nil)
	kept, keptValue := w.promoted(code, steps[0].Lines, basket)
	keptValue = min(keptValue, value) // units worth single minor units round apart from their line
	had, ok := reached(steps, value)
	if !ok || given == 0 {
		return 0
	}
	has, ok := reached(steps, keptValue)
	var due int64
	switch {
	case !ok:
	case has.Percent > 0 && has.Percent == had.Percent:
		due = within(given, keptValue, value)
	case has.Percent > 0:
		due = money.Part(keptValue, has.Percent, 100)
	case has.Repeats && has.Amount > 0:
		due = min(keptValue/has.Threshold, order.MaxAmount/has.Amount) * has.Amount
	default:
		due = has.Amount
	}
	return kept - min(due, given, keptValue)
}

// reached is the highest step whose threshold a value reaches.
func reached(steps []order.Promotion, value int64) (best order.Promotion, ok bool) {
	for _, s := range steps {
		if s.Threshold <= value && (!ok || s.Threshold >= best.Threshold) {
			best, ok = s, true
		}
	}
	return best, ok
}

// promoted is what a promotion gave on a basket, or on the whole order where it
// is nil, and the value that its threshold is compared with: list prices less
// the discounts on lines that are no promotions.
func (w *work) promoted(code string, lines []int, basket map[int][]Run) (given, value int64) {
	for _, l := range w.o.Lines {
		runs := basket[l.No]
		if basket == nil {
			runs = []Run{{Line: l.No, First: 1, Count: l.Quantity}}
		}
		for _, r := range runs {
			u := unitsOf(l, w.o.TaxIncluded, r)
			worth := u.goods
			if w.o.TaxIncluded {
				worth += u.tax
			}
			eachDiscount(l, w.o.TaxIncluded, r, func(d order.Discount, amount int64) {
				if d.Code == code {
					given += amount
				}
			})
			worth -= w.plainDiscounts(l, r)
			if order.Touches(lines, l.No) {
				value += max(worth, 0)
			}
		}
	}
	return given, value
}

// plainDiscounts are those on the line that no promotion explains.
func (w *work) plainDiscounts(l order.Line, r Run) (sum int64) {
	cut := cutFor(l, w.o.TaxIncluded)
	columns := make([]int64, len(l.Ledger.LineDiscounts))
	for i, d := range l.Ledger.LineDiscounts {
		columns[i] = d.Amount
	}
	for i, n := range between(cut(r.First-1).lineDiscount, cut(r.First-1+r.Count).lineDiscount, columns) {
		if !slices.ContainsFunc(w.o.Promotions, func(x order.Promotion) bool { return x.Code == l.Ledger.LineDiscounts[i].Code }) {
			sum += n
		}
	}
	return sum
}

// keptFreight is what delivery of the basket would have cost.
func (w *work) keptFreight(v values) int64 {
	s := w.o.Shipping
	var value int64
	for _, l := range w.o.Lines {
		for _, r := range v.basket[l.No] {
			value += goodsValue(unitsOf(l, w.o.TaxIncluded, r), w.o.TaxIncluded)
		}
	}
	if cost, known := tariff(s, value); known {
		return cost
	}
	for _, x := range w.o.Promotions {
		if !x.ShippingFree {
			continue
		}
		_, all := w.promoted(x.Code, x.Lines, nil)
		_, kept := w.promoted(x.Code, x.Lines, v.basket)
		if all >= x.Threshold && kept < x.Threshold {
			return max(s.List, s.Paid)
		}
	}
	return s.Paid
}
