package cases_test

import (
	"slices"
	"testing"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
)

// hears lets cases follow everything about payouts, chargebacks and charges.
func (s *shop) hears() {
	s.t.Helper()
	types, react := s.cases.Events()
	s.write(func(tx *db.Tx) error {
		for _, stream := range []string{"chargeback", "payout", "charge"} {
			for _, e := range s.log(tx, stream) {
				if slices.Contains(types, e.Type) && !s.heard[e.ID] {
					s.heard[e.ID] = true
					for range 2 { // followers may repeat themselves
						if err := react(s.t.Context(), tx, e); err != nil {
							return err
						}
					}
				}
			}
		}
		return nil
	})
}

func (s *shop) payouts(c cases.Case) (all []settlement.Payout) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		all, err = settlement.ByCase(s.t.Context(), tx, "main", c.ID)
		return err
	})
	return all
}

func (s *shop) runs() {
	s.t.Helper()
	if _, err := s.queue.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.hears()
}

func (s *shop) chargeback(c cases.Case) (b settlement.Chargeback) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		b, err = s.cases.Payouts.Block(s.t.Context(), tx, s.agent, settlement.Against{Order: c.Order}, "fraudulent")
		return err
	})
	return b
}

func (s *shop) ends(b settlement.Chargeback, as settlement.Standing) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		_, err := s.cases.Payouts.Unblock(s.t.Context(), tx, s.agent, b.ID, 0, as)
		return err
	})
}

func TestAChargebackStopsTheMoneyOfACaseAndShowsOnIt(t *testing.T) {
	eachShop(t, func(s *shop) {
		early := s.open(s.buyer, s.order("CB1", 19900), 1, "not_as_described") // nothing is to be paid yet
		b := s.chargeback(early)
		s.hears()
		if d := s.reload(early).Detail.Dispute; d == nil || d.State != "open" || d.Chargeback != b.ID {
			t.Fatalf("a case without payouts: %+v", d)
		}
		c := s.reload(early)
		if c.State == cases.Submitted {
			c = s.act(s.agent, c, yes)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.runs()
		if s.bank.total() != 0 || s.payouts(c)[0].State != settlement.Blocked {
			t.Fatalf("paid %d although the bank takes the payment back: %s", s.bank.total(), s.payouts(c)[0].State)
		}
		v := s.look(s.buyer, c)
		if v.State != cases.Resolving || v.Dispute == nil || v.Dispute.State != "open" || v.Dispute.Chargeback != "" || v.Next.Text != "The refund waits for the end of the dispute with the bank" {
			t.Errorf("the customer sees %+v, %q", v.Dispute, v.Next.Text)
		}
		if !slices.ContainsFunc(v.Timeline, func(x cases.TimelineView) bool { return x.Type == "case.dispute_opened" }) {
			t.Error("not on the timeline")
		}
		s.ends(b, settlement.Won)
		s.runs()
		s.runs()
		c = s.reload(c)
		if c.State != cases.Completed || s.bank.total() != c.Refunded || c.Detail.Dispute.State != "won" {
			t.Errorf("after it was won: %s, %d of %d, %+v", c.State, s.bank.total(), c.Refunded, c.Detail.Dispute)
		}
		if n := count(s.types(c), "case.dispute_opened", "case.dispute_closed"); n != 2 {
			t.Errorf("%d events of one dispute: %v", n, s.types(c))
		}
	})
}

func TestMoneyThatCameBackIsOpenAgainUntilAPersonHasPaidIt(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer, s.order("CB2", 19900), 1, "not_as_described")
		if c.State == cases.Submitted {
			c = s.act(s.agent, c, yes)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.runs()
		if c = s.reload(c); c.State != cases.Completed {
			t.Fatalf("not paid: %s", c.State)
		}
		p := s.payouts(c)[0]
		s.write(func(tx *db.Tx) error {
			return s.cases.Payouts.Notice(t.Context(), tx, "main", p.ID, settlement.Result{Outcome: settlement.Returned, Reference: p.ProviderRef, Reason: "account closed"})
		})
		s.hears()
		v := s.look(s.agent, c)
		if v.State != cases.Completed || v.Money.CameBack == nil || v.Money.CameBack.Minor != p.Amount || v.Next.Who != "seller" {
			t.Fatalf("%s, came back %+v, next %+v", v.State, v.Money.CameBack, v.Next)
		}
		if n := count(s.types(c), "case.money_returned"); n != 1 {
			t.Errorf("%d events: %v", n, s.types(c))
		}
		p = s.payouts(c)[0]
		s.write(func(tx *db.Tx) error {
			_, err := s.cases.Payouts.Act(t.Context(), tx, s.boss, p.ID, p.Version, settlement.MarkPaid, "by bank transfer")
			return err
		})
		s.hears()
		if v := s.look(s.agent, c); v.Money.CameBack != nil || v.State != cases.Completed || v.Next.Text != "Everything is done" {
			t.Errorf("paid again: %+v, %s, %q", v.Money.CameBack, v.State, v.Next.Text)
		}
	})
}

func count(all []string, of ...string) (n int) {
	for _, x := range all {
		if slices.Contains(of, x) {
			n++
		}
	}
	return n
}
