package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/rules/policy"
)

func problems(expression string) []policy.Problem {
	r := policy.Default()
	r.Conditions = []policy.Condition{{ID: "x", When: expression, Then: policy.Then{Outcome: "review"}}}
	return r.Problems()
}

func TestMistakesAreNamedWithTheirPlace(t *testing.T) {
	tests := []struct {
		expression   string
		line, column int
		says, want   string
	}{
		{"request.totl > 5", 1, 1, "request.totl is not known", "request.total"},
		{"customer.tier == 'gold' &&\n  custmer.orders > 3", 2, 3, "custmer.orders is not known", "customer.orders"},
		{"sku == 'A'", 1, 1, "sku is not known", "item.sku"},
		{"request.total = 5", 1, 15, "a single = compares nothing", "=="},
		{"request.total > '5'", 1, 15, "> does not work with number, text", "minor units"},
		{"request.total > 5.5", 1, 15, "> does not work with", "minor units"},
		{"request.total", 1, 1, "is number, not true or false", "request.total < 10000"},
		{"request.now", 1, 1, "is date, not true or false", ""},
		{"goods.exists(g, g.pice > 5)", 1, 18, "goods have no pice", "price"},
		{"item.category == 'a' && near(3)", 1, 25, "there is no function near", "contains"},
		{"request.total >", 1, 16, "cannot be read here", "an expression such as"},
		{"item.sku.matches('(')", 1, 18, "invalid matches argument", ""},
		{"goods.exists(a, goods.exists(b, goods.exists(c, goods.exists(d, a.paid == d.paid))))", 1, 1, "may take too long", "one walk"},
		{"'" + strings.Repeat("x", 2000) + "' == request.kind", 0, 0, "has 2018 characters", "at most 2000"},
		{strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60), 1, 0, "", ""},
	}
	for _, tt := range tests {
		all := problems(tt.expression)
		if len(all) == 0 {
			t.Errorf("%.60q is accepted", tt.expression)
			continue
		}
		p := all[0]
		if p.Path != "conditions[0].when" || p.Line != tt.line || tt.column > 0 && p.Column != tt.column || !strings.Contains(p.Message, tt.says) || !strings.Contains(p.Want, tt.want) {
			t.Errorf("%.60q: %+v", tt.expression, p)
		}
	}
}

func TestEveryWordCanBeAsked(t *testing.T) {
	for _, w := range policy.Vocabulary() {
		text := map[string]string{"text": "%s != 'x'", "number": "%s >= -1", "bool": "%s || true", "date": "%s < timestamp('2100-01-01T00:00:00Z')", "list": "size(%s) >= 0", "map": "size(%s) >= 0"}[w.Type]
		text = fmt.Sprintf(text, w.Name)
		if all := problems(text); len(all) > 0 {
			t.Errorf("%s: %+v", text, all)
		}
		j := rules(with(when("x", text, policy.Then{Outcome: "review"}))).Judge(ask(nothing))
		if len(j.Fired) != 1 {
			t.Errorf("%s: %+v", text, j)
		}
		if w.Doc == "" {
			t.Errorf("%s is not explained", w.Name)
		}
	}
	for _, field := range []string{"line", "sku", "title", "category", "traits", "quantity", "paid", "price", "seller", "delivered", "days", "reason", "claim", "photos"} {
		text := fmt.Sprintf("goods.exists(g, g.%s == g.%s)", field, field)
		if j := rules(with(when("x", text, policy.Then{Outcome: "review"}))).Judge(ask(nothing)); len(j.Fired) != 1 {
			t.Errorf("%s: %+v", text, j)
		}
	}
}

func TestRulesOfTheShopsOwnAreChecked(t *testing.T) {
	says := map[string]string{"en": "Because"}
	bad := policy.Default()
	bad.Markets, bad.Parent = []string{"China"}, "No Name"
	bad.Categories["x"] = policy.Category{Traits: []string{"soft"}, OnceOpened: true}
	bad.Reasons[0].Claim, bad.Reasons[1].CureDays = "whim", n(3)
	bad.Tiers = map[string]policy.Tier{"gold": {WindowDays: -1, AutoApprove: map[string]int64{"XXQ": 1}}}
	bad.Evidence = []policy.EvidenceRule{{}, {Ask: []string{"oath"}, Reasons: []string{"nope"}}}
	bad.Promises = []policy.Promise{{Code: "a"}, {Code: "a", Multiple: 2000, Basis: "law", Min: map[string]int64{"CNY": 5}, Max: map[string]int64{"CNY": 4}}}
	bad.Proposals = []policy.OfferRule{{ID: "A b", Offer: "partial"}, {ID: "ok", Offer: "dance"}}
	bad.Conditions = []policy.Condition{
		{ID: "a", When: " ", Then: policy.Then{Outcome: "maybe"}},
		{ID: "a", When: "true", Kinds: []string{"barter"}, Phases: []string{"never"}, Says: map[string]string{"xx": "?"}},
		{ID: "b", When: "true", Says: says, Then: policy.Then{Outcome: "ask"}},
		{ID: "c", When: "true", Then: policy.Then{Offers: []string{"none"}, Needs: []policy.Question{{Name: "Z!", Type: "text", Choices: []string{"a"}}}, WindowDays: n(-2), RestockingFee: n(99), Freight: "carrier", Evidence: []string{"photo", "photo"}}},
	}
	named := map[string]bool{}
	for _, p := range bad.Problems() {
		named[p.Path] = true
	}
	for _, path := range []string{
		"markets[0]", "parent", "categories.x.traits[0]", "categories.x.once_opened", "reasons[0].claim", "reasons[1].cure_days", "tiers.gold.window_days", "tiers.gold.auto_approve.XXQ",
		"evidence[0].ask", "evidence[1].ask[0]", "evidence[1].reasons[0]", "promises[0].multiple", "promises[1].code", "promises[1].multiple", "promises[1].basis", "promises[1].max.CNY",
		"offers[0].id", "offers[0].percent", "offers[1].offer", "conditions[0].when", "conditions[0].then.outcome", "conditions[1].id", "conditions[1].kinds[0]", "conditions[1].phases[0]",
		"conditions[1].says.xx", "conditions[1].then", "conditions[2].then.needs", "conditions[3].then.offers[0]", "conditions[3].then.needs[0].name", "conditions[3].then.needs[0].type",
		"conditions[3].then.needs[0].choices", "conditions[3].then.needs[0].says", "conditions[3].then.window_days", "conditions[3].then.restocking_fee", "conditions[3].then.freight", "conditions[3].then.evidence[1]",
	} {
		if !named[path] {
			t.Errorf("%s is not named", path)
		}
	}
}

func TestWarningsNameWhatNeverHasAnEffect(t *testing.T) {
	b := book(t)
	r := policy.Default()
	r.Markets = []string{"VN", "XX"}
	r.Conditions = []policy.Condition{
		when("all", "true", policy.Then{Outcome: "review", Freight: "seller"}),
		when("gone", "customer.orders > 3", policy.Then{Outcome: "approve"}),
		when("rest", "customer.orders > 3", policy.Then{WindowDays: n(9)}),
		when("never", "false && customer.orders > 3", policy.Then{WindowDays: n(9)}),
		{ID: "kinds", When: "true", Kinds: []string{policy.Exchange}, Then: policy.Then{Freight: "seller"}},
		{ID: "gold", When: "customer.tier == 'gold'", Kinds: []string{policy.Exchange}, Then: policy.Then{AutoApprove: map[string]int64{"CNY": 1}}},
	}
	r.Proposals = []policy.OfferRule{{ID: "lost", Offer: "exchange", Only: true}}
	r.Promises = []policy.Promise{{Code: "four", Multiple: 400}}
	var got []string
	for _, w := range r.Warnings(b) {
		got = append(got, w.Path+" "+w.Code)
		if w.Message == "" || strings.Contains(w.Message, "{") || len(w.Says) != 3 {
			t.Errorf("%+v", w)
		}
	}
	want := []string{"markets no_law", "markets draft_law", "conditions[1] covered", "conditions[3].when never", "conditions[4] covered", "offers[0] unnamed", "promises[0] no_fraud"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	tiers := func(a, b string) []policy.Condition {
		return []policy.Condition{when("a", a, policy.Then{Outcome: "review"}), when("b", b, policy.Then{Outcome: "approve"})}
	}
	for _, tt := range []struct {
		a, b, code string
	}{
		{"customer.tier == 'gold'", "customer.tier == 'silver'", ""},
		{"customer.tier == 'gold'", "customer.orders > 3", "overlap"},
		{"customer.tier == 'gold'", "customer.tier == 'gold' && customer.orders > 3", "covered"},
		{"item.category in ['a', 'b']", "item.category in ['a', 'b'] && customer.orders > 3", "covered"},
		{"item.category in ['a', 'b']", "item.category in ['c'] && customer.orders > 3", "overlap"},
	} {
		r := policy.Default()
		r.Conditions = tiers(tt.a, tt.b)
		all := r.Warnings(b)
		if code := ""; len(all) > 0 {
			code = all[0].Code
			if code != tt.code {
				t.Errorf("%s, then %s: %+v", tt.a, tt.b, all)
			}
		} else if tt.code != "" {
			t.Errorf("%s, then %s: nothing", tt.a, tt.b)
		}
	}
}

func FuzzExpressionsNeitherCrashNorHang(f *testing.F) {
	for _, text := range []string{
		"request.total > 5", "goods.exists(g, g.price > 3 && g.sku.matches('^A+$'))", "known['use.opened'] == true", "item.days / 0 == 1", "[1, 2, 3].map(x, x * request.total).exists(x, x > 3)",
		"duration('240h') < request.now - item.delivered", "item.title.contains(item.sku) ? true : customer.orders % 0 == 1", "known == {'a': 1}", "'a' + 'b' == item.title", "size(item.traits) > 9223372036854775807", "goods[5].sku == ''",
	} {
		f.Add(text)
	}
	b := book(f)
	f.Fuzz(func(t *testing.T, text string) {
		r := policy.Default()
		r.Conditions = []policy.Condition{{ID: "x", When: text, Then: policy.Then{Outcome: "refuse"}}}
		if r.Check() != nil {
			return
		}
		if j := policy.Make("x", 1, r, nil).Judge(ask(nothing)); j.Outcome == "" || len(j.Grounds) == 0 {
			t.Errorf("%q: %+v", text, j)
		}
		policy.Check(b, r, []string{"CN"})
		r.Warnings(b)
	})
}
