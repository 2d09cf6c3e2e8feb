package cases_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// questioning makes the policy ask whether goods that are not as described were
// opened. Opened ones are refused by the policy.
func (s *shop) questioning() {
	s.t.Helper()
	s.under(func(r *policy.Rules) {
		r.Conditions = []policy.Condition{
			{ID: "used", When: `'use.opened' in known && known['use.opened'] == true`, Reasons: []string{"wrong_size"}, Then: policy.Then{Outcome: "refuse"}},
			{ID: "ask", When: "true", Reasons: []string{"not_as_described", "wrong_size"}, Then: policy.Then{Outcome: "ask", Needs: []policy.Question{{Name: "use.opened", Type: "bool"}}}},
		}
	})
}

// doubtful is a case whose customer is asked.
func (s *shop) doubtful(number string) cases.Case {
	s.t.Helper()
	c := s.openOf(s.order(number, 89900), 1, "not_as_described")
	if c.State != cases.Submitted || len(c.Detail.Needs) != 1 || c.Decision.Outcome != "ask" {
		s.t.Fatalf("%s %+v %+v", c.State, c.Decision, c.Detail)
	}
	return c
}

// openOf opens a case as the customer of the order that came last.
func (s *shop) openOf(o order.Order, quantity int64, reason string) cases.Case {
	s.t.Helper()
	return s.open(s.buyer, o, quantity, reason)
}

func opened(value string) cases.Input {
	return cases.Input{Action: cases.Answer, Facts: cases.Facts{"use.opened": json.RawMessage(value)}}
}

func TestWhatIsAskedIsAnsweredOrGoesToAPerson(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.questioning()
		c := s.doubtful("Q1")
		if c.Timer != cases.TimerReply || c.Deadline.Sub(monday) < 7*24*time.Hour {
			t.Errorf("the customer has until %s (%s)", c.Deadline, c.Timer)
		}
		if len(c.Detail.Paused) != 1 || c.Detail.Paused[0].Name != cases.TimerAnswer || c.Detail.Paused[0].Left != 48*time.Hour {
			t.Errorf("the seller's time: %+v", c.Detail.Paused)
		}
		s.clock.Add(50 * time.Hour) // the seller's time does not run
		s.work()
		if now := s.reload(c); now.Version != c.Version {
			t.Errorf("it went on by itself: %s", now.State)
		}
		for _, bad := range []cases.Facts{nil, {"use.beyond_test": json.RawMessage("true")}, {"use.opened": json.RawMessage("7")}} {
			_, err := s.try(s.buyer, c, cases.Input{Action: cases.Answer, Facts: bad})
			if !errors.Is(err, cases.ErrNothing) && !errors.Is(err, owed.ErrAnswer) {
				t.Errorf("%v: %v", bad, err)
			}
		}
		c = s.act(s.buyer, c, opened("false"))
		if c.State != cases.Submitted || c.Decision.Outcome != "review" || c.Timer != cases.TimerAnswer || len(c.Detail.Needs) != 0 || len(c.Detail.Paused) != 0 {
			t.Errorf("answered: %s %+v %+v", c.State, c.Decision, c.Detail)
		}
		if left := c.Deadline.Sub(s.clock.Now()); left != 48*time.Hour {
			t.Errorf("the seller has %s", left)
		}
		if _, err := s.try(s.buyer, c, opened("true")); !errors.Is(err, cases.ErrGuard) {
			t.Errorf("answered twice: %v", err)
		}

		c = s.doubtful("Q2")
		s.clock.Set(c.Deadline.Add(time.Minute))
		s.work()
		c = s.reload(c)
		if c.State != cases.Submitted || c.Decision.Outcome != "review" || c.Timer != cases.TimerAnswer {
			t.Errorf("silence: %s %+v", c.State, c.Decision)
		}
		if !slices.ContainsFunc(c.Decision.Grounds, func(g cases.Ground) bool { return g.Code == "not_answered" }) {
			t.Errorf("silence is not a ground: %+v", c.Decision.Grounds)
		}
	})
}

func TestAnAnswerThatSettlesItIsCarriedOutAtOnce(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.questioning()
		o := s.order("Q3", 10000)
		c := s.open(s.buyer, o, 1, "not_as_described")
		c = s.act(s.agent, c, opened("false")) // staff for a customer who calls
		if c.State != cases.AwaitReturn || c.Decision.By != "rule" || c.Tracking == "" || len(c.Detail.Paused) != 0 {
			t.Errorf("approved: %s %+v %+v", c.State, c.Decision, c.Detail)
		}
		if got := s.types(c); !slices.Contains(got, "case.asked") || !slices.Contains(got, "case.answered") || !slices.Contains(got, "case.approved") {
			t.Errorf("events: %v", got)
		}
		s.read(c, s.buyer, func(v cases.View) {
			if len(v.Answers) != 1 || string(v.Answers[0].Value) != "false" || v.Next.Who != "customer" {
				t.Errorf("%+v", v.Answers)
			}
		})
		s.clock.Add(20 * 24 * time.Hour) // no law helps any more
		late := s.open(s.buyer, o, 1, "not_as_described")
		s.read(late, s.buyer, func(v cases.View) {
			if len(v.Needs) != 1 || v.Needs[0].Text == "" || v.Needs[0].Why != nil || v.Next.Who != "customer" || v.Next.By == nil {
				t.Errorf("%+v %+v", v.Needs, v.Next)
			}
		})
	})
}

func TestTheLawGivesWhatThePolicyRefuses(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.WindowDays = 0 })
		o := s.order("Q5", 10000)
		c := s.open(s.buyer, o, 1, "wrong_size")
		if c.State != cases.AwaitReturn || len(c.Decision.Packs) != 1 || len(c.Decision.Grounds) == 0 {
			t.Fatalf("%s %+v", c.State, c.Decision)
		}
		g := c.Decision.Grounds[0]
		if g.Basis != "law" || g.Rule != "CN-WD" || len(g.Cite) == 0 {
			t.Errorf("%+v", g)
		}
		for _, by := range []actor.Actor{s.buyer, s.agent} {
			s.read(c, by, func(v cases.View) {
				d := v.Decision
				if d.Grounds[0].Text == "" || len(d.Grounds[0].Cite) == 0 || (d.Grounds[0].Rule != "") != (by.Kind == actor.Staff) {
					t.Errorf("for %s: %+v", by.Kind, d.Grounds[0])
				}
			})
		}
	})
}

func TestThePolicyOffersByItself(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) {
			r.Proposals = []policy.OfferRule{{ID: "keep", Reasons: []string{"wrong_size"}, Offer: "partial", Percent: 20, Says: map[string]string{"en": "Keep it", "zh-CN": "留着吧", "zh-TW": "留著吧"}}}
		})
		c := s.openOf(s.order("Q6", 89900), 1, "wrong_size")
		if c.State != cases.Negotiating || len(c.Detail.Offers) != 1 || c.Detail.Offers[0].Side != "seller" || c.Detail.Offers[0].Comment != "留着吧" {
			t.Fatalf("%s %+v", c.State, c.Detail)
		}
		c = s.act(s.buyer, c, cases.Input{Action: cases.Accept})
		if c.State != cases.Resolving || c.Refunded != c.Detail.Offers[0].Amount {
			t.Errorf("%s %d", c.State, c.Refunded)
		}
	})
}

// read looks at a case as somebody sees it.
func (s *shop) read(c cases.Case, by actor.Actor, check func(v cases.View)) {
	s.t.Helper()
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		v, err := s.cases.Look(s.t.Context(), tx, by, s.reloadIn(tx, c), "zh-CN")
		check(v)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) reloadIn(tx *db.Tx, c cases.Case) cases.Case {
	s.t.Helper()
	now, err := cases.ByID(s.t.Context(), tx, actor.Of("main"), c.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return now
}

func TestOptionsAreTheBetterOfLawAndPolicy(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { r.WindowDays, r.Kinds = 0, []string{policy.Exchange} })
		o := s.order("Q7", 10000)
		err := s.d.Read(t.Context(), func(tx *db.Tx) error {
			v, _, err := s.cases.MyOrder(t.Context(), tx, s.buyer, o.ID, "en")
			if err != nil {
				return err
			}
			r := v.Lines[0].Returnable
			i := slices.IndexFunc(r.Options, func(o cases.Option) bool { return o.Reason == "defective" })
			if i < 0 || r.Options[i].Basis != "policy" || r.Options[i].Freight != "seller" || r.Options[i].Until == nil {
				t.Errorf("defective: %+v", r.Options)
			}
			if len(r.Kinds) == 0 || r.Count != 3 {
				t.Errorf("%+v", r)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.under(func(r *policy.Rules) { r.WindowDays = 0 })
		o = s.order("Q8", 10000)
		err = s.d.Read(t.Context(), func(tx *db.Tx) error {
			v, _, err := s.cases.MyOrder(t.Context(), tx, s.buyer, o.ID, "en")
			if err != nil {
				return err
			}
			r := v.Lines[0].Returnable
			i := slices.IndexFunc(r.Options, func(o cases.Option) bool { return o.Reason == "wrong_size" })
			if i < 0 || r.Options[i].Basis != "law" || r.Options[i].Rule != "CN-WD" || len(r.Options[i].Cite) == 0 || r.Options[i].Freight != "customer" {
				t.Fatalf("wrong size: %+v", r.Options)
			}
			if until := *r.Options[i].Until; until.Sub(monday) < 6*24*time.Hour || until.Sub(monday) > 8*24*time.Hour {
				t.Errorf("until %s", until)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
