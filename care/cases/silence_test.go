package cases_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/product"
)

// paying lets the shop pay lower prices back and goodwill up to 50.00.
func paying(r *policy.Rules) {
	r.AutoApprove = nil
	r.PriceProtectionDays = 30
	r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 5000}, "statutory": {"CNY": 5000}}
}

// costs sets what the catalogue asks for the article of line 1.
func (s *shop) costs(sku string, price int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		_, _, err := (&product.Service{}).Put(s.t.Context(), tx, s.agent, product.Draft{SKU: sku, Title: "Now", Price: money.Of(price, "CNY")}, 0)
		return err
	})
}

func TestSilenceApprovesNothingThatNobodyChecked(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(paying)
		free := s.asked(s.buyerOf(s.sent("Q1", policy.AfterReceipt)), cases.Request{Kind: cases.KindProtection, Order: s.lastOrder.ID, Items: []cases.Wanted{{Line: 1, Quantity: 2, Lower: 0}}})
		sorry := s.asked(s.buyer, cases.Request{Kind: cases.KindCompensate, Order: s.lastOrder.ID, Items: item(1, ""), Basis: "goodwill", Amount: 5000})
		law := s.asked(s.buyer, cases.Request{Kind: cases.KindCompensate, Order: s.lastOrder.ID, Items: item(1, "counterfeit"), Basis: "statutory", Amount: 1 << 39})
		back := s.open(s.buyerOf(s.sent("Q2", policy.AfterReceipt)), s.lastOrder, 1, "wrong_size")
		s.later(49 * time.Hour)
		if back = s.reload(back); back.State != cases.AwaitReturn || back.Decision.By != "timer" {
			t.Errorf("a return that nobody answered: %s by %s", back.State, back.Decision.By)
		}
		for _, c := range []cases.Case{free, sorry, law} {
			due := c.Deadline
			c = s.reload(c)
			if c.State != cases.Submitted || c.Timer != "" || !c.Deadline.Equal(due) || c.Refunded != 0 || !slices.Contains(s.types(c), "case.escalated") {
				t.Errorf("%s: %s, %q until %s, %d paid, %v", c.Kind, c.State, c.Timer, c.Deadline, c.Refunded, s.types(c))
			}
			s.showsLate(c)
			if c = s.act(s.agent, c, cases.Input{Action: cases.Refuse, Reason: "not_covered", Comment: "No such price."}); c.State != cases.Rejected || c.Timer != cases.TimerEscalate {
				t.Errorf("answered late: %s %s", c.State, c.Timer)
			}
		}
	})
}

// showsLate looks at an escalated case as its customer and as staff do.
func (s *shop) showsLate(c cases.Case) {
	s.t.Helper()
	err := s.d.Read(s.t.Context(), func(tx *db.Tx) error {
		mine := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: c.Customer}
		v, err := s.cases.Look(s.t.Context(), tx, mine, c, "en")
		if err != nil {
			return err
		}
		if !strings.HasPrefix(v.Next.Text, "This takes longer than we said") || len(v.Timers) != 0 {
			s.t.Errorf("the customer is told %q, %+v", v.Next.Text, v.Timers)
		}
		if i := slices.IndexFunc(v.Timeline, func(e cases.TimelineView) bool { return e.Type == "case.escalated" }); i < 0 || v.Timeline[i].Text == "" {
			s.t.Errorf("nor by the history: %+v", v.Timeline)
		}
		if row := cases.InList(c, s.agent); row.Deadline == nil || !row.Deadline.Equal(c.Deadline) || v.Next.By == nil {
			s.t.Errorf("no deadline: in the inbox %v, on the page %v", row.Deadline, v.Next.By)
		}
		all, _, err := cases.Page(s.t.Context(), tx, s.agent, cases.Filter{Overdue: true, Sort: cases.Deadline, Limit: 50})
		if !slices.ContainsFunc(all, func(x cases.Case) bool { return x.ID == c.ID }) {
			s.t.Errorf("what is overdue: %+v", all)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestWhatTheCatalogueConfirmsIsApprovedBySilence(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(paying)
		sku := s.sent("Q3", policy.AfterReceipt).Lines[0].SKU
		s.costs(sku, 9000)
		true1 := s.asked(s.buyerOf(s.sent("Q4", policy.AfterReceipt)), cases.Request{Kind: cases.KindProtection, Order: s.lastOrder.ID, Items: []cases.Wanted{{Line: 1, Quantity: 2, Lower: 9000}}})
		lower := s.asked(s.buyerOf(s.sent("Q5", policy.AfterReceipt)), cases.Request{Kind: cases.KindProtection, Order: s.lastOrder.ID, Items: []cases.Wanted{{Line: 1, Quantity: 2, Lower: 8000}}})
		more := s.asked(s.buyerOf(s.sent("Q6", policy.AfterReceipt)), cases.Request{Kind: cases.KindProtection, Order: s.lastOrder.ID, Items: []cases.Wanted{{Line: 1, Quantity: 2, Lower: 7000}}})
		if true1.State != cases.Submitted || true1.Detail.ByPerson || !lower.Detail.ByPerson || !more.Detail.ByPerson {
			t.Fatalf("%s %v, %v, %v", true1.State, true1.Detail.ByPerson, lower.Detail.ByPerson, more.Detail.ByPerson)
		}
		s.costs(sku, 8000)
		s.later(49 * time.Hour)
		if c := s.reload(true1); c.Refunded != 2000 || c.Decision.By != "timer" {
			t.Errorf("confirmed when it was asked: %s %d", c.State, c.Refunded)
		}
		if c := s.reload(lower); c.Refunded != 4000 || c.Decision.By != "timer" {
			t.Errorf("confirmed meanwhile: %s %d", c.State, c.Refunded)
		}
		if c := s.reload(more); c.State != cases.Submitted || c.Refunded != 0 {
			t.Errorf("never confirmed: %s %d", c.State, c.Refunded)
		}
	})
}

func TestAShopMayLetSilenceApprove(t *testing.T) {
	eachShop(t, func(s *shop) {
		s.under(func(r *policy.Rules) { paying(r); r.Silence = policy.SilenceApproves })
		o := s.sent("Q7", policy.AfterReceipt)
		fell := s.asked(s.buyerOf(o), cases.Request{Kind: cases.KindProtection, Order: o.ID, Items: []cases.Wanted{{Line: 1, Quantity: 1, Lower: 9000}}})
		sorry := s.asked(s.buyer, cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, ""), Basis: "goodwill", Amount: 5000})
		law := s.asked(s.buyer, cases.Request{Kind: cases.KindCompensate, Order: o.ID, Items: item(1, "counterfeit"), Basis: "statutory", Amount: 1 << 39})
		s.later(49 * time.Hour)
		if fell, sorry = s.reload(fell), s.reload(sorry); fell.Refunded != 1000 || sorry.Refunded != 5000 {
			t.Errorf("the shop said so: %s %d, %s %d", fell.State, fell.Refunded, sorry.State, sorry.Refunded)
		}
		if law = s.reload(law); law.State != cases.Submitted || law.Refunded != 0 {
			t.Errorf("no limit of the shop's is known: %s %d", law.State, law.Refunded)
		}
	})
}
