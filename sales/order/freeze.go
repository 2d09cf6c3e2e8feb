package order

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/money"
)

// freeze computes the money of an order from what its source told. The draft
// has been checked field by field; freeze finds what only sums can show. It
// fills o.Lines[i].Ledger, o.Shipping and o.Tenders.
func freeze(o *Order, d *Draft) *Problem {
	goods := make([]int64, len(d.Lines)) // list minus the discounts so far
	var all sum
	for i := range d.Lines {
		if p := freezeLine(&o.Lines[i].Ledger, &d.Lines[i], &goods[i]); p != nil {
			p.Field = at("lines", i, p.Field)
			return p
		}
		all.add(o.Lines[i].Ledger.List)
		all.add(d.Lines[i].Tax)
		all.add(d.Lines[i].Duty)
	}
	for i := range d.Tenders {
		all.add(d.Tenders[i].Amount)
	}
	all.add(d.Shipping.Amount)
	all.add(d.Shipping.Tax)
	if all.over {
		return &Problem{"", "amounts too large", ""}
	}
	if p := shareDiscounts(o, d, goods); p != nil {
		return p
	}
	for i := range o.Lines {
		l := &o.Lines[i].Ledger
		l.Tax, l.Duty = d.Lines[i].Tax, d.Lines[i].Duty
		l.Paid = goods[i] + l.Duty
		if !d.TaxIncluded {
			l.Paid += l.Tax
		} else if l.Tax > goods[i] {
			return &Problem{at("lines", i, "tax"), "included tax above the price", decimals(l.Tax, goods[i])}
		}
		l.Commission, l.Points = d.Lines[i].Commission, d.Lines[i].Points
		if l.Commission > l.Paid {
			return &Problem{at("lines", i, "commission"), "commission above the price", decimals(l.Commission, l.Paid)}
		}
	}
	if p := freezeShipping(&o.Shipping, d); p != nil {
		return p
	}
	return shareTenders(o, d)
}

func freezeLine(l *Ledger, d *DraftLine, goods *int64) *Problem {
	if d.UnitPrice > MaxAmount/d.Quantity {
		return &Problem{"unit_price", "amounts too large", strconv.FormatInt(d.UnitPrice, 10)}
	}
	l.List = d.Quantity * d.UnitPrice
	*goods = l.List
	for _, x := range d.Discounts {
		if x.Amount > *goods {
			return &Problem{"discounts", "discount above the value of the line", decimals(x.Amount, *goods)}
		}
		*goods -= x.Amount
		if x.Amount > 0 {
			l.LineDiscounts = append(l.LineDiscounts, Discount(x))
		}
	}
	return nil
}

// shareDiscounts falls the order's discounts on its lines by what is left of
// their value (largest remainder, ties to the earlier line). Discounts limited
// to some lines come first, so that one for all lines cannot use up their room.
func shareDiscounts(o *Order, d *Draft, goods []int64) *Problem {
	for _, limited := range []bool{true, false} {
		for i := range d.Discounts {
			x := &d.Discounts[i]
			if (len(x.Lines) > 0) != limited || x.Amount == 0 {
				continue
			}
			weights := goods
			if limited {
				weights = make([]int64, len(goods))
				for _, no := range x.Lines {
					weights[no-1] = goods[no-1]
				}
			}
			var value int64
			for _, w := range weights {
				value += w
			}
			if x.Amount > value {
				return &Problem{at("discounts", i, "amount"), "discount above the value of its lines", decimals(x.Amount, value)}
			}
			for k, share := range money.Split(x.Amount, weights) {
				if share > 0 {
					goods[k] -= share
					o.Lines[k].Ledger.OrderDiscounts = append(o.Lines[k].Ledger.OrderDiscounts, Discount{x.Code, x.Funder, share})
				}
			}
		}
	}
	return nil
}

func freezeShipping(s *Shipping, d *Draft) *Problem {
	x := d.Shipping
	if x.Discount > x.Amount {
		return &Problem{"shipping.discount", "discount above the cost of shipping", decimals(x.Discount, x.Amount)}
	}
	*s = Shipping{List: x.Amount, Discount: x.Discount, Tax: x.Tax, Paid: x.Amount - x.Discount, Standard: x.Standard, Tiers: x.Tiers}
	if !d.TaxIncluded {
		s.Paid += x.Tax
	} else if x.Tax > s.Paid {
		return &Problem{"shipping.tax", "included tax above the price", decimals(x.Tax, s.Paid)}
	}
	return nil
}

// shareTenders splits each tender over the lines and the shipping by what is
// left to pay of each, so that every column adds up to the tender and every row
// to what was paid. The last tender pays what the others left.
func shareTenders(o *Order, d *Draft) *Problem {
	n := len(o.Lines)
	left := make([]int64, n+1) // the last is shipping
	paid, tendered := o.Shipping.Paid, int64(0)
	left[n] = paid
	for i := range o.Lines {
		left[i] = o.Lines[i].Ledger.Paid
		paid += left[i]
	}
	for i := range d.Tenders {
		tendered += d.Tenders[i].Amount
	}
	if paid != tendered {
		return &Problem{"tenders", "payments do not add up to the price", "paid " + strconv.FormatInt(tendered, 10) + ", price " + strconv.FormatInt(paid, 10)}
	}
	k := len(d.Tenders)
	shares := make([]int64, (n+1)*k) // one allocation for all lines
	row := func(i int) []int64 { return shares[i*k : (i+1)*k : (i+1)*k] }
	for t := range d.Tenders {
		x := d.Tenders[t]
		provider := x.Provider
		if provider == "" {
			provider = "manual"
		}
		o.Tenders = append(o.Tenders, Tender{ID: "t" + strconv.Itoa(t+1), Kind: x.Kind, Label: x.Label, Provider: provider, Reference: x.Reference, Amount: x.Amount, Points: x.Points, ExpiresAt: millis(x.ExpiresAt)})
		share := left
		if t < k-1 {
			share = money.Split(x.Amount, left)
		}
		for i, s := range share {
			row(i)[t] = s
			left[i] -= s
		}
	}
	for i := range o.Lines {
		o.Lines[i].Ledger.Tenders = row(i)
	}
	o.Shipping.Tenders = row(n)
	return nil
}

// sum adds amounts that are not negative and notices when they grow too large.
type sum struct {
	total int64
	over  bool
}

func (s *sum) add(n int64) {
	if n > MaxAmount-s.total {
		s.over = true
		return
	}
	s.total += n
}

func at(list string, i int, field string) string {
	path := list + "[" + strconv.Itoa(i) + "]"
	if field == "" {
		return path
	}
	return path + "." + field
}

// millis is a time in JSON columns; 0 is none.
func millis(t *time.Time) int64 {
	if t == nil || t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func decimals(a, b int64) string { return fmt.Sprintf("%d of %d", a, b) }
