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
	Now   time.Time
	Zone  *time.Location
	Goods []Goods
	Total money.Amount // what would be paid back
}

// Judgement is an outcome with its grounds; there is always at least one.
type Judgement struct {
	Outcome Outcome  `json:"outcome"`
	Grounds []Ground `json:"grounds"`
}

// Judge decides a return: refused where a rule excludes any of the goods,
// approved at once up to the limit, otherwise for a person to decide.
func (r Rules) Judge(q Request) Judgement {
	var refused, kept []Ground
	for _, g := range q.Goods {
		until, block := r.Eligible(g, q.Now, q.Zone)
		if block != nil {
			refused = append(refused, *block)
			continue
		}
		kept = append(kept, Ground{"within_window", locale.Args{"title": g.Title, "until": calendar.Date(until, q.Zone)}})
	}
	if len(refused) > 0 {
		return Judgement{Refuse, refused}
	}
	limit, listed := r.AutoApprove[q.Total.Currency]
	if !listed {
		return Judgement{Review, append(kept, Ground{"currency_needs_person", locale.Args{"currency": q.Total.Currency}})}
	}
	args := locale.Args{"limit": money.Of(limit, q.Total.Currency).Display()}
	if q.Total.Minor > limit {
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
		if why == "" {
			why = "other"
		}
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
