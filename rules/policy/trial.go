package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// Test is an example that has to come out as written before a version goes
// live.
type Test struct {
	Name    string                     `json:"name" minLength:"1" maxLength:"200"`
	Request Sample                     `json:"request"`
	Law     map[string]json.RawMessage `json:"law,omitempty" doc:"Facts of the law besides the request, by their names in docs/schema/rights-facts.schema.json, for all goods; they go before what the request says"`
	Expect  Expected                   `json:"expect"`
}

// Sample is a request as it is written down.
type Sample struct {
	Kind     string                     `json:"kind,omitempty" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"return_refund where left out"`
	Phase    string                     `json:"phase,omitempty" enum:"pre_ship,in_transit,after_receipt" doc:"after_receipt where left out"`
	Now      time.Time                  `json:"now" example:"2026-03-05T10:00:00Z"`
	Placed   time.Time                  `json:"placed,omitzero"`
	Zone     string                     `json:"zone,omitempty" doc:"Of the customer; UTC where left out" example:"Asia/Shanghai"`
	Total    money.Amount               `json:"total"`
	Verified bool                       `json:"verified,omitempty"`
	Customer Person                     `json:"customer,omitzero"`
	Channel  string                     `json:"channel,omitempty" maxLength:"40"`
	Country  string                     `json:"country,omitempty" maxLength:"2"`
	Region   string                     `json:"region,omitempty" maxLength:"40"`
	Seller   string                     `json:"seller,omitempty" maxLength:"100"`
	Language string                     `json:"language,omitempty" maxLength:"20"`
	Photos   int                        `json:"photos,omitempty" minimum:"0" maximum:"100"`
	Known    map[string]json.RawMessage `json:"known,omitempty" doc:"Answers of the customer by name"`
	Goods    []Article                  `json:"goods" minItems:"1" maxItems:"100"`
}

// Article is a line of goods in a sample.
type Article struct {
	SKU       string    `json:"sku,omitempty" maxLength:"200"`
	Title     string    `json:"title,omitempty" maxLength:"500"`
	Category  string    `json:"category,omitempty" maxLength:"200"`
	Traits    []string  `json:"traits,omitempty" maxItems:"20"`
	Quantity  int64     `json:"quantity,omitempty" minimum:"0" maximum:"1000000"`
	Paid      int64     `json:"paid,omitempty" minimum:"0"`
	Seller    string    `json:"seller,omitempty" maxLength:"100"`
	Delivered time.Time `json:"delivered,omitzero"`
	Reason    string    `json:"reason,omitempty" maxLength:"40"`
	Photos    int       `json:"photos,omitempty" minimum:"0" maximum:"100"`
}

// Expected is what has to come out. What is left out may be anything.
type Expected struct {
	Outcome string            `json:"outcome,omitempty" enum:"approve,review,refuse,ask"`
	Kinds   map[string]string `json:"kinds,omitempty" doc:"Outcome by kind, when the same is asked for as another kind" example:"{\"exchange\":\"approve\",\"refund_only\":\"review\"}"`
	Grounds []string          `json:"grounds,omitempty" maxItems:"20" doc:"Codes that must be among the grounds"`
	Fired   []string          `json:"fired,omitempty" maxItems:"20" doc:"Rules that must hold, such as conditions/vip"`
	Needs   []string          `json:"needs,omitempty" maxItems:"20" doc:"What must be asked for"`
	Freight string            `json:"freight,omitempty" enum:"seller,customer" doc:"Of the first line"`

	Effective *Effective `json:"effective,omitempty" doc:"What has to come out by law and policy together"`
}

// Result is how a test came out.
type Result struct {
	Name      string       `json:"name"`
	Passed    bool         `json:"passed"`
	Wrong     []string     `json:"wrong,omitempty" doc:"What differs, in English, as: outcome is review, not approve"`
	Differs   []Difference `json:"differs,omitempty" doc:"The same as data"`
	Judgement Judgement    `json:"judgement"`
	Grounds   []Worded     `json:"grounds,omitempty" doc:"The grounds in words"`
	Kinds     []KindResult `json:"kinds,omitempty" doc:"How the same came out when it was asked for as another kind"`
	Effective *Joint       `json:"effective,omitempty" doc:"How it came out by law and policy together, where the test asks for it"`
}

// Difference is one point in which a test came out otherwise than written.
type Difference struct {
	What string   `json:"what" enum:"outcome,kind,grounds,fired,needs,freight,zone,law,effective,effective_grounds,effective_needs,effective_freight"`
	Kind string   `json:"kind,omitempty" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Asked for as this kind"`
	Want string   `json:"want"`
	Got  []string `json:"got,omitempty" doc:"One value, or all among which it is missing"`
}

// KindResult is how the facts of a test come out for one kind.
type KindResult struct {
	Kind    string   `json:"kind" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation"`
	Want    string   `json:"want" enum:"approve,review,refuse,ask"`
	Outcome string   `json:"outcome" enum:"approve,review,refuse,ask"`
	Passed  bool     `json:"passed"`
	Grounds []Worded `json:"grounds,omitempty"`
}

// Worded is a ground with its words.
type Worded struct {
	Code  string            `json:"code"`
	Basis string            `json:"basis,omitempty" enum:"law,policy,promise"`
	Rule  string            `json:"rule,omitempty"`
	Cite  []string          `json:"cite,omitempty"`
	Says  map[string]string `json:"says" doc:"As the customer reads it, in every language of the portal"`
}

// Request makes the question that a sample describes.
func (s Sample) Request() (Request, error) {
	zone, err := calendar.Zone(s.zone())
	if err != nil {
		return Request{}, err
	}
	q := Request{
		Kind: s.Kind, Phase: s.Phase, Now: s.Now, Zone: zone, Total: s.Total, Placed: s.Placed, Verified: s.Verified, Customer: s.Customer,
		Channel: s.Channel, Country: s.Country, Region: s.Region, Seller: s.Seller, Language: s.Language, Photos: s.Photos, Known: s.Known,
	}
	for i, a := range s.Goods {
		q.Goods = append(q.Goods, Goods{
			Line: i + 1, SKU: a.SKU, Title: a.Title, Category: a.Category, Traits: a.Traits, Quantity: max(1, a.Quantity), Paid: a.Paid,
			Seller: a.Seller, Delivered: a.Delivered, Reason: a.Reason, Photos: a.Photos,
		})
	}
	return q, nil
}

func (s Sample) zone() string {
	if s.Zone == "" {
		return "UTC"
	}
	return s.Zone
}

// Try runs tests on a policy. Those that are about the law as well need together.
func (p *Policy) Try(tests []Test, together Together) []Result {
	all := make([]Result, 0, len(tests))
	for _, t := range tests {
		all = append(all, p.try(t, together))
	}
	return all
}

func (p *Policy) try(t Test, together Together) Result {
	r := Result{Name: t.Name}
	q, err := t.Request.Request()
	if err != nil {
		r.Differs = []Difference{{What: "zone", Want: t.Request.Zone}}
		r.Wrong = []string{r.Differs[0].text()}
		return r
	}
	r.Judgement = p.Judge(q)
	r.Grounds = worded(r.Judgement.Grounds)
	r.Differs = t.Expect.differs(r.Judgement)
	for _, kind := range slices.Sorted(maps.Keys(t.Expect.Kinds)) {
		q.Kind = kind
		j := p.Judge(q)
		k := KindResult{Kind: kind, Want: t.Expect.Kinds[kind], Outcome: string(j.Outcome), Grounds: worded(j.Grounds)}
		k.Passed = k.Want == k.Outcome
		if !k.Passed {
			r.Differs = append(r.Differs, Difference{What: "kind", Kind: kind, Want: k.Want, Got: []string{k.Outcome}})
		}
		r.Kinds = append(r.Kinds, k)
	}
	t.jointly(p, together, &r)
	for _, d := range r.Differs {
		r.Wrong = append(r.Wrong, d.text())
	}
	r.Passed = len(r.Differs) == 0
	return r
}

func worded(grounds []Ground) []Worded {
	all := make([]Worded, 0, len(grounds))
	for _, g := range grounds {
		if title, ok := g.Args["title"]; ok && title == "" { // goods of an example need no name
			g.Args = maps.Clone(g.Args)
			g.Args["title"] = "…"
		}
		w := Worded{Code: g.Code, Basis: g.Basis, Rule: g.Rule, Cite: g.Cite, Says: map[string]string{}}
		for _, lang := range locale.Readable {
			w.Says[lang] = g.Text(lang)
		}
		all = append(all, w)
	}
	return all
}

// differs names what came out otherwise than expected.
func (e Expected) differs(j Judgement) (all []Difference) {
	if e.Outcome != "" && e.Outcome != string(j.Outcome) {
		all = append(all, Difference{What: "outcome", Want: e.Outcome, Got: []string{string(j.Outcome)}})
	}
	var codes, needs []string
	for _, g := range j.Grounds {
		codes = append(codes, g.Code)
	}
	for _, n := range j.Needs {
		needs = append(needs, n.Name)
	}
	all = append(all, absent("grounds", e.Grounds, codes)...)
	all = append(all, absent("fired", e.Fired, j.Fired)...)
	all = append(all, absent("needs", e.Needs, needs)...)
	if e.Freight != "" && len(j.Lines) > 0 && j.Lines[0].Freight != e.Freight {
		all = append(all, Difference{What: "freight", Want: e.Freight, Got: []string{j.Lines[0].Freight}})
	}
	return all
}

// absent names what is not among what came out.
func absent(what string, want, have []string) (all []Difference) {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return h == w || strings.HasSuffix(h, "/"+w) }) {
			all = append(all, Difference{What: what, Want: w, Got: have})
		}
	}
	return all
}

// text says a difference in English.
func (d Difference) text() string {
	switch d.What {
	case "zone":
		return "zone: " + d.Want + " is not known"
	case "law":
		return strings.TrimSpace("law: nobody can be asked here " + d.Want)
	case "effective":
		return fmt.Sprintf("outcome by law and policy is %s, not %s", list(d.Got), d.Want)
	case "outcome", "freight", "effective_freight":
		return fmt.Sprintf("%s is %s, not %s", d.What, list(d.Got), d.Want)
	case "kind":
		return fmt.Sprintf("outcome as %s is %s, not %s", d.Kind, list(d.Got), d.Want)
	}
	return fmt.Sprintf("%s: %s is not among %s", d.What, d.Want, list(d.Got))
}

func list(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}
