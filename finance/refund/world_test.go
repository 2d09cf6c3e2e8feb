package refund_test

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// reasons of random returns, and who answers for each.
var everyone = map[string]string{"remorse": refund.Customer, "defective": refund.Seller, "lost": refund.Carrier, "promise": refund.Platform}

// decorate gives a basket what marketplaces and shops in China have.
func decorate(r *rand.Rand, o order.Order) order.Order {
	funders := []string{"", "seller", "platform", "brand"}
	for i := range o.Lines {
		g := &o.Lines[i].Ledger
		o.Lines[i].Seller = []string{"", "north", "south"}[r.IntN(3)]
		g.Commission, g.Points = r.Int64N(g.Paid+1), r.Int64N(500)
		for k := range g.LineDiscounts {
			g.LineDiscounts[k].Funder = funders[r.IntN(4)]
		}
		for k := range g.OrderDiscounts {
			g.OrderDiscounts[k].Code = fmt.Sprint("order", k)
			g.OrderDiscounts[k].Funder = funders[1+k%3]
		}
	}
	if r.IntN(2) == 0 {
		o.Tenders[0].Kind, o.Tenders[0].Points = "points", r.Int64N(10_000)
	}
	var value int64
	for _, l := range o.Lines {
		value += l.Ledger.List
	}
	for k := range 3 {
		p := order.Promotion{Code: fmt.Sprint("order", k), Funder: funders[1+k%3], Threshold: r.Int64N(value + 2)}
		if p.Amount = 1 + r.Int64N(value/3+1); r.IntN(3) == 0 {
			p.Amount, p.Percent = 0, 1+r.Int64N(50)
		} else if p.Threshold > 0 {
			p.Repeats = r.IntN(3) == 0
		}
		o.Promotions = append(o.Promotions, p)
		if r.IntN(3) == 0 {
			o.Promotions = append(o.Promotions, order.Promotion{Code: p.Code, Funder: p.Funder, Threshold: p.Threshold / 2, Amount: 1 + r.Int64N(value/6+1)})
		}
	}
	switch r.IntN(3) {
	case 0:
		o.Shipping.Tiers = []order.Tier{{From: 0, Amount: r.Int64N(2500)}, {From: value/2 + 1, Amount: o.Shipping.Paid}}
	case 1:
		o.Promotions = append(o.Promotions, order.Promotion{Code: "free", Threshold: r.Int64N(value + 1), ShippingFree: true})
	}
	o.Coupons = []order.Coupon{{Code: "C", SingleUse: true, Lines: []int{1}}}
	return o
}

// someTerms are any that make sense together.
func someTerms(r *rand.Rand) refund.Terms {
	t := refund.Terms{Freight: everyone, Shipping: pick(r, refund.None, refund.ProRata, refund.Difference), FullShippingOnFullReturn: r.IntN(3) > 0,
		Promotions: pick(r, refund.Keep, refund.Keep, refund.Rebill), Tender: pick(r, "", "", refund.ByProportion, refund.InOrder)}
	if r.IntN(3) == 0 {
		t.LabelFee = r.Int64N(500)
	}
	if r.IntN(4) == 0 {
		t.TenderOrder = []string{"t2", "points"}
	}
	return t
}

// oneTime are terms of one return.
func oneTime(r *rand.Rand, t refund.Terms, o order.Order) refund.Terms {
	for range r.IntN(3) * r.IntN(2) {
		t.Deductions = append(t.Deductions, refund.Deduction{Code: pick(r, refund.CodeRestocking, refund.CodeDiminished, refund.CodeMissingParts, refund.CodeLabel),
			Line: r.IntN(len(o.Lines) + 1), Amount: r.Int64N(2000), Basis: "bgb_357a"})
	}
	t.FeesForbidden = r.IntN(2) == 0
	if r.IntN(3) == 0 {
		t.Insurance = refund.Insurance{Payer: pick(r, refund.Insurer, refund.Seller, refund.Platform), Actual: r.Int64N(2000), Table: r.Int64N(1200), Direct: r.IntN(2) == 0}
	}
	if r.IntN(4) == 0 {
		t.Upfront = r.Int64N(1500)
	}
	if r.IntN(4) == 0 {
		t.Spent = refund.Spent{Count: r.Int64N(400), Value: r.Int64N(300), Per: 1 + r.Int64N(100)}
	}
	if r.IntN(5) == 0 {
		t.Liability = pick(r, refund.Seller, refund.Customer, refund.Carrier, refund.Platform)
	}
	return t
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// world plays the life of one order, step by step, and complains of whatever
// must never be.
type world struct {
	r       *rand.Rand
	o       order.Order
	terms   refund.Terms
	before  refund.Before
	free    []refund.Run // pieces that are still with the customer
	paid    int64        // went back, carried over or was kept for a reason
	line    map[int]*unitSum
	unit    map[[2]int64]*unitSum // where every piece is one unit
	single  bool
	exact   bool // nothing was moved between the kept and the returned goods
	restore map[string]int64
	reverse int64
	earned  int64 // commission that went back to sellers
	whole   bool  // all of it is expected back
	coupons int
	wrong   []string
	steps   []string
}

type unitSum struct{ paid, tax, duty int64 }

func newWorld(r *rand.Rand) *world {
	w := &world{r: r, line: map[int]*unitSum{}, unit: map[[2]int64]*unitSum{}, restore: map[string]int64{}, whole: true, single: r.IntN(5) == 0}
	b := random(r)
	if w.single {
		for i := range b.articles {
			b.articles[i].quantity = min(b.articles[i].quantity, 4)
		}
		b.discounts, b.tenders = nil, nil
		for i, a := range b.articles { // fewer units are worth less
			b.articles[i].discounts, b.articles[i].tax, b.articles[i].duty = nil, min(a.tax, a.quantity*a.price), min(a.duty, a.quantity*a.price)
		}
	}
	w.o, w.terms = decorate(r, b.order()), someTerms(r)
	w.exact = w.terms.Promotions != refund.Rebill && w.terms.FullShippingOnFullReturn
	for _, l := range w.o.Lines {
		w.line[l.No] = &unitSum{}
		for first := int64(1); first <= l.Quantity; {
			n := 1 + r.Int64N(l.Quantity-first+1)
			if w.single {
				n = 1
			}
			w.free = append(w.free, refund.Run{Line: l.No, First: first, Count: n})
			first += n
		}
	}
	r.Shuffle(len(w.free), func(i, j int) { w.free[i], w.free[j] = w.free[j], w.free[i] })
	return w
}

// live returns everything in the end, and lets all kinds happen before.
func (w *world) live() {
	for len(w.free) > 0 && len(w.wrong) == 0 {
		n := 1 + w.r.IntN(len(w.free))
		runs := slices.Clone(w.free[:n])
		reason := pick(w.r, "remorse", "remorse", "defective", "lost", "promise", "")
		for i := range runs {
			runs[i].Reason = reason
			if w.r.IntN(4) == 0 {
				runs[i].Reason = "defective"
			}
		}
		c := refund.Claim{Terms: oneTime(w.r, w.terms, w.o), Credit: w.r.IntN(4) == 0}
		switch k := w.r.IntN(10); {
		case k < 2:
			c.Kind, c.Lower, c.Payer = refund.PriceProtection, map[int]int64{}, pick(w.r, "", refund.Platform)
			for _, l := range w.o.Lines {
				c.Lower[l.No] = w.r.Int64N(l.UnitPrice + 1)
			}
		case k < 4:
			c.Kind, c.Amount = refund.Partial, 1+w.r.Int64N(w.left(runs)+1)
		case k == 4:
			c.Kind, c.Amount, c.Basis = refund.Compensation, 1+w.r.Int64N(100_000), refund.Goodwill
		case k == 5 && n < len(w.free):
			c.Kind, c.Send = refund.Exchange, w.r.Int64N(800)
			c.New = []refund.NewItem{{SKU: "N", Title: "New", Quantity: 1 + w.r.Int64N(3), UnitPrice: w.r.Int64N(3000)}}
			c.New[0].Tax = w.r.Int64N(c.New[0].Total() + 1)
		case k == 6:
			c.Kind = refund.RefundOnly
		}
		w.step(runs, c)
		if c.Kind == "" || c.Kind == refund.RefundOnly || c.Kind == refund.Exchange {
			w.free = w.free[n:]
		}
	}
	if len(w.wrong) == 0 {
		w.end()
	}
}

// survive makes a complaint of a panic, so that the seed is not lost.
func (w *world) survive() {
	defer func() {
		if p := recover(); p != nil {
			w.complain("panic: %v\n%s", p, debug.Stack())
		}
	}()
	w.live()
}

// left is what was paid for the runs, less what parts took of their lines.
func (w *world) left(runs []refund.Run) (sum int64) {
	q, err := refund.Calculate(w.o, refund.Before{Parts: w.before.Parts}, runs, refund.Claim{})
	if err != nil {
		w.complain("left of %v: %v", runs, err)
	}
	for _, l := range q.Lines {
		sum += l.Subtotal
	}
	return sum
}

func (w *world) complain(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

func (w *world) step(runs []refund.Run, c refund.Claim) {
	w.steps = append(w.steps, fmt.Sprintf("%s %v %+v", c.Kind, runs, c))
	q, entries, err := refund.Reckon(w.o, w.before, runs, c)
	if c.Kind == refund.Partial && c.Amount > w.left(runs) {
		if err == nil {
			w.complain("an offer of %d of %d was accepted", c.Amount, w.left(runs))
		}
		return
	}
	if err != nil {
		w.complain("%s: %v", c.Kind, err)
		return
	}
	w.whole = w.whole && c.Payer == ""
	w.quote(q, c, runs)
	w.books(q, entries)
	w.before.Add(q, runs)
	w.account(q, runs)
}

// books: entries add up to zero, and the customer's to what the customer gets.
func (w *world) books(q refund.Quote, entries []clearing.Entry) {
	var all, customer int64
	for _, e := range entries {
		all += e.Amount
		if e.Account == clearing.Commission {
			w.earned -= e.Amount
		}
		if e.Account == clearing.Customer {
			customer += e.Amount
		}
	}
	if all != 0 || customer != q.Total {
		w.complain("entries add up to %d, the customer's to %d of %d: %+v", all, customer, q.Total, entries)
	}
}
