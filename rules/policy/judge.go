package policy

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
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

// weigh looks at one line of goods.
func (x *judging) weigh(g *Goods, fx *effect) {
	if x.ruled(fx, g.Title) {
		return
	}
	if x.q.Phase != AfterReceipt {
		good, doubt, block := x.rules.groundsBefore(*g, x.q)
		x.sort(good, doubt, block)
		return
	}
	reason, _ := x.rules.Reason(g.Reason)
	w := x.window(g, reason, fx)
	until, block := x.rules.eligible(g, w, x.opened(g, reason), x.q.Now, x.q.Zone)
	title := func() locale.Args { return locale.Args{"title": g.Title} }
	switch free := x.returnless(fx); {
	case block != nil:
		x.block(*block)
	case x.q.Kind == Reship && !reason.Fault():
		x.block(Ground{Code: "not_sellers_fault", Args: title(), Rule: "reasons/" + g.Reason})
	case x.q.Kind == RefundOnly && !free && !reason.Fault():
		x.block(Ground{Code: "goods_must_come_back", Args: title(), Rule: "returnless"})
	case x.q.Kind == RefundOnly && !free:
		x.doubt(Ground{Code: "keep_needs_person", Args: title(), Rule: "returnless"})
	default:
		x.keep(Ground{Code: "within_window", Args: locale.Args{"title": g.Title, "until": calendar.Date(until, x.q.Zone)}, Rule: w.rule})
	}
}

func (x *judging) sort(good, doubt, block *Ground) {
	switch {
	case block != nil:
		x.block(*block)
	case doubt != nil:
		x.doubt(*doubt)
	case good != nil:
		x.keep(*good)
	}
}

// opened tells whether goods that are final once opened were, and asks where
// that matters and is not known.
func (x *judging) opened(g *Goods, reason Reason) bool {
	c := x.rules.Categories[g.Category]
	if !c.Final || !c.OnceOpened || reason.Fault() {
		return false
	}
	fact := "use.seal_broken"
	if c.Why == "digital" {
		fact = "use.digital_started"
	}
	answer, known := x.q.Known[fact]
	if !known {
		x.need(Need{Name: fact, Kind: "fact", Type: "bool"}, g, "categories/"+g.Category)
	}
	return string(answer) == "true"
}

// window is the window of a line in days, and the rule that sets it: that of a
// condition, else the general one or the longer one of a tier. The time in which
// faulty goods are replaced is never shorter than the reason says, and holds for
// money too once a cure has failed or the fault is serious.
func (x *judging) window(g *Goods, reason Reason, fx *effect) days {
	d := x.rules.days(g.Category, reason)
	if x.tier.WindowDays > d.n {
		d = days{x.tier.WindowDays, x.rules.tierRule(x.q.Customer, func(t *Tier) bool { return t.WindowDays == x.tier.WindowDays })}
	}
	if fx.window != nil {
		d = days{*fx.window, fx.windowBy}
	}
	if n := reason.cure(d.n); n > d.n && (x.q.Kind == Exchange || x.q.Kind == Reship || x.q.Uncured()) {
		d = days{n, "reasons/" + reason.Code + "/cure_days"}
	}
	return d
}

func (x *judging) returnless(fx *effect) bool {
	below, ok := x.tier.Returnless[x.q.Total.Currency]
	return fx.keep || x.rules.Returnless(x.q.Total) || ok && x.q.Total.Minor < below
}

// price decides whether a lower price is paid back. Only a price that is known
// to be true is, without a person.
func (x *judging) price() {
	r := x.rules
	const rule = "price_protection_days"
	for i := range x.q.Goods {
		g := &x.q.Goods[i]
		if x.ruled(&x.fx[i], g.Title) {
			continue
		}
		from := g.Delivered
		if from.IsZero() {
			from = x.q.Placed
		}
		if !r.PriceProtection(from, x.q.Now, x.q.Zone) {
			x.block(Ground{Code: "price_window_closed", Args: locale.Args{"title": g.Title, "days": r.PriceProtectionDays}, Rule: rule})
		}
	}
	x.keep(Ground{Code: "price_within_window", Args: locale.Args{"days": r.PriceProtectionDays}, Rule: rule})
	if !x.q.Verified {
		x.doubt(Ground{Code: "price_needs_person", Rule: rule})
	}
}

// limited approves up to the limit for instant approval: the lowest of all
// lines. What is not worth its way back is approved whatever it is worth.
func (x *judging) limited() {
	j := &x.judge
	if x.q.Kind == RefundOnly && x.q.Phase == AfterReceipt && x.allKept() {
		j.Outcome, j.Grounds = Approve, append(x.kept, x.by(Ground{Code: "returnless", Rule: "returnless"}))
		return
	}
	total := x.q.Total
	limit, rule, listed := x.limit()
	if !listed {
		j.Outcome = Review
		j.Grounds = append(x.kept, x.by(Ground{Code: "currency_needs_person", Args: locale.Args{"currency": total.Currency}, Rule: "auto_approve"}))
		return
	}
	j.Limit = limit
	g := x.by(Ground{Code: "below_limit", Args: locale.Args{"limit": money.Of(limit, total.Currency).Display()}, Rule: rule})
	j.Outcome = Approve
	if total.Minor > limit {
		j.Outcome, g.Code = Review, "above_limit"
	}
	j.Grounds = append(x.kept, g)
}

func (x *judging) allKept() bool {
	for i := range x.fx {
		if !x.returnless(&x.fx[i]) {
			return false
		}
	}
	return true
}

func (x *judging) limit() (lowest int64, rule string, listed bool) {
	currency := x.q.Total.Currency
	for i := range x.fx {
		fx, one, at, ok := &x.fx[i], int64(0), "", false
		take := func(limits map[string]int64, by ...string) {
			if ok || limits == nil {
				return
			}
			if v, has := limits[currency]; has {
				one, at, ok = v, strings.Join(by, ""), true
			}
		}
		take(fx.limit, fx.limitBy)
		if i < len(x.q.Goods) && fx.limit == nil {
			g := &x.q.Goods[i]
			reason, _ := x.rules.Reason(g.Reason)
			take(reason.AutoApprove, "reasons/", g.Reason, "/auto_approve")
			take(x.rules.Categories[g.Category].AutoApprove, "categories/", g.Category, "/auto_approve")
		}
		if fx.limit == nil {
			take(x.rules.AutoApprove, "auto_approve")
			if v, has := x.tier.AutoApprove[currency]; has && (!ok || v > one) {
				one, at, ok = v, x.rules.tierRule(x.q.Customer, func(t *Tier) bool { return t.AutoApprove[currency] == v })+"/auto_approve", true
			}
		}
		if !ok {
			return 0, "", false
		}
		if i == 0 || one < lowest {
			lowest, rule = one, at
		}
	}
	return lowest, rule, true
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

// need asks, unless it is answered.
func (x *judging) need(n Need, g *Goods, rule string) {
	if n.Name == "photo" && (x.q.Photos > 0 || g != nil && g.Photos > 0) {
		return
	}
	if answer, ok := x.q.Known[n.Name]; ok && string(answer) != "null" && (n.Kind == "fact" || string(answer) != "false") {
		return
	}
	rule = x.name(rule)
	i := slices.IndexFunc(x.judge.Needs, func(o Need) bool { return o.Name == n.Name })
	if i < 0 {
		i = len(x.judge.Needs)
		x.judge.Needs = append(x.judge.Needs, n)
	}
	to := &x.judge.Needs[i]
	if g != nil && !slices.Contains(to.Lines, g.Line) {
		to.Lines = append(to.Lines, g.Line)
	}
	if !slices.Contains(to.Why, rule) {
		to.Why = append(to.Why, rule)
	}
}

// days is a window and the rule that sets it.
type days struct {
	n    int
	rule string
}

// days is the window for a category and a reason, before tiers and conditions.
func (r *Rules) days(category string, reason Reason) days {
	d := days{r.WindowDays, "window_days"}
	if c := r.Categories[category]; c.WindowDays != nil {
		d = days{*c.WindowDays, "categories/" + category + "/window_days"}
	}
	if reason.WindowDays != nil && *reason.WindowDays > d.n {
		d = days{*reason.WindowDays, "reasons/" + reason.Code + "/window_days"}
	}
	return d
}

// eligible tells until when goods may be sent back for their reason, or the
// ground on which they may not.
func (r *Rules) eligible(g *Goods, d days, opened bool, now time.Time, zone *time.Location) (time.Time, *Ground) {
	title := func() locale.Args { return locale.Args{"title": g.Title} }
	reason, ok := r.Reason(g.Reason)
	if !ok {
		return time.Time{}, &Ground{Code: "reason_not_offered", Args: title(), Rule: "reasons"}
	}
	if g.Delivered.IsZero() {
		return time.Time{}, &Ground{Code: "not_delivered", Args: title()}
	}
	if c := r.Categories[g.Category]; c.Final && (!c.OnceOpened || opened) && !reason.Fault() {
		return time.Time{}, &Ground{Code: "final_" + c.why(), Args: title(), Rule: "categories/" + g.Category}
	}
	until := calendar.EndOfDay(g.Delivered, d.n, zone)
	if now.After(until) {
		return until, &Ground{Code: "window_closed", Args: locale.Args{"title": g.Title, "until": calendar.Date(until, zone)}, Rule: d.rule}
	}
	return until, nil
}
