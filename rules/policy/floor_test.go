package policy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

func book(t testing.TB) *rights.Book {
	t.Helper()
	b, err := rights.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsShippedTakesNoRightAway(t *testing.T) {
	b := book(t)
	for _, v := range policy.Check(b, policy.Default(), policy.Default().Markets) {
		t.Errorf("the default: %+v", v)
	}
	for _, p := range policy.Presets() {
		r := p.Apply(policy.Default())
		if len(r.Markets) == 0 {
			t.Errorf("%s names no market", p.Name)
		}
		for _, v := range policy.Check(b, r, r.Markets) {
			t.Errorf("%s: %+v", p.Name, v)
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		for _, w := range r.Warnings(b) {
			t.Errorf("%s: %+v", p.Name, w)
		}
	}
}

// planted are rules that take a right away, each in its own way.
var planted = []struct {
	name, market, path, rule string
	change                   func(*policy.Rules)
}{
	{"a short window", "CN", "window_days", "CN-WD", func(r *policy.Rules) { r.WindowDays = 6 }},
	{"a window that is right elsewhere", "DE", "window_days", "DE-WD", func(r *policy.Rules) { r.WindowDays = 13 }},
	{"a short window for a category", "CN", "categories.shoes.window_days", "CN-WD", func(r *policy.Rules) { r.Categories["shoes"] = policy.Category{WindowDays: n(3)} }},
	{"an exception that the law does not know", "CN", "categories.shoes.final", "CN-WD", func(r *policy.Rules) { r.Categories["shoes"] = policy.Category{Final: true} }},
	{"hygiene goods that nobody opened", "FR", "categories.underwear.final", "FR-WD", func(r *policy.Rules) { r.Categories["underwear"] = policy.Category{Final: true, Why: "hygiene"} }},
	{"no reason for a change of mind", "CN", "reasons", "CN-WD", func(r *policy.Rules) { r.Reasons = r.Reasons[3:] }},
	{"no reason for a defect", "CN", "reasons", "CN-Q24", func(r *policy.Rules) { r.Reasons = r.Reasons[:3] }},
	{"no returns", "CN", "kinds", "CN-WD", func(r *policy.Rules) { r.Kinds = []string{policy.RefundOnly, policy.Exchange} }},
	{"no exchange", "CN", "kinds", "CN-Q24-REPLACE", func(r *policy.Rules) { r.Kinds = []string{policy.ReturnRefund, policy.RefundOnly} }},
	{"a fee", "CN", "restocking_fee", "CN-WD", func(r *policy.Rules) { r.RestockingFee = 5 }},
	{"delivery is kept", "DE", "full_shipping", "DE-WD", func(r *policy.Rules) { r.FullShipping = false }},
	{"the customer pays", "TW", "reasons[0].freight", "TW-WD", func(*policy.Rules) {}},
	{"the customer pays for a defect", "CN", "reasons[3].freight", "CN-Q24", func(r *policy.Rules) {
		r.Reasons[3].Freight, r.Reasons[3].Claim, r.Reasons[3].CureDays = "customer", policy.Defect, n(731)
	}},
	{"a short window for faulty goods", "CN", "window_days", "CN-Q24", func(r *policy.Rules) { r.WindowDays, r.Reasons[3].WindowDays = 3, n(3) }},
	{"no replacement after a year", "CN", "reasons[4].cure_days", "CN-Q24-REPLACE", func(r *policy.Rules) { r.Reasons[4].CureDays = n(365) }},
	{"little time to send back", "DE", "ship_back_days", "DE-WD", func(r *policy.Rules) { r.ShipBackDays = 13 }},
	{"money comes late", "CN", "inspect_hours", "CN-WD", func(r *policy.Rules) { r.InspectHours = 24 * 7 }},
	{"no refund of what never came", "GB", "kinds", "UK-DELIV", func(r *policy.Rules) { r.Kinds = []string{policy.ReturnRefund, policy.Exchange} }},
	{"no repair after a year and a half", "DE", "reasons[4].cure_days", "DE-CONF-REPAIR", func(r *policy.Rules) { r.Reasons[4].CureDays = n(540) }},
	{"no repair", "CN", "kinds", "CN-Q24-CURE", func(r *policy.Rules) {
		r.Categories["phone"], r.Kinds = policy.Category{}, []string{policy.ReturnRefund, policy.RefundOnly}
	}},
	{"no lower price", "DE", "kinds", "DE-CONF-REDUCE", func(r *policy.Rules) { r.Kinds = []string{policy.ReturnRefund, policy.Exchange} }},
	{"a lower price for a year only", "DE", "reasons[4].cure_days", "DE-CONF-REDUCE", func(r *policy.Rules) { r.Reasons[4].CureDays = n(365) }},
	{"no money after a cure failed", "DE", "reasons[4].cure_days", "DE-CONF-END", func(r *policy.Rules) { r.Reasons[4].CureDays = n(365) }},
	{"no money after two repairs of a phone", "CN", "reasons[4].cure_days", "CN-3B-REFUND", func(r *policy.Rules) {
		r.Categories["phone"] = policy.Category{}
		r.Reasons[4].CureDays = n(300)
	}},
	{"a fee on faulty goods", "CN", "restocking_fee", "CN-Q24", func(r *policy.Rules) {
		r.RestockingFee, r.Reasons[3].Freight, r.Reasons[3].Claim = 10, "customer", policy.Defect
	}},
	{"three times the price up to a limit", "CN", "compensation.statutory.CNY", "CN-FRAUD", func(r *policy.Rules) {
		r.Compensation = map[string]map[string]int64{"statutory": {"CNY": 300_000}}
	}},
	{"ten times the price up to a limit", "CN", "compensation.statutory.CNY", "CN-FOOD", func(r *policy.Rules) {
		r.Compensation = map[string]map[string]int64{"statutory": {"CNY": 3*100_000_000 + 1}}
	}},
	{"money comes late for faulty goods", "ES", "inspect_hours", "ES-CONF-END", func(r *policy.Rules) { r.InspectHours = 24 * 15 }},
	{"a condition refuses a lower price", "DE", "conditions[0].then.outcome", "DE-CONF-REDUCE", with(policy.Condition{ID: "cheap", When: "request.total < 2000", Kinds: []string{policy.RefundOnly}, Phases: []string{policy.AfterReceipt}, Then: policy.Then{Outcome: "refuse"}})},
	{"a condition refuses an exchange", "CN", "conditions[0].then.outcome", "CN-Q24-REPLACE", with(policy.Condition{ID: "swap", When: "true", Kinds: []string{policy.Exchange}, Then: policy.Then{Outcome: "refuse"}})},
	{"a condition refuses what never came", "GB", "conditions[0].then.outcome", "UK-DELIV", with(policy.Condition{ID: "lost", When: "item.claim == 'not_delivered'", Phases: []string{policy.InTransit}, Then: policy.Then{Outcome: "refuse"}})},
	{"a condition refuses", "CN", "conditions[0].then.outcome", "CN-WD", with(when("often", "customer.cases > 5", policy.Then{Outcome: "refuse"}))},
	{"a condition refuses on the last day", "CN", "conditions[0].then.outcome", "CN-WD", with(when("late", "item.days > 6", policy.Then{Outcome: "refuse"}))},
	{"a condition shortens", "CN", "conditions[0].then.window_days", "CN-WD", with(when("sale", "request.placed > timestamp('2026-11-11T00:00:00Z')", policy.Then{WindowDays: n(3)}))},
	{"a condition lets the customer pay", "CN", "conditions[0].then.freight", "CN-Q24", with(when("pay", "true", policy.Then{Freight: "customer"}))},
	{"a condition takes a fee", "CN", "conditions[0].then.restocking_fee", "CN-WD", with(when("fee", "request.total < 5000", policy.Then{RestockingFee: n(10)}))},
}

func TestEveryPlantedViolationIsFound(t *testing.T) {
	b := book(t)
	for _, tt := range planted {
		t.Run(tt.name, func(t *testing.T) {
			r := policy.Default()
			if eu, _ := policy.Preset("eu"); tt.market != "CN" && tt.market != "TW" {
				r = eu.Apply(r)
			}
			tt.change(&r)
			var all []string
			for _, v := range policy.Check(b, r, []string{tt.market}) {
				all = append(all, v.Path+" "+v.Rule)
				if v.Path != tt.path || v.Rule != tt.rule {
					continue
				}
				if v.Jurisdiction != tt.market || len(v.Cite) == 0 || v.Remedy == "" || len(v.Example) == 0 {
					t.Errorf("%+v", v)
				}
				for _, lang := range locale.Languages {
					if v.Says[lang] == "" || strings.Contains(v.Says[lang], "{") || strings.HasPrefix(v.Says[lang], "floor.") {
						t.Errorf("in %s: %q", lang, v.Says[lang])
					}
				}
				return
			}
			t.Errorf("%s by %s is not among %q", tt.path, tt.rule, all)
		})
	}
}

func TestWhatTheLawLeavesToShopsIsNoViolation(t *testing.T) {
	b := book(t)
	for name, tt := range map[string]struct {
		market string
		change func(*policy.Rules)
	}{
		"more than the law":              {"CN", func(r *policy.Rules) { r.WindowDays = 30; r.Reasons[0].Freight = "seller" }},
		"a refusal after the window":     {"CN", with(when("late", "item.claim == 'change_of_mind' && item.days > 7", policy.Then{Outcome: "refuse"}))},
		"of another country":             {"CN", with(when("there", "request.country == 'US'", policy.Then{Outcome: "refuse"}))},
		"of another category":            {"CN", with(when("food", "item.category == 'fresh_food' && item.claim == 'change_of_mind'", policy.Then{Outcome: "refuse", WindowDays: n(0)}))},
		"of goods that were used up":     {"CN", with(when("used", "known['use.altered'] == true", policy.Then{Outcome: "refuse"}))},
		"of another kind":                {"CN", with(policy.Condition{ID: "x", When: "true", Kinds: []string{policy.RefundOnly}, Then: policy.Then{Outcome: "refuse"}})},
		"a person looks":                 {"CN", with(when("look", "customer.cases > 5", policy.Then{Outcome: "review"}))},
		"no returns where no law speaks": {"AU", func(r *policy.Rules) { r.WindowDays, r.RestockingFee, r.FullShipping = 0, 20, false }},
		"a draft of a law":               {"VN", func(r *policy.Rules) { r.WindowDays = 0 }},
		"a law that nobody knows":        {"XX", func(r *policy.Rules) { r.WindowDays = 0 }},
	} {
		r := policy.Default()
		tt.change(&r)
		for _, v := range policy.Check(b, r, []string{tt.market}) {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

// Whatever is made better for the customer, nothing new is found; whatever is
// made worse, nothing is lost.
func TestViolationsGrowAsPoliciesGetWorse(t *testing.T) {
	b := book(t)
	random := rand.New(rand.NewPCG(4, 2))
	markets := []string{"CN", "DE", "TW", "GB", "BR", "KR"}
	keys := func(r policy.Rules) map[string]bool {
		all := map[string]bool{}
		for _, v := range policy.Check(b, r, markets) {
			all[fmt.Sprint(v.Path, v.Jurisdiction, v.Rule)] = true
		}
		return all
	}
	for range 60 {
		r := policy.Default()
		r.WindowDays, r.ShipBackDays, r.InspectHours = 1+random.IntN(20), 1+random.IntN(20), 1+random.IntN(300)
		r.RestockingFee, r.FullShipping = random.IntN(2)*10, random.IntN(2) == 0
		for i := range r.Reasons {
			r.Reasons[i].WindowDays = n(random.IntN(40))
		}
		before := keys(r)
		worse := r
		worse.WindowDays, worse.ShipBackDays, worse.InspectHours = r.WindowDays-1, max(1, r.ShipBackDays-1), r.InspectHours+24
		worse.FullShipping, worse.RestockingFee = false, r.RestockingFee+1
		after := keys(worse)
		for k := range before {
			if !after[k] && !strings.Contains(k, "window_days") { // which of two windows decides may change
				t.Fatalf("%s is not found any more", k)
			}
		}
		if len(after) < len(before) {
			t.Fatalf("%d became %d", len(before), len(after))
		}
	}
}
