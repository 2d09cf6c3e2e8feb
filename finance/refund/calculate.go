package refund

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/sales/order"
)

// Calculate says what is owed for the runs, after what was paid back before. It
// is arithmetic only: that the runs are free is the caller's business. It
// refuses runs that are not the order's with ErrWanted, a claim that makes no
// sense with ErrTerms, more than is left of the units with ErrExceeds, and a
// compensation above its limit with ErrCap.
func Calculate(o order.Order, before Before, runs []Run, c Claim) (Quote, error) {
	q, _, err := Reckon(o, before, runs, c)
	return q, err
}

// Reckon is Calculate that also says who bears what. The entries add up to
// zero, and those of the customer to the quote's total.
func Reckon(o order.Order, before Before, runs []Run, c Claim) (Quote, []clearing.Entry, error) {
	if err := c.check(o); err != nil {
		return Quote{}, nil, err
	}
	if err := sound(o); err != nil {
		return Quote{}, nil, err
	}
	runs = slices.SortedFunc(slices.Values(runs), byUnit)
	w := work{o: o, c: c, t: c.Terms, before: before, runs: runs, goods: make([]int64, len(o.Tenders)), shipping: make([]int64, len(o.Tenders))}
	w.quote = Quote{Currency: o.Currency, TaxIncluded: o.TaxIncluded, Freight: w.t.freight(runs), Lines: []LineQuote{}, Components: []Component{}, Tenders: []TenderShare{}}
	if c.Kind != ReturnRefund {
		w.quote.Kind = c.Kind
	}
	for _, r := range runs {
		if l, ok := o.Line(r.Line); !ok || r.First < 1 || r.Count < 1 || r.Count > l.Quantity || r.First > l.Quantity-r.Count+1 {
			return Quote{}, nil, ErrWanted.With("line", r.Line).With("first", r.First).With("count", r.Count)
		}
	}
	if err := w.reckon(); err != nil {
		return Quote{}, nil, err
	}
	w.finish()
	return w.quote, w.ledger.entries(), nil
}

func (w *work) reckon() error {
	switch w.c.Kind {
	case Reship:
		return nil
	case Compensation:
		return w.compensate()
	case PriceProtection, Partial:
		err := w.parts()
		w.limit()
		return err
	}
	for _, r := range w.runs {
		w.add(r)
	}
	if w.c.Kind == Exchange {
		w.deduct()
		w.limit()
		return w.exchange()
	}
	if len(w.runs) > 0 {
		v := w.values()
		w.ship(v)
		w.rebill(v)
	}
	w.deduct()
	w.limit()
	w.reimburse()
	w.coupons()
	return nil
}

// sound checks what the order promised when its ledger was frozen, because the
// arithmetic would otherwise lose money silently.
func sound(o order.Order) error {
	wrong := func(paid int64, tenders []int64) bool { return paid != sum(tenders) || len(tenders) != len(o.Tenders) }
	for i := range o.Lines {
		if g := &o.Lines[i].Ledger; wrong(g.Paid, g.Tenders) {
			return fmt.Errorf("order %s: the tenders of line %d do not add up to what was paid", o.ID, o.Lines[i].No)
		}
	}
	if wrong(o.Shipping.Paid, o.Shipping.Tenders) {
		return fmt.Errorf("order %s: the tenders of shipping do not add up to what was paid", o.ID)
	}
	return nil
}

func byUnit(a, b Run) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.First, b.First))
}

// work is a quote being worked out.
type work struct {
	o        order.Order
	c        Claim
	t        Terms
	before   Before
	runs     []Run
	quote    Quote
	ledger   ledger
	goods    []int64        // by tender
	shipping []int64        // by tender
	spreads  map[int]spread // by line
	value    int64          // of the goods
	fault    int64          // of it, what somebody other than the customer has to answer for
	open     map[int]int64  // by line, of the goods: what deductions may take
}

func (w *work) spread(l order.Line) spread {
	if len(w.before.Parts) == 0 {
		return spread{}
	}
	s, ok := w.spreads[l.No]
	if !ok {
		if w.spreads == nil {
			w.spreads = map[int]spread{}
		}
		s = spreadOf(l, w.before.Parts)
		w.spreads[l.No] = s
	}
	return s
}

// add takes a run's units back: what is left of them.
func (w *work) add(r Run) {
	l, _ := w.o.Line(r.Line)
	u := unitsOf(l, w.o.TaxIncluded, r)
	taken := unitMoney{paid: u.paid} // of what is left, tax and duty that earlier parts held
	if s := w.spread(l); s.first == 0 {
		a := money.Part(l.Ledger.Paid, r.First-1, l.Quantity)
		w.fall(l, a, a+u.paid)
	} else {
		taken = w.addRest(l, s, r)
	}
	w.value += taken.paid
	if w.t.atFault(r.Reason) {
		w.fault += taken.paid
	}
	if w.t.deductible(r.Reason) {
		if w.open == nil {
			w.open = map[int]int64{}
		}
		w.open[r.Line] += taken.paid
	}
	w.line(r.Line).add(r.Count, u, taken)
	w.bearUnits(l, r, taken.paid)
}

// addRest goes through units of which parts were paid. What it returns holds
// the money left in paid, and in tax and duty what was paid of these before.
func (w *work) addRest(l order.Line, s spread, r Run) (gone unitMoney) {
	cut := cutFor(l, w.o.TaxIncluded)
	a := cut(r.First - 1)
	for n := r.First; n < r.First+r.Count; n++ {
		b := cut(n)
		u, before := unitMoney{tax: b.tax - a.tax, duty: b.duty - a.duty, paid: b.paid - a.paid}, s.at(n)
		if before > 0 {
			tax, duty := u.taxed(before)
			gone.tax += tax
			gone.duty += duty
		}
		gone.paid += u.paid - before
		w.fall(l, a.paid+before, b.paid)
		a = b
	}
	return gone
}

// fall lets a stretch of a line's money fall on its tenders, and takes the
// points and the commission that lie on it.
func (w *work) fall(l order.Line, from, to int64) {
	for i, s := range between(from, to, l.Ledger.Tenders) {
		w.goods[i] += s
	}
	g := l.Ledger
	if g.Points > 0 && g.Paid > 0 {
		w.quote.Points.Reverse += money.Part(g.Points, to, g.Paid) - money.Part(g.Points, from, g.Paid)
	}
	if g.Commission > 0 && (w.c.Payer == "" || w.c.Payer == Seller) {
		w.ledger.move(CodeCommission, money.Part(g.Commission, to, g.Paid)-money.Part(g.Commission, from, g.Paid),
			theCommission, seller(l))
	}
}

func (w *work) line(no int) *LineQuote {
	n := len(w.quote.Lines)
	if n == 0 || w.quote.Lines[n-1].Line != no {
		w.quote.Lines = append(w.quote.Lines, LineQuote{Line: no, Components: []Component{}})
		n++
	}
	return &w.quote.Lines[n-1]
}

func (q *LineQuote) add(count int64, u, taken unitMoney) {
	q.Count += count
	q.Subtotal += taken.paid
	for _, c := range []Component{
		{CodeGoods, q.Line, u.goods, ""}, {CodeLineDiscount, q.Line, -u.lineDiscount, ""}, {CodeOrderDiscount, q.Line, -u.orderDiscount, ""},
		{CodeTax, q.Line, u.tax, ""}, {CodeDuty, q.Line, u.duty - taken.duty, ""},
		{CodePart, q.Line, -(u.paid - taken.paid - taken.tax - taken.duty), GroundPaidBefore}, {CodePartTax, q.Line, -taken.tax, GroundPaidBefore},
	} {
		q.Components = plus(q.Components, c)
	}
}

// plus adds a component to those of its code.
func plus(all []Component, c Component) []Component {
	if c.Amount == 0 && c.Code != CodeGoods {
		return all
	}
	for i := range all {
		if all[i].Code == c.Code && all[i].Line == c.Line && all[i].Ground == c.Ground {
			all[i].Amount += c.Amount
			return all
		}
	}
	return append(all, c)
}

func (w *work) plus(code string, line int, amount int64, ground string) {
	w.quote.Components = plus(w.quote.Components, Component{code, line, amount, ground})
}

func (w *work) note(code string, line int, about string, amount int64) {
	w.quote.Notes = append(w.quote.Notes, Note{code, line, about, amount})
}

// finish puts lines and order together and shares the total out.
func (w *work) finish() {
	all := []Component{}
	for _, l := range w.quote.Lines {
		all = append(all, l.Components...)
	}
	w.quote.Components = append(all, w.quote.Components...)
	w.share()
	for _, x := range w.quote.Extra {
		w.quote.Total += x.Amount
	}
}
