package refund_test

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

func (k desk) write(fn func(ctx context.Context, tx *db.Tx) error) error {
	return k.d.Write(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) })
}

func (k desk) claim(o order.Order, caseID string, accepted []refund.Run, c refund.Claim) (q refund.Quote, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		q, err = k.s.Reserve(ctx, tx, shop, o, caseID, accepted, c)
		return err
	})
	return q, err
}

func (k desk) advance(o order.Order, caseID string, c refund.Claim) (q refund.Quote, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		q, err = k.s.Advance(ctx, tx, shop, o, caseID, c)
		return err
	})
	return q, err
}

func (k desk) correct(o order.Order, caseID string, accepted []refund.Run, c refund.Claim) (q refund.Quote, owed int64, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		q, owed, err = k.s.Correct(ctx, tx, shop, o, caseID, accepted, c)
		return err
	})
	return q, owed, err
}

func (k desk) rebook(o order.Order, caseID string, c refund.Claim) (d refund.Delta, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		d, err = k.s.Rebook(ctx, tx, shop, o, caseID, c)
		return err
	})
	return d, err
}

func (k desk) restore(o order.Order, caseID string, n int64) error {
	return k.write(func(ctx context.Context, tx *db.Tx) error { return k.s.Restore(ctx, tx, shop, o, caseID, n) })
}

func (k desk) forgive(o order.Order, caseID string) error {
	return k.write(func(ctx context.Context, tx *db.Tx) error { return k.s.Forgive(ctx, tx, shop, o, caseID) })
}

func (k desk) reopen(o order.Order, caseID string) error {
	return k.write(func(ctx context.Context, tx *db.Tx) error { return k.s.Reopen(ctx, tx, shop, o, caseID) })
}

// paid lists a case's payouts as "purpose tender" → amount.
func (k desk) paid(caseID string) map[string]int64 {
	k.t.Helper()
	all := map[string]int64{}
	for _, p := range k.payouts(caseID) {
		all[p.Purpose+" "+p.Tender] += p.Amount
	}
	return all
}

// borne adds a case's entries up by account, and checks that they are nothing
// together.
func (k desk) borne(caseID string) map[clearing.Account]int64 {
	k.t.Helper()
	by, all := map[clearing.Account]int64{}, int64(0)
	err := k.d.Read(k.t.Context(), func(tx *db.Tx) error {
		entries, err := clearing.ByCase(k.t.Context(), tx, shop, caseID)
		for _, e := range entries {
			by[e.Account] += e.Amount
			all += e.Amount
		}
		return err
	})
	maps.DeleteFunc(by, func(_ clearing.Account, n int64) bool { return n == 0 })
	if err != nil || all != 0 {
		k.t.Errorf("entries of %s add up to %d (%v)", caseID, all, err)
	}
	return by
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func TestAdvanceThenCorrectThenTheRestIsOwed(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(3) // 3 at 1000, one at 5000, delivery 600
		c := refund.Claim{Terms: full}
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 3), want(2, 1)))
		q := must[refund.Quote](t)(k.advance(o, "case_a", c))
		expect(t, "advance", q.Total, int64(8600))
		expect(t, "payouts", k.paid("case_a"), map[string]int64{"advance t1": 8600})
		if _, err := k.advance(o, "case_a", c); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("a second advance: %v", err)
		}
		if _, err := k.claim(o, "case_a", runs, c); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("reserving what was advanced: %v", err)
		}
		if err := k.restore(o, "case_a", 1); !errors.Is(err, refund.ErrNone) {
			t.Errorf("restoring before anything is owed: %v", err)
		}
		q, owed, err := k.correct(o, "case_a", []refund.Run{units(1, 1, 2)}, c)
		if err != nil || q.Total != 2000 || owed != 6600 {
			t.Fatalf("correct: %d, owed %d (%v)", q.Total, owed, err)
		}
		expect(t, "units", k.free(o), map[int]int64{1: 0, 2: 0})
		expect(t, "who bears it while it is owed", k.borne("case_a"), map[clearing.Account]int64{"customer": 8600, "seller": -8600})
		if _, _, err := k.correct(o, "case_a", nil, c); !errors.Is(err, refund.ErrNone) {
			t.Errorf("correcting twice: %v", err)
		}
		if err := k.restore(o, "case_a", 6601); !errors.Is(err, refund.ErrExceeds) {
			t.Errorf("restoring more than is owed: %v", err)
		}
		if err := k.restore(o, "case_a", 6600); err != nil {
			t.Fatal(err)
		}
		expect(t, "units after it came back", k.free(o), map[int]int64{1: 1, 2: 1})
		expect(t, "who bears it in the end", k.borne("case_a"), map[clearing.Account]int64{"customer": 2000, "seller": -2000})
		rest := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 1), want(2, 1)))
		expect(t, "what is left", must[refund.Quote](t)(k.claim(o, "case_b", rest, c)).Total, int64(6600))
	})
}

func TestWhatIsForgivenIsPaidForEver(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o, c := mugs(2), refund.Claim{Terms: full}
		must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		must[refund.Quote](t)(k.advance(o, "case_a", c))
		if _, owed, err := k.correct(o, "case_a", nil, c); err != nil || owed != 2000 {
			t.Fatal(owed, err)
		}
		if err := k.forgive(o, "case_a"); err != nil {
			t.Fatal(err)
		}
		expect(t, "units", k.free(o), map[int]int64{1: 0, 2: 1})
		if err := k.forgive(o, "case_a"); !errors.Is(err, refund.ErrNone) {
			t.Errorf("forgiving twice: %v", err)
		}
		runs := must[[]refund.Run](t)(k.hold(o, "case_b", want(2, 1)))
		expect(t, "the rest", must[refund.Quote](t)(k.claim(o, "case_b", runs, c)).Total, int64(5600))
		expect(t, "who bears it", k.borne("case_a"), map[clearing.Account]int64{"customer": 2000, "seller": -2000})
	})
}

func TestHalfOfWhatIsOwedComesBack(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o, c := mugs(2), refund.Claim{Terms: full}
		must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		must[refund.Quote](t)(k.advance(o, "case_a", c))
		if _, _, err := k.correct(o, "case_a", nil, c); err != nil {
			t.Fatal(err)
		}
		if err := k.restore(o, "case_a", 700); err != nil {
			t.Fatal(err)
		}
		expect(t, "units", k.free(o), map[int]int64{1: 2, 2: 1})
		runs := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 2), want(2, 1)))
		expect(t, "1300 were kept without units", must[refund.Quote](t)(k.claim(o, "case_b", runs, c)).Total, int64(7600-1300))
		d := must[refund.Delta](t)(k.rebook(o, "case_a", c))
		expect(t, "what is gone is not owed again", [2]int64{d.Pay, d.Owed}, [2]int64{0, 0})
		expect(t, "the seller has lost it", k.borne("case_a"), map[clearing.Account]int64{"customer": 1300, "seller": -1300})
	})
}

// What was written off for goods that the customer has is not paid for them once
// more.
func TestWrittenOffMoneyIsNotPaidTwice(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o, c := mugs(2), refund.Claim{Terms: full}
		must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		must[refund.Quote](t)(k.advance(o, "case_a", c))
		if _, _, err := k.correct(o, "case_a", []refund.Run{units(1, 1, 1)}, c); err != nil {
			t.Fatal(err)
		}
		if err := k.restore(o, "case_a", 400); err != nil {
			t.Fatal(err)
		}
		expect(t, "units", k.free(o), map[int]int64{1: 1, 2: 1})
		again := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 1)))
		expect(t, "600 of the mug were kept", must[refund.Quote](t)(k.claim(o, "case_b", again, c)).Total, int64(400))
		rest := must[[]refund.Run](t)(k.hold(o, "case_c", want(2, 1)))
		expect(t, "the rest", must[refund.Quote](t)(k.claim(o, "case_c", rest, c)).Total, int64(5600))
		d := must[refund.Delta](t)(k.rebook(o, "case_a", c))
		expect(t, "the case as it is", [2]int64{d.Pay, d.Owed}, [2]int64{0, 0})
	})
}

func TestAChangedLiabilityMovesOnlyTheDifference(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		label := refund.Claim{Terms: refund.Terms{Freight: remorse, LabelFee: 300, FullShippingOnFullReturn: true}}
		of := func(by string) refund.Claim {
			c := label
			c.Terms.Liability = by
			return c
		}
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2), want(2, 1)))
		expect(t, "by the reason", must[refund.Quote](t)(k.claim(o, "case_a", runs, label)).Total, int64(7300))
		d := must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Seller)))
		expect(t, "the seller is liable", [2]int64{d.Pay, d.Owed}, [2]int64{300, 0})
		expect(t, "payouts", k.paid("case_a"), map[string]int64{"goods t1": 6700, "shipping t1": 600, "adjustment t1": 300})
		expect(t, "the seller bears the label", k.borne("case_a"), map[clearing.Account]int64{"customer": 7600, "seller": -7900, "carrier": 300})
		d = must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Platform)))
		expect(t, "the platform is liable: nothing for the customer", [2]int64{d.Pay, d.Owed}, [2]int64{0, 0})
		expect(t, "the platform bears delivery", k.borne("case_a"), map[clearing.Account]int64{"customer": 7600, "seller": -7000, "platform": -900, "carrier": 300})
		d = must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Customer)))
		expect(t, "the customer is", [2]int64{d.Pay, d.Owed}, [2]int64{0, 300})
		d = must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Customer)))
		expect(t, "the same again", [2]int64{d.Pay, d.Owed}, [2]int64{0, 300})
		d = must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Seller)))
		expect(t, "back again", [2]int64{d.Pay, d.Owed}, [2]int64{0, 0})
		must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Customer)))
		if err := k.restore(o, "case_a", 300); err != nil {
			t.Fatal(err)
		}
		expect(t, "given back", k.borne("case_a"), map[clearing.Account]int64{"customer": 7300, "seller": -7600, "carrier": 300})
		d = must[refund.Delta](t)(k.rebook(o, "case_a", of(refund.Seller)))
		expect(t, "and won again", [2]int64{d.Pay, d.Owed}, [2]int64{300, 0})
		expect(t, "payouts have names of their own", k.paid("case_a")["adjustment_2 t1"], int64(300))
		if _, err := k.rebook(o, "case_b", label); !errors.Is(err, refund.ErrNone) {
			t.Errorf("a case without money: %v", err)
		}
	})
}

func TestAnExchangeThatIsNotPaidBecomesARefund(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(2, 1)))
		c := refund.Claim{Kind: refund.Exchange, Terms: full, New: []refund.NewItem{{SKU: "B", Title: "B", Quantity: 1, UnitPrice: 5500}}}
		q := must[refund.Quote](t)(k.claim(o, "case_a", runs, c))
		expect(t, "due", [2]int64{q.Due, q.Total}, [2]int64{500, 0})
		if len(k.payouts("case_a")) != 0 {
			t.Error("money moved")
		}
		mug := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 2)))
		expect(t, "what is carried over is used up", must[refund.Quote](t)(k.quote(o, "case_b", mug, full)).Total, int64(2600))
		d := must[refund.Delta](t)(k.rebook(o, "case_a", refund.Claim{Terms: full}))
		expect(t, "converted", d.Pay, int64(5000))
		expect(t, "who bears it", k.borne("case_a"), map[clearing.Account]int64{"customer": 5000, "seller": -5000})
		must[refund.Quote](t)(k.claim(o, "case_b", mug, refund.Claim{Terms: full}))
		var all int64
		for _, id := range []string{"case_a", "case_b"} {
			for _, n := range k.paid(id) {
				all += n
			}
		}
		expect(t, "all of it", all, o.Paid())
	})
}

func TestACheaperExchangeCanBecomeStoreCredit(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		o.Customer = "cus_1"
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(2, 1)))
		c := refund.Claim{Kind: refund.Exchange, Credit: true, Terms: full, New: []refund.NewItem{{SKU: "B", Title: "B", Quantity: 1, UnitPrice: 4000}}}
		must[refund.Quote](t)(k.claim(o, "case_a", runs, c))
		all := k.payouts("case_a")
		if len(all) != 1 || all[0].Provider != "wallet" || all[0].Kind != "store_credit" || all[0].Amount != 1000 || all[0].Reference != "cus_1" || all[0].Tender != "credit" {
			t.Errorf("%+v", all)
		}
		rest := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 2)))
		expect(t, "the tender is used up by credit too", must[refund.Quote](t)(k.claim(o, "case_b", rest, refund.Claim{Terms: full})).Total, int64(2600))
	})
}

func TestGoodsThatAreKeptStayFree(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		offer := refund.Claim{Kind: refund.Partial, Amount: 500}
		must[refund.Quote](t)(k.claim(o, "case_a", runs, offer))
		expect(t, "payouts of the offer", k.paid("case_a"), map[string]int64{"goods t1": 500})
		expect(t, "units", k.free(o), map[int]int64{1: 2, 2: 1})
		if _, err := k.claim(o, "case_a", runs, offer); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("the same offer again: %v", err)
		}
		lower := refund.Claim{Kind: refund.PriceProtection, Lower: map[int]int64{1: 900}}
		must[refund.Quote](t)(k.claim(o, "case_b", []refund.Run{units(1, 1, 2)}, lower)) // without holding
		expect(t, "payouts of the price protection", k.paid("case_b"), map[string]int64{"price_protection t1": 200})
		again := must[refund.Quote](t)(k.claim(o, "case_c", []refund.Run{units(1, 1, 2)}, lower))
		expect(t, "the same price again", again.Total, int64(0))
		must[refund.Quote](t)(k.claim(o, "case_d", nil, refund.Claim{Kind: refund.Compensation, Amount: 50_000, Basis: refund.Statutory, Cap: 50_000}))
		expect(t, "payouts of the compensation", k.paid("case_d"), map[string]int64{"compensation bank": 50_000})
		expect(t, "who bears it", k.borne("case_d"), map[clearing.Account]int64{"customer": 50_000, "seller": -50_000})
		back := must[[]refund.Run](t)(k.hold(o, "case_e", want(1, 2), want(2, 1)))
		expect(t, "less is left", must[refund.Quote](t)(k.claim(o, "case_e", back, refund.Claim{Terms: full})).Total, int64(7600-700))
		if _, err := k.claim(o, "case_f", []refund.Run{units(1, 1, 1)}, lower); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("price protection of what came back: %v", err)
		}
	})
}

func TestAPriceThatFellFurtherIsPaidByTheDifference(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		lower := func(price int64) refund.Claim {
			return refund.Claim{Kind: refund.PriceProtection, Lower: map[int]int64{1: price}}
		}
		must[refund.Quote](t)(k.claim(o, "case_a", []refund.Run{units(1, 1, 2)}, lower(900)))
		d := must[refund.Delta](t)(k.rebook(o, "case_a", lower(750)))
		expect(t, "the difference", [2]int64{d.Pay, d.Owed}, [2]int64{300, 0})
		expect(t, "payouts", k.paid("case_a"), map[string]int64{"price_protection t1": 200, "adjustment t1": 300})
		if _, err := k.rebook(o, "case_a", refund.Claim{Terms: full}); !errors.Is(err, refund.ErrTerms) {
			t.Errorf("from kept goods to a return: %v", err)
		}
		back := must[[]refund.Run](t)(k.hold(o, "case_b", want(1, 2), want(2, 1)))
		expect(t, "what is left", must[refund.Quote](t)(k.claim(o, "case_b", back, refund.Claim{Terms: full})).Total, int64(7600-500))
	})
}

func TestAReshipReservesNothingAndHoldsOn(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 1)))
		q := must[refund.Quote](t)(k.claim(o, "case_a", runs, refund.Claim{Kind: refund.Reship}))
		expect(t, "total", q.Total, int64(0))
		expect(t, "units", k.free(o), map[int]int64{1: 1, 2: 1})
	})
}

func TestAReopenedCaseIsReservedOnceMore(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o, c := mugs(3), refund.Claim{Terms: full}
		if err := k.reopen(o, "case_a"); !errors.Is(err, refund.ErrNone) {
			t.Errorf("nothing to reopen: %v", err)
		}
		must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 3)))
		must[refund.Quote](t)(k.claim(o, "case_a", []refund.Run{units(1, 1, 1)}, c))
		if err := k.reopen(o, "case_a"); err != nil {
			t.Fatal(err)
		}
		more := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2)))
		must[refund.Quote](t)(k.claim(o, "case_a", more, c))
		if _, err := k.claim(o, "case_a", more, c); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("a third time: %v", err)
		}
		expect(t, "payouts", k.paid("case_a"), map[string]int64{"goods t1": 1000, "adjustment t1": 2000})
		d := must[refund.Delta](t)(k.rebook(o, "case_a", c))
		expect(t, "rebooked as it is", [2]int64{d.Pay, d.Owed}, [2]int64{0, 0})
	})
}

// Many at once, of every kind, on one order: together never more than was paid.
func TestOneLockForAllKinds(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		const cases = 24
		o := basket{articles: []article{{quantity: cases, price: 333, tax: 1001}}, discounts: []int64{777}, tenders: []int64{2000}, shipping: order.Shipping{List: 601}}.order()
		c := refund.Claim{Terms: refund.Terms{Freight: remorse, Shipping: refund.ProRata, FullShippingOnFullReturn: true}}
		parallel(cases, func(i int) {
			caseID := "case_" + strconv.Itoa(i)
			unit := []refund.Run{units(1, int64(i+1), 1)}
			offer := refund.Claim{Kind: refund.Partial, Amount: int64(1 + i)}
			if _, err := k.claim(o, caseID+"_offer", unit, offer); err != nil && !errors.Is(err, refund.ErrUnitsTaken) {
				t.Error(err)
			}
			runs, err := k.hold(o, caseID, want(1, 1))
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				_, err = k.claim(o, caseID, runs, c)
			} else if _, err = k.advance(o, caseID, c); err == nil {
				_, _, err = k.correct(o, caseID, runs, c)
			}
			if err != nil {
				t.Error(err)
			}
		})
		back := map[string]int64{}
		for i := range cases {
			for _, id := range []string{"case_" + strconv.Itoa(i), "case_" + strconv.Itoa(i) + "_offer"} {
				for _, p := range k.payouts(id) {
					back[p.Tender] += p.Amount
				}
				k.borne(id)
			}
		}
		expect(t, "paid back", back, map[string]int64{"t1": o.Tenders[0].Amount, "t2": o.Tenders[1].Amount})
	})
}

// A case that was reserved before cases had records can be rebooked too.
func TestCasesOfAnOlderVersionCanBeRebooked(t *testing.T) {
	each(t, func(t *testing.T, k desk) {
		o := mugs(2)
		label := refund.Claim{Terms: refund.Terms{Freight: remorse, LabelFee: 300, FullShippingOnFullReturn: true}}
		runs := must[[]refund.Run](t)(k.hold(o, "case_a", want(1, 2), want(2, 1)))
		must[refund.Quote](t)(k.claim(o, "case_a", runs, label))
		err := k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `update refund_account set book = '' where tenant = $1`, "shop")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.claim(o, "case_a", runs, label); !errors.Is(err, refund.ErrReserved) {
			t.Errorf("reserved again: %v", err)
		}
		label.Terms.Liability = refund.Seller
		d := must[refund.Delta](t)(k.rebook(o, "case_a", label))
		expect(t, "the difference", [2]int64{d.Pay, d.Owed}, [2]int64{300, 0})
		if all := k.payouts("case_a"); len(all) != 3 || all[0].State != settlement.Reserved {
			t.Errorf("%+v", all)
		}
	})
}
