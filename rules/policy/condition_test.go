package policy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/policy"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ask is a request on the second day, of one article for 100.00.
func ask(change func(*policy.Request)) policy.Request {
	q := policy.Request{
		Now: noon.AddDate(0, 0, 2), Zone: time.UTC, Total: money.Of(10000, "CNY"), Placed: noon.AddDate(0, 0, -3), Country: "CN",
		Goods: []policy.Goods{{Line: 1, SKU: "A", Title: "Cup", Quantity: 2, Paid: 10000, Delivered: noon, Reason: "wrong_size"}},
	}
	change(&q)
	return q
}

func rules(change func(*policy.Rules)) *policy.Policy {
	r := policy.Default()
	change(&r)
	return policy.Make("standard", 3, r, nil)
}

func when(id, expression string, then policy.Then) policy.Condition {
	return policy.Condition{ID: id, When: expression, Then: then, Says: map[string]string{"en": "So says " + id}}
}

func n(v int) *int { return &v }

func TestConditionsChangeWhatHolds(t *testing.T) {
	second := func(q *policy.Request) {
		q.Goods = append(q.Goods, policy.Goods{Line: 2, Category: "phone", Paid: 1, Quantity: 1, Delivered: noon, Reason: "wrong_size"})
	}
	tests := []struct {
		name    string
		rules   func(*policy.Rules)
		request func(*policy.Request)
		outcome policy.Outcome
		ground  string // the last
		rule    string
	}{
		{"refused", with(when("no", "request.total > 5000", policy.Then{Outcome: "refuse"})), nothing, policy.Refuse, "condition_refuse", "standard@3/conditions/no"},
		{"not met", with(when("no", "request.total > 50000", policy.Then{Outcome: "refuse"})), nothing, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"a person", with(when("look", "customer.refused > 2", policy.Then{Outcome: "review"})), func(q *policy.Request) { q.Customer.Refused = 3 }, policy.Review, "condition_review", "standard@3/conditions/look"},
		{"the first says it", with(when("a", "true", policy.Then{Outcome: "review"}), when("b", "true", policy.Then{Outcome: "refuse"})), nothing, policy.Review, "condition_review", "standard@3/conditions/a"},
		{"approved after the window", with(when("kind", "customer.tier == 'gold'", policy.Then{Outcome: "approve"})), func(q *policy.Request) { q.Customer.Tier, q.Now = "gold", noon.AddDate(0, 0, 99) }, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"approved, but dear", with(when("kind", "true", policy.Then{Outcome: "approve"})), func(q *policy.Request) { q.Total.Minor = 50001 }, policy.Review, "above_limit", "standard@3/auto_approve"},
		{"with a limit of its own", with(when("kind", "true", policy.Then{AutoApprove: map[string]int64{"CNY": 60000}})), func(q *policy.Request) { q.Total.Minor = 50001 }, policy.Approve, "below_limit", "standard@3/conditions/kind"},
		{"a longer window", with(when("long", "request.placed < timestamp('2026-03-01T00:00:00Z')", policy.Then{WindowDays: n(30)})), func(q *policy.Request) { q.Now = noon.AddDate(0, 0, 30) }, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"a shorter window", with(when("short", "item.category == 'phone'", policy.Then{WindowDays: n(1)})), second, policy.Refuse, "window_closed", "standard@3/conditions/short"},
		{"all lines", with(when("mixed", "goods.exists(g, g.category == 'phone') && request.lines == 2", policy.Then{Outcome: "review"})), second, policy.Review, "condition_review", "standard@3/conditions/mixed"},
		{"need not come back", with(when("keep", "item.price < 5001", policy.Then{Returnless: true})), func(q *policy.Request) { q.Kind = policy.RefundOnly }, policy.Approve, "returnless", "standard@3/returnless"},
		{"cannot be worked out", with(when("bad", "100 / (request.total - 10000) > 1", policy.Then{Outcome: "approve"})), nothing, policy.Review, "condition_failed", "standard@3/conditions/bad"},
		{"an answer nobody gave", with(when("bad", "known['x'] == true", policy.Then{Outcome: "approve"})), nothing, policy.Review, "condition_failed", "standard@3/conditions/bad"},
		{"other kinds are not asked", func(r *policy.Rules) {
			r.Conditions = []policy.Condition{{ID: "x", When: "1 / 0 == 1", Kinds: []string{policy.Exchange}, Then: policy.Then{Outcome: "refuse"}}}
		}, nothing, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"other reasons are not asked", func(r *policy.Rules) {
			r.Conditions = []policy.Condition{{ID: "x", When: "true", Reasons: []string{"defective"}, Then: policy.Then{Outcome: "refuse"}}}
		}, nothing, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"money on top stays with a person", func(r *policy.Rules) {
			r.Compensation = map[string]map[string]int64{"goodwill": {"CNY": 20000}}
			r.Conditions = []policy.Condition{when("kind", "true", policy.Then{Outcome: "approve"})}
		}, func(q *policy.Request) { q.Kind = policy.Compensation }, policy.Review, "compensation_needs_person", "standard@3/compensation"},
		{"limit by category", func(r *policy.Rules) {
			r.Categories["phone"] = policy.Category{AutoApprove: map[string]int64{"CNY": 9999}}
		}, func(q *policy.Request) { q.Goods[0].Category = "phone" }, policy.Review, "above_limit", "standard@3/categories/phone/auto_approve"},
		{"limit by reason", func(r *policy.Rules) { r.Reasons[1].AutoApprove = map[string]int64{"CNY": 9999} }, nothing, policy.Review, "above_limit", "standard@3/reasons/wrong_size/auto_approve"},
		{"tier: longer", tier(policy.Tier{WindowDays: 60}), func(q *policy.Request) { q.Customer.Tier, q.Now = "gold", noon.AddDate(0, 0, 60) }, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"tier: no shorter", tier(policy.Tier{WindowDays: 1}), func(q *policy.Request) { q.Customer.Tier = "gold" }, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"tier: dearer", tier(policy.Tier{AutoApprove: map[string]int64{"CNY": 90000}}), func(q *policy.Request) { q.Customer.Tier, q.Total.Minor = "gold", 90000 }, policy.Approve, "below_limit", "standard@3/tiers/gold/auto_approve"},
		{"another tier", tier(policy.Tier{AutoApprove: map[string]int64{"CNY": 90000}}), func(q *policy.Request) { q.Customer.Tier, q.Total.Minor = "silver", 90000 }, policy.Review, "above_limit", "standard@3/auto_approve"},
		{"faulty, exchanged after a year", nil, func(q *policy.Request) {
			q.Kind, q.Goods[0].Reason, q.Now = policy.Exchange, "defective", noon.AddDate(1, 0, 0)
		}, policy.Approve, "below_limit", "standard@3/auto_approve"},
		{"faulty, money back after a year", nil, func(q *policy.Request) { q.Goods[0].Reason, q.Now = "defective", noon.AddDate(1, 0, 0) }, policy.Refuse, "window_closed", "standard@3/reasons/defective/window_days"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.rules == nil {
				tt.rules = func(*policy.Rules) {}
			}
			p := rules(tt.rules)
			if err := p.Rules.Check(); err != nil {
				t.Fatal(err)
			}
			j := p.Judge(ask(tt.request))
			if len(j.Grounds) == 0 {
				t.Fatalf("no grounds: %+v", j)
			}
			last := j.Grounds[len(j.Grounds)-1]
			if j.Outcome != tt.outcome || last.Code != tt.ground || last.Rule != tt.rule || last.Basis != policy.ByPolicy {
				t.Errorf("got %s because of %+v, want %s %s %s", j.Outcome, last, tt.outcome, tt.ground, tt.rule)
			}
			for _, lang := range locale.Languages {
				if text := last.Text(lang); strings.HasPrefix(text, "ground.") || strings.Contains(text, "{") {
					t.Errorf("worded %q in %s", text, lang)
				}
				if staff := last.Staff(lang); !strings.Contains(staff, tt.rule) {
					t.Errorf("staff do not see the rule: %s", staff)
				}
			}
		})
	}
}

func nothing(*policy.Request) {}

func with(all ...policy.Condition) func(*policy.Rules) {
	return func(r *policy.Rules) { r.Conditions = all }
}

func tier(x policy.Tier) func(*policy.Rules) {
	return func(r *policy.Rules) { r.Tiers = map[string]policy.Tier{"gold": x} }
}

func TestWhatIsMissingIsAskedFor(t *testing.T) {
	p := rules(func(r *policy.Rules) {
		r.Categories["underwear"] = policy.Category{Final: true, Why: "hygiene", OnceOpened: true}
		r.Evidence = []policy.EvidenceRule{{Reasons: []string{"defective"}, Above: map[string]int64{"CNY": 5000}, Ask: []string{"video"}}}
		r.Conditions = []policy.Condition{
			when("age", "item.category == 'wine'", policy.Then{Outcome: "ask", Needs: []policy.Question{{Name: "adult", Type: "bool", Says: map[string]string{"en": "Of age?"}}}}),
			when("child", "item.category == 'wine' && 'adult' in known && known['adult'] == false", policy.Then{Outcome: "refuse"}),
		}
	})
	if err := p.Rules.Check(); err != nil {
		t.Fatal(err)
	}
	known := func(name, value string) func(*policy.Request) {
		return func(q *policy.Request) { q.Known = map[string]json.RawMessage{name: json.RawMessage(value)} }
	}
	of := func(category, reason string, more func(*policy.Request)) policy.Request {
		return ask(func(q *policy.Request) { q.Goods[0].Category, q.Goods[0].Reason = category, reason; more(q) })
	}
	for name, tt := range map[string]struct {
		q       policy.Request
		outcome policy.Outcome
		need    string
	}{
		"the seal":             {of("underwear", "wrong_size", nothing), policy.Ask, "use.seal_broken"},
		"the seal is whole":    {of("underwear", "wrong_size", known("use.seal_broken", "false")), policy.Approve, ""},
		"the seal is broken":   {of("underwear", "wrong_size", known("use.seal_broken", "true")), policy.Refuse, ""},
		"faulty anyway":        {of("underwear", "defective", known("video", "true")), policy.Approve, ""},
		"a film":               {of("", "defective", nothing), policy.Ask, "video"},
		"a film of cheap cups": {of("", "defective", func(q *policy.Request) { q.Total.Minor = 5000 }), policy.Approve, ""},
		"a film that is there": {of("", "defective", known("video", "1")), policy.Approve, ""},
		"of age":               {of("wine", "wrong_size", nothing), policy.Ask, "adult"},
		"of age, yes":          {of("wine", "wrong_size", known("adult", "true")), policy.Approve, ""},
		"of age, no":           {of("wine", "wrong_size", known("adult", "false")), policy.Refuse, ""},
		"too late to ask":      {of("underwear", "wrong_size", func(q *policy.Request) { q.Now = noon.AddDate(0, 0, 60) }), policy.Refuse, ""},
	} {
		j := p.Judge(tt.q)
		var need string
		for _, x := range j.Needs {
			need = x.Name
			for _, lang := range locale.Languages {
				if text := x.Text(lang); text == "" || strings.HasPrefix(text, "need.") {
					t.Errorf("%s: asked as %q in %s", name, text, lang)
				}
			}
			if !slices.Equal(x.Lines, []int{1}) || len(x.Why) != 1 {
				t.Errorf("%s: %+v", name, x)
			}
		}
		if j.Outcome != tt.outcome || need != tt.need || len(j.Grounds) == 0 {
			t.Errorf("%s: %+v, want %s %s", name, j, tt.outcome, tt.need)
		}
	}
}

func TestPromisesAndOffersAreMade(t *testing.T) {
	p := rules(func(r *policy.Rules) {
		r.Reasons = append(r.Reasons, policy.Reason{Code: "counterfeit", Photos: "optional", Freight: "seller", Claim: policy.Fraud})
		r.Promises = []policy.Promise{{Code: "fake_four", Multiple: 400, Min: map[string]int64{"CNY": 50000}, Max: map[string]int64{"CNY": 900000}, Says: map[string]string{"zh-CN": "假一赔四"}}}
		r.Proposals = []policy.OfferRule{
			{ID: "keep_it", When: "item.paid < 20000", Kinds: []string{policy.ReturnRefund}, Offer: "partial", Percent: 30, Amount: map[string]int64{"CNY": 2500}},
			{ID: "swap", Offer: "exchange", Only: true},
		}
		r.Conditions = []policy.Condition{{ID: "size", When: "item.reason == 'wrong_size'", Then: policy.Then{Offers: []string{"swap"}}}}
	})
	if err := p.Rules.Check(); err != nil {
		t.Fatal(err)
	}
	j := p.Judge(ask(nothing))
	if len(j.Offers) != 2 || j.Offers[0].Amount.Minor != 2500 || j.Offers[1].ID != "swap" || len(j.Promises) != 0 {
		t.Errorf("offers %+v, promises %+v", j.Offers, j.Promises)
	}
	if !slices.Contains(j.Fired, "standard@3/conditions/size") || !slices.Contains(j.Fired, "standard@3/offers/keep_it") {
		t.Errorf("fired %v", j.Fired)
	}
	for paid, want := range map[int64]int64{10000: 50000, 100000: 400000, 500000: 900000} {
		j = p.Judge(ask(func(q *policy.Request) { q.Goods[0].Reason, q.Goods[0].Paid, q.Total.Minor = "counterfeit", paid, paid }))
		if len(j.Promises) != 1 || j.Promises[0].Amount != money.Of(want, "CNY") || j.Promises[0].Basis != policy.ByPromise {
			t.Fatalf("paid %d: %+v", paid, j.Promises)
		}
		i := slices.IndexFunc(j.Grounds, func(g policy.Ground) bool { return g.Basis == policy.ByPromise })
		if i < 0 || j.Grounds[i].Text("zh-CN") != "假一赔四" {
			t.Errorf("grounds %+v", j.Grounds)
		}
	}
}

func TestTheShopsOwnWordsAreInEveryLanguageOfThePortal(t *testing.T) {
	says := map[string]string{}
	for _, lang := range locale.Readable {
		says[lang] = "words in " + lang
	}
	p := rules(func(r *policy.Rules) {
		r.Conditions = []policy.Condition{{ID: "wine", When: "item.price > 0", Says: says, Then: policy.Then{
			Needs: []policy.Question{{Name: "corked", Type: "bool", Says: says}}, Offers: []string{"keep_it"}}}}
		r.Evidence = []policy.EvidenceRule{{Ask: []string{"video"}, Says: says}}
		r.Promises = []policy.Promise{{Code: "word", Multiple: 100, Reasons: []string{"defective"}, Says: says}}
		r.Proposals = []policy.OfferRule{{ID: "keep_it", Offer: "partial", Percent: 30, Says: says}}
	})
	if err := p.Rules.Check(); err != nil {
		t.Fatal(err)
	}
	j := p.Judge(ask(nothing))
	if len(j.Needs) == 0 {
		t.Fatalf("%+v", j)
	}
	look := rules(with(policy.Condition{ID: "look", When: "item.price > 0", Says: says, Then: policy.Then{Outcome: "review"}}))
	decided := look.Judge(ask(nothing))
	for _, lang := range locale.Readable {
		for _, need := range j.Needs {
			if got := need.Text(lang); got != says[lang] {
				t.Errorf("%s asks %q in %s", need.Name, got, lang)
			}
		}
		if !slices.ContainsFunc(decided.Grounds, func(g policy.Ground) bool { return g.Text(lang) == says[lang] }) {
			t.Errorf("no ground says it in %s: %+v", lang, decided.Grounds)
		}
	}
	p.Rules.Conditions[0].Says = map[string]string{"ar": "نص", "it": "parole"}
	problems := p.Rules.Problems()
	if len(problems) != 1 || problems[0].Path != "conditions[0].says.it" || !strings.Contains(problems[0].Want, "pt-BR, ru, ar") {
		t.Errorf("%+v", problems)
	}
}

func TestEveryLineHasItsTerms(t *testing.T) {
	p := rules(func(r *policy.Rules) {
		r.RestockingFee = 10
		r.Tiers = map[string]policy.Tier{"gold": {Freight: "seller"}}
		r.Conditions = []policy.Condition{when("heavy", "item.category == 'sofa'", policy.Then{Freight: "customer", RestockingFee: n(20)})}
	})
	two := func(q *policy.Request) {
		q.Goods = append(q.Goods, policy.Goods{Line: 2, Category: "sofa", Delivered: noon, Reason: "defective", Paid: 1})
	}
	j := p.Judge(ask(two))
	end := time.Date(2026, 3, 8, 23, 59, 59, 999e6, time.UTC)
	if l := j.Lines[0]; l.Freight != "customer" || l.Fee != 10 || !l.Until.Equal(end) {
		t.Errorf("%+v", l)
	}
	if l := j.Lines[1]; l.Freight != "customer" || l.Fee != 20 {
		t.Errorf("%+v", l)
	}
	if l := p.Judge(ask(func(q *policy.Request) { q.Customer.Tier = "gold" })).Lines[0]; l.Freight != "seller" {
		t.Errorf("%+v", l)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	p := rules(with(when("a", "goods.all(g, g.days >= 0) && item.price > 10", policy.Then{Outcome: "review"})))
	want := p.Judge(ask(nothing)).Outcome
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 200 {
				if got := p.Judge(ask(nothing)).Outcome; got != want {
					t.Errorf("%s, not %s", got, want)
				}
			}
		})
	}
	all.Wait()
}
