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

func (c *complaint) that(wrong bool, field string, is, want saying) {
	if wrong {
		c.problem(problem(field, is, want))
	}
}

func (c *complaint) problem(p Problem) {
	c.problems = append(c.problems, p)
	message := p.Message
	if p.Line > 0 {
		message = fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Message)
	}
	c.Fault = c.AtField(fault.Field{Field: p.Path, Message: message, Expected: p.Want, Code: p.Code, Says: p.Says})
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
		c.that(!slices.Contains(Bases, basis), "compensation."+basis, sayNoBasis, wantOneOf.of(strings.Join(Bases, ", ")))
		limits["compensation."+basis] = r.Compensation[basis]
	}
	for _, field := range slices.Sorted(maps.Keys(limits)) {
		for _, currency := range slices.Sorted(maps.Keys(limits[field])) {
			at, limit := field+"."+currency, limits[field][currency]
			_, err := money.Exponent(currency)
			c.that(err != nil, at, sayNoCurrency, wantCode.of("CNY"))
			c.that(limit < 0, at, sayNegative, wantMinorUnits)
			c.that(limit > mostMoney, at, sayTooMuch, wantMostMinorUnits.of(int64(mostMoney)))
		}
	}
	return c
}

func (r Rules) checkReasons(c *complaint) {
	c.that(len(r.Reasons) == 0, "reasons", sayEmpty, wantOneReason)
	c.that(len(r.Reasons) > 100, "reasons", sayTooMany, wantAtMost.of(100))
	seen := map[string]bool{}
	for i, x := range r.Reasons {
		at := func(name string) string { return fmt.Sprintf("reasons[%d].%s", i, name) }
		c.that(seen[x.Code], "reasons", sayCodeTwice.of(x.Code), wantEachCodeOnce)
		seen[x.Code] = true
		c.that(x.Code == "", at("code"), sayEmpty, wantCode.of("wrong_size"))
		c.oneOf(at("photos"), x.Photos, "none", "optional", "required")
		c.oneOf(at("freight"), x.Freight, "seller", "customer")
		c.window(at("window_days"), x.WindowDays)
		c.window(at("cure_days"), x.CureDays)
		c.that(x.CureDays != nil && x.Claims() != Defect, at("cure_days"), sayNoDefect, wantLeaveOut)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		c.window("categories."+name+".window_days", r.Categories[name].WindowDays)
	}
	c.oneOf("shipping", r.Shipping, "none", "pro_rata", "difference")
	c.optional("promotions", r.Promotions, "keep", "rebill")
	c.optional("silence", r.Silence, SilenceCalls, SilenceApproves)
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
		c.that(f.value < f.least || f.value > f.most, f.name, sayOutOfRange.of(f.value), wantRange.of(f.least, f.most))
	}
	_, known := Preset(r.Preset)
	c.that(r.Preset != "" && !known, "preset", sayNotKnown, wantOneOf.of("own, taobao, wechat, eu"))
	c.that(r.Preset == "eu" && r.RestockingFee > 0, "restocking_fee", sayEUFee, wantZeroOrPreset)
	c.that(w.WorkingDays && w.Calendar == "", "timers.calendar", sayNoCalendar, wantCalendar.of("CN"))
	_, err := calendar.Load(w.Calendar)
	c.that(w.Calendar != "" && err != nil, "timers.calendar", sayNotKnown, wantOneOf.of(strings.Join(calendar.Names(), ", ")))
	c.that(r.HoldDays()*24 < r.Clock().PaymentHours, "exchange.hold_days", sayHoldDays, wantAtLeast.of((r.Clock().PaymentHours+23)/24))
}

func (r Rules) checkKinds(c *complaint) {
	seen := map[string]bool{}
	for i, kind := range r.Kinds {
		at := fmt.Sprintf("kinds[%d]", i)
		c.oneOf(at, kind, Kinds...)
		c.that(seen[kind], at, sayNamedTwice, wantEachKindOnce)
		seen[kind] = true
	}
	listed := len(r.Kinds) > 0
	protects := r.PriceProtectionDays > 0
	c.that(seen[PriceProtection] && !protects, "price_protection_days", sayNoProtectionDays, wantRange.of(1, 365))
	c.that(listed && protects && !seen[PriceProtection], "price_protection_days", sayKindNotOffered.of(PriceProtection), wantZeroOrOffer)
	c.that(seen[Compensation] && len(r.Compensation) == 0, "compensation", sayNoCompensation, wantLimitByBasis)
	c.that(listed && len(r.Keep.Below) > 0 && !seen[RefundOnly], "returnless.below", sayKindNotOffered.of(RefundOnly), wantEmptyOrOffer)
	c.that(listed && r.Exchange.HoldDays > 0 && !seen[Exchange], "exchange.hold_days", sayKindNotOffered.of(Exchange), wantZeroOrOffer)
	c.optional("advance.after", r.Advance.After, "first_scan")
	c.that(r.Advance.After != "" && len(r.Advance.Max) == 0, "advance.max", sayNoAdvance, wantLimitByCurrency)
}

func (c *complaint) oneOf(field, value string, allowed ...string) {
	c.that(!slices.Contains(allowed, value), field, sayNotKnown, wantOneOf.of(strings.Join(allowed, ", ")))
}

func (c *complaint) optional(field, value string, allowed ...string) {
	if value != "" {
		c.oneOf(field, value, allowed...)
	}
}

func (c *complaint) window(field string, days *int) {
	c.that(days != nil && (*days < 0 || *days > 36500), field, sayNotPossible, wantRange.of(0, 36500))
}
