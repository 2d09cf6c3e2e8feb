package refund_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/sales/order"
)

var (
	schemas = []db.Schema{event.Schema, job.Schema, settlement.Schema, clearing.Schema, refund.Schema}
	shop    = actor.Of("shop")
)

// desk is the service on a store, with the calls that tests repeat.
type desk struct {
	t *testing.T
	d *db.DB
	s *refund.Service
}

func each(t *testing.T, test func(t *testing.T, k desk)) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		pay := settlement.New(d, job.NewQueue(d, slog.Default()), slog.Default())
		test(t, desk{t, d, refund.New(pay)})
	})
}

func (k desk) hold(o order.Order, caseID string, wanted ...refund.Wanted) (runs []refund.Run, err error) {
	err = k.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		held, err := k.s.Hold(context.Background(), tx, shop, o, caseID, wanted)
		runs = held.Runs
		return err
	})
	return runs, err
}

func (k desk) release(o order.Order, caseID string, runs []refund.Run) error {
	return k.d.Write(k.t.Context(), func(tx *db.Tx) error {
		return k.s.Release(k.t.Context(), tx, shop, o, caseID, runs)
	})
}

func (k desk) reserve(o order.Order, caseID string, accepted []refund.Run, t refund.Terms) (q refund.Quote, err error) {
	err = k.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		q, err = k.s.Reserve(context.Background(), tx, shop, o, caseID, accepted, refund.Claim{Terms: t})
		return err
	})
	return q, err
}

func (k desk) preview(o order.Order, t refund.Terms, wanted ...refund.Wanted) (q refund.Quote, err error) {
	err = k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		q, err = k.s.Preview(k.t.Context(), tx, o, wanted, refund.Claim{Terms: t})
		return err
	})
	return q, err
}

func (k desk) quote(o order.Order, caseID string, runs []refund.Run, t refund.Terms) (q refund.Quote, err error) {
	err = k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		q, err = k.s.Quote(k.t.Context(), tx, o, caseID, runs, refund.Claim{Terms: t})
		return err
	})
	return q, err
}

func (k desk) past(o order.Order, past ...refund.Past) error {
	return k.d.Write(k.t.Context(), func(tx *db.Tx) error {
		_, err := k.s.PastReturn(k.t.Context(), tx, shop, o, past...)
		return err
	})
}

func (k desk) free(o order.Order) (free map[int]int64) {
	k.t.Helper()
	err := k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		free, _, err = refund.Free(k.t.Context(), tx, o)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return free
}

func (k desk) payouts(caseID string) (all []settlement.Payout) {
	k.t.Helper()
	err := k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		all, err = settlement.ByCase(k.t.Context(), tx, "shop", caseID)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return all
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func want(line int, quantity int64) refund.Wanted {
	return refund.Wanted{Line: line, Quantity: quantity, Reason: "remorse"}
}

func mugs(quantity int64) order.Order {
	return basket{articles: []article{{quantity: quantity, price: 1000}, {quantity: 1, price: 5000}}, shipping: order.Shipping{List: 600}}.order()
}

func TestUnitsAreHeldLowestFirstAndHolesAreUsedAgain(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(80_000)
		runs := must[[]refund.Run](t)
		runs(k.hold(o, "case_a", want(1, 10)))
		runs(k.hold(o, "case_b", want(1, 79_000)))
		if err := k.release(o, "case_a", nil); err != nil {
			t.Fatal(err)
		}
		got := runs(k.hold(o, "case_c", want(1, 1000), want(2, 1)))
		if diff := cmp.Diff([]refund.Run{units(1, 1, 10), units(1, 79_011, 990), units(2, 1, 1)}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[int]int64{1: 0, 2: 0}, k.free(o)); diff != "" {
			t.Error(diff)
		}
	})
}

// 37: two of two units came back, then the same two again.
func TestUnitsCannotBeClaimedTwice(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		check := func(when string, err error) {
			t.Helper()
			var f *fault.Fault
			if !errors.As(err, &f) || !errors.Is(f, refund.ErrUnitsTaken) {
				t.Fatalf("%s: got %v", when, err)
			}
			if diff := cmp.Diff(map[string]any{"line": 1, "wanted": int64(2), "free": int64(0)}, f.Facts); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
		_, err := k.hold(o, "case_b", want(2, 1), want(1, 2))
		check("while held", err)
		if free := k.free(o); free[2] != 1 {
			t.Errorf("a refused hold left %v free", free)
		}
		must[refund.Quote](t)(k.reserve(o, "case_a", runs, full))
		_, err = k.hold(o, "case_b", want(1, 2))
		check("after paying", err)
		_, err = k.preview(o, full, want(1, 2))
		check("preview", err)
	})
}

func TestWishesThatAreNotUnitsOfTheOrderAreRefused(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		for _, wanted := range [][]refund.Wanted{nil, {want(3, 1)}, {want(1, 0)}, {want(1, -1)}} {
			if _, err := k.hold(mugs(2), "case_a", wanted...); !errors.Is(err, refund.ErrWanted) {
				t.Errorf("%v: got %v", wanted, err)
			}
		}
		for _, wanted := range [][]refund.Wanted{{want(1, 3)}, {want(1, 1<<62), want(1, 1<<62)}, {want(1, 1), want(1, 2)}} {
			if _, err := k.hold(mugs(2), "case_a", wanted...); !errors.Is(err, refund.ErrUnitsTaken) {
				t.Errorf("%v: got %v", wanted, err)
			}
		}
	})
}

func TestOnlyAcceptedUnitsArePaidAndTheOthersAreFree(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(5)
		must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 4), want(2, 1)))
		q := must[refund.Quote](t)(k.reserve(o, "case_a", []refund.Run{units(1, 2, 2)}, full))
		if q.Total != 2000 {
			t.Errorf("total %d", q.Total)
		}
		if diff := cmp.Diff(map[int]int64{1: 3, 2: 1}, k.free(o)); diff != "" {
			t.Error(diff)
		}
		again := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 3)))
		if diff := cmp.Diff([]refund.Run{units(1, 1, 1), units(1, 4, 2)}, again); diff != "" {
			t.Error(diff)
		}
		rest := must[refund.Quote](t)(k.reserve(o, "case_b", again, full))
		if rest.Total != 3000 {
			t.Errorf("total of the rest %d", rest.Total)
		}
	})
}

// 39: the same refund is asked for again.
func TestACaseIsReservedOnce(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2), want(2, 1)))
		q := must[refund.Quote](t)(k.reserve(o, "case_a", runs, full))
		if _, err := k.reserve(o, "case_a", runs, full); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("second time: %v", err)
		}
		if _, err := k.hold(o, "case_a", want(1, 1)); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("holding more: %v", err)
		}
		all := k.payouts("case_a")
		if len(all) != 2 || all[0].Amount != 7000 || all[1].Amount != 600 || q.Total != 7600 {
			t.Errorf("total %d, payouts %+v", q.Total, all)
		}
		for _, p := range all {
			if p.State != settlement.Reserved || p.Tender != "t1" || p.Provider != "test" || p.Order != o.ID || p.Currency != "EUR" {
				t.Errorf("%+v", p)
			}
		}
	})
}

func TestUnitsOfAnotherCaseCannotBeReservedOrReleased(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(4)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 1)))
		wrong := map[string][]refund.Run{"another's": {units(1, 3, 1)}, "reaching over": {units(1, 2, 2)}, "twice": {units(1, 1, 1), units(1, 1, 1)},
			"nobody's": {units(1, 4, 1)}, "none": {units(1, 1, 0)}}
		for name, w := range wrong {
			if _, err := k.reserve(o, "case_a", w, full); !errors.Is(err, refund.ErrNotHeld) {
				t.Errorf("reserve %s: got %v", name, err)
			}
			if err := k.release(o, "case_a", w); !errors.Is(err, refund.ErrNotHeld) {
				t.Errorf("release %s: got %v", name, err)
			}
		}
		if err := k.release(o, "case_a", []refund.Run{units(1, 1, 1)}); err != nil {
			t.Fatal(err)
		}
		if _, err := k.reserve(o, "case_a", runs, full); !errors.Is(err, refund.ErrNotHeld) {
			t.Errorf("reserve what was released: got %v", err)
		}
		if q := must[refund.Quote](t)(k.reserve(o, "case_a", []refund.Run{units(1, 2, 1)}, full)); q.Total != 1000 {
			t.Errorf("total %d", q.Total)
		}
	})
}

func TestPreviewIsWhatHoldingAndReservingGive(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := basket{articles: []article{{quantity: 3, price: 3333, tax: 1710}, {quantity: 2, price: 999}}, discounts: []int64{1000},
			tenders: []int64{5000}, shipping: order.Shipping{List: 790}}.order()
		terms := refund.Terms{Freight: remorse, LabelFee: 390, Shipping: refund.ProRata, FullShippingOnFullReturn: true}
		for i, wanted := range [][]refund.Wanted{{want(1, 1), want(2, 1)}, {want(1, 2)}, {want(2, 1)}} {
			caseID := "case_" + strconv.Itoa(i)
			preview := must[refund.Quote](t)(k.preview(o, terms, wanted...))
			runs := must[[]refund.Run](t)(k.hold(o, caseID, wanted...))
			quoted := must[refund.Quote](t)(k.quote(o, caseID, runs, terms))
			reserved := must[refund.Quote](t)(k.reserve(o, caseID, runs, terms))
			if diff := cmp.Diff(preview, reserved); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(quoted, reserved); diff != "" {
				t.Error(diff)
			}
			if _, err := k.quote(o, caseID, runs, terms); !errors.Is(err, refund.ErrReserved) {
				t.Errorf("quote of what is reserved: %v", err)
			}
		}
	})
}

func TestPastReturnsCountAsPaid(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(3)
		if err := k.past(o, refund.Past{Wanted: []refund.Wanted{want(1, 1)}, Amount: 800}, refund.Past{Amount: 500}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[int]int64{1: 2, 2: 1}, k.free(o)); diff != "" {
			t.Error(diff)
		}
		// 8600 were paid, 1300 paid back: what is left of the tender limits the rest.
		q := must[refund.Quote](t)(k.preview(o, full, want(1, 2), want(2, 1)))
		if q.Total != 8600-1300 {
			t.Errorf("total of the rest %d, %+v", q.Total, q.Components)
		}
		if err := k.past(o, refund.Past{Amount: 7301}); !errors.Is(err, refund.ErrExceeds) {
			t.Errorf("more than was paid: %v", err)
		}
		if err := k.past(o, refund.Past{Wanted: []refund.Wanted{want(1, 3)}}); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("more units than are free: %v", err)
		}
	})
}

func TestImportedReturnsTakeTheSurplusFromShipping(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(1)
		err := k.d.Write(t.Context(), func(tx *db.Tx) error {
			return k.s.Returned(t.Context(), tx, shop, o, []order.Returned{{Line: 1, Quantity: 1, Amount: 1400}})
		})
		if err != nil {
			t.Fatal(err)
		}
		// 400 of the 600 for shipping are gone; the mug was worth 1000.
		q := must[refund.Quote](t)(k.preview(o, full, want(2, 1)))
		if len(q.Tenders) != 1 || q.Tenders[0].Goods != 5000 || q.Tenders[0].Shipping != 200 {
			t.Errorf("%+v", q)
		}
	})
}

// 42, and the same for units: of many that want the same, exactly one wins.
func TestOneOfManyWinsEachUnit(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		const callers, quantity = 32, 10
		o := mugs(quantity)
		var wins, losses sync.Map
		parallel(callers, func(i int) {
			caseID := "case_" + strconv.Itoa(i)
			runs, err := k.hold(o, caseID, want(1, 1))
			if err == nil {
				wins.Store(caseID, runs)
				return
			}
			losses.Store(caseID, err)
		})
		seen := map[int64]bool{}
		wins.Range(func(_, v any) bool {
			run := v.([]refund.Run)[0]
			if seen[run.First] || run.Count != 1 {
				t.Errorf("unit held twice: %+v", run)
			}
			seen[run.First] = true
			return true
		})
		losses.Range(func(caseID, err any) bool {
			if !errors.Is(err.(error), refund.ErrUnitsTaken) {
				t.Errorf("%s: %v", caseID, err)
			}
			return true
		})
		if len(seen) != quantity {
			t.Errorf("%d of %d units held", len(seen), quantity)
		}
	})
}

func TestOneOfManyReservesACase(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2), want(2, 1)))
		errs := make([]error, 32)
		parallel(len(errs), func(i int) { _, errs[i] = k.reserve(o, "case_a", runs, full) })
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, refund.ErrReserved) {
				t.Error(err)
			}
		}
		if won != 1 || len(k.payouts("case_a")) != 2 {
			t.Errorf("%d won, payouts %+v", won, k.payouts("case_a"))
		}
	})
}

func TestParallelCasesOnDifferentUnitsNeverPayMoreThanWasPaid(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		const cases = 16
		o := basket{articles: []article{{quantity: cases, price: 333}, {quantity: cases, price: 71}}, discounts: []int64{1001},
			tenders: []int64{2000}, shipping: order.Shipping{List: 601}}.order()
		terms := refund.Terms{Freight: remorse, Shipping: refund.ProRata, FullShippingOnFullReturn: true}
		parallel(cases, func(i int) {
			caseID := "case_" + strconv.Itoa(i)
			runs, err := k.hold(o, caseID, want(1, 1), want(2, 1))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := k.reserve(o, caseID, runs, terms); err != nil {
				t.Error(err)
			}
		})
		back := map[string]int64{}
		for i := range cases {
			for _, p := range k.payouts("case_" + strconv.Itoa(i)) {
				back[p.Tender] += p.Amount
			}
		}
		if diff := cmp.Diff(map[string]int64{"t1": o.Tenders[0].Amount, "t2": o.Tenders[1].Amount}, back); diff != "" {
			t.Error(diff)
		}
	})
}

func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// What a past return costs does not depend on how long the order is: an order of
// four times as many lines, each of which came back, is four times the work.
// Allocations are counted, not time.
func TestPastReturnsAreWorkByTheReturn(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		work := func(n int) float64 {
			articles, past := make([]article, n), make([]refund.Past, n)
			for i := range n {
				articles[i] = article{quantity: 1, price: 1000}
				past[i] = refund.Past{Wanted: []refund.Wanted{want(i+1, 1)}, Amount: 1000}
			}
			o := basket{articles: articles, shipping: order.Shipping{List: 600}}.order()
			run := 0
			return testing.AllocsPerRun(1, func() {
				o.ID, run = "ord_"+strconv.Itoa(n)+"_"+strconv.Itoa(run), run+1
				if err := k.past(o, past...); err != nil {
					t.Fatal(err)
				}
			})
		}
		few, many := work(100), work(400)
		if many > 5*few {
			t.Errorf("400 of 400 lines take %.0f allocations, 100 of 100 lines %.0f", many, few)
		}
	})
}
