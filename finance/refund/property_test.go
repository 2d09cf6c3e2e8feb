package refund_test

import (
	"slices"

	"github.com/aftercare/aftercare/finance/refund"
)

var signs = map[string]int{
	refund.CodeLineDiscount: -1, refund.CodeOrderDiscount: -1, refund.CodePart: -1, refund.CodeLabel: -1, refund.CodeEarlier: -1,
	refund.CodeRestocking: -1, refund.CodeDiminished: -1, refund.CodeMissingParts: -1, refund.CodePoints: -1,
	refund.CodeNew: -1, refund.CodeNewTax: -1, refund.CodeNewShipping: -1,
	refund.CodePartTax: 0, refund.CodePromotion: 0, refund.CodePromotionTax: 0, refund.CodeThreshold: 0,
}

// kept are what the seller keeps of the returned goods.
var kept = []string{refund.CodeLabel, refund.CodeRestocking, refund.CodeDiminished, refund.CodeMissingParts, refund.CodePoints}

// quote checks what is true of every quote by itself.
func (w *world) quote(q refund.Quote, c refund.Claim, runs []refund.Run) {
	var components, lines, ways int64
	innocent := !slices.ContainsFunc(runs, func(r refund.Run) bool { return !atFault(c.Terms, r.Reason) })
	for _, x := range q.Components {
		components += x.Amount
		sign, listed := signs[x.Code]
		if listed && sign < 0 && x.Amount > 0 || !listed && x.Amount < 0 {
			w.complain("%s has the sign of %d", x.Code, x.Amount)
		}
		if x.Line != 0 {
			lines += x.Amount
		}
		if innocent && slices.Contains(kept, x.Code) && x.Code != refund.CodePoints && x.Amount != 0 {
			w.complain("%s %d of units that the customer has not to answer for", x.Code, x.Amount)
		}
		if x.Code == refund.CodeRestocking && x.Amount != 0 && c.Terms.FeesForbidden {
			w.complain("a fee of %d where fees are forbidden", x.Amount)
		}
		if x.Code == refund.CodeEarlier && x.Amount != 0 && w.terms.Promotions != refund.Rebill {
			w.complain("%d counted as paid before, though nothing was paid without units", x.Amount)
		}
	}
	for _, l := range q.Lines {
		var sum int64
		for _, x := range l.Components {
			sum += x.Amount
		}
		if sum != l.Subtotal || l.Subtotal < 0 {
			w.complain("line %d: subtotal %d, components %d", l.Line, l.Subtotal, sum)
		}
		lines -= l.Subtotal
	}
	for _, s := range q.Tenders {
		ways += s.Goods + s.Shipping
	}
	for _, x := range q.Extra {
		ways += x.Amount
		if x.Amount <= 0 {
			w.complain("extra %+v", x)
		}
	}
	if components != q.Total || lines != 0 || ways != q.Total || q.Total < 0 || q.Due < 0 || q.Due > 0 && q.Total > 0 {
		w.complain("total %d, components %d, ways %d, due %d, lines differ by %d", q.Total, components, ways, q.Due, lines)
	}
}

func atFault(t refund.Terms, reason string) bool {
	by := t.Freight[reason]
	if t.Liability != "" {
		by = t.Liability
	}
	return by == refund.Seller || by == refund.Carrier || t.Liability == refund.Platform
}

// account checks what is true of an order after each step.
func (w *world) account(q refund.Quote, runs []refund.Run) {
	for _, shares := range [][]refund.TenderShare{q.Tenders, q.Carried, q.Turned} {
		for _, s := range shares {
			w.paid += s.Goods + s.Shipping
			if s.Goods < 0 || s.Shipping < 0 || s.Points < 0 {
				w.complain("negative share %+v", s)
			}
			w.restore[s.ID] += s.Points
		}
	}
	w.reverse += q.Points.Reverse
	w.coupons += len(q.Coupons)
	for _, t := range w.o.Tenders {
		if got := w.before.Tenders[t.ID]; got > t.Amount {
			w.complain("tender %s has paid back %d of %d", t.ID, got, t.Amount)
		}
		if w.restore[t.ID] > t.Points {
			w.complain("%d of %d points given back", w.restore[t.ID], t.Points)
		}
	}
	if w.before.Shipping > w.o.Shipping.Paid {
		w.complain("shipping %d of %d", w.before.Shipping, w.o.Shipping.Paid)
	}
	if w.paid > w.o.Paid() && w.terms.Promotions != refund.Rebill {
		w.complain("paid back %d of %d", w.paid, w.o.Paid())
	}
	for _, x := range q.Components {
		if slices.Contains(kept, x.Code) {
			w.paid -= x.Amount
		}
	}
	w.units(q, runs)
}

// units checks that no line, and where runs are single units no unit, gives
// back more of its money, tax or duty than it has.
func (w *world) units(q refund.Quote, runs []refund.Run) {
	for _, lq := range q.Lines {
		l, _ := w.o.Line(lq.Line)
		book := func(s *unitSum, paid, tax, duty int64, what any) {
			s.paid += lq.Subtotal
			for _, x := range lq.Components {
				switch x.Code {
				case refund.CodeTax, refund.CodePartTax:
					s.tax += x.Amount
				case refund.CodeDuty, refund.CodePartDuty:
					s.duty += x.Amount
				}
			}
			if s.paid > paid || s.tax > tax || s.duty > duty {
				w.complain("%v: %+v back of paid %d, tax %d, duty %d", what, *s, paid, tax, duty)
			}
		}
		g := l.Ledger
		book(w.line[l.No], g.Paid, g.Tax, g.Duty, l.No)
		of := slices.DeleteFunc(slices.Clone(runs), func(r refund.Run) bool { return r.Line != l.No })
		if w.single && len(of) == 1 {
			key := [2]int64{int64(l.No), of[0].First}
			if w.unit[key] == nil {
				w.unit[key] = &unitSum{}
			}
			one, err := refund.Calculate(w.o, refund.Before{}, of, refund.Claim{})
			if err != nil || len(one.Lines) != 1 {
				w.complain("%v", err)
				return
			}
			var tax, duty int64
			for _, x := range one.Lines[0].Components {
				switch x.Code {
				case refund.CodeTax:
					tax = x.Amount
				case refund.CodeDuty:
					duty = x.Amount
				}
			}
			book(w.unit[key], one.Lines[0].Subtotal, tax, duty, key)
		}
	}
}

// end checks an order of which nothing is kept.
func (w *world) end() {
	for _, l := range w.o.Lines {
		g := l.Ledger
		if got := *w.line[l.No]; got != (unitSum{g.Paid, g.Tax, g.Duty}) {
			w.complain("line %d came back as %+v, it was %d with tax %d and duty %d", l.No, got, g.Paid, g.Tax, g.Duty)
		}
	}
	var points, commission int64
	for _, l := range w.o.Lines {
		commission += l.Ledger.Commission
		if l.Ledger.Paid > 0 {
			points += l.Ledger.Points
		}
	}
	if w.earned > commission || w.whole && w.earned != commission {
		w.complain("%d of %d commission given back", w.earned, commission)
	}
	if w.reverse != points {
		w.complain("%d of %d earned points taken back", w.reverse, points)
	}
	if w.coupons != 1 {
		w.complain("the coupon was issued again %d times", w.coupons)
	}
	if w.exact && w.paid != w.o.Paid() {
		w.complain("all came back: %d of %d", w.paid, w.o.Paid())
	}
	for _, t := range w.o.Tenders {
		if t.Amount > 0 && w.before.Tenders[t.ID] == t.Amount && w.restore[t.ID] != t.Points {
			w.complain("all of %s came back, but %d of %d points", t.ID, w.restore[t.ID], t.Points)
		}
	}
	if w.paid > w.o.Paid() && w.terms.Promotions != refund.Rebill {
		w.complain("all came back: %d of %d", w.paid, w.o.Paid())
	}
}
