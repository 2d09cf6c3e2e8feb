package owed_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

func law(t testing.TB) *rights.Book {
	t.Helper()
	b, err := rights.Standard()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bought is an order of one article of 100.00, delivered on a day.
func bought(country, currency, zone string, delivered time.Time) order.Order {
	return order.Order{
		ID: "ord_1", Currency: currency, Country: country, Zone: zone, PlacedAt: delivered.AddDate(0, 0, -3), DeliveredAt: delivered,
		Sale:  order.Sale{Channel: "web"},
		Lines: []order.Line{{No: 1, SKU: "A", Title: "Kettle", Category: "kitchen", Quantity: 1, UnitPrice: 10000, DeliveredAt: delivered, Ledger: order.Ledger{List: 10000, Paid: 10000}}},
	}
}

func channel(name string, o order.Order) order.Order {
	o.Channel = name
	return o
}

func asks(o order.Order, kind, reason string, now time.Time) owed.Question {
	q := owed.Question{Order: o, Now: now, Request: policy.Request{Kind: kind, Total: money.Of(10000, o.Currency), Placed: o.PlacedAt}}
	for _, l := range o.Lines {
		q.Request.Goods = append(q.Request.Goods, policy.Goods{
			Line: l.No, SKU: l.SKU, Title: l.Title, Category: l.Category, Quantity: l.Quantity, Paid: l.Ledger.Paid, Delivered: l.DeliveredAt, Reason: reason, Photos: 1,
		})
	}
	return q
}

func shop(change func(*policy.Rules)) *policy.Policy {
	rules := policy.Default()
	if change != nil {
		change(&rules)
	}
	return policy.Make("standard", 1, rules, nil)
}

func codes(grounds []policy.Ground) (all []string) {
	for _, g := range grounds {
		all = append(all, g.Code)
	}
	return all
}

var monday = time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC) // delivered

func TestTheBetterOfLawAndPolicyBinds(t *testing.T) {
	tests := []struct {
		name    string
		order   order.Order
		rules   func(*policy.Rules)
		kind    string
		reason  string
		after   int // days after delivery
		known   map[string]json.RawMessage
		want    policy.Outcome
		ground  string // one of the grounds
		rule    string // of that ground
		freight string
		fees    bool
	}{
		{name: "both give it", order: bought("CN", "CNY", "Asia/Shanghai", monday), reason: "wrong_size", after: 3,
			want: policy.Approve, ground: "within_window", freight: "customer"},
		{name: "14 days of the law go before 7 of the shop", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.AutoApprove["EUR"] = 20000 }, reason: "wrong_size", after: 10,
			want: policy.Approve, ground: "law_entitled", rule: "DE-WD", freight: "customer"},
		{name: "above the limit a person decides", order: bought("DE", "EUR", "Europe/Berlin", monday), reason: "wrong_size", after: 10,
			want: policy.Review, ground: "above_limit"},
		{name: "an order without a channel was made at a distance", order: channel("", bought("CN", "CNY", "Asia/Shanghai", monday)), rules: func(r *policy.Rules) { r.WindowDays = 1 }, reason: "wrong_size", after: 5,
			want: policy.Approve, ground: "law_entitled", rule: "CN-WD"},
		{name: "a purchase in a shop has no withdrawal", order: channel("store", bought("CN", "CNY", "Asia/Shanghai", monday)), rules: func(r *policy.Rules) { r.WindowDays = 1 }, reason: "wrong_size", after: 5,
			want: policy.Refuse, ground: "law_none", rule: "CN-WD", fees: true},
		{name: "after both it is refused, with the law's reason", order: bought("DE", "EUR", "Europe/Berlin", monday), reason: "wrong_size", after: 30,
			want: policy.Refuse, ground: "law_none", rule: "DE-WD", freight: "customer", fees: true},
		{name: "30 days of the shop go before 14 of the law", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.WindowDays = 30; r.AutoApprove["EUR"] = 20000 }, reason: "wrong_size", after: 20,
			want: policy.Approve, ground: "within_window", fees: true},
		{name: "no fee is kept on a right", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.RestockingFee = 20; r.AutoApprove["EUR"] = 20000 }, reason: "wrong_size", after: 3,
			want: policy.Approve, ground: "law_no_fee"},
		{name: "the trader pays the way back in Taiwan", order: bought("TW", "TWD", "Asia/Taipei", monday), reason: "wrong_size", after: 3,
			want: policy.Approve, ground: "law_freight", rule: "TW-WD", freight: "seller"},
		{name: "a clearance sale is no exception of the law", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) {
			r.Categories["kitchen"] = policy.Category{Final: true, Why: "other"}
			r.AutoApprove["EUR"] = 20000
		}, reason: "wrong_size", after: 3, want: policy.Approve, ground: "law_entitled", rule: "DE-WD"},
		{name: "what spoils is one", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.Categories["kitchen"] = policy.Category{Final: true, Why: "perishable"} },
			reason: "wrong_size", after: 3, want: policy.Refuse, ground: "law_none", rule: "DE-WD", fees: true},
		{name: "whether a seal is broken is asked", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.Categories["kitchen"] = policy.Category{Final: true, Why: "hygiene"} },
			reason: "wrong_size", after: 3, want: policy.Ask, ground: "law_depends", rule: "DE-WD"},
		{name: "the answer decides", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) {
			r.Categories["kitchen"] = policy.Category{Final: true, Why: "hygiene"}
			r.AutoApprove["EUR"] = 20000
		}, reason: "wrong_size", after: 3, known: map[string]json.RawMessage{"use.seal_broken": json.RawMessage("false")}, want: policy.Approve, ground: "law_entitled"},
		{name: "that an exception was confirmed is for the shop to prove", order: bought("CN", "CNY", "Asia/Shanghai", monday), rules: func(r *policy.Rules) { r.Categories["kitchen"] = policy.Category{Final: true, Why: "hygiene"} },
			reason: "wrong_size", after: 3, want: policy.Review, ground: "law_depends", rule: "CN-WD"},
		{name: "and then it is refused", order: bought("CN", "CNY", "Asia/Shanghai", monday), rules: func(r *policy.Rules) { r.Categories["kitchen"] = policy.Category{Final: true, Why: "hygiene"} },
			reason: "wrong_size", after: 3, known: map[string]json.RawMessage{"told.exception_confirmed": json.RawMessage("true")}, want: policy.Refuse, ground: "law_none", rule: "CN-WD"},
		{name: "who does not know is not asked again", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) { r.Categories["kitchen"] = policy.Category{Final: true, Why: "hygiene"} },
			reason: "wrong_size", after: 3, known: map[string]json.RawMessage{"use.seal_broken": json.RawMessage("null")}, want: policy.Review, ground: "law_depends"},
		{name: "how bad a fault is decides whether the contract ends", order: bought("DE", "EUR", "Europe/Berlin", monday), reason: "defective", after: 60,
			want: policy.Ask, ground: "law_depends"},
		{name: "a fault that is not serious is repaired first, which a person says", order: bought("DE", "EUR", "Europe/Berlin", monday), reason: "defective", after: 60,
			known: map[string]json.RawMessage{"defect.major": json.RawMessage("false")}, want: policy.Review, ground: "law_review"},
		{name: "an exchange of faulty goods is the law's replacement", order: bought("DE", "EUR", "Europe/Berlin", monday), rules: func(r *policy.Rules) {
			r.AutoApprove["EUR"] = 20000
			for i := range r.Reasons {
				r.Reasons[i].CureDays = nil
			}
		}, kind: policy.Exchange, reason: "defective", after: 60,
			want: policy.Approve, ground: "law_entitled"},
		{name: "a draft of a law sends refusals to a person", order: bought("NZ", "NZD", "Pacific/Auckland", monday), reason: "wrong_size", after: 60,
			want: policy.Review, ground: "law_review"},
		{name: "without a country the shop's word stands", order: bought("", "CNY", "Asia/Shanghai", monday), reason: "wrong_size", after: 60,
			want: policy.Refuse, ground: "law_no_country", fees: true},
		{name: "without a pack it stands too", order: bought("ZA", "ZAR", "Africa/Johannesburg", monday), reason: "wrong_size", after: 60,
			want: policy.Refuse, ground: "law_no_pack", fees: true},
		{name: "nobody owes an exchange for a change of mind", order: bought("CN", "CNY", "Asia/Shanghai", monday), rules: func(r *policy.Rules) { r.Kinds = []string{"return_refund"} }, kind: policy.Exchange, reason: "wrong_size", after: 3,
			want: policy.Refuse, ground: "law_other", rule: "CN-WD", fees: true},
		{name: "a withdrawal needs no photo", order: bought("CN", "CNY", "Asia/Shanghai", monday), rules: func(r *policy.Rules) {
			r.Evidence = []policy.EvidenceRule{{Ask: []string{"video"}}}
		}, reason: "wrong_size", after: 3, want: policy.Approve, ground: "law_entitled", rule: "CN-WD"},
		{name: "a lower price is the shop's promise alone", order: bought("DE", "EUR", "Europe/Berlin", monday), kind: policy.PriceProtection, reason: "price_drop", after: 3,
			want: policy.Refuse, ground: "kind_not_offered", fees: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := asks(tt.order, tt.kind, tt.reason, monday.AddDate(0, 0, tt.after))
			q.Request.Known = tt.known
			d := owed.Decide(law(t), shop(tt.rules), q)
			if d.Outcome != tt.want || len(d.Grounds) == 0 {
				t.Fatalf("%s %v, want %s", d.Outcome, codes(d.Grounds), tt.want)
			}
			if i := slices.Index(codes(d.Grounds), tt.ground); tt.ground != "" && (i < 0 || tt.rule != "" && d.Grounds[i].Rule != tt.rule) {
				t.Errorf("grounds %+v, want %s of %s", d.Grounds, tt.ground, tt.rule)
			}
			if tt.freight != "" && d.Freight != tt.freight {
				t.Errorf("%s pays the way back, want %s", d.Freight, tt.freight)
			}
			if tt.fees && !d.Fees {
				t.Error("the law allows a fee here")
			}
			if tt.want == policy.Ask && len(d.Needs) == 0 {
				t.Error("asks nothing")
			}
			for _, n := range d.Needs {
				for _, lang := range locale.Languages {
					if text := n.Text(lang); text == "" || strings.HasPrefix(text, "need.") {
						t.Errorf("%s has no words in %s", n.Name, lang)
					}
				}
			}
			for _, g := range d.Grounds {
				for _, lang := range locale.Languages {
					if text := g.Text(lang); text == "" || text == "ground."+g.Code {
						t.Errorf("%s has no words in %s", g.Code, lang)
					}
				}
				if g.Basis == policy.ByLaw && g.Rule != "" && len(g.Cite) == 0 && g.Code != "law_amount" {
					t.Errorf("%s of the law %s is not cited", g.Code, g.Rule)
				}
			}
		})
	}
}

func TestTheLaterWindowAndTheEarlierMoneyHold(t *testing.T) {
	o := bought("DE", "EUR", "Europe/Berlin", monday)
	d := owed.Decide(law(t), shop(nil), asks(o, "", "wrong_size", monday.AddDate(0, 0, 1)))
	if got := d.Until.Format(time.RFC3339); got != "2026-11-16T22:59:59Z" {
		t.Errorf("until %s, want the end of the 14th day in Berlin", got)
	}
	if got := d.RefundDue.Format(time.DateOnly); got != "2026-11-17" {
		t.Errorf("money by %s, want 14 days after the notice", got)
	}
	long := owed.Decide(law(t), shop(func(r *policy.Rules) { r.WindowDays = 60 }), asks(o, "", "wrong_size", monday.AddDate(0, 0, 1)))
	if !long.Until.After(d.Until.AddDate(0, 0, 40)) {
		t.Errorf("until %s, want the shop's 60 days", long.Until)
	}
}

func TestOneLineWithoutARightRefusesTheRequest(t *testing.T) {
	o := bought("DE", "EUR", "Europe/Berlin", monday)
	o.Lines = append(o.Lines, o.Lines[0])
	o.Lines[1].No, o.Lines[1].Title, o.Lines[1].Traits = 2, "Engraved cup", []string{"custom"}
	rules := func(r *policy.Rules) { r.AutoApprove["EUR"] = 50000 }
	d := owed.Decide(law(t), shop(rules), asks(o, "", "wrong_size", monday.AddDate(0, 0, 10)))
	if d.Outcome != policy.Refuse || !slices.Contains(codes(d.Grounds), "law_none") {
		t.Errorf("%s %v, want a refusal for the engraved cup", d.Outcome, codes(d.Grounds))
	}
	q := asks(o, "", "wrong_size", monday.AddDate(0, 0, 10))
	q.Request.Goods = q.Request.Goods[:1]
	if d := owed.Decide(law(t), shop(rules), q); d.Outcome != policy.Approve {
		t.Errorf("%s %v of the kettle alone, want approve", d.Outcome, codes(d.Grounds))
	}
}

func TestOnlyAskedAnswersOfTheRightKindAreTaken(t *testing.T) {
	needs := []policy.Need{
		{Name: "use.opened", Kind: "fact", Type: "bool"}, {Name: "defect.found_at", Kind: "fact", Type: "date"}, {Name: "repair.tries", Kind: "fact", Type: "number"},
		{Name: "colour", Kind: "fact", Type: "choice", Choices: []string{"red", "blue"}}, {Name: "photo", Kind: "evidence", Type: "photo"},
	}
	for raw, good := range map[string]bool{
		`{"use.opened":true}`: true, `{"use.opened":null}`: true, `{"use.opened":"yes"}`: false, `{"use.seal_broken":true}`: false,
		`{"defect.found_at":"2026-11-03"}`: true, `{"defect.found_at":"3.11."}`: false, `{"defect.found_at":"0001-01-01"}`: false,
		`{"repair.tries":2}`: true, `{"repair.tries":-1}`: false, `{"repair.tries":1.5}`: false,
		`{"colour":"red"}`: true, `{"colour":"green"}`: false, `{"photo":true}`: false, `{}`: true,
	} {
		var answers map[string]json.RawMessage
		if err := json.Unmarshal([]byte(raw), &answers); err != nil {
			t.Fatal(err)
		}
		if err := owed.Known(needs, answers); (err == nil) != good {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if owed.KnownByStaff(map[string]json.RawMessage{"use.opened": json.RawMessage("true")}) != nil ||
		owed.KnownByStaff(map[string]json.RawMessage{"told.exception_confirmed": json.RawMessage("true")}) != nil ||
		owed.KnownByStaff(map[string]json.RawMessage{"buyer.residence": json.RawMessage(`"US"`)}) == nil {
		t.Error("staff add what customers can be asked or the shop can prove, nothing else")
	}
	asked := []policy.Need{{Name: "told.right", Kind: "fact", Type: "bool"}}
	if owed.Known(asked, map[string]json.RawMessage{"told.right": json.RawMessage("false")}) == nil {
		t.Error("the customer's word has become a proof")
	}
}

func TestFactsOfAnOrderAreThoseOfTheLaw(t *testing.T) {
	no, days := false, int64(30)
	o := bought("US", "USD", "America/New_York", monday)
	o.Region, o.SellerCountry, o.Terms = "US-NY", "CN", "CN"
	o.Told.Right = &no
	o.Shipping = order.Shipping{Paid: 900, Standard: 500}
	o.Lines[0].LineSale = order.LineSale{LawCategory: "phone", PromisedAt: "2026-11-01", Promise: order.Promise{Days: &days}, Told: order.Told{Policy: &no}}
	o.Lines[0].Traits = []string{"second_hand", "durable", "blue"}
	q := asks(o, "", "wrong_item", monday.AddDate(0, 0, 2))
	q.Request.Now = monday.AddDate(0, 0, 2)
	q.Request.Known = map[string]json.RawMessage{"use.opened": json.RawMessage("true"), "buyer.residence": json.RawMessage(`"FR"`)}
	f := owed.Facts(o, o.Lines[0], q.Request, q.Request.Goods[0])
	raw, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"as_of":"2026-11-04T04:00:00Z","zone":"America/New_York","currency":"USD","claim":"defect","channel":"web","buyer":{"residence":"US-NY"},` +
		`"seller":{"country":"CN"},"law":{"terms":"CN"},"contract":{"at":"2026-10-30T04:00:00Z"},` +
		`"delivery":{"at":"2026-11-02T04:00:00Z","promised_at":"2026-11-01","fee":900,"standard_fee":500,"kept_value":0},` +
		`"item":{"category":"phone","price":10000,"quantity":1,"durable":true},"traits":{"second_hand":true},"use":{"opened":true},` +
		`"told":{"right":false,"policy_shown":false},"promise":{"return_days":30},` +
		`"notice":{"sent_at":"2026-11-04T04:00:00Z","received_at":"2026-11-04T04:00:00Z"},"defect":{"not_as_described":true}}`
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Error(diff)
	}
}
