package cases_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// protects lets the shop pay lower prices back.
func (s *shop) protects() { s.under(func(r *policy.Rules) { r.PriceProtectionDays = 30 }) }

// fell asks for the difference of so many units of line 1.
func (s *shop) fell(o order.Order, quantity, lower int64) (cases.Case, error) {
	s.t.Helper()
	return s.ask(s.buyer, cases.Request{Kind: cases.KindProtection, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: quantity, Lower: lower}}})
}

func TestGoodsInAReturnGetTheLowerPriceAndGiveBackLess(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.protects()
		o := s.sent("P1", policy.AfterReceipt)
		back := s.open(s.buyer, o, 2, "not_as_described")
		if back.Quoted != 21000 {
			t.Fatalf("the return promises %d", back.Quoted)
		}
		fell, err := s.fell(o, 2, 9000)
		if err != nil {
			t.Fatal(err)
		}
		if fell.State == cases.Submitted {
			fell = s.act(s.agent, fell, cases.Input{Action: cases.Approve})
		}
		s.work()
		s.expect(fell, cases.Completed, 2000)
		back = s.reload(back)
		if back.Quoted != 19000 || !slices.Contains(s.types(back), "case.repriced") {
			t.Errorf("the return still promises %d: %v", back.Quoted, s.types(back))
		}
		back = s.act(s.agent, s.act(s.agent, back, received(2)), graded(2, 0))
		s.work()
		s.expect(back, cases.Completed, o.Paid())
		if _, err := s.fell(o, 1, 8000); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("what was paid back has no price: %v", err)
		}
	})
}

func TestAReturnMayBeAskedWhileTheLowerPriceWaits(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.protects()
		o := s.sent("P2", policy.AfterReceipt)
		fell, err := s.fell(o, 2, 9000)
		if err != nil || fell.State != cases.Submitted {
			t.Fatalf("%s: %v", fell.State, err)
		}
		if _, err := s.fell(o, 1, 8000); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("twice at once: %v", err)
		}
		one := s.open(s.buyer, o, 1, "not_as_described")
		one = s.act(s.agent, s.act(s.agent, one, received(1)), graded(1, 0))
		s.work()
		one = s.expect(one, cases.Completed, one.Refunded)
		fell = s.act(s.agent, s.reload(fell), cases.Input{Action: cases.Approve})
		s.work()
		s.expect(fell, cases.Completed, one.Refunded+1000)
		rest := s.open(s.buyer, o, 1, "not_as_described")
		if rest.Quoted != o.Paid()-one.Refunded-1000 {
			t.Errorf("the rest is %d of %d, after %d and 1000", rest.Quoted, o.Paid(), one.Refunded)
		}
	})
}

func TestALowerPriceOfWhatWasPaidBackIsTurnedDownInTime(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.protects()
		o := s.sent("P3", policy.AfterReceipt)
		fell, err := s.fell(o, 2, 9000)
		if err != nil {
			t.Fatal(err)
		}
		back := s.open(s.buyer, o, 2, "not_as_described")
		s.act(s.agent, s.act(s.agent, back, received(2)), graded(2, 0))
		s.work()
		if _, err := s.try(s.agent, s.reload(fell), cases.Input{Action: cases.Approve}); !errors.Is(err, refund.ErrUnitsTaken) {
			t.Errorf("a person agrees: %v", err)
		}
		s.later(49 * time.Hour)
		fell = s.reload(fell)
		if fell.State != cases.Rejected || fell.Refunded != 0 || fell.Decision.Grounds[0].Code != "goods_paid_back" {
			t.Errorf("%s, %d, %+v", fell.State, fell.Refunded, fell.Decision)
		}
		if s.bank.total() != o.Paid() {
			t.Errorf("%d of %d were paid back", s.bank.total(), o.Paid())
		}
	})
}

func TestGoodsThatWereSentAgainGetTheLowerPrice(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.protects()
		o := s.sent("P4", policy.AfterReceipt)
		again := s.asked(s.buyer, cases.Request{Kind: cases.KindReship, Order: o.ID, Items: item(2, "missing_parts")})
		fell, err := s.fell(o, 2, 9500)
		if err != nil {
			t.Fatal(err)
		}
		fell = s.act(s.agent, fell, cases.Input{Action: cases.Approve})
		s.work()
		s.expect(fell, cases.Completed, 1000)
		if now := s.reload(again); now.State == cases.Rejected || now.Quoted != again.Quoted {
			t.Errorf("%s, %d", now.State, now.Quoted)
		}
	})
}

// What the customer may ask for says so before anything is asked.
func TestTheOrderSaysWhosePriceMayBeAskedAbout(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.protects()
		o := s.sent("P5", policy.AfterReceipt)
		s.open(s.buyer, o, 2, "not_as_described")
		if r := s.mine(o).Lines[0].Returnable; r.Count != 0 || r.Priced != 2 || !slices.Contains(r.Kinds, cases.KindProtection) || slices.Contains(r.Kinds, cases.KindReturn) {
			t.Errorf("in a return: %+v", r)
		}
		if _, err := s.fell(o, 2, 9000); err != nil {
			t.Fatal(err)
		}
		if r := s.mine(o).Lines[0].Returnable; r.Priced != 0 || slices.Contains(r.Kinds, cases.KindProtection) {
			t.Errorf("asked about: %+v", r)
		}
	})
}

func (s *shop) mine(o order.Order) (v cases.MyOrder) {
	s.t.Helper()
	s.write(func(tx *db.Tx) (err error) {
		v, _, err = s.cases.MyOrder(s.t.Context(), tx, s.buyer, o.ID, "en")
		return err
	})
	return v
}
