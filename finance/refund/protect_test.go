package refund_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

func (k desk) ask(o order.Order, caseID string, wanted ...refund.Wanted) (runs []refund.Run, err error) {
	err = k.d.Write(context.Background(), func(tx *db.Tx) error {
		stake, err := k.s.Ask(context.Background(), tx, shop, o, caseID, wanted)
		runs = stake.Runs
		return err
	})
	return runs, err
}

func (k desk) protect(o order.Order, caseID string, runs []refund.Run, lower int64) (q refund.Quote, err error) {
	c := refund.Claim{Kind: refund.PriceProtection, Lower: map[int]int64{}}
	for _, l := range o.Lines {
		c.Lower[l.No] = lower
	}
	err = k.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		q, err = k.s.Reserve(context.Background(), tx, shop, o, caseID, runs, c)
		return err
	})
	return q, err
}

func three(t *testing.T, id string) order.Order {
	t.Helper()
	o := basket{articles: []article{{quantity: 3, price: 1000}}}.order()
	o.ID = id
	return o
}

func TestGoodsInAnotherCaseGetTheLowerPrice(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		runs := must[[]refund.Run](t)
		paid := must[refund.Quote](t)
		t.Run("in a return that is open: it gives back so much less", func(t *testing.T) {
			o := three(t, "open")
			back := runs(k.hold(o, "open_r", want(1, 3)))
			asked := runs(k.ask(o, "open_p", want(1, 2)))
			if q := paid(k.protect(o, "open_p", asked, 900)); q.Total != 200 {
				t.Errorf("%d for the lower price", q.Total)
			}
			if q := paid(k.reserve(o, "open_r", back, full)); q.Total != 2800 {
				t.Errorf("%d for the goods", q.Total)
			}
		})
		t.Run("the return comes first: what was paid back has no price any more", func(t *testing.T) {
			o := three(t, "first")
			asked := runs(k.ask(o, "first_p", want(1, 3)))
			paid(k.reserve(o, "first_r", runs(k.hold(o, "first_r", want(1, 2))), full))
			if q := paid(k.protect(o, "first_p", asked, 900)); q.Total != 100 || q.Lines[0].Count != 1 {
				t.Errorf("%d for the one that is kept: %+v", q.Total, q.Lines)
			}
			asked = runs(k.ask(o, "first_q", want(1, 1)))
			if _, err := k.ask(o, "first_s", want(1, 1)); !errors.Is(err, refund.ErrUnitsTaken) {
				t.Errorf("two were paid back, of one somebody asks: %v", err)
			}
			paid(k.reserve(o, "first_t", runs(k.hold(o, "first_t", want(1, 1))), full))
			if _, err := k.protect(o, "first_q", asked, 800); !errors.Is(err, refund.ErrUnitsTaken) {
				t.Errorf("all was paid back: %v", err)
			}
		})
		t.Run("in two that ask the same: one after the other, and then only what it fell further", func(t *testing.T) {
			o := three(t, "twice")
			asked := runs(k.ask(o, "twice_1", want(1, 3)))
			if _, err := k.ask(o, "twice_2", want(1, 1)); !errors.Is(err, refund.ErrUnitsTaken) {
				t.Errorf("at once: %v", err)
			}
			paid(k.protect(o, "twice_1", asked, 900))
			asked = runs(k.ask(o, "twice_2", want(1, 3)))
			if q := paid(k.protect(o, "twice_2", asked, 850)); q.Total != 150 {
				t.Errorf("from 9.00 to 8.50: %d", q.Total)
			}
		})
		t.Run("given up: others may ask", func(t *testing.T) {
			o := three(t, "given")
			runs(k.ask(o, "given_1", want(1, 3)))
			if err := k.release(o, "given_1", nil); err != nil {
				t.Fatal(err)
			}
			runs(k.ask(o, "given_2", want(1, 3)))
			if diff := cmp.Diff(map[int]int64{1: 3}, k.free(o)); diff != "" {
				t.Errorf("asking took units: %s", diff)
			}
		})
		t.Run("one of several: first what had nothing yet and is in no other case", func(t *testing.T) {
			o := three(t, "some")
			runs(k.hold(o, "some_r", want(1, 1)))
			var got [][]refund.Run
			for i := range 4 {
				id := fmt.Sprint("some_", i)
				asked := runs(k.ask(o, id, want(1, 1)))
				paid(k.protect(o, id, asked, 900-int64(i)))
				got = append(got, asked)
			}
			unit := func(n int64) []refund.Run { return []refund.Run{units(1, n, 1)} }
			if diff := cmp.Diff([][]refund.Run{unit(2), unit(3), unit(1), unit(2)}, got); diff != "" {
				t.Error(diff)
			}
		})
		t.Run("nobody may ask about more than was bought, or nothing", func(t *testing.T) {
			o := three(t, "wrong")
			for _, w := range [][]refund.Wanted{{}, {want(2, 1)}, {want(1, 0)}} {
				if _, err := k.ask(o, "wrong_1", w...); !errors.Is(err, refund.ErrWanted) {
					t.Errorf("%v: %v", w, err)
				}
			}
			if _, err := k.ask(o, "wrong_1", want(1, 4)); !errors.Is(err, refund.ErrUnitsTaken) {
				t.Errorf("4 of 3: %v", err)
			}
			if _, err := k.protect(o, "wrong_2", []refund.Run{units(1, 2, 3)}, 1); !errors.Is(err, refund.ErrWanted) {
				t.Errorf("units that are not there: %v", err)
			}
		})
	})
}

// chain is one case: what it names first, and then its money.
type chain struct {
	kind  string
	count int64
	lower int64
}

// Whatever comes first of claims about the price and partial returns, what is
// paid back never exceeds what was paid, and when all came back it is the same.
func TestLowerPricesAndReturnsInEveryOrderAddUp(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		two := basket{articles: []article{{quantity: 2, price: 1001, tax: 321}}, discounts: []int64{77}, tenders: []int64{500}}.order()
		chains := []chain{{refund.PriceProtection, 2, 901}, {"", 1, 0}, {"", 1, 0}}
		all := 0
		interleave([]int{2, 2, 2}, func(order []int) {
			all++
			k.play(t, fmt.Sprint("every_", all), two, chains, order)
		})
		if all != 90 {
			t.Errorf("%d orders of events", all)
		}
		many := 150
		if testing.Short() {
			many = 20
		}
		for seed := range uint64(many) {
			r := rand.New(rand.NewPCG(seed, 9))
			o := random(r).order()
			o.Lines = o.Lines[:1]
			l := o.Lines[0]
			var chains []chain
			for left := l.Quantity; left > 0; {
				n := 1 + r.Int64N(left)
				chains = append(chains, chain{"", n, 0})
				left -= n
			}
			for range 1 + r.IntN(4) {
				chains = append(chains, chain{refund.PriceProtection, 1 + r.Int64N(l.Quantity), r.Int64N(l.UnitPrice + 1)})
			}
			var order []int
			for i := range chains {
				order = append(order, i, i)
			}
			r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			k.play(t, fmt.Sprint("random_", seed), alone(o), chains, order)
		}
	})
}

// alone is an order of its first line without shipping: what was paid for it.
func alone(o order.Order) order.Order {
	o.Shipping = order.Shipping{Tenders: make([]int64, len(o.Tenders))}
	for i := range o.Tenders {
		o.Tenders[i].Amount = o.Lines[0].Ledger.Tenders[i]
	}
	return o
}

// play lets the cases happen in this order; the second time a case is named it
// gets its money.
func (k desk) play(t *testing.T, id string, o order.Order, chains []chain, order []int) {
	t.Helper()
	o.ID = id
	named := map[int][]refund.Run{}
	done := map[int]bool{}
	var paid, back int64
	sum := func() (all int64) {
		for i := range chains {
			for _, p := range k.payouts(fmt.Sprint(id, "_", i)) {
				all += p.Amount
			}
		}
		return all
	}
	for _, i := range order {
		c, caseID := chains[i], fmt.Sprint(id, "_", i)
		runs, second := named[i]
		var q refund.Quote
		var err error
		switch {
		case done[i]:
		case !second && c.kind == refund.PriceProtection:
			runs, err = k.ask(o, caseID, want(1, c.count))
		case !second:
			runs, err = k.hold(o, caseID, want(1, c.count))
		case c.kind == refund.PriceProtection:
			q, err = k.protect(o, caseID, runs, c.lower)
		default:
			q, err = k.reserve(o, caseID, runs, refund.Terms{Freight: remorse})
			back += c.count
		}
		if errors.Is(err, refund.ErrUnitsTaken) && c.kind == refund.PriceProtection {
			done[i] = true // somebody asks already, or it is paid back
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v of %v in %v: %v", id, i, chains, order, err)
		}
		named[i] = runs
		paid += q.Total
		if second && (sum() != paid || paid > o.Paid()) {
			t.Fatalf("%s: %d of %v in %v: %d in payouts, %d in quotes, %d paid", id, i, chains, order, sum(), paid, o.Paid())
		}
	}
	if back == o.Lines[0].Quantity && paid != o.Paid() {
		t.Errorf("%s: %v in %v: all came back, %d of %d", id, chains, order, paid, o.Paid())
	}
}

// interleave names all orders in which so many steps of each chain can happen.
func interleave(left []int, each func(order []int), so ...int) {
	end := true
	for i := range left {
		if left[i] == 0 {
			continue
		}
		end = false
		left[i]--
		interleave(left, each, append(so[:len(so):len(so)], i)...)
		left[i]++
	}
	if end {
		each(so)
	}
}
