package refund_test

import (
	"math/rand/v2"
	"strconv"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// article is a line of a test's basket.
type article struct {
	quantity, price int64
	discounts       []int64 // on the line
	tax, duty       int64
}

// basket describes an order in few words; order() freezes it as imports do.
type basket struct {
	currency  string
	included  bool // prices contain tax
	articles  []article
	discounts []int64 // on the order
	shipping  order.Shipping
	tenders   []int64 // all but the last, which pays the rest
}

func (b basket) order() order.Order {
	o := order.Order{ID: "ord_1", Tenant: "shop", Currency: b.currency, TaxIncluded: b.included, Shipping: b.shipping}
	if o.Currency == "" {
		o.Currency = "EUR"
	}
	goods := make([]int64, len(b.articles))
	for i, a := range b.articles {
		l := order.Line{No: i + 1, Quantity: a.quantity, UnitPrice: a.price}
		l.Ledger = order.Ledger{List: a.quantity * a.price, Tax: a.tax, Duty: a.duty}
		goods[i] = l.Ledger.List
		for _, d := range a.discounts {
			l.Ledger.LineDiscounts = append(l.Ledger.LineDiscounts, order.Discount{Code: "line", Amount: d})
			goods[i] -= d
		}
		o.Lines = append(o.Lines, l)
	}
	for _, d := range b.discounts {
		for i, share := range money.Split(d, goods) {
			goods[i] -= share
			o.Lines[i].Ledger.OrderDiscounts = append(o.Lines[i].Ledger.OrderDiscounts, order.Discount{Code: "order", Amount: share})
		}
	}
	left := make([]int64, len(goods)+1)
	for i := range o.Lines {
		g := &o.Lines[i].Ledger
		g.Paid = goods[i] + g.Duty
		if !b.included {
			g.Paid += g.Tax
		}
		left[i] = g.Paid
	}
	o.Shipping.Paid = o.Shipping.List - o.Shipping.Discount
	if !b.included {
		o.Shipping.Paid += o.Shipping.Tax
	}
	left[len(goods)] = o.Shipping.Paid
	b.tender(&o, left)
	return o
}

func (b basket) tender(o *order.Order, left []int64) {
	rest := o.Paid()
	for t := range len(b.tenders) + 1 {
		amount, shares := rest, left
		if t < len(b.tenders) {
			amount = min(b.tenders[t], rest)
			shares = money.Split(amount, left)
		}
		rest -= amount
		o.Tenders = append(o.Tenders, order.Tender{ID: "t" + strconv.Itoa(t+1), Kind: "card", Provider: "test", Amount: amount})
		for i, share := range shares {
			left[i] -= share
			if i < len(o.Lines) {
				o.Lines[i].Ledger.Tenders = append(o.Lines[i].Ledger.Tenders, share)
				continue
			}
			o.Shipping.Tenders = append(o.Shipping.Tenders, share)
		}
	}
}

// random makes a basket of 1 to 8 lines of 1 to 50 units, 0 to 3 promotions,
// every exponent, with and without tax in the price, 1 to 3 tenders. Some are
// worth single minor units, where rounding is hardest.
func random(r *rand.Rand) basket {
	b := basket{currency: []string{"JPY", "EUR", "KWD"}[r.IntN(3)], included: r.IntN(2) == 0}
	highest := []int64{3, 40, 100_000}[r.IntN(3)]
	some := func(most int64) int64 {
		if most <= 0 || r.IntN(3) == 0 {
			return 0
		}
		return r.Int64N(most + 1)
	}
	var value int64
	for range 1 + r.IntN(8) {
		a := article{quantity: 1 + r.Int64N(50), price: some(highest)}
		left := a.quantity * a.price
		for range r.IntN(3) {
			d := some(left)
			a.discounts = append(a.discounts, d)
			left -= d
		}
		value += left
		if a.tax = some(left / 2); r.IntN(5) == 0 {
			a.tax = some(min(left, a.quantity))
		}
		if r.IntN(4) == 0 {
			a.duty = some(left)
		}
		if !b.included && r.IntN(6) == 0 { // a gift may be taxed
			a.tax, a.duty = some(2*a.quantity), some(2*a.quantity)
		}
		b.articles = append(b.articles, a)
	}
	for range r.IntN(4) {
		d := some(value / 2)
		if b.included {
			d = min(d, untaxed(b.articles)-total(b.discounts)) // included tax stays within the price
			d = max(d, 0)
		}
		b.discounts = append(b.discounts, d)
		value -= d
	}
	if b.included && !b.sane() {
		for i := range b.articles {
			b.articles[i].tax = 0
		}
	}
	b.shipping.List = some(2000)
	b.shipping.Discount = some(b.shipping.List)
	b.shipping.Tax = some((b.shipping.List - b.shipping.Discount) / 5)
	for range r.IntN(3) {
		b.tenders = append(b.tenders, some(value+1))
	}
	return b
}

// sane says that the tax in the price of each line is less than the price.
func (b basket) sane() bool {
	for _, l := range b.order().Lines {
		if l.Ledger.Tax > l.Ledger.Paid-l.Ledger.Duty {
			return false
		}
	}
	return true
}

func untaxed(all []article) (sum int64) {
	for _, a := range all {
		sum += a.quantity*a.price - total(a.discounts) - a.tax
	}
	return sum
}

func total(all []int64) (sum int64) {
	for _, n := range all {
		sum += n
	}
	return sum
}
