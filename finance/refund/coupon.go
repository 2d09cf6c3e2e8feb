package refund

import (
	"slices"

	"github.com/aftercare/aftercare/sales/order"
)

// coupons issues a single-use coupon again when nothing of the order is kept,
// or when every unit that it touched came back and somebody other than the
// customer has to answer for all of them; once.
func (w *work) coupons() {
	if len(w.o.Coupons) == 0 || len(w.runs) == 0 {
		return
	}
	back, innocent := map[int]int64{}, map[int]int64{}
	for _, runs := range [][]Run{w.before.Units, w.runs} {
		for _, r := range runs {
			back[r.Line] += r.Count
			if w.t.atFault(r.Reason) {
				innocent[r.Line] += r.Count
			}
		}
	}
	all := func(counts map[int]int64, lines []int) bool {
		for _, l := range w.o.Lines {
			if order.Touches(lines, l.No) && counts[l.No] < l.Quantity {
				return false
			}
		}
		return true
	}
	for _, c := range w.o.Coupons {
		if !c.SingleUse || slices.Contains(w.before.Coupons, c.Code) || slices.Contains(w.quote.Coupons, c.Code) {
			continue
		}
		if all(back, nil) || all(innocent, c.Lines) {
			w.quote.Coupons = append(w.quote.Coupons, c.Code)
		}
	}
}
