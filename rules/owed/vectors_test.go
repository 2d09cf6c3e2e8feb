package owed_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

func remedyOf(t *testing.T, l owed.Law, name string) rights.Decision {
	t.Helper()
	i := slices.IndexFunc(l.Remedies, func(d rights.Decision) bool { return d.Remedy == name })
	if i < 0 {
		t.Fatalf("line %d: nothing about %s", l.Line, name)
	}
	return l.Remedies[i]
}

// Number 47 of the known answers, as an order: cheese and a mug, delivery paid.
func TestCheeseAndAMugInOneOrder(t *testing.T) {
	book := law(t)
	o := bought("AT", "EUR", "Europe/Vienna", monday)
	o.Shipping = order.Shipping{Paid: 500, Standard: 500}
	o.Lines = []order.Line{
		{No: 1, SKU: "C", Title: "Cheese", Category: "fresh_food", Quantity: 1, UnitPrice: 900, DeliveredAt: monday, Traits: []string{"perishable"}, Ledger: order.Ledger{List: 900, Paid: 900}},
		{No: 2, SKU: "M", Title: "Mug", Category: "kitchen", Quantity: 1, UnitPrice: 1500, DeliveredAt: monday, Ledger: order.Ledger{List: 1500, Paid: 1500}},
	}
	both := asks(o, policy.ReturnRefund, "no_longer_needed", monday.AddDate(0, 0, 10))
	both.Request.Total = money.Of(2400, "EUR")
	d := owed.Decide(book, shop(nil), both)
	cheese, mug := remedyOf(t, d.Laws[0], "withdrawal"), remedyOf(t, d.Laws[1], "withdrawal")
	if cheese.Outcome != rights.NotEntitled || cheese.Code != "PERISH" {
		t.Errorf("the cheese: %s %s", cheese.Outcome, cheese.Code)
	}
	if mug.Outcome != rights.Entitled || mug.Deadline.Date != "2026-11-16" {
		t.Errorf("the mug: %s %+v", mug.Outcome, mug.Deadline)
	}
	one := both
	one.Request.Goods, one.Request.Total = both.Request.Goods[1:], money.Of(1500, "EUR")
	d = owed.Decide(book, shop(nil), one)
	mug = remedyOf(t, d.Laws[0], "withdrawal")
	if d.Outcome != policy.Approve || mug.Refund == nil || !slices.Equal(mug.Refund.Unsettled, []string{"DELIVERY"}) {
		t.Errorf("the mug alone: %s, money %+v", d.Outcome, mug.Refund)
	}
}

// Number 91: where the law is a draft, a policy of no returns refuses nothing
// that the draft would give.
func TestAWrongArticleInIndiaIsNotRefused(t *testing.T) {
	none := shop(func(r *policy.Rules) {
		r.WindowDays, r.Markets = 0, []string{"IN"}
		for i := range r.Reasons {
			r.Reasons[i].WindowDays, r.Reasons[i].CureDays = new(int), nil
		}
		r.Conditions = []policy.Condition{{ID: "none", When: "true", Then: policy.Then{Outcome: "refuse"}}}
	})
	q := asks(bought("IN", "INR", "Asia/Kolkata", time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)), policy.ReturnRefund, "wrong_item", time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	d := owed.Decide(law(t), none, q)
	if x := remedyOf(t, d.Laws[0], "return"); d.Outcome != policy.Review || x.Outcome != rights.NeedsReview || x.Rule != "IN-CONF" {
		t.Errorf("%s %v, the law: %s by %s", d.Outcome, codes(d.Grounds), x.Outcome, x.Rule)
	}
	q.Request.Goods[0].Reason = "no_longer_needed"
	if d = owed.Decide(law(t), none, q); d.Outcome == policy.Approve {
		t.Errorf("a change of mind is %s", d.Outcome)
	}
}
