package refund

import (
	"slices"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/sales/order"
)

// Part is money that was paid back for units which the customer keeps: it
// lowers what is left of them. Unit by unit it falls by what was left of each
// when it was paid, so no unit's part is more than the unit.
type Part struct {
	Line   int    `json:"line"`
	First  int64  `json:"first"`
	Count  int64  `json:"count"`
	Amount int64  `json:"amount"`
	Code   string `json:"code"`           // CodeProtection or CodePartial
	Case   string `json:"case,omitempty"` // that it was paid for
}

// spread is what parts took of a line's units, from unit first on.
type spread struct {
	first     int64
	taken     []int64
	protected []int64 // of it, as price protection
}

// spreadOf lets the parts of a line fall on its units, the oldest first.
func spreadOf(l order.Line, parts []Part) spread {
	var s spread
	low, high := int64(0), int64(0)
	for _, p := range parts {
		if p.Line == l.No && p.Amount > 0 {
			if low == 0 || p.First < low {
				low = p.First
			}
			high = max(high, p.First+p.Count-1)
		}
	}
	if low == 0 {
		return s
	}
	s = spread{low, make([]int64, high-low+1), make([]int64, high-low+1)}
	for _, p := range parts {
		if p.Line == l.No && p.Amount > 0 {
			s.add(l, p)
		}
	}
	return s
}

func (s spread) add(l order.Line, p Part) {
	left := s.left(l, p.First, p.Count)
	amount := min(p.Amount, left)
	var x int64
	for u := p.First; u < p.First+p.Count; u++ {
		rest := unitPaid(l, u) - s.at(u)
		got := within(amount, x+rest, left) - within(amount, x, left)
		s.taken[u-s.first] += got
		if p.Code == CodeProtection {
			s.protected[u-s.first] += got
		}
		x += rest
	}
}

func unitPaid(l order.Line, u int64) int64 {
	return money.Part(l.Ledger.Paid, u, l.Quantity) - money.Part(l.Ledger.Paid, u-1, l.Quantity)
}

// at is what parts took of one unit.
func (s spread) at(u int64) int64 {
	if u < s.first || u >= s.first+int64(len(s.taken)) {
		return 0
	}
	return s.taken[u-s.first]
}

// of is what parts took of some units, and of it what was price protection.
func (s spread) of(first, count int64) (taken, protected int64) {
	low, high := max(first, s.first), min(first+count, s.first+int64(len(s.taken)))
	for u := low; u < high; u++ {
		taken += s.taken[u-s.first]
		protected += s.protected[u-s.first]
	}
	return taken, protected
}

// left is what is left of some units.
func (s spread) left(l order.Line, first, count int64) int64 {
	taken, _ := s.of(first, count)
	return money.Part(l.Ledger.Paid, first-1+count, l.Quantity) - money.Part(l.Ledger.Paid, first-1, l.Quantity) - taken
}

// taxed is how much of the first x of a unit's money is tax and duty. By this
// the tax of a part is ⌊tax·(R+r)/paid⌋ less the tax of the R before, and the
// last cent of tax comes with the last part. Of a unit worth single minor units
// rounding can make the tax more than the price; what is above it comes with the
// unit itself.
func (u unitMoney) taxed(x int64) (tax, duty int64) {
	most := min(u.tax, u.paid)
	tax = within(most, x, u.paid)
	return tax, within(min(u.duty, u.paid-most), x-tax, u.paid-most)
}

// untouched cuts a run where parts begin and end, so that all units of a piece
// were treated alike.
func untouched(r Run, parts []Part) (pieces []Run) {
	cuts := []int64{r.First, r.First + r.Count}
	for _, p := range parts {
		for _, at := range []int64{p.First, p.First + p.Count} {
			if p.Line == r.Line && at > r.First && at < r.First+r.Count {
				cuts = append(cuts, at)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	for i := range len(cuts) - 1 {
		pieces = append(pieces, Run{r.Line, cuts[i], cuts[i+1] - cuts[i], r.Reason})
	}
	return pieces
}
