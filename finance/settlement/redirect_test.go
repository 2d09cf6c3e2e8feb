package settlement_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

var credit = settlement.Target{Kind: "store_credit", Provider: "bank", Reference: "acc_1", Label: "Store credit"}

func (f office) redirect(id string, to settlement.Target, consent string) (p settlement.Payout, err error) {
	s, _ := f.worker()
	err = f.write(func(tx *db.Tx) (err error) {
		p, err = s.Redirect(context.Background(), tx, person, id, 0, to, consent)
		return err
	})
	return p, err
}

func (f office) notice(key string, r settlement.Result) {
	f.t.Helper()
	s, _ := f.worker()
	if err := f.write(func(tx *db.Tx) error { return s.Notice(context.Background(), tx, "shop", key, r) }); err != nil {
		f.t.Error(err)
	}
}

// closedCard declines every key of the first generation.
func closedCard(r settlement.Request) (answer settlement.Result) {
	if r.Reference == "pi_1" {
		answer = settlement.Result{Outcome: settlement.Declined, Reason: "the card is closed"}
	}
	return answer
}

func TestAPayoutGoesToOtherMeansWithConsent(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.answer = closedCard
		p := f.reserve("case_a", "bank", 10)[0]
		f.finish()
		if _, err := f.redirect(p.ID, credit, " "); !errors.Is(err, settlement.ErrConsent) {
			t.Errorf("without consent: %v", err)
		}
		if _, err := f.redirect(p.ID, settlement.Target{Kind: "bank_transfer"}, "yes"); !errors.Is(err, settlement.ErrTarget) {
			t.Errorf("without a provider: %v", err)
		}
		moved, err := f.redirect(p.ID, credit, "wrote on 2 March")
		if err != nil {
			t.Fatal(err)
		}
		if moved.ID != p.ID || moved.Key() != p.ID+"-2" || moved.Tender != "t1" || moved.Kind != "store_credit" || moved.State != settlement.Reserved {
			t.Errorf("%+v", moved)
		}
		if _, err := f.redirect(p.ID, credit, "twice"); !errors.Is(err, settlement.ErrMove) {
			t.Errorf("redirected on its way: %v", err)
		}
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 0, "reserved failed redirected submitted succeeded")
		got := f.bank.paid[moved.Key()]
		if len(got) != 1 || got[0].Reference != "acc_1" || got[0].Kind != "store_credit" || got[0].Amount.Minor != 10 {
			t.Errorf("%+v", got)
		}
	})
}

func TestNothingIsRedirectedThatMayHaveBeenPaid(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		silent := true
		f.bank.at = func(string, string) error {
			if silent {
				return errWire
			}
			return nil
		}
		p := f.reserve("case_a", "bank", 10)[0]
		for range 110 {
			f.run()
			f.clock.Add(70 * time.Minute)
		}
		p = f.expect(p.ID, settlement.Failed, 0, "reserved submitted failed")
		if !p.Unsure {
			t.Errorf("%+v", p)
		}
		if _, err := f.redirect(p.ID, credit, "yes"); !errors.Is(err, settlement.ErrUnsure) {
			t.Errorf("redirected though unknown: %v", err)
		}
		f.notice(p.ID, settlement.Result{Outcome: settlement.Declined, Reason: "closed"}) // now the provider says so itself
		if p = f.payout(p.ID); p.Unsure || p.LastError != "closed" {
			t.Errorf("%+v", p)
		}
		silent = false
		if _, err := f.redirect(p.ID, credit, "yes"); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 0, "reserved submitted failed failed redirected submitted succeeded")
		if n := len(f.bank.paid[p.ID+"-2"]); n != 1 {
			t.Errorf("%d payments", n)
		}
	})
}

func TestNothingIsRedirectedDuringAChargebackOrACall(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.answer = closedCard
		p := f.reserve("case_a", "bank", 10)[0]
		f.finish()
		c := f.block(settlement.Against{Order: "ord_1"})
		if _, err := f.redirect(p.ID, credit, "yes"); !errors.Is(err, settlement.ErrBlocked) {
			t.Errorf("during a chargeback: %v", err)
		}
		if err := f.unblock(c.ID, settlement.Won); err != nil {
			t.Fatal(err)
		}
		f.bank.at = func(step, key string) error {
			if step == "before" { // the bank tells its no before it answers the call
				f.notice(key, settlement.Result{Outcome: settlement.Declined, Reason: "closed"})
				if _, err := f.redirect(p.ID, credit, "yes"); !errors.Is(err, settlement.ErrWire) {
					t.Errorf("during a call: %v", err)
				}
			}
			return nil
		}
		if _, err := f.act(p.ID, 0, settlement.Retry, ""); err != nil {
			t.Fatal(err)
		}
		f.run()
		if got := f.payout(p.ID); got.State != settlement.Failed {
			t.Errorf("%+v", got)
		}
	})
}

func TestMoneyThatComesBackIsPaidAgain(t *testing.T) {
	bounced := settlement.Result{Outcome: settlement.Returned, Reason: "account closed"}
	again := map[string]func(f office, id string){
		"reserved succeeded reversed succeeded": func(f office, id string) {
			if _, err := f.act(id, 0, settlement.MarkPaid, "SEPA 1"); err != nil {
				f.t.Error(err)
			}
		},
		"reserved succeeded reversed redirected submitted succeeded": func(f office, id string) {
			if _, err := f.redirect(id, credit, "yes"); err != nil {
				f.t.Error(err)
			}
		},
	}
	for events, pay := range again {
		t.Run(events, func(t *testing.T) {
			each(t, func(t *testing.T, f office) {
				all := f.reserve("case_a", "bank", 10, 20)
				f.finish()
				id := all[0].ID
				f.notice(id, settlement.Result{Outcome: settlement.Returned, Reference: "another payment"})
				f.expect(id, settlement.Succeeded, 1, "reserved succeeded")
				for range 3 {
					f.notice(id, bounced)
				}
				f.expect(id, settlement.Reversed, 1, "reserved succeeded reversed")
				f.notice(id, settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + id}) // an old message, late
				if _, err := f.act(id, 0, settlement.Retry, ""); !errors.Is(err, settlement.ErrMove) {
					t.Errorf("sent again under a key that was paid: %v", err)
				}
				pay(f, id)
				f.notice(id, bounced) // late again, and about the first payment
				f.notice(id, settlement.Result{Outcome: settlement.Paid, Reference: "ref-" + id})
				f.finish()
				f.expect(id, settlement.Succeeded, 1, events)
				settled := 0
				for _, p := range all {
					_, n := f.events(p.ID)
					settled += n
				}
				if settled != 2 { // once, and once more after the money had come back
					t.Errorf("all settled %d times", settled)
				}
			})
		})
	}
}

func TestAPaymentToFormerMeansThatTurnsUpIsReported(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.answer = closedCard
		p := f.reserve("case_a", "bank", 10)[0]
		f.finish()
		if _, err := f.redirect(p.ID, credit, "yes"); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.notice(p.ID, settlement.Result{Outcome: settlement.Declined})
		f.notice(p.ID, settlement.Result{Outcome: settlement.Paid, Reference: "against all promises"})
		f.expect(p.ID, settlement.Succeeded, 0, "reserved failed redirected submitted succeeded duplicate")
	})
}

// Wires break and workers die while 32 people redirect, retry and mark paid at
// once: each payout is paid once over all its keys and by hand.
func TestManyPeopleAndDeathsPayOnceOverAllKeys(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.forgetful = true
		f.bank.answer = closedCard
		var mu sync.Mutex
		r := rand.New(rand.NewPCG(3, 3))
		f.bank.at = func(string, string) error {
			mu.Lock()
			n := r.IntN(8)
			mu.Unlock()
			switch n {
			case 0:
				runtime.Goexit()
			case 1:
				return errWire
			}
			return nil
		}
		var all []settlement.Payout
		for i := range 6 {
			all = append(all, f.reserve("case_"+string(rune('A'+i)), "bank", 10)...)
		}
		for range 30 {
			f.run()
			f.clock.Add(65 * time.Second)
		}
		byHand := map[string]int{}
		for range 4 {
			var wg sync.WaitGroup
			for i := range 32 {
				wg.Go(func() {
					p := all[i%len(all)]
					switch i % 3 {
					case 0:
						_, _ = f.redirect(p.ID, credit, "yes")
					case 1:
						_, _ = f.act(p.ID, 0, settlement.Retry, "")
					case 2:
						if i > 16 {
							if _, err := f.act(p.ID, 0, settlement.MarkPaid, "by hand"); err == nil {
								mu.Lock()
								byHand[p.ID]++
								mu.Unlock()
							}
							return
						}
						f.run()
					}
				})
			}
			wg.Wait()
			f.clock.Add(65 * time.Second)
		}
		f.bank.at = func(string, string) error { return nil }
		f.finish()
		for _, p := range all {
			if f.payout(p.ID).State == settlement.Failed {
				if _, err := f.redirect(p.ID, credit, "yes"); err != nil {
					t.Error(err)
				}
			}
		}
		f.finish()
		for _, p := range all {
			got := f.payout(p.ID)
			paid := byHand[p.ID]
			for generation := 1; generation <= got.Generation; generation++ {
				one := got
				one.Generation = generation
				paid += len(f.bank.paid[one.Key()])
			}
			types, _ := f.events(p.ID)
			if got.State != settlement.Succeeded || paid != 1 {
				t.Errorf("%s is %s, paid %d times after %v", p.ID, got.State, paid, types)
			}
		}
	})
}
