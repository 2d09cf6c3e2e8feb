package cases

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// rightsOf is what a customer can ask for of one order, by law and policy.
type rightsOf struct {
	book   *rights.Book
	policy policy.Policy
	order  order.Order
	whole  owed.Whole
	now    time.Time
	zone   *time.Location
	who    policy.Person
}

func (x rightsOf) returnable(l order.Line, free, priced int64, lang string) Returnable {
	r, rules := Returnable{Priced: priced, Reasons: []string{}, Blocked: []Blocked{}, Kinds: []string{}}, x.policy.Rules
	if taken := l.Quantity - free; taken > 0 {
		r.Blocked = append(r.Blocked, Blocked{taken, "units_taken", locale.Text(lang, "blocked.units_taken", nil)})
	}
	at := phase(x.order, l)
	if free == 0 && rules.Offers(KindCompensate) && policy.Allowed(KindCompensate, at) { // holds no units: the goods may be in another case
		r.Kinds = append(r.Kinds, KindCompensate)
	}
	if free == 0 && priced > 0 && rules.Offers(KindProtection) && policy.Allowed(KindProtection, at) {
		r.Kinds = append(r.Kinds, KindProtection) // these may be in another case as well
	}
	if at != policy.AfterReceipt {
		return r.before(x.order, l, rules, free, at, lang)
	}
	if free > 0 {
		r.Kinds = append(r.Kinds, rules.KindsIn(at)...)
	}
	open, block := x.options(l)
	if len(open) == 0 {
		if free > 0 && block != nil {
			r.Blocked = append(r.Blocked, Blocked{free, block.Code, block.Text(lang)})
		}
		return r
	}
	r.Count = free
	for _, o := range open {
		if free > 0 {
			r.Reasons = append(r.Reasons, o.Reason)
			r.Options = append(r.Options, o)
		}
		if o.Until == nil {
			continue
		}
		r.Until = later(r.Until, *o.Until)
		if reason, _ := rules.Reason(o.Reason); !reason.Fault() {
			r.MindChange = later(r.MindChange, *o.Until)
		}
	}
	if free > 0 && !slices.Contains(r.Kinds, KindReturn) && slices.ContainsFunc(open, func(o Option) bool { return o.Basis == policy.ByLaw }) {
		r.Kinds = append(r.Kinds, KindReturn) // the law offers it where the shop does not
	}
	return r
}

// options are the reasons for which goods that arrived may still go back, and
// the ground where there is none.
func (x rightsOf) options(l order.Line) (open []Option, block *Ground) {
	for _, reason := range x.policy.Rules.Reasons {
		g := goodsOf(x.order, l, reason.Code)
		q := policy.Request{Kind: KindReturn, Phase: policy.AfterReceipt, Now: x.now, Zone: x.zone, Placed: x.order.PlacedAt, Channel: x.order.Channel,
			Country: x.order.Country, Region: x.order.Region, Seller: l.Seller, Goods: []policy.Goods{g}, Total: money.Of(0, x.order.Currency), Customer: x.who}
		if !x.policy.Rules.Offers(KindReturn) && x.policy.Rules.Offers(KindExchange) {
			q.Kind = KindExchange
		}
		d := owed.Decide(x.book, &x.policy, owed.Question{Order: x.order, Whole: &x.whole, Request: q, Open: true})
		if d.Outcome == policy.Refuse {
			if block == nil && len(d.Grounds) > 0 {
				block = &d.Grounds[0]
			}
			continue
		}
		until, no := x.policy.Rules.Eligible(g, x.now, x.zone)
		o := Option{Reason: reason.Code, Until: some(d.Until), Freight: d.Freight, Basis: policy.ByPolicy}
		if no != nil || d.Until.After(until) || d.Freight != reason.Freight {
			if i := slices.IndexFunc(d.Grounds, func(g Ground) bool { return g.Basis == policy.ByLaw }); i >= 0 {
				o.Basis, o.Rule, o.Cite = policy.ByLaw, d.Grounds[i].Rule, d.Grounds[i].Cite
			}
		}
		open = append(open, o)
	}
	return open, block
}

// before fills what is possible with goods that have not arrived.
func (r Returnable) before(o order.Order, l order.Line, rules policy.Rules, free int64, at, lang string) Returnable {
	open, block := rules.Before(goodsOf(o, l, ""), at)
	if block != nil && free > 0 {
		r.Blocked = append(r.Blocked, Blocked{free, block.Code, block.Text(lang)})
	}
	if block != nil || free == 0 {
		return r
	}
	r.Count, r.Kinds = free, append(r.Kinds, rules.KindsIn(at)...)
	for _, reason := range open {
		r.Reasons = append(r.Reasons, reason.Code)
	}
	return r
}
