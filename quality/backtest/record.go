package backtest

import (
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// Sample is one request whose answer changes, kept to be opened.
type Sample struct {
	Change      string    `json:"change"`
	Seq         int64     `json:"seq"`
	Direction   string    `json:"direction"`
	Source      string    `json:"source"`
	ID          string    `json:"id"` // of the case, or the source's own name of the return
	Number      string    `json:"number"`
	Order       string    `json:"order"`
	OrderNumber string    `json:"order_number"`
	Title       string    `json:"title"`
	Reason      string    `json:"reason"`
	Kind        string    `json:"kind"`
	Country     string    `json:"country,omitempty"`
	Seller      string    `json:"seller,omitempty"`
	Currency    string    `json:"currency"`
	At          time.Time `json:"at"`
	Became      string    `json:"became,omitempty"` // what a person decided
	Before      Told      `json:"before"`
	After       Told      `json:"after"`
	Unknown     []string  `json:"unknown,omitempty"`
}

// Told is one side with why.
type Told struct {
	Side
	Grounds []policy.Ground `json:"grounds"`
	Needs   []policy.Need   `json:"needs,omitempty"`
	Until   time.Time       `json:"until,omitzero"`
}

func told(a Answer) Told {
	return Told{Side: a.Side, Grounds: a.Decision.Grounds, Needs: a.Decision.Needs, Until: a.Decision.Until}
}

// record counts one request that both sides have answered. kept tells how many
// samples of each change are stored already.
func (t *Tally) record(q *request, before, after Answer, kept map[string]int64) {
	t.Decided++
	count(&t.Matrix, before.Outcome+">"+after.Outcome, 1)
	m := t.money(q.order.Currency)
	m.Before.add(before.Side)
	m.After.add(after.Side)
	open := func(s Side) bool { return s.Outcome == string(policy.Review) || s.Outcome == string(policy.Ask) }
	switch {
	case open(before.Side) && !open(after.Side):
		t.AtOnce++
	case !open(before.Side) && open(after.Side):
		t.ToPerson++
	}
	if q.became != "" && before.Outcome == string(policy.Review) {
		count(&t.People, q.became, 1)
		if t.Waits == nil {
			t.Waits = map[int]int64{}
		}
		t.Waits[bucket(q.waited)]++
	}
	for _, name := range q.assumed {
		count(&t.Assumed, name, 1)
	}
	unknown := append(slices.Clone(q.unknown), missing(&after.Decision)...)
	slices.Sort(unknown)
	unknown = slices.Compact(unknown)
	for _, name := range unknown {
		count(&t.Unknown, name, 1)
	}
	t.cover(q, &after.Decision)
	name, direction := compare(before.Side, after.Side)
	t.group(q, before.Side, after.Side, direction)
	if name == "" {
		return
	}
	switch direction {
	case better:
		t.Better++
	case worse:
		t.Worse++
	default:
		t.Other++
	}
	if kept[name]+t.Samples[name] >= MaxSamples {
		return
	}
	count(&t.Samples, name, 1)
	t.kept = append(t.kept, Sample{
		Change: name, Seq: kept[name] + t.Samples[name], Direction: direction, Source: q.source, ID: q.id, Number: q.number, Order: q.order.ID, OrderNumber: q.order.Number,
		Title: q.title(), Reason: q.reason(), Kind: q.ask.Kind, Country: q.ask.Country, Seller: q.ask.Seller, Currency: q.order.Currency, At: q.at, Became: q.became,
		Before: told(before), After: told(after), Unknown: unknown,
	})
}

// missing are facts that the decision asks for, those that the law would have
// needed, and why it could not be asked.
func missing(d *owed.Decision) (all []string) {
	for _, n := range d.Needs {
		all = append(all, n.Name)
	}
	for _, l := range d.Laws {
		if l.Problem != "" {
			all = append(all, "law."+l.Problem)
		}
		for _, r := range l.Remedies {
			if slices.ContainsFunc(d.Grounds, func(g policy.Ground) bool { return g.Basis == policy.ByLaw && g.Rule == r.Rule }) {
				all = append(all, r.Needs...)
			}
		}
	}
	return all
}

// cover counts which parts of the tried rules spoke.
func (t *Tally) cover(q *request, d *owed.Decision) {
	parts := map[string]bool{}
	for _, id := range d.Fired {
		parts[part(id)] = true
	}
	for _, list := range [][]policy.Ground{d.Grounds, d.Overruled} {
		for _, g := range list {
			if g.Rule != "" && g.Basis != policy.ByLaw {
				parts[part(g.Rule)] = true
			}
		}
	}
	for _, o := range d.Offers {
		parts[part(o.Rule)] = true
	}
	for _, p := range d.Promises {
		parts[part(p.Rule)] = true
	}
	touched := []string{"tiers/" + q.ask.Customer.Tier}
	for _, g := range q.ask.Goods {
		touched = append(touched, "reasons/"+g.Reason, "categories/"+g.Category)
	}
	for _, p := range touched {
		if t.has[p] {
			parts[p] = true
		}
	}
	delete(parts, "")
	for p := range parts {
		count(&t.Parts, p, 1)
	}
	var fired []string
	for _, id := range d.Fired {
		if p := part(id); strings.HasPrefix(p, "conditions/") && !slices.Contains(fired, p) {
			fired = append(fired, p)
		}
	}
	slices.Sort(fired)
	for i, a := range fired {
		for _, b := range fired[i+1:] {
			count(&t.Pairs, a+" "+b, 1)
		}
	}
	seen := map[string]bool{}
	for _, g := range d.Grounds {
		if g.Basis == policy.ByLaw && g.Rule != "" && !seen[g.Rule] {
			seen[g.Rule] = true
			count(&t.Laws, g.Rule, 1)
		}
	}
}

// part is a rule's place in its policy: standard@3/reasons/defective/limit is
// reasons/defective, standard@3/auto_approve is auto_approve.
func part(rule string) string {
	if at := strings.IndexByte(rule, '@'); at >= 0 {
		_, rule, _ = strings.Cut(rule[at:], "/")
	}
	switch steps := strings.SplitN(rule, "/", 3); {
	case len(steps) < 2:
		return rule
	default:
		return steps[0] + "/" + steps[1]
	}
}

// Dimensions by which changes are counted.
var Dimensions = []string{"kind", "reason", "category", "country", "seller", "customer"}

// group counts a request under what it belongs to. Customers are counted only
// where something changes for them: there may be very many.
func (t *Tally) group(q *request, before, after Side, direction string) {
	paid := func(s Side) int64 {
		if s.Outcome == string(policy.Approve) {
			return s.Refund
		}
		return 0
	}
	names := map[string]string{"kind": q.ask.Kind, "country": q.ask.Country, "seller": q.ask.Seller, "reason": q.reason()}
	if len(q.ask.Goods) > 0 {
		names["category"] = q.ask.Goods[0].Category
	}
	if direction != "" {
		names["customer"] = q.order.Customer
	}
	if t.groups == nil {
		t.groups = map[group]*change{}
	}
	for dimension, name := range names {
		if name == "" {
			continue
		}
		key := group{dimension, name, q.order.Currency}
		c := t.groups[key]
		if c == nil {
			c = &change{}
			t.groups[key] = c
		}
		c.tried++
		c.before += paid(before)
		c.after += paid(after)
		switch direction {
		case better:
			c.better++
		case worse:
			c.worse++
		case other:
			c.other++
		}
	}
}
