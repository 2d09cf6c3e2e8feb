package refund

import (
	"slices"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/sales/order"
)

// party is an account in the books with the name of whose it is.
type party struct {
	account clearing.Account
	name    string
}

var (
	theCustomer   = party{account: clearing.Customer}
	theCarrier    = party{account: clearing.Carrier}
	thePlatform   = party{account: clearing.Platform}
	theCommission = party{account: clearing.Commission}
)

func seller(l order.Line) party { return party{clearing.Seller, l.Seller} }

// ledger collects who bears what. Each move takes from one what it gives to
// another, so the entries add up to zero by themselves.
type ledger struct{ all []clearing.Entry }

func (g *ledger) move(code string, amount int64, from, to party) {
	if amount == 0 || from == to {
		return
	}
	g.add(code, -amount, from)
	g.add(code, amount, to)
}

func (g *ledger) add(code string, amount int64, p party) {
	for i, e := range g.all {
		if e.Account == p.account && e.Party == p.name && e.Code == code {
			g.all[i].Amount += amount
			return
		}
	}
	g.all = append(g.all, clearing.Entry{Account: p.account, Party: p.name, Code: code, Amount: amount})
}

// entries are those that say something.
func (g *ledger) entries() []clearing.Entry {
	return slices.DeleteFunc(g.all, func(e clearing.Entry) bool { return e.Amount == 0 })
}

// seller is whose goods the claim is about.
func (w *work) seller() party { return caseSeller(w.o, w.runs) }

// caseSeller is the seller of some runs, or of the order without any; nobody's
// name if there are several.
func caseSeller(o order.Order, runs []Run) party {
	name, first := "", true
	for _, l := range o.Lines {
		concerned := len(runs) == 0 || slices.ContainsFunc(runs, func(r Run) bool { return r.Line == l.No })
		if !concerned {
			continue
		}
		if !first && name != l.Seller {
			return party{account: clearing.Seller}
		}
		name, first = l.Seller, false
	}
	return party{clearing.Seller, name}
}

func (w *work) sellerOf(line int) party {
	if l, ok := w.o.Line(line); ok {
		return seller(l)
	}
	return w.seller()
}

// party is who is meant by a word such as Seller.
func (w *work) party(name string) party {
	switch name {
	case Customer:
		return theCustomer
	case Carrier:
		return theCarrier
	case Platform:
		return thePlatform
	case Insurer:
		return party{account: clearing.Insurer}
	case Brand:
		return party{account: clearing.Brand}
	}
	return w.seller()
}

// answers is who has to answer for the units that are nobody's remorse.
func (w *work) answers() party {
	by := ""
	for _, r := range w.runs {
		if !w.t.atFault(r.Reason) {
			continue
		}
		if b := w.t.bears(r.Reason); by == "" || by != b {
			if by != "" {
				return w.seller()
			}
			by = b
		}
	}
	return w.party(by)
}

func (w *work) freightBearer() party { return w.party(w.quote.Freight) }

// bearUnits books what is left of a run's money: the seller gives it back, gets
// nothing any more of what others paid of the promotions, and claims of the
// carrier or the platform what these have to answer for.
func (w *work) bearUnits(l order.Line, r Run, amount int64) {
	w.ledger.move(CodeGoods, amount, seller(l), theCustomer)
	platform, brand := funded(l, w.o.TaxIncluded, r)
	w.ledger.move(CodeDiscount, platform, seller(l), thePlatform)
	w.ledger.move(CodeDiscount, brand, seller(l), party{account: clearing.Brand})
	switch by := w.t.bears(r.Reason); {
	case by == Carrier:
		w.ledger.move(CodeCarrierClaim, amount, theCarrier, seller(l))
	case by == Platform && w.t.Liability == Platform && w.c.Kind == RefundOnly:
		w.ledger.move(CodePlatformClaim, amount, thePlatform, seller(l))
	}
}

// funded is what platform and brand paid of the discounts of some units.
func funded(l order.Line, taxIncluded bool, r Run) (platform, brand int64) {
	others := func(d order.Discount) bool { return d.Funder == Platform || d.Funder == Brand }
	if !slices.ContainsFunc(l.Ledger.LineDiscounts, others) && !slices.ContainsFunc(l.Ledger.OrderDiscounts, others) {
		return 0, 0
	}
	eachDiscount(l, taxIncluded, r, func(d order.Discount, amount int64) {
		switch d.Funder {
		case Platform:
			platform += amount
		case Brand:
			brand += amount
		}
	})
	return platform, brand
}

// eachDiscount goes through the discounts of a line with what of each falls on
// a run's units.
func eachDiscount(l order.Line, taxIncluded bool, r Run, visit func(d order.Discount, amount int64)) {
	cut := cutFor(l, taxIncluded)
	a, b := cut(r.First-1), cut(r.First-1+r.Count)
	for _, kind := range []struct {
		all      []order.Discount
		from, to int64
	}{{l.Ledger.LineDiscounts, a.lineDiscount, b.lineDiscount}, {l.Ledger.OrderDiscounts, a.orderDiscount, b.orderDiscount}} {
		columns := make([]int64, len(kind.all))
		for i, d := range kind.all {
			columns[i] = d.Amount
		}
		for i, amount := range between(kind.from, kind.to, columns) {
			visit(kind.all[i], amount)
		}
	}
}
