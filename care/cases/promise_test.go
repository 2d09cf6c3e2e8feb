package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// doubled promises twice the price for goods that are not genuine.
func (s *shop) doubled(auto int64, most int64) {
	s.under(func(r *policy.Rules) {
		p := policy.Promise{Code: "fake_double", Multiple: 200, Says: map[string]string{"zh-CN": "假一赔二", "zh-TW": "假一賠二", "en": "Twice the price for a fake", "ar": "ضعف الثمن عن المنتج المقلّد"}}
		if auto > 0 {
			p.Auto = map[string]int64{"CNY": auto}
		}
		r.Promises = []policy.Promise{p}
		r.Reasons = append(r.Reasons, policy.Reason{Code: "counterfeit", Photos: "none", Freight: "seller", Claim: policy.Fraud})
		if most > 0 {
			r.Compensation = map[string]map[string]int64{"promise": {"CNY": most}}
		}
	})
}

// paying is the case that pays what was promised in another.
func (s *shop) paying(c cases.Case) cases.Case {
	s.t.Helper()
	if len(c.Detail.Kept) != 1 {
		s.t.Fatalf("%d promises came true in %s: %+v", len(c.Detail.Kept), c.State, c.Detail.Kept)
	}
	return s.reload(cases.Case{ID: c.Detail.Kept[0].Case})
}

func TestAPromiseThatCameTrueIsPaidOnce(t *testing.T) {
	tests := []struct {
		name       string
		auto, most int64
		state      cases.State
		amount     int64
	}{
		{"by a person where no limit is set", 0, 0, cases.Submitted, 2 * 17910},
		{"by a person above the limit", 35819, 0, cases.Submitted, 2 * 17910},
		{"at once up to the limit", 35820, 0, cases.Resolving, 2 * 17910},
		{"never above what the policy pays on its basis", 35820, 30000, cases.Resolving, 30000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eachShop(t, func(s *shop) {
				s.doubled(tt.auto, tt.most)
				c := s.open(s.buyer2("P1", 19900), s.lastOrder, 2, "counterfeit")
				if c.State == cases.Submitted {
					c = s.act(s.agent, c, yes)
				}
				if len(c.Detail.Kept) > 0 {
					t.Fatalf("on the customer's word: %+v", c.Detail.Kept)
				}
				c = s.act(s.agent, s.act(s.agent, c, received(2)), graded(1, 1)) // one of the two is a fake
				k := s.paying(c)
				s.work()
				k = s.reload(k)
				if k.State != tt.state || k.Quoted != tt.amount || k.Detail.Claim.For != c.ID || k.Detail.Claim.Promise != "fake_double" || k.Decision.Grounds[0].Code != "promise_holds" || k.Customer != c.Customer {
					t.Errorf("%s for %d: %+v, %+v", k.State, k.Quoted, k.Detail.Claim, k.Decision)
				}
				if tt.state == cases.Submitted {
					s.later(72 * time.Hour)
					if k = s.reload(k); k.State != cases.Submitted {
						t.Fatalf("paid because nobody looked: %s", k.State)
					}
					k = s.act(s.boss, k, yes)
					s.work()
				}
				s.byHand(k) // money beyond what the order's means took
				if k = s.reload(k); k.State != cases.Completed || k.Refunded != tt.amount {
					t.Errorf("%s with %d", k.State, k.Refunded)
				}
				c = s.reload(c)
				c = s.act(s.agent, c, cases.Input{Action: cases.Reopen, Comment: "again", Amount: 100})
				c = s.act(s.boss, c, cases.Input{Action: cases.Reopen})
				if len(c.Detail.Kept) != 1 {
					t.Errorf("kept %d times", len(c.Detail.Kept))
				}
				for lang, says := range map[string]string{"zh-CN": "假一赔二", "ar": "ضعف الثمن عن المنتج المقلّد", "fr": "Twice the price for a fake"} {
					var v cases.View
					err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
						v, err = s.cases.Look(t.Context(), tx, actor.Actor{Tenant: "main", Kind: actor.Customer, ID: c.Customer}, c, lang)
						return err
					})
					if err != nil || len(v.Promised) != 1 || v.Promised[0].Text != says || v.Promised[0].Number != k.Number {
						t.Errorf("in %s the customer sees %+v, %v", lang, v.Promised, err)
					}
				}
			})
		})
	}
}
