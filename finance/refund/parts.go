package refund

import (
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// parts pays back a part of units that stay with the customer.
func (w *work) parts() error {
	amounts, err := w.partAmounts()
	if err != nil {
		return err
	}
	payer := w.party(w.c.Payer)
	known := slices.Clone(w.before.Parts)
	for _, p := range amounts {
		if p.Amount == 0 {
			continue
		}
		l, _ := w.o.Line(p.Line)
		before := spreadOf(l, known)
		known = append(known, p)
		after := spreadOf(l, known)
		w.quote.Parts = append(w.quote.Parts, p)
		w.part(l, p, before, after)
		w.ledger.move(p.Code, p.Amount, payer, theCustomer)
	}
	return nil
}

// partAmounts says what each piece of the runs gets.
func (w *work) partAmounts() (all []Part, err error) {
	var weights []int64
	for _, r := range w.runs {
		l, _ := w.o.Line(r.Line)
		s := w.spread(l)
		for _, piece := range untouched(r, w.before.Parts) {
			p := Part{Line: r.Line, First: piece.First, Count: piece.Count, Code: CodePartial}
			left := s.left(l, p.First, p.Count)
			if w.c.Kind == PriceProtection {
				p.Code = CodeProtection
				lower, ok := w.c.Lower[r.Line]
				if !ok {
					return nil, ErrTerms.At("lower", "has no price for a line", "the lower price by line").With("line", r.Line)
				}
				p.Amount = min(cheaper(l, w.o.TaxIncluded, piece, lower, s), left)
			}
			weights = append(weights, left)
			all = append(all, p)
		}
	}
	if w.c.Kind == Partial {
		if left := sum(weights); w.c.Amount > left {
			return nil, ErrExceeds.With("amount", w.c.Amount).With("left", left)
		}
		for i, amount := range money.Split(w.c.Amount, weights) {
			all[i].Amount = amount
		}
	}
	return all, nil
}

// cheaper is what units would cost less at the lower price, without what was
// paid back for that before. Duty was not charged by the shop.
func cheaper(l order.Line, taxIncluded bool, r Run, lower int64, s spread) int64 {
	u := unitsOf(l, taxIncluded, r)
	_, protected := s.of(r.First, r.Count)
	if lower > 0 && r.Count > order.MaxAmount/lower {
		return 0
	}
	return max(u.paid-u.duty-lower*r.Count-protected, 0)
}

// part lets one part fall on units, tenders and tax.
func (w *work) part(l order.Line, p Part, before, after spread) {
	cut := cutFor(l, w.o.TaxIncluded)
	ground := GroundAgreed
	if p.Code == CodeProtection {
		ground = GroundLowerPrice
	}
	var tax, duty int64
	a := cut(p.First - 1)
	for n := p.First; n < p.First+p.Count; n++ {
		b := cut(n)
		u := unitMoney{tax: b.tax - a.tax, duty: b.duty - a.duty, paid: b.paid - a.paid}
		was, is := before.at(n), after.at(n)
		if is > was {
			t0, d0 := u.taxed(was)
			t1, d1 := u.taxed(is)
			tax += t1 - t0
			duty += d1 - d0
			w.fall(l, a.paid+was, a.paid+is)
		}
		a = b
	}
	q := w.line(p.Line)
	q.Count += p.Count
	q.Subtotal += p.Amount
	for _, c := range []Component{{p.Code, p.Line, p.Amount - tax - duty, ground}, {CodePartTax, p.Line, tax, ground}, {CodePartDuty, p.Line, duty, ground}} {
		q.Components = plus(q.Components, c)
	}
}

// compensate pays what is no refund: it is netted with nothing.
func (w *work) compensate() error {
	payer := w.c.Payer
	if payer == "" {
		payer = Seller
	}
	w.plus(CodeCompensation, 0, w.c.Amount, w.c.Basis)
	w.extra(CodeCompensation, payer, w.c.Amount)
	w.ledger.move(CodeCompensation, w.c.Amount, w.party(payer), theCustomer)
	return nil
}
