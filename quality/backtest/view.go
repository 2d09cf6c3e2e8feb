package backtest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/policy"
)

// Summary is a run in a list.
type Summary struct {
	ID        string     `json:"id"`
	State     State      `json:"state" enum:"queued,running,done,cancelled,failed"`
	Policy    string     `json:"policy"`
	Version   int64      `json:"version,omitempty" doc:"Version that was tried; missing: rules that are no version"`
	By        string     `json:"by,omitempty" doc:"Who asked"`
	Scope     ScopeView  `json:"scope"`
	Progress  Progress   `json:"progress"`
	Better    int64      `json:"better" doc:"Requests whose answer is better for the customer"`
	Worse     int64      `json:"worse"`
	Other     int64      `json:"other" doc:"Changed, and neither"`
	Error     string     `json:"error,omitempty" doc:"Why it failed"`
	CreatedAt time.Time  `json:"created_at"`
	StartedAt *time.Time `json:"started_at,omitempty"`
	UpdatedAt time.Time  `json:"updated_at" doc:"Of the last progress"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

// ScopeView says on which part of the past rules were tried.
type ScopeView struct {
	From    *time.Time `json:"from,omitempty" doc:"Asked for at or after it"`
	To      time.Time  `json:"to" doc:"And before it"`
	Kinds   []string   `json:"kinds,omitempty" nullable:"false" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation"`
	Sellers []string   `json:"sellers,omitempty" nullable:"false"`
	Sources []string   `json:"sources" nullable:"false" enum:"cases,history"`
	Limit   int64      `json:"limit"`
	Against string     `json:"against" enum:"then,live"`
	Reason  string     `json:"reason" doc:"What past returns of an import are read as: nobody knows why they were asked for"`
}

// Progress is how far a run is.
type Progress struct {
	Done        int64   `json:"done"`
	Total       int64   `json:"total"`
	Rate        float64 `json:"rate" doc:"Requests a second"`
	SecondsLeft *int64  `json:"seconds_left,omitempty" doc:"Missing while nobody can tell"`
}

// View is a run with all it has counted.
type View struct {
	Summary
	Figures  Figures     `json:"figures"`
	Coverage Coverage    `json:"coverage"`
	Groups   []GroupView `json:"groups" nullable:"false" doc:"Of each dimension those for which most changes, ten at most"`
}

// Figures is what would have changed.
type Figures struct {
	Decided  int64       `json:"decided" doc:"Requests that both sides have answered"`
	Skipped  []Count     `json:"skipped" nullable:"false" doc:"Requests that were not tried: other_policy, no_order, no_goods, no_policy, no_quote"`
	Matrix   []Cell      `json:"matrix" nullable:"false"`
	Changes  []Count     `json:"changes" nullable:"false" doc:"Kinds of change of which samples are kept, with how many"`
	Money    []MoneyView `json:"money" nullable:"false" doc:"By currency"`
	Time     Time        `json:"time"`
	People   []Count     `json:"people" nullable:"false" doc:"What people decided of those that the rules of then left to them"`
	Affected []Count     `json:"affected" nullable:"false" doc:"How many kinds, reasons, categories, countries, sellers and customers something changes for"`
	Unknown  []Count     `json:"unknown" nullable:"false" doc:"Facts that were not known, and of how many requests. They were not made up"`
	Assumed  []Count     `json:"assumed" nullable:"false" doc:"Facts that the run was told to assume"`
}

// Count is how often something was.
type Count struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Cell is one cell of the matrix from outcomes to outcomes.
type Cell struct {
	Before string `json:"before" enum:"approve,review,refuse,ask"`
	After  string `json:"after" enum:"approve,review,refuse,ask"`
	Count  int64  `json:"count"`
}

// MoneyView is what both sides come to in one currency.
type MoneyView struct {
	Currency string  `json:"currency"`
	Before   SumView `json:"before"`
	After    SumView `json:"after"`
}

// SumView is what one side comes to.
type SumView struct {
	Paid            money.Amount `json:"paid" doc:"Approved at once"`
	Open            money.Amount `json:"open" doc:"Waits for a person, or for an answer of the customer"`
	Refused         money.Amount `json:"refused" doc:"What the refused would have come to"`
	Fees            money.Amount `json:"fees" doc:"Kept of what is approved: labels and restocking"`
	FreightSeller   money.Amount `json:"freight_seller" doc:"Ways back that the seller pays, at the price of the label"`
	FreightCustomer money.Amount `json:"freight_customer"`
}

// Time is what changes for the people who decide.
type Time struct {
	MedianSeconds int64 `json:"median_seconds" doc:"How long a request waited for a person, in the middle of those measured; within 2.2 %"`
	Measured      int64 `json:"measured" doc:"Requests it is measured on; 0: nobody knows"`
	AtOnce        int64 `json:"at_once" doc:"Requests that need nobody any more"`
	ToPerson      int64 `json:"to_person" doc:"Requests that need somebody now"`
	SavedSeconds  int64 `json:"saved_seconds" doc:"(at_once − to_person) × median; negative where more waits than before"`
}

// Coverage is which parts of the tried rules have a use.
type Coverage struct {
	Parts    []Count   `json:"parts" nullable:"false" doc:"Parts of the rules and how often each spoke"`
	Never    []string  `json:"never" nullable:"false" doc:"Conditions, reasons, categories, tiers, promises and offers that never did"`
	Overlaps []Overlap `json:"overlaps" nullable:"false" doc:"Conditions that were true together: of what both say, the first counts"`
	Laws     []Count   `json:"laws" nullable:"false" doc:"Rules of law that decided"`
}

// Overlap is two conditions that were true of the same request.
type Overlap struct {
	First  string `json:"first"`
	Second string `json:"second"`
	Count  int64  `json:"count"`
}

// GroupView is what changes for one customer, seller, country …
type GroupView struct {
	Dimension string       `json:"dimension" enum:"kind,reason,category,country,seller,customer"`
	Name      string       `json:"name"`
	Tried     int64        `json:"tried" doc:"Requests; of a customer only those whose answer changes"`
	Better    int64        `json:"better"`
	Worse     int64        `json:"worse"`
	Other     int64        `json:"other"`
	Before    money.Amount `json:"paid_before" doc:"Approved at once by the rules of then"`
	After     money.Amount `json:"paid_after"`
}

func summary(r Run) Summary {
	s := Summary{
		ID: r.ID, State: r.State, Policy: r.Policy, Version: r.PolicyVer, By: r.By, Progress: Progress{Done: r.Done, Total: r.Total, Rate: r.Rate()},
		Better: r.Figures.Better, Worse: r.Figures.Worse, Other: r.Figures.Other, Error: r.Error,
		CreatedAt: r.CreatedAt, StartedAt: instant(r.StartedAt), UpdatedAt: r.UpdatedAt, EndedAt: instant(r.EndedAt),
		Scope: ScopeView{From: instant(r.Scope.From), To: r.Scope.To, Kinds: r.Scope.Kinds, Sellers: r.Scope.Sellers, Sources: r.Scope.Sources,
			Limit: r.Scope.Limit, Against: r.Scope.Against, Reason: r.Scope.Reason},
	}
	if left, ok := r.Left(); ok {
		seconds := int64(left.Seconds())
		s.Progress.SecondsLeft = &seconds
	}
	return s
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// view is a run in full. affected and groups come from their table.
func view(r Run, affected map[string]int64, groups []Group) View {
	t := &r.Figures
	f := Figures{
		Decided: t.Decided, Skipped: counts(t.Skipped), Matrix: []Cell{}, Changes: counts(t.Samples), Money: []MoneyView{}, People: counts(t.People),
		Affected: counts(affected), Unknown: counts(t.Unknown), Assumed: counts(t.Assumed),
	}
	for _, c := range counts(t.Matrix) {
		before, after := cell(c.Name)
		f.Matrix = append(f.Matrix, Cell{before, after, c.Count})
	}
	for _, currency := range slices.Sorted(maps.Keys(t.Money)) {
		m := t.Money[currency]
		f.Money = append(f.Money, MoneyView{currency, m.Before.view(currency), m.After.view(currency)})
	}
	median, n := t.median()
	f.Time = Time{int64(median.Seconds()), n, t.AtOnce, t.ToPerson, (t.AtOnce - t.ToPerson) * int64(median.Seconds())}
	v := View{Summary: summary(r), Figures: f, Groups: []GroupView{}}
	v.Coverage = Coverage{Parts: counts(t.Parts), Never: []string{}, Overlaps: []Overlap{}, Laws: counts(t.Laws)}
	rules, _ := rulesOf(r.Rules) // as they were stored; without them nothing is named
	for _, p := range partsOf(&rules) {
		if t.Parts[p] == 0 && t.Decided > 0 {
			v.Coverage.Never = append(v.Coverage.Never, p)
		}
	}
	for _, c := range counts(t.Pairs) {
		first, second, _ := strings.Cut(c.Name, " ")
		v.Coverage.Overlaps = append(v.Coverage.Overlaps, Overlap{first, second, c.Count})
	}
	for _, g := range groups {
		v.Groups = append(v.Groups, g.view())
	}
	return v
}

func (g Group) view() GroupView {
	return GroupView{g.Dimension, g.Name, g.Tried, g.Better, g.Worse, g.Other, money.Of(g.PaidBefore, g.Currency), money.Of(g.PaidAfter, g.Currency)}
}

func (s Sum) view(currency string) SumView {
	of := func(n int64) money.Amount { return money.Of(n, currency) }
	return SumView{of(s.Paid), of(s.Open), of(s.Refused), of(s.Fees), of(s.Seller), of(s.Customer)}
}

// counts lists the most frequent first.
func counts(m map[string]int64) []Count {
	all := make([]Count, 0, len(m))
	for name, n := range m {
		all = append(all, Count{name, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return all
}

// partsOf names what rules have that could speak.
func partsOf(r *policy.Rules) (all []string) {
	for _, c := range r.Conditions {
		all = append(all, "conditions/"+c.ID)
	}
	for _, x := range r.Reasons {
		all = append(all, "reasons/"+x.Code)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		all = append(all, "categories/"+name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Tiers)) {
		all = append(all, "tiers/"+name)
	}
	for _, p := range r.Promises {
		all = append(all, "promises/"+p.Code)
	}
	for _, o := range r.Proposals {
		all = append(all, "offers/"+o.ID)
	}
	return all
}

// SampleView is a request whose answer changes.
type SampleView struct {
	Change    string    `json:"change" doc:"approve>refuse, or approve:refund and approve:freight where only the terms change"`
	Direction string    `json:"direction" enum:"better,worse,other" doc:"For the customer"`
	Source    string    `json:"source" enum:"cases,history"`
	Case      string    `json:"case,omitempty" doc:"Id of the case; missing for a past return of an import"`
	Number    string    `json:"number" doc:"Of the case, or the source's own name of the return"`
	Order     OrderRef  `json:"order"`
	Title     string    `json:"title"`
	Kind      string    `json:"kind" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation"`
	Reason    string    `json:"reason"`
	Country   string    `json:"country,omitempty"`
	Seller    string    `json:"seller,omitempty"`
	AskedAt   time.Time `json:"asked_at"`
	Became    string    `json:"became,omitempty" doc:"What a person decided in truth"`
	Before    SideView  `json:"before"`
	After     SideView  `json:"after"`
	Unknown   []string  `json:"unknown,omitempty" nullable:"false"`
}

// OrderRef names an order.
type OrderRef struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// SideView is what one set of rules says, in words.
type SideView struct {
	Policy  string       `json:"policy"`
	Version int64        `json:"version,omitempty" doc:"Missing: rules that are no version"`
	Outcome string       `json:"outcome" enum:"approve,review,refuse,ask"`
	Refund  money.Amount `json:"refund" doc:"What it comes to if it is approved"`
	Fees    money.Amount `json:"fees" doc:"What is kept of it"`
	Freight string       `json:"freight,omitempty" enum:"seller,customer" doc:"Who pays the way back; missing: nothing comes back"`
	Until   *time.Time   `json:"until,omitempty"`
	Grounds []GroundView `json:"grounds" nullable:"false"`
	Needs   []NeedView   `json:"needs" nullable:"false" doc:"What the customer would be asked"`
}

// GroundView is a ground in words.
type GroundView struct {
	Code  string   `json:"code"`
	Text  string   `json:"text" doc:"As the customer reads it"`
	Staff string   `json:"staff" doc:"With rule and citations"`
	Basis string   `json:"basis,omitempty" enum:"law,policy,promise"`
	Rule  string   `json:"rule,omitempty"`
	Cite  []string `json:"cite,omitempty" nullable:"false"`
}

// NeedView is a question to the customer.
type NeedView struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func sampleView(s Sample, lang string) SampleView {
	v := SampleView{
		Change: s.Change, Direction: s.Direction, Source: s.Source, Number: s.Number, Order: OrderRef{s.Order, s.OrderNumber}, Title: s.Title, Kind: s.Kind,
		Reason: s.Reason, Country: s.Country, Seller: s.Seller, AskedAt: s.At, Became: s.Became, Unknown: s.Unknown,
		Before: s.Before.view(s.Currency, lang), After: s.After.view(s.Currency, lang),
	}
	if s.Source == Cases {
		v.Case = s.ID
	}
	return v
}

func (t Told) view(currency, lang string) SideView {
	v := SideView{
		Policy: t.Policy, Version: t.Version, Outcome: t.Outcome, Refund: money.Of(t.Refund, currency), Fees: money.Of(t.Fees, currency), Freight: t.Freight,
		Until: instant(t.Until), Grounds: groundsOf(t.Grounds, lang), Needs: []NeedView{},
	}
	for _, n := range t.Needs {
		v.Needs = append(v.Needs, NeedView{n.Name, n.Text(lang)})
	}
	return v
}

func groundsOf(all []policy.Ground, lang string) []GroundView {
	words := make([]GroundView, len(all))
	for i, g := range all {
		words[i] = GroundView{g.Code, g.Text(lang), g.Staff(lang), g.Basis, g.Rule, g.Cite}
	}
	return words
}
