package settlement_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

func TestADeclinedPayoutWaitsForAPerson(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		closed := true
		f.bank.answer = func(settlement.Request) (r settlement.Result) {
			if closed {
				r = settlement.Result{Outcome: settlement.Declined, Reason: "the card is closed"}
			}
			return r
		}
		p := f.reserve("case_a", "bank", 10)[0]
		f.finish()
		p = f.expect(p.ID, settlement.Failed, 0, "reserved failed")
		if p.LastError != "the card is closed" || p.Attempts != 1 {
			t.Errorf("%+v", p)
		}
		if _, err := f.act(p.ID, p.Version+1, settlement.Retry, ""); !errors.Is(err, settlement.ErrStale) {
			t.Errorf("stale: %v", err)
		}
		closed = false
		if _, err := f.act(p.ID, p.Version, settlement.Retry, ""); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 1, "reserved failed retried submitted succeeded")
		if r := f.bank.paid[p.ID][0]; r.Key != p.ID {
			t.Errorf("another key: %+v", r)
		}
	})
}

func TestWhatNoProviderCanPayIsPaidByHand(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		p := f.reserve("case_a", "nobody", 10)[0]
		f.run()
		p = f.expect(p.ID, settlement.Manual, 0, "reserved manual")
		if _, err := f.act(p.ID, 0, settlement.MarkPaid, ""); !errors.Is(err, settlement.ErrReference) {
			t.Errorf("without a reference: %v", err)
		}
		if _, err := f.act(p.ID, p.Version, settlement.MarkPaid, "SEPA 4711"); err != nil {
			t.Fatal(err)
		}
		p = f.expect(p.ID, settlement.Succeeded, 0, "reserved manual succeeded")
		if _, settled := f.events(p.ID); settled != 1 || p.ProviderRef != "SEPA 4711" {
			t.Errorf("settled %d, %+v", settled, p)
		}
		for _, do := range []settlement.Event{settlement.Retry, settlement.MarkPaid, "succeed"} {
			if _, err := f.act(p.ID, 0, do, "x"); !errors.Is(err, settlement.ErrMove) {
				t.Errorf("%s after the end: %v", do, err)
			}
		}
	})
}

func TestAPayoutOnTheWireCannotBeMovedByAPerson(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.at = func(string, string) error { return errWire }
		p := f.reserve("case_a", "bank", 10)[0]
		for _, state := range []settlement.State{settlement.Reserved, settlement.Submitted} {
			if got := f.payout(p.ID); got.State != state {
				t.Errorf("is %s, want %s", got.State, state)
			}
			for _, do := range []settlement.Event{settlement.Retry, settlement.MarkPaid} {
				if _, err := f.act(p.ID, 0, do, "x"); !errors.Is(err, settlement.ErrMove) {
					t.Errorf("%s of %s: %v", do, state, err)
				}
			}
			f.run()
		}
	})
}

func TestAPayoutWithoutAnAnswerForDaysGoesToAPersonAndIsStillPaidOnce(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		silent := true
		f.bank.forgetful = true
		f.bank.at = func(step, _ string) error {
			if silent && step != "before" { // it pays, and never says so
				return errWire
			}
			return nil
		}
		p := f.reserve("case_a", "bank", 10)[0]
		for range 110 {
			f.run()
			f.clock.Add(70 * time.Minute)
		}
		f.expect(p.ID, settlement.Failed, 1, "reserved submitted failed")
		silent = false
		if _, err := f.act(p.ID, 0, settlement.Retry, ""); err != nil {
			t.Fatal(err)
		}
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 1, "reserved submitted failed retried succeeded")
	})
}

func TestAnswersThatComeLateOrTwiceCountOnce(t *testing.T) {
	each(t, func(t *testing.T, f office) {
		f.bank.answer = func(settlement.Request) settlement.Result { return settlement.Result{Outcome: settlement.Pending} }
		p := f.reserve("case_a", "bank", 10)[0]
		f.run()
		if got := f.payout(p.ID); got.State != settlement.Submitted {
			t.Errorf("pending is %s", got.State)
		}
		s, _ := f.worker()
		tell := func(r settlement.Result) {
			t.Helper()
			if err := f.write(func(tx *db.Tx) error { return s.Notice(t.Context(), tx, "shop", p.ID, r) }); err != nil {
				t.Error(err)
			}
		}
		tell(settlement.Result{Outcome: settlement.Pending})
		for range 3 {
			tell(settlement.Result{Outcome: settlement.Paid, Reference: "r1"})
		}
		tell(settlement.Result{Outcome: settlement.Declined, Reason: "too late"})
		f.finish()
		f.expect(p.ID, settlement.Succeeded, 0, "reserved submitted succeeded")
		tell(settlement.Result{Outcome: settlement.Paid, Reference: "r2"})
		f.expect(p.ID, settlement.Succeeded, 0, "reserved submitted succeeded duplicate")
	})
}

func TestEveryMoveIsListedOnceAndOnlyMoneyThatComesBackEndsSuccess(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, m := range settlement.Moves {
		key := [2]string{string(m.From), string(m.On)}
		if seen[key] || m.From == settlement.Succeeded && m.To != settlement.Reversed {
			t.Errorf("%+v", m)
		}
		seen[key] = true
	}
}
