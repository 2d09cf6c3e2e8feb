package owed_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// What the law asks of the whole order: when the first and the last of it came,
// and what the customer keeps.
func TestEachLineKnowsTheWholeOrder(t *testing.T) {
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	o := bought("DE", "EUR", "Europe/Berlin", day(0))
	for no, at := range map[int]time.Time{2: day(2), 3: day(-1)} {
		l := o.Lines[0]
		l.No, l.Quantity, l.DeliveredAt, l.Ledger.Paid = no, 4, at, 8000
		o.Lines = append(o.Lines, l)
	}
	slices.SortFunc(o.Lines, func(a, b order.Line) int { return b.No - a.No }) // as they come
	now := day(5)
	for name, x := range map[string]struct {
		goods []policy.Goods
		kept  int64
	}{
		"nothing goes":                   {nil, 26000},
		"a line":                         {[]policy.Goods{{Line: 2}}, 18000},
		"one of four":                    {[]policy.Goods{{Line: 2, Quantity: 1}}, 24000},
		"one of four, at its price":      {[]policy.Goods{{Line: 2, Quantity: 1, Paid: 2001}}, 23999},
		"two kinds of a line, and one":   {[]policy.Goods{{Line: 2, Quantity: 1}, {Line: 1}, {Line: 2, Quantity: 2, Paid: 4001}}, 9999},
		"more than was paid":             {[]policy.Goods{{Line: 1, Paid: 10001}, {Line: 3, Paid: 1}}, 15999},
		"a line that the order has not":  {[]policy.Goods{{Line: 7, Paid: 500}}, 26000},
		"the same, among others":         {[]policy.Goods{{Line: 7, Paid: 500}, {Line: 3}}, 18000},
		"everything":                     {[]policy.Goods{{Line: 1}, {Line: 2}, {Line: 3}}, 0},
		"more of a line than was bought": {[]policy.Goods{{Line: 3, Quantity: 9}}, 18000},
	} {
		r := policy.Request{Now: now, Goods: x.goods}
		f := owed.Facts(o, o.Lines[0], r, policy.Goods{Line: 3})
		if d := f.Delivery; *d.KeptValue != x.kept || f.Return.Partial != (x.kept > 0) {
			t.Errorf("%s: kept %d, want %d (%v)", name, *d.KeptValue, x.kept, f.Return.Partial)
		}
	}
	f := owed.Facts(o, o.Lines[2], policy.Request{Now: now}, policy.Goods{Line: 1})
	if f.Delivery.FirstAt != rights.At(day(-1)) || f.Delivery.LastAt != rights.At(day(2)) {
		t.Errorf("came from %v to %v", f.Delivery.FirstAt, f.Delivery.LastAt)
	}
	o.DeliveredAt, o.Lines[0].DeliveredAt = time.Time{}, time.Time{}
	f = owed.Facts(o, o.Lines[1], policy.Request{Now: now}, policy.Goods{Line: 2})
	if f.Delivery.FirstAt != rights.At(day(0)) || f.Delivery.LastAt != rights.At(now) {
		t.Errorf("while one is to come: from %v to %v", f.Delivery.FirstAt, f.Delivery.LastAt)
	}
}
