package owed

import (
	"time"

	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// Whole is what the lines of an order come to together. The law asks for it of
// each of them: who asks many questions about one order reads it once.
type Whole struct {
	first, last time.Time // when goods came; zero: none did
	missing     bool      // something is still to come
	paid        int64
}

// WholeOf reads an order.
func WholeOf(o *order.Order) Whole {
	var w Whole
	for i := range o.Lines {
		l := &o.Lines[i]
		w.paid += max(l.Ledger.Paid, 0)
		at := l.DeliveredAt
		if at.IsZero() {
			w.missing = true
			continue
		}
		if w.first.IsZero() || at.Before(w.first) {
			w.first = at
		}
		if at.After(w.last) {
			w.last = at
		}
	}
	return w
}

// kept is what was paid for the units that stay with the customer.
func (w *Whole) kept(o *order.Order, r *policy.Request) int64 {
	if len(r.Goods) == 1 { // the usual, without a map
		paid := paidFor(o, r.Goods[0].Line)
		return w.paid - max(paid, 0) + max(without(paid, o, &r.Goods[0]), 0)
	}
	left := make(map[int]int64, len(r.Goods))
	for i := range r.Goods {
		g := &r.Goods[i]
		if _, known := left[g.Line]; !known {
			left[g.Line] = paidFor(o, g.Line)
		}
		left[g.Line] = without(left[g.Line], o, g)
	}
	sum := w.paid
	for no, n := range left {
		sum += max(n, 0) - max(paidFor(o, no), 0)
	}
	return sum
}

// without is what is left of a line's money when goods of it go back.
func without(left int64, o *order.Order, g *policy.Goods) int64 {
	l := lineOf(o, g.Line)
	switch {
	case g.Paid > 0:
		return left - g.Paid
	case g.Quantity <= 0 || g.Quantity >= l.Quantity:
		return 0
	}
	return left - l.Ledger.Paid*g.Quantity/l.Quantity
}

func paidFor(o *order.Order, no int) int64 { return lineOf(o, no).Ledger.Paid }

// nothing is a line that the order does not have.
var nothing order.Line

// lineOf is a line in its place: lines are large, and asked for often.
func lineOf(o *order.Order, no int) *order.Line {
	if no >= 1 && no <= len(o.Lines) && o.Lines[no-1].No == no {
		return &o.Lines[no-1]
	}
	for i := range o.Lines {
		if o.Lines[i].No == no {
			return &o.Lines[i]
		}
	}
	return &nothing
}
