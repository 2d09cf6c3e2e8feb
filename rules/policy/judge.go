package policy

import (
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// Outcome of a judgement.
type Outcome string

const (
	Approve Outcome = "approve"
	Review  Outcome = "review" // a person decides
	Refuse  Outcome = "refuse"
)

// Ground is one reason for an outcome: a code and the facts that fill its
// sentence. It is stored as data and worded in the reader's language.
type Ground struct {
	Code string      `json:"code"`
	Args locale.Args `json:"args,omitempty"`
}

// Text words the ground.
func (g Ground) Text(lang string) string { return locale.Text(lang, "ground."+g.Code, g.Args) }

// Goods is one kind of thing that shall go back, with what bears on it.
type Goods struct {
	Title     string
	Category  string
	Delivered time.Time // zero: not delivered yet
	Reason    string
}

// Request is what a judgement needs to know.
type Request struct {
	Kind     string // empty: return_refund
	Phase    string // empty: after_receipt
	Now      time.Time
	Zone     *time.Location
	Goods    []Goods
	Total    money.Amount // what would be paid back, or what is asked for
	Placed   time.Time    // price_protection of goods not delivered: when they were bought
	Verified bool         // price_protection: the lower price is known to be true
}

// Judgement is an outcome with its grounds; there is always at least one.
type Judgement struct {
	Outcome Outcome  `json:"outcome"`
	Grounds []Ground `json:"grounds"`
}

// Judge decides a request: refused where a rule excludes the kind or any of the
// goods, approved at once up to the limit, otherwise for a person to decide.
func (r Rules) Judge(q Request) Judgement {
	if q.Kind == "" {
		q.Kind = ReturnRefund
	}
	if q.Phase == "" {
		q.Phase = AfterReceipt
	}
	if !r.Offers(q.Kind) {
		return Judgement{Refuse, []Ground{{Code: "kind_not_offered"}}}
	}
	if !Allowed(q.Kind, q.Phase) {
		return Judgement{Refuse, []Ground{{Code: "kind_not_in_phase"}}}
	}
	switch q.Kind {
	case Compensation:
		return Judgement{Review, []Ground{{Code: "compensation_needs_person"}}}
	case PriceProtection:
		return r.judgePrice(q)
	}
	return r.judgeGoods(q)
}

// judgeGoods decides what goes back, is sent again or is not wanted any more.
func (r Rules) judgeGoods(q Request) Judgement {
	var refused, kept, doubts []Ground
	for _, g := range q.Goods {
		pro, doubt, block := r.grounds(g, q)
		switch {
		case block != nil:
			refused = append(refused, *block)
		case doubt != nil:
			doubts = append(doubts, *doubt)
		case pro != nil:
			kept = append(kept, *pro)
		}
	}
	if len(refused) > 0 {
		return Judgement{Refuse, refused}
	}
	if len(doubts) > 0 {
		return Judgement{Review, append(kept, doubts...)}
	}
	if q.Kind == RefundOnly && q.Phase == AfterReceipt {
		return Judgement{Approve, append(kept, Ground{Code: "returnless"})}
	}
	return r.limited(q.Total, kept)
}

// grounds weighs one kind of goods: what speaks for it, what a person has to
// look at, or what excludes it.
func (r Rules) grounds(g Goods, q Request) (good, doubt, block *Ground) {
	title := locale.Args{"title": g.Title}
	if q.Phase != AfterReceipt {
		return r.groundsBefore(g, q)
	}
	until, block := r.Eligible(g, q.Now, q.Zone)
	if block != nil {
		return nil, nil, block
	}
	reason, _ := r.Reason(g.Reason)
	switch {
	case q.Kind == Reship && !reason.Fault():
		return nil, nil, &Ground{"not_sellers_fault", title}
	case q.Kind == RefundOnly && !r.Returnless(q.Total) && !reason.Fault():
		return nil, nil, &Ground{"goods_must_come_back", title}
	case q.Kind == RefundOnly && !r.Returnless(q.Total):
		return nil, &Ground{"keep_needs_person", title}, nil
	}
	return &Ground{"within_window", locale.Args{"title": g.Title, "until": calendar.Date(until, q.Zone)}}, nil, nil
}

// groundsBefore weighs goods that the customer does not have yet: no window
// runs. What was made or picked for one customer is a person's decision, and so
// is whether goods that are on their way can be stopped or are lost.
func (r Rules) groundsBefore(g Goods, q Request) (good, doubt, block *Ground) {
	title := locale.Args{"title": g.Title}
	reason, ok := r.Reason(g.Reason)
	switch category := r.Categories[g.Category]; {
	case !ok:
		return nil, nil, &Ground{"reason_not_offered", title}
	case q.Phase == InTransit && q.Kind != ReturnRefund:
		return nil, &Ground{"in_transit_needs_person", title}, nil
	case q.Phase == InTransit && category.Final && !reason.Fault():
		return nil, nil, &Ground{"final_" + category.why(), title}
	case category.Final && !reason.Fault():
		return nil, &Ground{"final_not_sent", title}, nil
	case q.Phase == PreShip:
		return &Ground{"not_sent", title}, nil, nil
	}
	return &Ground{"in_transit", title}, nil, nil
}

// judgePrice decides whether a lower price is paid back. Only a price that is
// known to be true is, without a person.
func (r Rules) judgePrice(q Request) Judgement {
	var refused []Ground
	for _, g := range q.Goods {
		from := g.Delivered
		if from.IsZero() {
			from = q.Placed
		}
		if !r.PriceProtection(from, q.Now, q.Zone) {
			refused = append(refused, Ground{"price_window_closed", locale.Args{"title": g.Title, "days": r.PriceProtectionDays}})
		}
	}
	if len(refused) > 0 {
		return Judgement{Refuse, refused}
	}
	kept := []Ground{{"price_within_window", locale.Args{"days": r.PriceProtectionDays}}}
	if !q.Verified {
		return Judgement{Review, append(kept, Ground{Code: "price_needs_person"})}
	}
	return r.limited(q.Total, kept)
}

// limited approves up to the limit for instant approval.
func (r Rules) limited(total money.Amount, kept []Ground) Judgement {
	limit, listed := r.AutoApprove[total.Currency]
	if !listed {
		return Judgement{Review, append(kept, Ground{"currency_needs_person", locale.Args{"currency": total.Currency}})}
	}
	args := locale.Args{"limit": money.Of(limit, total.Currency).Display()}
	if total.Minor > limit {
		return Judgement{Review, append(kept, Ground{"above_limit", args})}
	}
	return Judgement{Approve, append(kept, Ground{"below_limit", args})}
}

// Eligible tells until when goods may be sent back for their reason, or the
// ground on which they may not.
func (r Rules) Eligible(g Goods, now time.Time, zone *time.Location) (time.Time, *Ground) {
	reason, ok := r.Reason(g.Reason)
	if !ok {
		return time.Time{}, &Ground{"reason_not_offered", locale.Args{"title": g.Title}}
	}
	if g.Delivered.IsZero() {
		return time.Time{}, &Ground{"not_delivered", locale.Args{"title": g.Title}}
	}
	until, ok, why := r.Until(g.Category, g.Delivered, reason, zone)
	if !ok {
		return time.Time{}, &Ground{"final_" + why, locale.Args{"title": g.Title}}
	}
	if now.After(until) {
		return until, &Ground{"window_closed", locale.Args{"title": g.Title, "until": calendar.Date(until, zone)}}
	}
	return until, nil
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
