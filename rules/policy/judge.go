package policy

import (
	"slices"
	"sync"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
)

// Judge decides a request by the general rules, without expressions: refused
// where a rule excludes the kind or any of the goods, approved at once up to
// the limit, otherwise for a person to decide. Policy.Judge knows all rules.
func (r Rules) Judge(q Request) Judgement {
	return (&engine{rules: &r}).judge(q)
}

// judging is one question while it is worked on.
type judging struct {
	*engine
	q     Request
	tier  Tier
	fx    []effect // what conditions change, by line of goods; one where there are none
	judge Judgement

	kept, doubts, blocks []Ground
	named                []string // offers that conditions make
}

// effect is what the conditions that are true change for one line: the first
// that says something about a field.
type effect struct {
	outcome   Outcome
	by        *Condition
	window    *int
	windowBy  string
	freight   string
	fee       *int
	limit     map[string]int64
	limitBy   string
	keep      bool
	unchecked string // a condition that could not be worked out
}

// rooms are used again: nothing in them outlives the judgement but what it
// consists of.
var rooms = sync.Pool{New: func() any { return new(judging) }}

// leave empties the room, so that it keeps nothing alive.
func (x *judging) leave() {
	clear(x.fx)
	clear(x.named)
	*x = judging{fx: x.fx[:0], named: x.named[:0]}
	rooms.Put(x)
}

func (e *engine) judge(q Request) Judgement {
	if q.Kind == "" {
		q.Kind = ReturnRefund
	}
	if q.Phase == "" {
		q.Phase = AfterReceipt
	}
	x := rooms.Get().(*judging)
	defer x.leave()
	x.engine, x.q, x.tier = e, q, e.rules.TierOf(q.Customer)
	x.fx = slices.Grow(x.fx, max(1, len(q.Goods)))[:max(1, len(q.Goods))]
	switch {
	case !e.rules.Offers(q.Kind):
		x.block(Ground{Code: "kind_not_offered", Rule: "kinds"})
		x.settle()
		return x.judge
	case !Allowed(q.Kind, q.Phase):
		x.block(Ground{Code: "kind_not_in_phase", Rule: "kinds"})
		x.settle()
		return x.judge
	}
	x.conditions()
	x.evidence()
	switch q.Kind {
	case Compensation:
		if !x.ruled(&x.fx[0], "") {
			x.doubt(Ground{Code: "compensation_needs_person", Rule: "compensation"})
		}
	case PriceProtection:
		x.price()
	default:
		for i := range q.Goods {
			x.weigh(&q.Goods[i], &x.fx[i])
		}
	}
	x.terms()
	x.offers()
	x.promise()
	x.settle()
	return x.judge
}

func (x *judging) keep(g Ground)  { x.kept = append(x.kept, x.by(g)) }
func (x *judging) doubt(g Ground) { x.doubts = append(x.doubts, x.by(g)) }
func (x *judging) block(g Ground) { x.blocks = append(x.blocks, x.by(g)) }

// by completes a ground with its basis and the full name of its rule.
func (x *judging) by(g Ground) Ground {
	if g.Basis == "" {
		g.Basis = ByPolicy
	}
	g.Rule = x.name(g.Rule)
	return g
}

// settle makes the outcome from what speaks for and against: what excludes any
// of the goods refuses all, then comes what has to be asked, then what a person
// has to look at, and at last the limit.
func (x *judging) settle() {
	j := &x.judge
	switch {
	case len(x.blocks) > 0:
		j.Outcome, j.Grounds, j.Needs = Refuse, x.blocks, nil
	case len(j.Needs) > 0:
		rule := ""
		if len(j.Needs[0].Why) > 0 {
			rule = j.Needs[0].Why[0]
		}
		j.Outcome = Ask
		j.Grounds = append(x.kept, Ground{Code: "answer_needed", Args: locale.Args{"n": len(j.Needs)}, Basis: ByPolicy, Rule: rule})
	case len(x.doubts) > 0:
		j.Outcome, j.Grounds = Review, append(x.kept, x.doubts...)
	default:
		x.limited()
	}
}

// ruled takes the outcome that a condition sets for a line; title may be empty.
func (x *judging) ruled(fx *effect, title string) bool {
	if fx.unchecked != "" {
		x.doubt(Ground{Code: "condition_failed", Args: locale.Args{"id": fx.unchecked}, Rule: "conditions/" + fx.unchecked})
	}
	if fx.by == nil {
		return false
	}
	g := Ground{Code: "condition_" + string(fx.outcome), Args: locale.Args{"id": fx.by.ID, "title": title}, Rule: "conditions/" + fx.by.ID, Says: fx.by.Says}
	switch fx.outcome {
	case Refuse:
		x.block(g)
	case Review:
		x.doubt(g)
	case Approve:
		if x.q.Kind == Compensation && fx.limit == nil {
			return false // money on top needs a limit of its own, or a person
		}
		x.keep(g)
	default:
		return false
	}
	return true
}

// terms notes what holds for each line.
func (x *judging) terms() {
	x.judge.Lines = slices.Grow(x.judge.Lines, len(x.q.Goods))
	for i := range x.q.Goods {
		g, fx := &x.q.Goods[i], &x.fx[i]
		reason, known := x.rules.Reason(g.Reason)
		t := Terms{Line: g.Line, Freight: reason.Freight}
		if t.Freight == "" {
			t.Freight = "customer"
		}
		if x.tier.Freight != "" {
			t.Freight = x.tier.Freight
		}
		if fx.freight != "" {
			t.Freight = fx.freight
		}
		if known && !reason.Fault() {
			t.Fee = x.rules.RestockingFee
		}
		if fx.fee != nil {
			t.Fee = *fx.fee
		}
		if c := x.rules.Categories[g.Category]; known && !g.Delivered.IsZero() && x.q.Phase == AfterReceipt && (!c.Final || c.OnceOpened || reason.Fault()) {
			t.Until = calendar.EndOfDay(g.Delivered, x.window(g, reason, fx).n, x.q.Zone)
		}
		x.judge.Lines = append(x.judge.Lines, t)
	}
}
