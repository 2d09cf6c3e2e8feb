package refund

// bears says who pays the way back of a unit that returns for a reason. A
// reason that the terms do not name is nobody's.
func (t Terms) bears(reason string) string {
	if t.Liability != "" {
		return t.Liability
	}
	return t.Freight[reason]
}

// atFault says that the customer has not to answer for it. A platform that only
// promised to pay the way back does not answer for the goods; one that was
// found liable does.
func (t Terms) atFault(reason string) bool {
	by := t.bears(reason)
	return by == Seller || by == Carrier || by == Platform && t.Liability == Platform
}

// deductible says that something may be kept of such a unit's money.
func (t Terms) deductible(reason string) bool {
	by := t.bears(reason)
	return by == Customer || by == Platform && t.Liability == ""
}

// freight is the customer's only if it is so for every unit; else of those who
// bear it the first of seller, carrier and platform.
func (t Terms) freight(runs []Run) string {
	by := map[string]bool{}
	for _, r := range runs {
		by[t.bears(r.Reason)] = true
	}
	switch {
	case by[Seller], by[""]:
		return Seller
	case by[Carrier]:
		return Carrier
	case by[Platform]:
		return Platform
	}
	return Customer
}

// comesBack says that the goods travel back to the shop.
func (c Claim) comesBack() bool { return c.Kind == "" || c.Kind == ReturnRefund || c.Kind == Exchange }

// label is what is deducted for the way back: once, if it is the customer's
// for every unit, less what an insurance pays the carrier directly.
func (w *work) label() int64 {
	for _, d := range w.t.Deductions {
		if d.Code == CodeLabel {
			return 0 // a person has set it
		}
	}
	if !w.c.comesBack() || w.quote.Freight != Customer {
		return 0
	}
	fee := w.t.LabelFee
	if w.t.Insurance.Direct {
		fee -= min(fee, w.insured())
	}
	return fee
}

// insured is what the freight insurance pays: the smaller of cost and table,
// and nothing if it has paid for all of these units before.
func (w *work) insured() int64 {
	i := w.t.Insurance
	if i.Payer == "" || !w.c.comesBack() || w.quote.Freight != Customer {
		return 0
	}
	fresh := false
	for _, r := range w.runs {
		fresh = fresh || !covered(w.before.Insured, r)
	}
	if !fresh {
		return 0
	}
	return min(w.freightCost(), i.Table)
}

// freightCost is what the way back costs, as far as it is known.
func (w *work) freightCost() int64 {
	for _, cost := range []int64{w.t.Insurance.Actual, w.t.Upfront} {
		if cost > 0 {
			return cost
		}
	}
	return w.t.LabelFee
}

// covered tells whether every unit of a run is in one of the others.
func covered(by []Run, r Run) bool {
	for u := r.First; u < r.First+r.Count; {
		next := u
		for _, b := range by {
			if b.Line == r.Line && b.First <= next && next < b.First+b.Count {
				next = b.First + b.Count
			}
		}
		if next == u {
			return false
		}
		u = next
	}
	return true
}

// reimburse pays the customer's cost of the way back, where somebody else bears
// it, and books what the shop's label costs its bearer.
func (w *work) reimburse() {
	if !w.c.comesBack() || len(w.runs) == 0 {
		return
	}
	by, cost := w.freightBearer(), w.t.LabelFee
	if n := w.insured(); n > 0 {
		payer := w.party(w.t.Insurance.Payer)
		w.quote.Insured = w.runs
		if w.t.Insurance.Direct {
			w.ledger.move(CodeInsurance, n, payer, theCarrier)
			w.note("insurance_pays_carrier", 0, CodeInsurance, n)
			return
		}
		w.plus(CodeInsurance, 0, n, GroundInsured)
		w.extra(FreightReimbursement, w.t.Insurance.Payer, n)
		w.ledger.move(CodeInsurance, n, payer, theCustomer)
		return
	}
	if w.t.Insurance.Payer != "" && w.quote.Freight == Customer {
		w.note("insured_before", 0, CodeInsurance, 0)
	}
	if w.quote.Freight == Customer {
		return // the label is deducted
	}
	if w.t.Upfront > 0 {
		w.plus(CodeUpfront, 0, w.t.Upfront, GroundReimbursed)
		w.extra(FreightReimbursement, w.quote.Freight, w.t.Upfront)
		w.ledger.move(CodeUpfront, w.t.Upfront, by, theCustomer)
		return
	}
	w.ledger.move(CodeLabel, cost, by, theCarrier)
}
