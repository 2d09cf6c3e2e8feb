package cases_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// What is promised before a request is sent is what the request then has.
func TestAQuoteSaysUntilWhenAPersonAnswers(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(paying)
		by := s.buyerOf(s.sent("Q1", policy.AfterReceipt))
		quoted := func(r cases.Request) (at time.Time) {
			s.write(func(tx *db.Tx) error {
				_, p, err := s.cases.Preview(t.Context(), tx, by, r)
				at = p.AnswerBy
				return err
			})
			return at
		}
		back := cases.Request{Kind: cases.KindReturn, Order: s.lastOrder.ID, Items: item(1, "wrong_size")}
		said := quoted(back)
		if c := s.asked(by, back); said.IsZero() || c.Timer != cases.TimerAnswer || !said.Equal(c.Deadline) {
			t.Errorf("said %s, %s until %s", said, c.Timer, c.Deadline)
		}
		sorry := cases.Request{Kind: cases.KindCompensate, Order: s.lastOrder.ID, Items: item(1, ""), Basis: "goodwill", Amount: 5000}
		if at := quoted(sorry); !at.IsZero() {
			t.Errorf("silence is no answer, and an answer is promised by %s", at)
		}
		s.under(func(r *policy.Rules) { r.AutoApprove = map[string]int64{"CNY": 100000} })
		by = s.buyerOf(s.sent("Q2", policy.AfterReceipt))
		back.Order = s.lastOrder.ID
		if at := quoted(back); !at.IsZero() {
			t.Errorf("nobody has to answer, and an answer is promised by %s", at)
		}
	})
}
