package policy

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/locale"
)

// groundsBefore weighs goods that the customer does not have yet: no window
// runs. What was made or picked for one customer is a person's decision, and so
// is whether goods that are on their way can be stopped or are lost.
func (r Rules) groundsBefore(g Goods, q Request) (good, doubt, block *Ground) {
	title := locale.Args{"title": g.Title}
	ground := func(code, rule string) *Ground { return &Ground{Code: code, Args: title, Rule: rule} }
	at := "categories/" + g.Category
	reason, ok := r.Reason(g.Reason)
	switch category := r.Categories[g.Category]; {
	case !ok:
		return nil, nil, ground("reason_not_offered", "reasons")
	case q.Phase == InTransit && q.Kind != ReturnRefund:
		return nil, ground("in_transit_needs_person", ""), nil
	case q.Phase == InTransit && category.Final && !category.OnceOpened && !reason.Fault():
		return nil, nil, ground("final_"+category.why(), at)
	case category.Final && !category.OnceOpened && !reason.Fault():
		return nil, ground("final_not_sent", at), nil
	case q.Phase == PreShip:
		return ground("not_sent", ""), nil, nil
	}
	return ground("in_transit", ""), nil, nil
}

// Before lists the reasons for goods that the customer does not have yet, and
// the ground when there is none.
func (r Rules) Before(g Goods, phase string) (open []Reason, block *Ground) {
	all := r.Reasons
	if phase == InTransit {
		reason, _ := r.Reason(NotReceived)
		all = append(slices.Clone(all), reason)
	}
	for _, reason := range all {
		g.Reason = reason.Code
		_, _, no := r.groundsBefore(g, Request{Kind: RefundOnly, Phase: phase})
		if no == nil {
			open = append(open, reason)
		} else if block == nil {
			block = no
		}
	}
	if len(open) > 0 {
		return open, nil
	}
	return nil, block
}

// Eligible tells until when goods may be sent back for their reason, or the
// ground on which they may not, by the general rules.
func (r Rules) Eligible(g Goods, now time.Time, zone *time.Location) (time.Time, *Ground) {
	reason, _ := r.Reason(g.Reason)
	return r.eligible(&g, r.days(g.Category, reason), false, now, zone)
}

// Chance is how long goods may be sent back for one reason.
type Chance struct {
	Reason Reason
	Until  time.Time
}

// Chances lists, for goods whose reason is not known yet, the reasons for which
// they may still go back and until when, and the ground when there is none.
func (r Rules) Chances(g Goods, now time.Time, zone *time.Location) (open []Chance, block *Ground) {
	for _, reason := range r.Reasons {
		g.Reason = reason.Code
		until, no := r.Eligible(g, now, zone)
		if no == nil {
			open = append(open, Chance{reason, until})
		} else if block == nil {
			block = no
		}
	}
	if len(open) > 0 {
		return open, nil
	}
	return nil, block
}
