package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// pays records that the customer paid what the case demands.
func (s *shop) pays(id string) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		d, err := charge.ByID(s.t.Context(), tx, s.agent, id)
		if err != nil {
			return err
		}
		_, err = s.cases.Charge.Act(s.t.Context(), tx, s.agent, id, d.Version, charge.Input{Do: charge.Pay, Reference: "cash 1", Amount: d.Amount})
		return err
	})
	s.work()
}

// dearer is an exchange of one unit (179.10 paid) for an article of 259.00,
// graded and waiting for the difference.
func (s *shop) dearer(number string) cases.Case {
	s.t.Helper()
	s.sells("X9-"+number, 25900)
	o := s.order(number, 19900)
	c := s.asked(s.buyer, cases.Request{Kind: cases.KindExchange, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "not_as_described", SKU: "X9-" + number}}})
	c = s.act(s.agent, c, received(1))
	c = s.act(s.agent, c, graded(1, 0))
	if c.State != cases.Resolving || c.Timer != cases.TimerPayment || c.Detail.Exchange.Due != 25900-17910 {
		s.t.Fatalf("%s %s, due %d", c.State, c.Timer, c.Detail.Exchange.Due)
	}
	if _, err := s.try(s.agent, c, cases.Input{Action: cases.Ship, Tracking: "SF1"}); err == nil {
		s.t.Error("sent before it was paid")
	}
	return c
}

func TestADearerArticleIsSentWhenTheDifferenceIsPaid(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.dearer("C1")
		s.pays(c.Detail.Exchange.Charge)
		c = s.reload(c)
		if !c.Detail.Exchange.Collected || c.Timer != cases.TimerPayout {
			t.Fatalf("%+v %s", c.Detail.Exchange, c.Timer)
		}
		c = s.act(s.agent, c, cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF4445556661"})
		s.expect(c, cases.AwaitConfirm, 0)
		back := s.asked(s.agent, cases.Request{Order: c.Detail.Exchange.Order, Items: item(1, "not_as_described")})
		if back.Quoted != 25900 {
			t.Errorf("giving the new unit back promises %d, it cost 259.00", back.Quoted)
		}
	})
}

func TestADifferenceThatNobodyPaysBecomesARefund(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.dearer("C2")
		s.later(73 * time.Hour)
		s.later(time.Minute)
		c = s.expect(c, cases.Completed, 17910+343)
		if c.Kind != cases.KindReturn {
			t.Errorf("still %s", c.Kind)
		}
	})
}

func TestAPaidDifferenceGoesBackWithTheRefund(t *testing.T) {
	eachShop(t, func(s *shop) {
		c := s.dearer("C3")
		id := c.Detail.Exchange.Charge
		s.pays(id)
		c = s.act(s.agent, s.reload(c), cases.Input{Action: cases.Convert, Comment: "sold out"})
		if want := int64(17910 + 343 + 25900 - 17910); c.Refunded != want {
			t.Errorf("%d goes back, want %d", c.Refunded, want)
		}
		s.work()
		s.expect(c, cases.Resolving, 17910+343) // the cash goes back by hand
	})
}

func TestWhatWasPaidTooEarlyIsAskedBack(t *testing.T) {
	for _, all := range []bool{false, true} {
		eachShop(t, func(s *shop) {
			s.under(func(r *policy.Rules) { r.Advance.Max = map[string]int64{"CNY": 100000} })
			o := s.order("C4", 19900)
			c := s.scan(s.open(s.buyer, o, 2, "wrong_size"), shipment.HandedOver)
			s.work()
			paid := s.bank.total()
			c = s.act(s.agent, s.reload(c), received(2))
			good, bad := int64(1), int64(1)
			if all {
				good, bad = 0, 2
			}
			c = s.act(s.agent, c, graded(good, bad))
			a := c.Detail.Advance
			if a.State != cases.AdvanceRecovering || a.Owed <= 0 || a.Owed > paid || a.Charge == "" {
				t.Fatalf("%s: %+v of %d", c.State, a, paid)
			}
			s.pays(a.Charge)
			if c = s.reload(c); c.Detail.Advance.State != cases.AdvanceRecovered {
				t.Errorf("%+v", c.Detail.Advance)
			}
			again := s.open(s.buyer, o, 3-good, "not_as_described")
			if again.Quantity != 3-good {
				t.Errorf("the refused units are not free again: %+v", again.Items)
			}
		})
	}
}
