package owed

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// Decide answers a wish by law and policy. What the policy approves is
// approved. Where it refuses what the law gives, the law wins: approved up to
// the limit of the policy, else for a person. Where a fact would change a
// refusal it is asked for; where the law is not certain, a person looks. Of
// time, freight and fees the customer has the better of both.
func Decide(book *rights.Book, p *policy.Policy, q Question) Decision {
	u := unions.Get().(*union)
	defer u.done()
	u.q = q
	u.book, u.policy, u.order, u.request, u.given, u.open = book, p, &u.q.Order, q.Request, q.Facts, q.Open
	r := &u.request
	if !q.Now.IsZero() {
		r.Now = q.Now
	}
	if r.Zone == nil {
		if zone, err := calendar.Zone(q.Order.Zone); err == nil {
			r.Zone = zone
		} else {
			r.Zone = time.UTC
		}
	}
	r.Kind, r.Phase = cmp.Or(r.Kind, policy.ReturnRefund), cmp.Or(r.Phase, policy.AfterReceipt)
	u.judge = p.Judge(*r)
	u.d = Decision{
		Outcome: u.judge.Outcome, Grounds: u.judge.Grounds, Needs: u.judge.Needs, Offers: u.judge.Offers, Promises: u.judge.Promises, Promised: u.judge.Lines, Fired: u.judge.Fired,
	}
	if u.q.Whole == nil {
		u.whole = WholeOf(u.order)
		u.q.Whole = &u.whole
	}
	u.kept = u.q.Whole.kept(u.order, r)
	u.lines = slices.Grow(u.lines, len(r.Goods))[:len(r.Goods)]
	for i := range r.Goods {
		u.ask(&u.lines[i], r.Goods[i])
	}
	u.unite()
	u.terms()
	return u.d
}

// unions are rooms to work in: the facts of a line alone are some thousand
// bytes, and nothing in them outlives the answer.
var unions = sync.Pool{New: func() any { return new(union) }}

// done empties the room, so that it keeps nothing alive.
func (u *union) done() {
	clear(u.lines)
	*u = union{lines: u.lines[:0]}
	unions.Put(u)
}

// union is one question while it is worked on.
type union struct {
	q       Question
	book    *rights.Book
	policy  *policy.Policy
	order   *order.Order
	request policy.Request
	given   map[int]rights.Facts
	open    bool
	judge   policy.Judgement
	whole   Whole
	kept    int64
	lines   []line
	d       Decision
}

// line is one kind of goods with what the law says of it.
type line struct {
	goods  policy.Goods
	claim  string
	facts  rights.Facts
	law    Law
	direct *rights.Decision // the best that the wish rests on; nil: the law is silent
	other  *rights.Decision // another right that the customer has for sure
	names  []string         // remedies that the wish rests on directly
	room   numbers
}

// given are the rights that the wish can rest on for sure: the customer may use
// whichever helps most.
func (l *line) given(do func(*rights.Decision)) {
	for i := range l.law.Remedies {
		if d := &l.law.Remedies[i]; d.Outcome == rights.Entitled && slices.Contains(l.names, d.Remedy) {
			do(d)
		}
	}
}

// ask asks the law about one line.
func (u *union) ask(l *line, g policy.Goods) {
	l.goods = g
	reason, known := u.policy.Rules.Reason(g.Reason)
	if l.claim = claimOf(g.Reason); known {
		l.claim = reason.Claims()
	}
	facts, given := u.given[g.Line]
	if given {
		l.facts = facts
		if l.facts.AsOf.IsZero() {
			l.facts.AsOf = moment(u.request.Now)
		}
	} else {
		if more := categoryTraits(u.policy.Rules.Categories[g.Category]); len(more) > 0 {
			l.goods.Traits = append(slices.Clip(g.Traits), more...)
		}
		l.room.kept = u.kept
		factsOf(&l.facts, &l.room, u.q.Whole, u.order, lineOf(u.order, g.Line), &u.request, &l.goods)
		l.goods.Traits = g.Traits
		if l.facts.Claim != "" || known {
			l.facts.Claim = l.claim
		}
		if reason.Fault() && known {
			l.facts.Promise.PaysReturn = true
		}
		if u.open {
			l.facts.Notice = rights.Notice{}
		}
	}
	for name, raw := range u.q.Stated {
		if err := l.facts.Set(name, raw); err != nil {
			l.law = Law{Line: g.Line, Problem: BadFacts}
			return
		}
	}
	l.law = Law{Line: g.Line}
	if l.facts.Buyer.Residence == "" {
		l.law.Problem = NoCountry
		return
	}
	answer, err := u.book.Decide(&l.facts)
	if err != nil {
		l.law.Problem = BadFacts
		return
	}
	l.law.Jurisdiction, l.law.Pack, l.law.Why, l.law.Notes, l.law.Remedies = answer.Law.Jurisdiction, answer.Law.Version, answer.Law.Why, answer.Law.Notes, answer.Remedies
	if answer.Law.Version == "" {
		l.law.Problem = NoPack
		return
	}
	w := wishOf(u.request.Kind, u.request.Phase, l.claim)
	l.names = w.direct
	l.direct = best(answer.Remedies, w.direct)
	if o := best(answer.Remedies, w.other); o != nil && o.Outcome == rights.Entitled {
		l.other = o
	}
}

// categoryTraits are what a policy says such goods are by nature. It is a
// statement about the goods and not a promise: what is final for another reason
// has no trait and falls under the law.
func categoryTraits(c policy.Category) []string {
	if len(c.Traits) > 0 {
		return c.Traits
	}
	if !c.Final {
		return nil
	}
	switch c.Why {
	case "hygiene":
		return []string{"sealed_hygiene", "confirmable_kind"}
	case "perishable":
		return []string{"perishable"}
	case "digital":
		return []string{"digital"}
	case "custom_made":
		return []string{"custom"}
	case "clearance":
		return []string{"confirmable_kind"}
	}
	return nil
}

// terms joins time, freight, fees and the day of the money.
func (u *union) terms() {
	d := &u.d
	d.Freight, d.Fees = "customer", true
	if n := len(u.lines); n > 0 {
		d.Lines, d.Laws = make([]policy.Terms, 0, n), make([]Law, 0, n)
	}
	for i := range u.lines {
		l := &u.lines[i]
		t := policy.Terms{Line: l.goods.Line, Freight: "customer"}
		if i < len(u.judge.Lines) && u.judge.Lines[i].Line == t.Line { // as a rule, the policy answers in order
			t = u.judge.Lines[i]
		} else if k := slices.IndexFunc(u.judge.Lines, func(x policy.Terms) bool { return x.Line == t.Line }); k >= 0 {
			t = u.judge.Lines[k]
		}
		if law := l.direct; law != nil && law.Remedy == "compensation" && rank[law.Outcome] > rank[rights.NotEntitled] && (law.Outcome != rights.Entitled || law.Refund == nil || law.Refund.Minor == nil) {
			d.OnTop = -1
		}
		l.given(func(law *rights.Decision) {
			if law.Freight == "seller" {
				t.Freight = "seller"
			}
			t.Fee, d.Fees = 0, false
			if end := law.Deadline.End(); end.After(t.Until) {
				t.Until = end
			}
			if law.Refund == nil {
				return
			}
			if d.OnTop >= 0 {
				d.OnTop += law.OnTop()
			}
			if m := law.Refund.Outbound; m == "full" || m == "standard" && d.Delivery == "" {
				d.Delivery = m
			}
			if due := u.due(law.Refund); !due.IsZero() && (d.RefundDue.IsZero() || due.Before(d.RefundDue)) {
				d.RefundDue = due
			}
		})
		if t.Freight == "seller" {
			d.Freight = "seller"
		}
		if !t.Until.IsZero() && (d.Until.IsZero() || t.Until.Before(d.Until)) {
			d.Until = t.Until
		}
		d.Lines, d.Laws = append(d.Lines, t), append(d.Laws, l.law)
	}
}

// due is by when the law wants the money: where it may be kept until the goods
// are back or proved to be sent, not before one of the two.
func (u *union) due(m *rights.Money) time.Time {
	due := m.Due.End()
	if due.IsZero() || !m.Withhold {
		return due
	}
	back := u.request.SentBack
	if got := u.request.Returned; back.IsZero() || !got.IsZero() && got.Before(back) {
		back = got
	}
	if back.After(due) {
		return calendar.EndOfDay(back, 0, u.request.Zone)
	}
	return due
}

// within reports whether the total may be approved without a person, with the
// ground that says so.
func (u *union) within() (bool, policy.Ground) {
	total := u.request.Total
	limit, listed := u.limit()
	if !listed {
		return false, policy.Ground{Code: "currency_needs_person", Args: locale.Args{"currency": total.Currency}, Basis: policy.ByPolicy}
	}
	args := locale.Args{"limit": money.Of(limit, total.Currency).String()}
	if total.Minor > limit {
		return false, policy.Ground{Code: "above_limit", Args: args, Basis: policy.ByPolicy}
	}
	return true, policy.Ground{Code: "below_limit", Args: args, Basis: policy.ByPolicy}
}

// limit is the lowest limit of the lines: of the reason, else the category,
// else the general one, and of a tier where it is higher.
func (u *union) limit() (lowest int64, listed bool) {
	currency, rules := u.request.Total.Currency, &u.policy.Rules
	tier := rules.TierOf(u.request.Customer)
	for i, g := range u.request.Goods {
		reason, _ := rules.Reason(g.Reason)
		one, ok := reason.AutoApprove[currency]
		if !ok {
			one, ok = rules.Categories[g.Category].AutoApprove[currency]
		}
		if !ok {
			one, ok = rules.AutoApprove[currency]
		}
		if more, has := tier.AutoApprove[currency]; has && (!ok || more > one) {
			one, ok = more, true
		}
		if !ok {
			return 0, false
		}
		if i == 0 || one < lowest {
			lowest = one
		}
	}
	return lowest, len(u.request.Goods) > 0
}
