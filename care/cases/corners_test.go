package cases_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// reserved is the sum of a case's payouts.
func (s *shop) reserved(c cases.Case) (sum int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		all, err := settlement.ByCase(s.t.Context(), tx, "main", c.ID)
		for _, p := range all {
			sum += p.Amount
		}
		return err
	})
	return sum
}

func TestAnExchangeThatBecameARefundByAgreementSendsNothing(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.sells("X5", 9900)
		o := s.order("E1", 89900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "not_as_described", SKU: "X5"}}})
		c = s.act(s.agent, c, partial)
		c = s.act(s.buyer, c, do(cases.Accept))
		if _, err := s.try(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF10000001"}); err == nil {
			t.Error("a replacement was sent besides")
		}
		s.work()
		s.expect(c, cases.Completed, 5000)
	})
}

func TestGoodwillIsAddedToAReturnThatWasPaid(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("E2", 19900), s.lastOrder, 1, "not_as_described")
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.work()
		c = s.reload(c)
		c = s.act(s.agent, c, again)
		c = s.act(s.boss, c, again)
		if s.reserved(c) != c.Refunded || c.Refunded != 17910+343+500 {
			t.Errorf("%d of %d", s.reserved(c), c.Refunded)
		}
	})
}

func TestGoodsThatCameBackCanStillBeCompensatedFor(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}} })
		c := s.act(s.agent, s.open(s.buyer2("E3", 19900), s.lastOrder, 3, "not_as_described"), yes)
		s.act(s.agent, s.act(s.agent, c, received(3)), graded(3, 0))
		s.work()
		more, err := s.ask(s.agent, cases.Request{Kind: cases.KindCompensate, Order: s.lastOrder.ID, Items: item(1, ""), Basis: "goodwill", Amount: 100})
		if err != nil {
			t.Fatal(err)
		}
		s.act(s.boss, more, yes)
	})
}

func TestALostParcelAfterAnAdvancePaysTheRest(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.Advance.Max = map[string]int64{"CNY": 100000} })
		c := s.open(s.buyer2("E4", 19900), s.lastOrder, 2, "wrong_size")
		c = s.scan(c, shipment.HandedOver)
		s.work()
		c = s.scan(s.reload(c), shipment.Lost)
		if c.Refunded != s.reserved(c) {
			t.Errorf("%d reserved, the case says %d", s.reserved(c), c.Refunded)
		}
		if c.State != cases.Resolving {
			t.Errorf("%s before the rest was paid", c.State)
		}
		s.work()
		s.expect(c, cases.Completed, s.reserved(c))
	})
}

func TestBoxesThatNeverSetOutAreNotLost(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.act(s.agent, s.open(s.buyer2("E5", 19900), s.lastOrder, 3, "wrong_size"), yes)
		c = s.act(s.buyer, c, do(cases.AddParcel))
		c = s.act(s.agent, c, cases.Input{Action: cases.Receive, More: true, Received: []inspection.Received{{Line: 1, Quantity: 1}}})
		s.clock.Set(c.Deadline.Add(time.Second))
		s.work()
		if c = s.reload(c); s.bank.total() != 0 {
			t.Errorf("%s: %d paid for one of three that came", c.State, s.bank.total())
		}
	})
}

func TestGoodsThatWentBackCanBeSentInOnceMore(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("E6", 19900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(0, 1))
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF10000002"})
		c = s.act(s.buyer, c, cases.Input{Action: cases.Amend, Comment: "look again"})
		c = s.act(s.agent, c, yes)
		c = s.scan(c, shipment.Delivered)
		if c.State != cases.Inspecting {
			t.Errorf("%s", c.State)
		}
		c = s.act(s.agent, c, received(1))
		c = s.act(s.agent, c, graded(1, 0))
		s.work()
		s.expect(c, cases.Completed, 16910)
	})
}

func TestOneParcelIsStoppedForTwoRequests(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.sent("E7", policy.InTransit)
		stop := func(by actor.Actor) cases.Case {
			c := s.asked(by, cases.Request{Kind: cases.KindRefund, Order: o.ID, Items: item(1, "no_longer_needed"), Intercept: true})
			return s.act(s.agent, c, yes)
		}
		one, two := stop(s.buyer), stop(s.buyer)
		s.write(func(tx *db.Tx) error {
			return s.cases.Scan(t.Context(), tx, s.agent, one.Tracking, shipment.Scan{Status: shipment.Intercepted, At: tx.Now})
		})
		if s.reload(one).State != cases.Returning || s.reload(two).State != cases.Returning {
			t.Errorf("%s %s", s.reload(one).State, s.reload(two).State)
		}
	})
}

func TestAnEmptyBoxIsRefusedWithoutGrades(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.open(s.buyer2("E8", 19900), s.lastOrder, 1, "wrong_size")
		c = s.act(s.agent, s.act(s.agent, c, received(0)), do(cases.Grade))
		if c.State != cases.Rejected || c.Detail.Arrived {
			t.Errorf("%s, goods here: %t", c.State, c.Detail.Arrived)
		}
		c = s.act(s.agent, s.act(s.buyer, c, do(cases.Amend)), yes) // it came after all
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		s.work()
		s.expect(c, cases.Completed, 16910)
	})
}

func TestANewUnitIsNotPaidBackWhileItIsKept(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.order("E9", 19900)
		c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: item(1, "not_as_described")})
		c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF10000003"})
		again := s.asked(s.buyer, cases.Request{Kind: cases.KindRefund, Order: c.Detail.Exchange.Order, Items: item(1, "no_longer_needed")})
		if again.State != cases.Submitted {
			t.Errorf("%s %+v", again.State, again.Decision)
		}
	})
}

func TestARefundInsteadOfAnExchangeHasItsOwnDeadline(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.dearer("E10")
		s.pays(c.Detail.Exchange.Charge) // in cash, so it goes back by hand
		c = s.act(s.agent, s.reload(c), do(cases.Convert))
		if c.Timer != cases.TimerPayout {
			t.Fatalf("waits for %q", c.Timer)
		}
		s.later(25 * time.Hour)
		if c = s.reload(c); c.State != cases.Resolving || c.Timer != "" {
			t.Errorf("%s %q", c.State, c.Timer)
		}
		if !slices.Contains(s.types(c), "case.overdue") {
			t.Error("nobody was called")
		}
	})
}
