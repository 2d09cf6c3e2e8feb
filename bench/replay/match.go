package main

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// notGoods are codes of the file that are no articles: nothing can be sent back.
var notGoods = map[string]string{
	"POST": "postage", "DOT": "postage", "C2": "postage",
	"D": "discount", "M": "manual entry", "m": "manual entry", "S": "samples", "PADS": "samples",
	"B": "bad debt", "BANK CHARGES": "bank charges", "AMAZONFEE": "fee of a marketplace", "CRUK": "donation",
}

// purchase is one line of an invoice, and how many of its units came back.
type purchase struct {
	row
	no       int // line of the order, from 1
	returned int64
}

// oneReturn is a cancellation line with the purchase it belongs to.
type oneReturn struct {
	row
	of    *purchase
	units int64
}

// work is what shall be replayed and what that must cost.
type work struct {
	returns   []oneReturn
	units     int64
	unmatched map[string]int    // cancellation lines by reason
	owed      map[string]int64  // minor units by invoice
	total     int64             // of owed
	credited  *big.Rat          // what the shop gave back for the same lines, as the file says
	left      int               // matched and beyond the limit
	lines     []*purchase       // with returned units
	known     map[string]string // ids of orders
}

// match finds for each cancellation line, in the order of time, the latest
// earlier purchase line of the article by the same customer that has enough
// units left.
func match(rows []row, ids map[string]string, limit int) *work {
	type article struct{ customer, stock string }
	bought := map[article][]*purchase{}
	numbers := map[string]int{}
	var cancelled []row
	for _, r := range rows {
		if strings.HasPrefix(r.invoice, "C") {
			cancelled = append(cancelled, r)
			continue
		}
		if what := notGoods[r.stock]; what == "postage" { // no line of the order
			continue
		}
		numbers[r.invoice]++
		if r.customer != "" && r.quantity > 0 {
			key := article{r.customer, r.stock}
			bought[key] = append(bought[key], &purchase{row: r, no: numbers[r.invoice]})
		}
	}
	slices.SortStableFunc(cancelled, func(a, b row) int { return a.at.Compare(b.at) })
	w := &work{unmatched: map[string]int{}, owed: map[string]int64{}, credited: new(big.Rat), known: ids}
	for _, r := range cancelled {
		earlier := bought[article{r.customer, r.stock}]
		p, why := latest(earlier, r, ids)
		switch {
		case notGoods[r.stock] != "":
			why = "no article: " + notGoods[r.stock]
		case r.customer == "":
			why = "no customer"
		case r.quantity >= 0:
			why = "no units"
		case why == "" && limit > 0 && len(w.returns) == limit:
			w.left++
			continue
		}
		if why != "" {
			w.unmatched[why]++
			continue
		}
		if p.returned == 0 {
			w.lines = append(w.lines, p)
		}
		p.returned -= r.quantity
		w.units -= r.quantity
		w.returns = append(w.returns, oneReturn{r, p, -r.quantity})
		w.credited.Add(w.credited, times(r.price, -r.quantity))
	}
	for _, p := range w.lines {
		w.owed[p.invoice] += p.owed()
		w.total += p.owed()
	}
	return w
}

func latest(earlier []*purchase, r row, ids map[string]string) (*purchase, string) {
	why := "not bought before"
	var best *purchase
	for _, p := range earlier {
		switch {
		case p.at.After(r.at):
		case ids[p.invoice] == "":
			if why == "not bought before" {
				why = "bought with an invoice that was not imported"
			}
		case p.quantity-p.returned < -r.quantity:
			why = "more units than one earlier purchase has left"
		case best == nil || !p.at.Before(best.at):
			best = p
		}
	}
	if best != nil {
		return best, ""
	}
	return nil, why
}

// times is a price in pounds times a number, exactly.
func times(price string, n int64) *big.Rat {
	x, ok := new(big.Rat).SetString(price)
	if !ok {
		return new(big.Rat)
	}
	return x.Mul(x, new(big.Rat).SetInt64(n))
}

// owed is what the returned units of a line cost: ⌊A·K/q⌋ pence of the line's
// amount A for K of q units.
func (p *purchase) owed() int64 {
	pence := times(p.price, p.quantity)
	pence.Mul(pence, big.NewRat(100*p.returned, p.quantity))
	return new(big.Int).Div(pence.Num(), pence.Denom()).Int64() // Euclidean; the operands are not negative
}

func (w *work) print() {
	lines := len(w.returns) + w.left
	for _, n := range w.unmatched {
		lines += n
	}
	fmt.Printf("%d cancellation lines, %d belong to a purchase (%d units, on %d order lines of %d orders)\n", lines, len(w.returns)+w.left, w.units, len(w.lines), len(w.owed))
	for _, why := range slices.SortedFunc(maps.Keys(w.unmatched), func(a, b string) int { return w.unmatched[b] - w.unmatched[a] }) {
		fmt.Printf("  %6d  %s\n", w.unmatched[why], why)
	}
	if w.left > 0 {
		fmt.Printf("  %6d  beyond -limit\n", w.left)
	}
	fmt.Printf("the shop credited £%s for the matched lines, at the prices of its credit notes\n", w.credited.FloatString(2))
}
