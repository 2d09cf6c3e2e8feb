package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/rules/policy"
)

func TestTheTierOfThePurchaseKeepsWhatItPromised(t *testing.T) {
	limits := func(minor int64) map[string]int64 { return map[string]int64{"CNY": minor} }
	r := policy.Default()
	r.Advance.Max = limits(100)
	r.Tiers = map[string]policy.Tier{
		"gold":   {WindowDays: 30, Advance: limits(5000), AutoApprove: limits(90000), Freight: "seller"},
		"silver": {WindowDays: 15, Advance: limits(7000), Returnless: limits(900)},
	}
	both := policy.Tier{WindowDays: 30, Advance: limits(7000), AutoApprove: limits(90000), Returnless: limits(900), Freight: "seller"}
	tests := []struct {
		name    string
		who     policy.Person
		want    policy.Tier
		advance int64
	}{
		{"none", policy.Person{}, policy.Tier{}, 100},
		{"of now", policy.Person{Tier: "gold"}, r.Tiers["gold"], 5000},
		{"of the purchase alone", policy.Person{Bought: "silver"}, r.Tiers["silver"], 7000},
		{"came down", policy.Person{Tier: "silver", Bought: "gold"}, both, 7000},
		{"went up", policy.Person{Tier: "gold", Bought: "silver"}, both, 7000},
		{"one that the rules do not know", policy.Person{Tier: "plus", Bought: "gold"}, r.Tiers["gold"], 5000},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, r.TierOf(test.who)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		if got, ok := r.AdvanceLimit(test.who, "CNY"); got != test.advance || !ok {
			t.Errorf("%s: %d in advance, want %d", test.name, got, test.advance)
		}
	}
	q := ask(func(q *policy.Request) {
		q.Customer, q.Now = policy.Person{Tier: "silver", Bought: "gold"}, noon.AddDate(0, 0, 20)
	})
	if j := policy.Make("standard", 3, r, nil).Judge(q); j.Outcome != policy.Approve || j.Grounds[0].Rule != "standard@3/tiers/gold" {
		t.Errorf("%s by %+v", j.Outcome, j.Grounds)
	}
	p := policy.Make("x", 1, policy.Default(), policy.Make("standard", 3, r, nil))
	if got, _ := p.AdvanceLimit(policy.Person{Tier: "gold"}, "CNY"); got != 5000 || !p.Advances("CNY") || p.Advances("USD") {
		t.Errorf("of the platform: %d", got)
	}
}
