package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

// mostMoney bounds every limit and fee: far beyond any order, and far from
// where sums overflow.
const mostMoney = 1_000_000_000_000

// Bases on which more than the price may be paid.
var Bases = []string{"goodwill", "promise", "statutory"}

// complaint gathers what is wrong with rules.
type complaint struct {
	*fault.Fault
	problems []Problem
}

func (c *complaint) that(wrong bool, field, message, expected string) {
	if wrong {
		c.problem(Problem{Path: field, Message: message, Want: expected})
	}
}

func (c *complaint) problem(p Problem) {
	c.problems = append(c.problems, p.say())
	message := p.Message
	if p.Line > 0 {
		message = fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Message)
	}
	c.Fault = c.At(p.Path, message, p.Want)
}

// Check refuses rules that cannot be carried out or that contradict themselves,
// naming each wrong field.
func (r Rules) Check() error {
	if c := r.check(); len(c.problems) > 0 {
		return c.Fault
	}
	return nil
}

// Problems lists what Check refuses, with lines and columns of expressions.
func (r Rules) Problems() []Problem { return r.check().problems }

func (r Rules) check() *complaint {
	c := &complaint{Fault: ErrInvalid}
	r.checkReasons(c)
	r.checkTimes(c)
	r.checkKinds(c)
	r.checkMore(c)
	limits := r.limitsOf()
	for _, basis := range slices.Sorted(maps.Keys(r.Compensation)) {
		c.that(!slices.Contains(Bases, basis), "compensation."+basis, "is no basis of a compensation", strings.Join(Bases, ", "))
		limits["compensation."+basis] = r.Compensation[basis]
	}
	for _, field := range slices.Sorted(maps.Keys(limits)) {
		for _, currency := range slices.Sorted(maps.Keys(limits[field])) {
			at, limit := field+"."+currency, limits[field][currency]
			_, err := money.Exponent(currency)
			c.that(err != nil, at, "is no ISO 4217 currency", "a code such as CNY")
			c.that(limit < 0, at, "is negative", "minor units, 0 or more")
			c.that(limit > mostMoney, at, "is too much", fmt.Sprintf("at most %d minor units", int64(mostMoney)))
		}
	}
	return c
}

func (r Rules) checkReasons(c *complaint) {
	c.that(len(r.Reasons) == 0, "reasons", "is empty", "at least one reason")
	c.that(len(r.Reasons) > 100, "reasons", "are too many", "at most 100")
	seen := map[string]bool{}
	for i, x := range r.Reasons {
		at := func(name string) string { return fmt.Sprintf("reasons[%d].%s", i, name) }
		c.that(seen[x.Code], "reasons", "has "+x.Code+" twice", "each code once")
		seen[x.Code] = true
		c.that(x.Code == "", at("code"), "is empty", "a code such as wrong_size")
		c.oneOf(at("photos"), x.Photos, "none", "optional", "required")
		c.oneOf(at("freight"), x.Freight, "seller", "customer")
		c.window(at("window_days"), x.WindowDays)
		c.window(at("cure_days"), x.CureDays)
		c.that(x.CureDays != nil && x.Claims() != Defect, at("cure_days"), "has no effect, because the reason is no defect", "leave it out")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		c.window("categories."+name+".window_days", r.Categories[name].WindowDays)
	}
	c.oneOf("shipping", r.Shipping, "none", "pro_rata", "difference")
	c.optional("promotions", r.Promotions, "keep", "rebill")
	c.optional("tender", r.Tender, "component", "proportional", "order")
}

func (r Rules) checkTimes(c *complaint) {
	w := r.Timers
	for _, f := range []struct {
		name               string
		value, least, most int
	}{
		{"window_days", r.WindowDays, 0, 36500}, {"answer_hours", r.AnswerHours, 1, 720}, {"ship_back_days", r.ShipBackDays, 1, 180},
		{"inspect_hours", r.InspectHours, 1, 1440}, {"payout_hours", r.PayoutHours, 1, 720},
		{"timers.offer_hours", w.OfferHours, 0, 720}, {"timers.reply_days", w.ReplyDays, 0, 90}, {"timers.transit_days", w.TransitDays, 0, 90}, {"timers.escalate_days", w.EscalateDays, 0, 180},
		{"timers.confirm_days", w.ConfirmDays, 0, 90}, {"timers.payment_hours", w.PaymentHours, 0, 720}, {"timers.advance_days", w.AdvanceDays, 0, 180},
		{"timers.late_days", w.LateDays, 0, 3650}, {"exchange.hold_days", r.Exchange.HoldDays, 0, 180},
		{"price_protection_days", r.PriceProtectionDays, 0, 365}, {"restocking_fee", r.RestockingFee, 0, 50},
	} {
		c.that(f.value < f.least || f.value > f.most, f.name, fmt.Sprintf("is %d", f.value), fmt.Sprintf("%d to %d", f.least, f.most))
	}
	_, known := Preset(r.Preset)
	c.that(r.Preset != "" && !known, "preset", "is not known", "own, taobao, wechat, eu")
	c.that(r.Preset == "eu" && r.RestockingFee > 0, "restocking_fee", "is not allowed on a withdrawal by EU law (Directive 2011/83/EU, article 14)", "0, or another preset")
	c.that(w.WorkingDays && w.Calendar == "", "timers.calendar", "is missing, but working days are counted", "a calendar such as CN")
	_, err := calendar.Load(w.Calendar)
	c.that(w.Calendar != "" && err != nil, "timers.calendar", "is not known", strings.Join(calendar.Names(), ", "))
	c.that(r.HoldDays()*24 < r.Clock().PaymentHours, "exchange.hold_days", "ends before the time to pay the difference", fmt.Sprintf("at least %d", (r.Clock().PaymentHours+23)/24))
}

func (r Rules) checkKinds(c *complaint) {
	seen := map[string]bool{}
	for i, kind := range r.Kinds {
		at := fmt.Sprintf("kinds[%d]", i)
		c.oneOf(at, kind, Kinds...)
		c.that(seen[kind], at, "is named twice", "each kind once")
		seen[kind] = true
	}
	listed := len(r.Kinds) > 0
	protects := r.PriceProtectionDays > 0
	c.that(seen[PriceProtection] && !protects, "price_protection_days", "is 0, but price protection is offered", "1 to 365")
	c.that(listed && protects && !seen[PriceProtection], "price_protection_days", "has no effect, because kinds does not offer price_protection", "0, or offer it")
	c.that(seen[Compensation] && len(r.Compensation) == 0, "compensation", "is empty, but compensation is offered", "a limit by basis and currency")
	c.that(listed && len(r.Keep.Below) > 0 && !seen[RefundOnly], "returnless.below", "has no effect, because kinds does not offer refund_only", "empty, or offer it")
	c.that(listed && r.Exchange.HoldDays > 0 && !seen[Exchange], "exchange.hold_days", "has no effect, because kinds does not offer exchange", "0, or offer it")
	c.optional("advance.after", r.Advance.After, "first_scan")
	c.that(r.Advance.After != "" && len(r.Advance.Max) == 0, "advance.max", "is empty, but an advance is promised", "a limit by currency")
}

func (c *complaint) oneOf(field, value string, allowed ...string) {
	c.that(!slices.Contains(allowed, value), field, "is not known", strings.Join(allowed, ", "))
}

func (c *complaint) optional(field, value string, allowed ...string) {
	if value != "" {
		c.oneOf(field, value, allowed...)
	}
}

func (c *complaint) window(field string, days *int) {
	c.that(days != nil && (*days < 0 || *days > 36500), field, "is not possible", "0 to 36500")
}
