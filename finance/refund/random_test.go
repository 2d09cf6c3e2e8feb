package refund_test

import (
	"math/rand/v2"
	"testing"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// In whatever order and portions an order comes back, what is paid back adds up
// to what was paid, never exceeds it midway, and has no negative part.
func TestPartialReturnsAddUpToWhatWasPaid(t *testing.T) {
	baskets := 4000
	if testing.Short() {
		baskets = 400
	}
	for seed := range uint64(baskets) {
		if !returnAll(t, rand.New(rand.NewPCG(seed, 1))) {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzPartialReturns(f *testing.F) {
	f.Add(uint64(1), uint64(1))
	f.Fuzz(func(t *testing.T, a, b uint64) { returnAll(t, rand.New(rand.NewPCG(a, b))) })
}

func returnAll(t *testing.T, r *rand.Rand) bool {
	t.Helper()
	b := random(r)
	o := b.order()
	terms := []refund.Terms{
		{Freight: remorse, Shipping: refund.None, FullShippingOnFullReturn: true},
		{Freight: remorse, Shipping: refund.ProRata},
		{Freight: remorse, Shipping: refund.Difference, FullShippingOnFullReturn: true},
	}[r.IntN(3)]
	if r.IntN(3) == 0 {
		terms.LabelFee = r.Int64N(500)
	}
	before := refund.Before{Tenders: map[string]int64{}}
	var paid int64 // with what went for labels
	for _, runs := range portions(r, o) {
		q, err := refund.Calculate(o, before, runs, refund.Claim{Terms: terms})
		if err != nil {
			t.Errorf("%+v: %v", b, err)
			return false
		}
		sound(t, o, before, q)
		perUnit(t, o, runs, q)
		before.Add(q, runs)
		paid += q.Total
		for _, c := range q.Components {
			if c.Code == refund.CodeLabel {
				paid -= c.Amount
			}
		}
		if paid > o.Paid() || before.Shipping > o.Shipping.Paid {
			t.Errorf("paid back %d of %d, shipping %d of %d", paid, o.Paid(), before.Shipping, o.Shipping.Paid)
		}
	}
	if paid != o.Paid() {
		t.Errorf("all came back: paid back %d of %d with %+v", paid, o.Paid(), terms)
	}
	if t.Failed() {
		t.Logf("%+v", b)
	}
	return !t.Failed()
}

// perUnit checks that a run is worth the same as its units one by one.
func perUnit(t *testing.T, o order.Order, runs []refund.Run, q refund.Quote) {
	t.Helper()
	var whole, single int64
	for _, l := range q.Lines {
		whole += l.Subtotal
	}
	for _, run := range runs {
		for unit := run.First; unit < run.First+run.Count; unit++ {
			one, err := refund.Calculate(o, refund.Before{}, []refund.Run{units(run.Line, unit, 1)}, refund.Claim{Terms: refund.Terms{}})
			if err != nil {
				t.Error(err)
			}
			sound(t, o, refund.Before{}, one)
			single += one.Total
		}
	}
	if whole != single {
		t.Errorf("runs %v: together %d, one by one %d", runs, whole, single)
	}
}

// portions cuts all units of an order into returns of random size and order.
func portions(r *rand.Rand, o order.Order) (all [][]refund.Run) {
	var runs []refund.Run
	for _, l := range o.Lines {
		for first := int64(1); first <= l.Quantity; {
			n := 1 + r.Int64N(l.Quantity-first+1)
			reason := []string{"remorse", "remorse", "defective"}[r.IntN(3)]
			runs = append(runs, refund.Run{Line: l.No, First: first, Count: n, Reason: reason})
			first += n
		}
	}
	r.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	for len(runs) > 0 {
		n := 1 + r.IntN(len(runs))
		all = append(all, runs[:n])
		runs = runs[n:]
	}
	return all
}

func BenchmarkCalculate(b *testing.B) {
	o := basket{articles: []article{{quantity: 3, price: 3333, tax: 1710}, {quantity: 80_000, price: 129}}, discounts: []int64{1000},
		tenders: []int64{5000}, shipping: order.Shipping{List: 790}}.order()
	runs := []refund.Run{units(1, 1, 2), units(2, 100, 400)}
	for b.Loop() {
		if _, err := refund.Calculate(o, refund.Before{}, runs, refund.Claim{Terms: full}); err != nil {
			b.Fatal(err)
		}
	}
}
