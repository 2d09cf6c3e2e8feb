package policy

import (
	"strings"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

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
	g := x.by(Ground{Code: "below_limit", Args: locale.Args{"limit": money.Of(limit, total.Currency).String()}, Rule: rule})
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
