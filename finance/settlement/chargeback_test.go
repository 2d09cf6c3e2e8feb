package settlement_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

func (f office) block(what settlement.Against) (c settlement.Chargeback) {
	f.t.Helper()
	s, _ := f.worker()
	err := f.write(func(tx *db.Tx) (err error) {
		c, err = s.Block(context.Background(), tx, person, what, "fraudulent")
		return err
	})
	if err != nil {
		f.t.Errorf("block: %v", err)
	}
	return c
}

func (f office) unblock(id string, outcome settlement.Standing) error {
	s, _ := f.worker()
	return f.write(func(tx *db.Tx) error {
		_, err := s.Unblock(context.Background(), tx, person, id, 0, outcome)
		return err
	})
}

func (f office) opened(id string) (fact settlement.ChargebackOpenedFact) {
	f.t.Helper()
	err := f.d.Read(context.Background(), func(tx *db.Tx) error {
		all, err := event.History(f.t.Context(), tx, "shop", "chargeback", id)
		if err != nil || len(all) == 0 {
			return errors.Join(err, errors.New("no event"))
		}
		return json.Unmarshal(all[0].Data, &fact)
	})
	if err != nil {
		f.t.Error(err)
	}
	return fact
}

func TestAPayoutReservedOnABlockedTenderWaitsAndIsSentUnderItsKey(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		c := f.block(settlement.Against{Order: "ord_1", Tender: "t1"})
		all := f.reserve("case_a", "bank", 10, 20) // t1 and t2
		if all[0].State != settlement.Blocked || all[1].State != settlement.Reserved {
			t.Errorf("%s, %s", all[0].State, all[1].State)
		}
		f.finish()
		f.expect(all[0].ID, settlement.Blocked, 0, "reserved blocked")
		f.expect(all[1].ID, settlement.Succeeded, 1, "reserved succeeded")
		if err := f.unblock(c.ID, settlement.Won); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(all[0].ID, settlement.Succeeded, 1, "reserved blocked unblocked submitted succeeded")
		if _, last := f.events(all[0].ID); last != 1 {
			t.Error("the last payout does not say that all is settled")
		}
		if err := f.unblock(c.ID, settlement.Won); !errors.Is(err, settlement.ErrClosed) {
			t.Errorf("ended twice: %v", err)
		}
	})
}

func TestAChargebackTellsWhatItMeets(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		paid := f.reserve("case_paid", "bank", 10)[0]
		f.run()
		f.bank.at = func(string, string) error { return errWire }
		sent := f.reserve("case_sent", "bank", 10)[0]
		f.run()
		waiting := f.reserve("case_waiting", "bank", 10)[0]
		c := f.block(settlement.Against{Order: "ord_1"})
		if again := f.block(settlement.Against{Order: "ord_1"}); again.ID != c.ID {
			t.Errorf("the same twice makes %s and %s", c.ID, again.ID)
		}
		fact := f.opened(c.ID)
		want := settlement.ChargebackOpenedFact{ChargebackAbout: settlement.ChargebackAbout{Order: "ord_1"}, Reason: "fraudulent",
			Cases: []string{"case_paid", "case_sent", "case_waiting"}, Blocked: []string{waiting.ID}, Left: []string{sent.ID}, Paid: []string{paid.ID}}
		if diff := cmp.Diff(want, fact); diff != "" {
			t.Error(diff)
		}
		f.bank.at = func(string, string) error { return nil }
		f.finish()
		// The bank had never heard of the one that was sent, so it waits too.
		f.expect(sent.ID, settlement.Blocked, 0, "reserved submitted blocked")
		f.expect(waiting.ID, settlement.Blocked, 0, "reserved blocked")
		if err := f.unblock(c.ID, settlement.Withdrawn); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(sent.ID, settlement.Succeeded, 1, "reserved submitted blocked unblocked submitted succeeded")
		f.expect(waiting.ID, settlement.Succeeded, 1, "reserved blocked unblocked submitted succeeded")
	})
}

func TestAChargebackCanNameThePaymentInsteadOfTheOrder(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		before := f.reserve("case_a", "bank", 10)[0]
		c := f.block(settlement.Against{Provider: "bank", Payment: "pi_1"})
		after := f.reserve("case_b", "bank", 10)[0]
		f.block(settlement.Against{Provider: "bank", Payment: "pi_2"})
		f.block(settlement.Against{Provider: "other", Payment: "pi_1"})
		f.finish()
		for _, p := range []settlement.Payout{before, after} {
			f.expect(p.ID, settlement.Blocked, 0, "reserved blocked")
		}
		second := f.block(settlement.Against{Order: "ord_1", Tender: "t1"})
		if err := f.unblock(c.ID, settlement.Won); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(after.ID, settlement.Blocked, 0, "reserved blocked") // the other chargeback is open
		if err := f.unblock(second.ID, settlement.Won); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(before.ID, settlement.Succeeded, 1, "reserved blocked unblocked submitted succeeded")
		f.expect(after.ID, settlement.Succeeded, 1, "reserved blocked unblocked submitted succeeded")
		s, _ := f.worker()
		err := f.write(func(tx *db.Tx) error {
			_, err := s.Block(t.Context(), tx, person, settlement.Against{Tender: "t1"}, "x")
			return err
		})
		if !errors.Is(err, settlement.ErrAgainst) {
			t.Errorf("about nothing: %v", err)
		}
	})
}

func TestALostChargebackLeavesPayoutsToAPerson(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		p := f.reserve("case_a", "bank", 10)[0]
		c := f.block(settlement.Against{Order: "ord_1"})
		f.run()
		if err := f.unblock(c.ID, settlement.Lost); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(p.ID, settlement.Manual, 0, "reserved blocked manual")
		later := f.reserve("case_b", "bank", 10)[0]
		f.finish()
		later = f.expect(later.ID, settlement.Manual, 0, "reserved manual")
		to := settlement.Target{Kind: "store_credit", Provider: "bank"}
		if _, err := f.redirect(later.ID, to, "agreed by mail"); !errors.Is(err, settlement.ErrUnsure) {
			t.Errorf("paid another way though the bank may have paid: %v", err)
		}
		if _, err := f.act(p.ID, 0, settlement.MarkPaid, "dispute 4711"); err != nil {
			t.Error(err)
		}
		if _, err := f.act(later.ID, 0, settlement.Retry, ""); err != nil { // a person knows better
			t.Error(err)
		}
		f.finish()
		f.expect(later.ID, settlement.Succeeded, 1, "reserved manual retried submitted succeeded")
	})
}

// The chargeback comes while the worker talks to the bank. The answer is not
// lost, and the payout is not sent again.
func TestAChargebackDuringTheCallDoesNotLoseTheAnswer(t *testing.T) {
	for _, death := range []string{"none", "before", "after"} {
		t.Run("the worker dies: "+death, func(t *testing.T) {
			each(t, func(t *testing.T, f office) {
				f.bank.forgetful = true
				var c settlement.Chargeback
				f.bank.at = func(step, id string) error {
					if step == "before" && c.ID == "" {
						c = f.block(settlement.Against{Order: "ord_1"})
						if _, err := f.act(id, 0, settlement.MarkPaid, "by hand"); !errors.Is(err, settlement.ErrWire) {
							t.Errorf("paid by hand during the call: %v", err)
						}
					}
					if step == death {
						f.bank.at = func(string, string) error { return nil }
						runtime.Goexit()
					}
					return nil
				}
				p := f.reserve("case_a", "bank", 10)[0]
				f.run()
				f.finish()
				if death == "before" {
					f.expect(p.ID, settlement.Blocked, 0, "reserved blocked")
					if err := f.unblock(c.ID, settlement.Won); err != nil {
						t.Fatal(err)
					}
					f.finish()
					f.expect(p.ID, settlement.Succeeded, 1, "reserved blocked unblocked submitted succeeded")
					return
				}
				f.expect(p.ID, settlement.Succeeded, 1, "reserved blocked succeeded")
			})
		})
	}
}

// Chargebacks open and end at random while payouts are reserved and workers
// die: every payout is paid exactly once, and none is forgotten.
func TestChargebacksAtRandomLoseAndDoubleNothing(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.forgetful = true
		var mu sync.Mutex
		var all []settlement.Payout
		var wg sync.WaitGroup
		n := 0
		f.bank.at = func(step, _ string) error {
			mu.Lock()
			n++
			turn := n % 7
			mu.Unlock()
			switch turn {
			case 0:
				runtime.Goexit()
			case 1:
				return errWire
			}
			return nil
		}
		for i := range 32 {
			wg.Go(func() {
				s, _ := f.worker()
				switch i % 4 {
				case 0, 1:
					plan := settlement.Plan{Case: "case_" + string(rune('A'+i)), Order: "ord_1", Currency: "JPY", Parts: []settlement.Part{
						{Purpose: settlement.Goods, Tender: "t1", Kind: "card", Provider: "bank", Reference: "pi_1", Amount: 10}}}
					err := f.write(func(tx *db.Tx) error {
						made, err := s.Reserve(context.Background(), tx, shop, plan)
						if err == nil {
							tx.OnCommit(func() { mu.Lock(); all = append(all, made...); mu.Unlock() })
						}
						return err
					})
					if err != nil {
						t.Error(err)
					}
				case 2:
					c := f.block(settlement.Against{Order: "ord_1", Tender: []string{"", "t1"}[i/4%2]})
					f.run()
					if err := f.unblock(c.ID, settlement.Won); err != nil && !errors.Is(err, settlement.ErrClosed) && !errors.Is(err, settlement.ErrStale) {
						t.Error(err)
					}
				case 3:
					f.run()
				}
			})
		}
		wg.Wait()
		f.bank.at = func(string, string) error { return nil }
		f.finish()
		if len(all) != 16 {
			t.Errorf("%d payouts", len(all))
		}
		for _, p := range all {
			got := f.payout(p.ID)
			types, _ := f.events(p.ID)
			if got.State != settlement.Succeeded || len(f.bank.paid[p.ID]) != 1 {
				t.Errorf("%s %s, %d payments after %v", p.ID, got.State, len(f.bank.paid[p.ID]), types)
			}
		}
		f.clock.Add(time.Hour)
	})
}
