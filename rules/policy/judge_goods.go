package policy

import (
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
)

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
