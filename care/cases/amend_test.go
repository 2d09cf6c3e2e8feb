package cases_test

import (
	"slices"
	"testing"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/rules/policy"
)

func askAgain(line int, reason string) cases.Input {
	return cases.Input{Action: cases.Amend, Comment: "look again", Request: cases.Request{Items: []cases.Wanted{{Line: line, Quantity: 1, Reason: reason}}}}
}

func TestWhatRulesRefusedRulesDecideAgain(t *testing.T) {
	late := func(s *shop, then ...policy.Condition) cases.Case {
		s.under(func(r *policy.Rules) {
			r.Conditions = append([]policy.Condition{{ID: "never", When: "item.reason == 'no_longer_needed'", Then: policy.Then{Outcome: "refuse"}}}, then...)
			r.Markets = nil
		})
		o := s.order("A1", 19900)
		c, err := s.tryOpen(s.buyer, o, cases.Wanted{Line: 2, Quantity: 1, Reason: "no_longer_needed"})
		if err != nil || c.State != cases.Rejected || c.Decision.By != "rule" {
			s.t.Fatalf("%s by %s, %v", c.State, c.Decision.By, err)
		}
		return c
	}
	t.Run("approved", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			c := s.act(s.buyer, late(s), askAgain(1, "wrong_size"))
			if c.State != cases.AwaitReturn || c.Decision.Outcome != "approve" || c.Decision.By != "rule" || c.Tracking == "" {
				t.Errorf("%s, %+v", c.State, c.Decision)
			}
			if got := s.types(c); !slices.Equal(got[len(got)-2:], []string{"case.amended", "case.approved"}) {
				t.Errorf("events %v", got)
			}
		})
	})
	t.Run("refused again, and its goods are free", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			c := s.act(s.buyer, late(s), askAgain(2, "wrong_size")) // hygiene goods
			if c.State != cases.Rejected || c.Detail.Amends != 1 || c.Timer != cases.TimerEscalate {
				t.Errorf("%s %s, %+v", c.State, c.Timer, c.Decision)
			}
			if c = s.act(s.buyer, c, askAgain(1, "wrong_size")); c.State != cases.AwaitReturn {
				t.Errorf("a third time: %s", c.State)
			}
		})
	})
	t.Run("a person where a rule says so", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			c := late(s, policy.Condition{ID: "twice", When: "request.amends > 0", Then: policy.Then{Outcome: "review"}})
			if c = s.act(s.buyer, c, askAgain(1, "wrong_size")); c.State != cases.Submitted || c.Decision.Outcome != "review" || c.Timer != cases.TimerAnswer {
				t.Errorf("%s %s, %+v", c.State, c.Timer, c.Decision)
			}
		})
	})
	t.Run("a question", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			c := late(s, policy.Condition{ID: "ask", When: "request.amends > 0", Then: policy.Then{Outcome: "ask", Needs: []policy.Question{{Name: "use.opened", Type: "bool"}}}})
			c = s.act(s.buyer, c, askAgain(1, "missing_parts"))
			if c.State != cases.Submitted || c.Timer != cases.TimerReply || len(c.Detail.Needs) != 1 {
				t.Fatalf("%s %s, %+v, %+v", c.State, c.Timer, c.Decision, c.Detail.Needs)
			}
			c = s.act(s.buyer, c, cases.Input{Action: cases.Answer, Facts: cases.Facts{"use.opened": []byte("false")}})
			if c.State != cases.AwaitReturn {
				t.Errorf("answered: %s, %+v", c.State, c.Decision)
			}
		})
	})
	t.Run("what a person refused, a person decides", func(t *testing.T) {
		eachShop(t, func(s *shop) {
			c := s.act(s.agent, s.open(s.buyer2("A2", 89900), s.lastOrder, 1, "wrong_size"), no)
			if c = s.act(s.buyer, c, askAgain(1, "missing_parts")); c.State != cases.Submitted || c.Decision.Outcome != "review" {
				t.Errorf("%s, %+v", c.State, c.Decision)
			}
		})
	})
}
