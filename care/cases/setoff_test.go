package cases_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// faked is an order under rules that promise twice the price for a fake, paid at
// once when a person has seen it.
func (s *shop) faked(number string, onTop bool, more ...policy.Condition) order.Order {
	s.under(func(r *policy.Rules) {
		r.Conditions = more
		r.Promises = []policy.Promise{{Code: "fake_double", Multiple: 200, OnTop: onTop, Auto: map[string]int64{"CNY": 1_000_000}, Says: map[string]string{"zh-CN": "假一赔二", "zh-TW": "假一賠二", "en": "Twice the price for a fake"}}}
		r.Reasons = append(r.Reasons, policy.Reason{Code: "counterfeit", Photos: "none", Freight: "seller", Claim: policy.Fraud})
	})
	return s.order(number, 19900)
}

// proved is a return of one unit that a person found to be a fake.
func (s *shop) proved(o order.Order) cases.Case {
	c := s.open(s.buyerOf(o), o, 1, "counterfeit")
	if c.State == cases.Submitted {
		c = s.act(s.agent, c, yes)
	}
	c = s.act(s.agent, s.act(s.agent, c, received(1)), graded(1, 0))
	s.work()
	return s.reload(c)
}

// punitive is a claim by law for one unit.
func (s *shop) punitive(o order.Order, amount int64) cases.Case {
	s.t.Helper()
	return s.asked(s.buyerOf(o), cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, "counterfeit"), Basis: "statutory", Amount: amount})
}

func (s *shop) granted(c cases.Case) cases.Case {
	s.t.Helper()
	if c.State == cases.Submitted {
		c = s.act(s.boss, c, yes)
	}
	s.work()
	s.byHand(c)
	return s.reload(c)
}

func groundCodes(c cases.Case) (all []string) {
	for _, g := range c.Decision.Grounds {
		all = append(all, g.Code)
	}
	return all
}

const twice, thrice = int64(2 * 17910), int64(3 * 17910)

// Whichever comes first, the larger of promise and law is paid for one wrong.
func TestAPromiseAndTheLawPayOneWrongOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.faked("SO1", false)
		kept := s.paying(s.proved(o))
		s.byHand(kept)
		if kept = s.reload(kept); kept.Refunded != twice {
			s.t.Fatalf("the promise paid %d", kept.Refunded)
		}
		ask := cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, "counterfeit"), Basis: "statutory", Amount: thrice}
		s.write(func(tx *db.Tx) error {
			_, p, err := s.cases.Preview(t.Context(), tx, s.buyerOf(o), ask)
			if err == nil && (p.Quote.Total != thrice-twice || !slices.ContainsFunc(p.Decision.Grounds, func(g policy.Ground) bool { return g.Code == "set_off" })) {
				s.t.Errorf("before it is asked: %d, %+v", p.Quote.Total, p.Decision.Grounds)
			}
			return err
		})
		c := s.punitive(o, thrice)
		if c.Detail.Claim.SetOff != twice || c.Detail.Claim.PaidBy != kept.Number || c.Quoted != thrice-twice || !slices.Contains(groundCodes(c), "set_off") {
			s.t.Fatalf("%+v quoted %d, %v", c.Detail.Claim, c.Quoted, groundCodes(c))
		}
		for _, by := range []actor.Actor{s.buyerOf(o), s.agent} {
			s.read(c, by, func(v cases.View) {
				if v.Claim == nil || v.Claim.SetOff.Minor != twice || v.Claim.PaidBy != kept.Number {
					s.t.Errorf("%s sees %+v", by.Kind, v.Claim)
				}
			})
		}
		if c = s.granted(c); c.Refunded != thrice-twice {
			s.t.Errorf("the law paid %d on top of %d", c.Refunded, twice)
		}

		o = s.faked("SO2", false) // and the other way round
		c = s.granted(s.punitive(o, thrice))
		if c.Refunded != thrice {
			s.t.Fatalf("the law paid %d", c.Refunded)
		}
		back := s.proved(o)
		if len(back.Detail.Kept) != 1 || back.Detail.Kept[0].Case != "" || back.Detail.Kept[0].Amount != 0 || back.Detail.Kept[0].Number != c.Number {
			s.t.Errorf("a promise of less was kept besides: %+v", back.Detail.Kept)
		}
	})
}

func TestWhatWasPaidInFullIsRefusedWithTheCaseThatPaid(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.faked("SO3", false)
		early := s.punitive(o, twice) // waits for a person while the promise comes true
		kept := s.paying(s.proved(o))
		if _, err := s.try(s.boss, early, yes); !errors.Is(err, cases.ErrPaidAlready) {
			s.t.Errorf("approved after the promise was kept: %v", err)
		}
		c := s.punitive(o, twice)
		if c.State != cases.Rejected || !slices.Equal(groundCodes(c), []string{"set_off_all"}) {
			s.t.Fatalf("%s for %v", c.State, groundCodes(c))
		}
		for _, lang := range locale.Languages {
			if said := c.Decision.Grounds[0].Text(lang); !strings.Contains(said, kept.Number) || strings.Contains(said, "{") || strings.HasPrefix(said, "ground.") {
				s.t.Errorf("in %s: %q", lang, said)
			}
		}
		other := s.asked(s.buyerOf(o), cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: []cases.Wanted{{Line: 2, Quantity: 1, Reason: "counterfeit"}}, Basis: "statutory", Amount: twice})
		if other.Detail.Claim.SetOff != 0 {
			s.t.Errorf("another article is another wrong: %+v", other.Detail.Claim)
		}
	})
}

func TestAPromiseOnTopIsPaidBesidesTheLaw(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.faked("SO4", true)
		kept := s.paying(s.proved(o))
		if c := s.granted(s.punitive(o, thrice)); c.Refunded != thrice || kept.Refunded != twice || c.Detail.Claim.SetOff != 0 {
			s.t.Errorf("%d by law and %d by the promise", c.Refunded, kept.Refunded)
		}
	})
}

// Where the law gives more for sure, that is what the promise pays.
func TestTheLargerAmountOfTheLawIsPaidWithThePromise(t *testing.T) {
	eachShop(t, func(s *shop) {
		o := s.faked("SO5", false, policy.Condition{ID: "ask", When: "item.reason == 'counterfeit'", Kinds: []string{policy.ReturnRefund}, Then: policy.Then{Needs: []policy.Question{{Name: "use.opened", Type: "bool"}}}})
		c := s.open(s.buyerOf(o), o, 3, "counterfeit") // something is asked, and staff know more
		c = s.act(s.agent, c, cases.Input{Action: cases.Answer, Facts: cases.Facts{"use.opened": []byte("true"), "fraud.found": []byte("true")}})
		if c.State == cases.Submitted {
			c = s.act(s.agent, c, yes)
		}
		c = s.act(s.agent, s.act(s.agent, c, received(3)), graded(3, 0))
		s.work()
		k := s.paying(c)
		if k.Detail.Claim.Amount != 3*thrice || !slices.Contains(groundCodes(k), "law_larger") {
			s.t.Fatalf("%+v: %v", k.Detail.Claim, groundCodes(k))
		}
		if again := s.punitive(o, thrice); again.State != cases.Rejected {
			s.t.Errorf("the law is paid once more: %s for %d", again.State, again.Quoted)
		}
	})
}
