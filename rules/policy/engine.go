package policy

import (
	"fmt"
	"slices"
	"sync"

	"github.com/aftercare/aftercare/base/money"
)

// engine is a version of a policy ready to judge. Its expressions are compiled
// when the first of them is asked; it is safe for concurrent use.
type engine struct {
	rules  *Rules
	prefix string            // standard@3/
	names  map[string]string // full names of the rules that speak most
	parent *engine

	once         sync.Once
	whens        []*program // nil where one cannot be read
	promiseWhens []*program
	offerWhens   []*program
}

// Make readies rules for judging: a version that is not stored, or a draft.
func Make(id string, version int64, rules Rules, parent *Policy) *Policy {
	p := &Policy{ID: id, Version: version, Rules: rules}
	p.ready(parent)
	return p
}

func (p *Policy) ready(parent *Policy) {
	rules := p.Rules
	p.engine = &engine{rules: &rules, prefix: fmt.Sprintf("%s@%d/", p.ID, p.Version)}
	names := []string{"window_days", "auto_approve", "kinds", "reasons", "returnless"}
	for code := range rules.Categories {
		names = append(names, "categories/"+code, "categories/"+code+"/window_days")
	}
	for _, x := range rules.Reasons {
		names = append(names, "reasons/"+x.Code, "reasons/"+x.Code+"/window_days", "reasons/"+x.Code+"/cure_days")
	}
	for _, x := range rules.Conditions {
		names = append(names, "conditions/"+x.ID)
	}
	p.engine.names = make(map[string]string, len(names))
	for _, name := range names {
		p.engine.names[name] = p.engine.prefix + name
	}
	if parent != nil {
		p.engine.parent = parent.engine
	}
}

// Judge decides a request by all rules: the general ones, the conditions, tiers
// and promises, and the better of it and of the policy it stands on.
func (p *Policy) Judge(q Request) Judgement {
	e := p.engine
	if e == nil {
		e = Make(p.ID, p.Version, p.Rules, nil).engine
	}
	j := e.judge(q)
	if e.parent != nil {
		j = better(j, e.parent.judge(q))
	}
	return j
}

func (e *engine) name(rule string) string {
	if rule == "" {
		return ""
	}
	if full, ok := e.names[rule]; ok {
		return full
	}
	return e.prefix + rule
}

func (e *engine) compile() {
	e.once.Do(func() {
		one := func(text string) *program {
			if text == "" {
				return nil
			}
			p, _, _ := compile(text)
			return p
		}
		for i := range e.rules.Conditions {
			e.whens = append(e.whens, one(e.rules.Conditions[i].When))
		}
		for i := range e.rules.Promises {
			e.promiseWhens = append(e.promiseWhens, one(e.rules.Promises[i].When))
		}
		for i := range e.rules.Proposals {
			e.offerWhens = append(e.offerWhens, one(e.rules.Proposals[i].When))
		}
	})
}

func fits(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }

// conditions asks the conditions that fit the kind, the phase and a reason.
func (x *judging) conditions() {
	if len(x.rules.Conditions) == 0 {
		return
	}
	x.compile()
	s := scope{q: &x.q, rules: x.rules}
	for i := range x.rules.Conditions {
		c := &x.rules.Conditions[i]
		if !fits(c.Kinds, x.q.Kind) || !fits(c.Phases, x.q.Phase) {
			continue
		}
		x.ask(c, x.whens[i], &s)
	}
}

// ask asks one condition: once, or for each line of goods it fits.
func (x *judging) ask(c *Condition, p *program, s *scope) {
	var once, asked bool
	var failed error
	fired := false
	for n := range x.fx {
		s.item = nil
		if n < len(x.q.Goods) {
			s.item = &x.q.Goods[n]
			if !fits(c.Reasons, s.item.Reason) {
				continue
			}
		} else if len(c.Reasons) > 0 || p != nil && p.perLine {
			continue
		}
		is := once
		switch {
		case p == nil:
			failed = ErrInvalid
		case p.perLine || !asked:
			is, failed = p.eval(s)
			once, asked = is, true
		}
		if failed != nil {
			x.fx[n].unchecked = c.ID
			continue
		}
		if is {
			fired = true
			x.apply(c, &x.fx[n], s.item)
		}
	}
	if fired {
		x.judge.Fired = append(x.judge.Fired, x.name("conditions/"+c.ID))
	}
}

// apply notes what a condition that is true changes for a line.
func (x *judging) apply(c *Condition, fx *effect, g *Goods) {
	rule := "conditions/" + c.ID
	then := &c.Then
	if then.Outcome != "" && then.Outcome != string(Ask) && fx.outcome == "" {
		fx.outcome, fx.by = Outcome(then.Outcome), c
	}
	if then.WindowDays != nil && fx.window == nil {
		fx.window, fx.windowBy = then.WindowDays, rule
	}
	if fx.freight == "" {
		fx.freight = then.Freight
	}
	if fx.fee == nil {
		fx.fee = then.RestockingFee
	}
	if fx.limit == nil && then.AutoApprove != nil {
		fx.limit, fx.limitBy = then.AutoApprove, rule
	}
	fx.keep = fx.keep || then.Returnless
	for _, kind := range then.Evidence {
		x.need(Need{Name: kind, Kind: "evidence", Type: kind, Says: c.Says}, g, rule)
	}
	for _, q := range then.Needs {
		x.need(Need{Name: q.Name, Kind: "fact", Type: q.Type, Choices: q.Choices, Says: q.Says}, g, rule)
	}
	x.named = append(x.named, then.Offers...)
}

// evidence asks for what rules want to see.
func (x *judging) evidence() {
	for i := range x.rules.Evidence {
		e := &x.rules.Evidence[i]
		if !fits(e.Kinds, x.q.Kind) {
			continue
		}
		if above, ok := e.Above[x.q.Total.Currency]; ok && x.q.Total.Minor <= above {
			continue
		}
		for n := range x.q.Goods {
			if g := &x.q.Goods[n]; fits(e.Reasons, g.Reason) {
				for _, kind := range e.Ask {
					x.need(Need{Name: kind, Kind: "evidence", Type: kind, Says: e.Says}, g, fmt.Sprintf("evidence/%d", i+1))
				}
			}
		}
	}
}

// holds asks an expression of a promise or an offer for one line: yes without
// one, no where it cannot be worked out.
func (x *judging) holds(text string, p *program, g *Goods) bool {
	if text == "" {
		return true
	}
	if p == nil {
		return false
	}
	is, err := p.eval(&scope{q: &x.q, rules: x.rules, item: g})
	return is && err == nil
}

// promise works out what the shop's own word costs it.
func (x *judging) promise() {
	if len(x.rules.Promises) == 0 {
		return
	}
	x.compile()
	currency := x.q.Total.Currency
	for i := range x.rules.Promises {
		p := &x.rules.Promises[i]
		out := Promised{Code: p.Code, Basis: p.Basis, OnTop: p.OnTop, Says: p.Says, Rule: x.name("promises/" + p.Code)}
		if out.Basis == "" {
			out.Basis = ByPromise
		}
		var paid int64
		for n := range x.q.Goods {
			g := &x.q.Goods[n]
			reason, _ := x.rules.Reason(g.Reason)
			if (len(p.Reasons) == 0 && (reason.Claims() == Fraud || p.When != "") || slices.Contains(p.Reasons, g.Reason)) && x.holds(p.When, x.promiseWhens[i], g) {
				out.Lines = append(out.Lines, g.Line)
				paid += g.Paid
			}
		}
		if out.Lines == nil {
			continue
		}
		minor := percent(paid, int64(p.Multiple))
		if low, ok := p.Min[currency]; ok {
			minor = max(minor, low)
		}
		if high, ok := p.Max[currency]; ok {
			minor = min(minor, high)
		}
		out.Amount, out.Auto = money.Of(minor, currency), p.Auto[currency]
		x.judge.Promises = append(x.judge.Promises, out)
		x.judge.Fired = append(x.judge.Fired, out.Rule)
		x.kept = append(x.kept, Ground{Code: "promise_holds", Args: map[string]any{"amount": out.Amount.String()}, Basis: ByPromise, Rule: out.Rule, Says: p.Says})
	}
}

// offers makes the offers that fit, and those that conditions name.
func (x *judging) offers() {
	if len(x.rules.Proposals) == 0 {
		return
	}
	x.compile()
	for i := range x.rules.Proposals {
		o := &x.rules.Proposals[i]
		if !slices.Contains(x.named, o.ID) && (o.Only || !x.proposes(o, x.offerWhens[i])) {
			continue
		}
		out := Offered{ID: o.ID, Kind: o.Offer, Freight: o.Freight, Says: o.Says, Rule: x.name("offers/" + o.ID)}
		if o.Offer == "partial" {
			minor := money.Part(max(0, x.q.Total.Minor), int64(o.Percent), 100)
			if cap, ok := o.Amount[x.q.Total.Currency]; ok && (o.Percent == 0 || minor > cap) {
				minor = min(cap, x.q.Total.Minor)
			}
			if minor <= 0 {
				continue
			}
			amount := money.Of(minor, x.q.Total.Currency)
			out.Amount = &amount
		}
		x.judge.Offers = append(x.judge.Offers, out)
		x.judge.Fired = append(x.judge.Fired, out.Rule)
	}
}

// proposes reports whether an offer fits all lines.
func (x *judging) proposes(o *OfferRule, p *program) bool {
	if !fits(o.Kinds, x.q.Kind) || !fits(o.Phases, x.q.Phase) {
		return false
	}
	for n := range x.q.Goods {
		if g := &x.q.Goods[n]; !fits(o.Reasons, g.Reason) || !x.holds(o.When, p, g) {
			return false
		}
	}
	return len(x.q.Goods) > 0
}

// percent is a share, or a multiple, of an amount, rounded down.
func percent(amount, of int64) int64 {
	amount = min(max(0, amount), mostMoney)
	return amount/100*of + amount%100*of/100
}
