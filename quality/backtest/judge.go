package backtest

import (
	"cmp"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// Answer is what one set of rules, with the law, makes of a request.
type Answer struct {
	Side
	Decision owed.Decision
}

// decide answers a request by a policy: what it comes to by the rules, whether
// it is granted, and what it comes to once law and conditions have spoken of
// freight and fees. It is what a request goes through when it is made, without
// a store.
func decide(book *rights.Book, p *policy.Policy, q *request) (Answer, error) {
	quote, err := refund.Calculate(q.order, refund.Before{}, q.units, q.claim(&p.Rules, nil))
	if err != nil {
		return Answer{}, err
	}
	ask := q.ask
	ask.Total = q.total(quote.Total)
	d := owed.Decide(book, p, owed.Question{Order: q.order, Request: ask, Now: q.at})
	if q.differs(&p.Rules, &d) {
		if quote, err = refund.Calculate(q.order, refund.Before{}, q.units, q.claim(&p.Rules, &d)); err != nil {
			return Answer{}, err
		}
	}
	s := Side{Policy: p.ID, Version: p.Version, Outcome: string(d.Outcome), Refund: quote.Total}
	for _, c := range quote.Components {
		if c.Code == refund.CodeLabel || c.Code == refund.CodeRestocking {
			s.Fees -= c.Amount
		}
	}
	if q.comesBack() {
		s.Freight, s.Label = d.Freight, p.Rules.LabelFee[q.order.Currency]
	}
	return Answer{s, d}, nil
}

// comesBack tells whether goods travel to the shop.
func (q *request) comesBack() bool {
	return (q.ask.Kind == policy.ReturnRefund || q.ask.Kind == policy.Exchange) && q.ask.Phase == policy.AfterReceipt
}

// claim is the request in the words of package refund: by the rules alone, or
// by what was decided.
func (q *request) claim(r *policy.Rules, d *owed.Decision) refund.Claim {
	c := refund.Claim{Kind: q.ask.Kind, Lower: q.lower, Amount: q.amount, Basis: q.basis}
	c.Terms = refund.Terms{
		Freight: r.Freight(), LabelFee: r.LabelFee[q.order.Currency], Shipping: r.Shipping, FullShippingOnFullReturn: r.FullShipping, Promotions: r.Promotions, Tender: r.Tender,
	}
	if d != nil {
		c.Terms.Delivery = d.Delivery
	}
	switch q.ask.Kind {
	case policy.Exchange:
		c.Kind = refund.Reship // of an exchange only the freight is compared
	case policy.Compensation:
		c.Cap, _ = r.CompensationCap(q.basis, q.order.Currency)
		if d != nil && q.basis == refund.Statutory && c.Cap > 0 {
			if c.Cap = max(c.Cap, d.OnTop); d.OnTop < 0 {
				c.Cap = 0
			}
		}
		c.Amount = cmp.Or(min(c.Amount, c.Cap), c.Amount)
	}
	for i := range q.ask.Goods {
		g := &q.ask.Goods[i]
		if _, known := c.Terms.Freight[g.Reason]; !known {
			reason, _ := r.Reason(g.Reason)
			c.Terms.Freight[g.Reason] = cmp.Or(reason.Freight, "customer")
		}
		fee := r.Fee(g.Paid, g.Reason)
		if t, ok := termsOf(d, g.Line); ok {
			fee = money.Part(g.Paid, int64(min(t.Fee, 100)), 100)
		}
		if fee > 0 {
			c.Terms.Deductions = append(c.Terms.Deductions, refund.Deduction{Code: refund.CodeRestocking, Line: g.Line, Amount: fee, Basis: "policy"})
		}
	}
	if d != nil && q.comesBack() {
		c.Terms.Liability = q.liability(r, d)
	}
	return c
}

// liability is who answers for the request where that is not what its reasons
// say: the seller as soon as one line asks for it, the customer where all do.
func (q *request) liability(r *policy.Rules, d *owed.Decision) string {
	toCustomer, fault := true, false
	for i := range q.ask.Goods {
		g := &q.ask.Goods[i]
		reason, offered := r.Reason(g.Reason)
		t, ok := termsOf(d, g.Line)
		if !ok || !offered {
			return ""
		}
		if t.Freight == refund.Seller && reason.Freight != refund.Seller {
			return refund.Seller
		}
		toCustomer, fault = toCustomer && t.Freight == refund.Customer, fault || reason.Fault()
	}
	if toCustomer && fault {
		return refund.Customer
	}
	return ""
}

func termsOf(d *owed.Decision, line int) (policy.Terms, bool) {
	if d == nil {
		return policy.Terms{}, false
	}
	for _, t := range d.Lines {
		if t.Line == line {
			return t, true
		}
	}
	return policy.Terms{}, false
}

// differs tells whether what was decided costs something else than the rules
// alone do.
func (q *request) differs(r *policy.Rules, d *owed.Decision) bool {
	for i := range q.ask.Goods {
		g := &q.ask.Goods[i]
		t, ok := termsOf(d, g.Line)
		if !ok {
			continue
		}
		reason, _ := r.Reason(g.Reason)
		percent := r.RestockingFee
		if reason.Fault() || reason.Code == "" {
			percent = 0
		}
		if t.Freight != cmp.Or(reason.Freight, "customer") || t.Fee != percent {
			return true
		}
	}
	return false
}
