package refund

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// Calculate says what is owed for the runs, after what was paid back before. It
// is arithmetic only: that the runs are free is the caller's business. It
// refuses runs that are not the order's with ErrWanted, and terms that make no
// sense with ErrTerms.
func Calculate(o order.Order, before Before, runs []Run, c Claim) (Quote, error) {
	t := c.Terms
	if t.LabelFee < 0 || !slices.Contains([]string{"", None, ProRata, Difference}, t.Shipping) {
		return Quote{}, ErrTerms.With("shipping", t.Shipping).With("label_fee", t.LabelFee)
	}
	if err := sound(o); err != nil {
		return Quote{}, err
	}
	w := work{o: o, t: t, before: before, goods: make([]int64, len(o.Tenders)), shipping: make([]int64, len(o.Tenders))}
	w.quote = Quote{Currency: o.Currency, Freight: freight(runs, t), Lines: []LineQuote{}, Components: []Component{}, Tenders: []TenderShare{}}
	runs = slices.SortedFunc(slices.Values(runs), byUnit)
	for _, r := range runs {
		if err := w.add(r); err != nil {
			return Quote{}, err
		}
	}
	if len(runs) > 0 {
		w.ship(runs)
	}
	w.label()
	w.limit()
	w.finish()
	return w.quote, nil
}

// sound checks what the order promised when its ledger was frozen, because the
// arithmetic would otherwise lose money silently.
func sound(o order.Order) error {
	row := func(what string, paid int64, tenders []int64) error {
		for _, t := range tenders {
			paid -= t
		}
		if paid != 0 || len(tenders) != len(o.Tenders) {
			return fmt.Errorf("order %s: the tenders of %s do not add up to what was paid", o.ID, what)
		}
		return nil
	}
	for _, l := range o.Lines {
		if err := row(fmt.Sprint("line ", l.No), l.Ledger.Paid, l.Ledger.Tenders); err != nil {
			return err
		}
	}
	return row("shipping", o.Shipping.Paid, o.Shipping.Tenders)
}

func byUnit(a, b Run) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.First, b.First))
}

// freight is the customer's only if policy says so for every unit.
func freight(runs []Run, t Terms) string {
	for _, r := range runs {
		if t.Freight[r.Reason] != Customer {
			return Seller
		}
	}
	return Customer
}

// work is a quote being worked out.
type work struct {
	o        order.Order
	t        Terms
	before   Before
	quote    Quote
	goods    []int64 // by tender
	shipping []int64 // by tender
	value    int64   // of the goods
	fault    int64   // of it, the seller's
}

func (w *work) add(r Run) error {
	l, ok := w.o.Line(r.Line)
	if !ok || r.First < 1 || r.Count < 1 || r.Count > l.Quantity || r.First > l.Quantity-r.Count+1 {
		return ErrWanted.With("line", r.Line).With("first", r.First).With("count", r.Count)
	}
	u := unitsOf(l, w.o.TaxIncluded, r)
	a := money.Part(l.Ledger.Paid, r.First-1, l.Quantity)
	for i, s := range between(a, a+u.paid, l.Ledger.Tenders) {
		w.goods[i] += s
	}
	w.value += u.paid
	if w.t.Freight[r.Reason] == Seller {
		w.fault += u.paid
	}
	n := len(w.quote.Lines)
	if n == 0 || w.quote.Lines[n-1].Line != r.Line {
		w.quote.Lines = append(w.quote.Lines, LineQuote{Line: r.Line, Components: []Component{}})
		n++
	}
	w.quote.Lines[n-1].add(r.Count, u)
	return nil
}

func (q *LineQuote) add(count int64, u unitMoney) {
	q.Count += count
	q.Subtotal += u.paid
	for _, c := range []Component{
		{CodeGoods, q.Line, u.goods, ""}, {CodeLineDiscount, q.Line, -u.lineDiscount, ""}, {CodeOrderDiscount, q.Line, -u.orderDiscount, ""},
		{CodeTax, q.Line, u.tax, ""}, {CodeDuty, q.Line, u.duty, ""},
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
		if all[i].Code == c.Code && all[i].Line == c.Line {
			all[i].Amount += c.Amount
			return all
		}
	}
	return append(all, c)
}

func (w *work) ship(runs []Run) {
	v := values{now: w.value, fault: w.fault, full: true}
	back := map[int]int64{}
	for _, r := range runs {
		back[r.Line] += r.Count
		v.faulty = v.faulty || w.t.Freight[r.Reason] == Seller
	}
	for _, r := range w.before.Units {
		back[r.Line] += r.Count
		if l, ok := w.o.Line(r.Line); ok {
			v.before += unitsOf(l, w.o.TaxIncluded, r).paid
		}
	}
	for _, l := range w.o.Lines {
		v.all += l.Ledger.Paid
		v.full = v.full && back[l.No] >= l.Quantity
	}
	s := w.o.Shipping
	amount, ground := outbound(s, w.before.Shipping, v, w.t)
	if amount == 0 {
		return
	}
	w.shipping = between(w.before.Shipping, w.before.Shipping+amount, s.Tenders)
	tax := within(s.Tax, w.before.Shipping+amount, s.Paid) - within(s.Tax, w.before.Shipping, s.Paid)
	w.quote.Components = plus(w.quote.Components, Component{CodeShipping, 0, amount - tax, ground})
	w.quote.Components = plus(w.quote.Components, Component{CodeShippingTax, 0, tax, ground})
}

// label deducts the return label from the goods, never more than they are.
func (w *work) label() {
	if w.quote.Freight != Customer || w.t.LabelFee == 0 || w.value == 0 {
		return
	}
	fee := min(w.t.LabelFee, w.value)
	for i, s := range money.Split(fee, w.goods) {
		w.goods[i] -= s
	}
	w.quote.Components = plus(w.quote.Components, Component{CodeLabel, 0, -fee, GroundCustomer})
}

// limit keeps each tender within what is left of it. It has less left than the
// units' shares only if money was paid back without units.
func (w *work) limit() {
	var over int64
	for i, t := range w.o.Tenders {
		left := max(t.Amount-w.before.Tenders[t.ID], 0)
		excess := max(w.goods[i]+w.shipping[i]-left, 0)
		ofGoods := min(excess, w.goods[i])
		w.goods[i] -= ofGoods
		w.shipping[i] -= excess - ofGoods
		over += excess
	}
	w.quote.Components = plus(w.quote.Components, Component{CodeEarlier, 0, -over, ""})
}

func (w *work) finish() {
	all := []Component{}
	for _, l := range w.quote.Lines {
		all = append(all, l.Components...)
	}
	w.quote.Components = append(all, w.quote.Components...)
	for i, t := range w.o.Tenders {
		w.quote.Total += w.goods[i] + w.shipping[i]
		if w.goods[i]+w.shipping[i] > 0 {
			w.quote.Tenders = append(w.quote.Tenders, TenderShare{t.ID, t.Kind, t.Label, t.Provider, t.Reference, w.goods[i], w.shipping[i]})
		}
	}
}
