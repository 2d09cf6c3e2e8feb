package policy

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
)

// Kinds of a request, in the order they are shown.
const (
	ReturnRefund    = "return_refund"
	RefundOnly      = "refund_only"
	Exchange        = "exchange"
	Reship          = "reship"
	PriceProtection = "price_protection"
	Compensation    = "compensation"
)

// Kinds are all there are.
var Kinds = []string{ReturnRefund, RefundOnly, Exchange, Reship, PriceProtection, Compensation}

// Phases of the goods.
const (
	PreShip      = "pre_ship"
	InTransit    = "in_transit"
	AfterReceipt = "after_receipt"
)

// phases lists when a kind makes sense at all.
var phases = map[string][]string{
	ReturnRefund:    {InTransit, AfterReceipt},
	RefundOnly:      {PreShip, InTransit, AfterReceipt},
	Exchange:        {AfterReceipt},
	Reship:          {InTransit, AfterReceipt},
	PriceProtection: {PreShip, InTransit, AfterReceipt},
	Compensation:    {PreShip, InTransit, AfterReceipt},
}

// Allowed reports whether a kind of request makes sense in a phase: nothing can
// be sent back before it was sent.
func Allowed(kind, phase string) bool { return slices.Contains(phases[kind], phase) }

// Offers reports whether the shop offers a kind of request. Rules that list
// none offer what needs no setting of its own, and price protection and
// compensation where they are set.
func (r Rules) Offers(kind string) bool {
	if len(r.Kinds) > 0 {
		return slices.Contains(r.Kinds, kind)
	}
	switch kind {
	case PriceProtection:
		return r.PriceProtectionDays > 0
	case Compensation:
		return len(r.Compensation) > 0
	}
	return slices.Contains(Kinds, kind)
}

// KindsIn lists the kinds of request that the shop offers in a phase.
func (r Rules) KindsIn(phase string) (all []string) {
	for _, kind := range Kinds {
		if r.Offers(kind) && Allowed(kind, phase) {
			all = append(all, kind)
		}
	}
	return all
}

// Returnless reports whether goods of this value need not come back.
func (r Rules) Returnless(total money.Amount) bool {
	below, ok := r.Keep.Below[total.Currency]
	return ok && total.Minor < below
}

// BulkLimit is how much a case may be worth that is approved together with
// others; false where the rules set none in the currency.
func (r Rules) BulkLimit(currency string) (int64, bool) {
	limit, ok := r.Bulk[currency]
	return limit, ok
}

// CompensationCap is the most that may be paid on a basis: goodwill, promise or
// statutory; false where the rules allow none.
func (r Rules) CompensationCap(basis, currency string) (int64, bool) {
	limit, ok := r.Compensation[basis][currency]
	return limit, ok && limit > 0
}

// PriceProtection reports whether a lower price may still be claimed of goods
// delivered, or while they are not delivered bought, at a time.
func (r Rules) PriceProtection(from, now time.Time, zone *time.Location) bool {
	return r.PriceProtectionDays > 0 && !from.IsZero() && !now.After(calendar.EndOfDay(from, r.PriceProtectionDays, zone))
}

// What silence may do to money that nobody checked.
const (
	SilenceCalls    = "call"
	SilenceApproves = "approve"
)

// SilenceApproves reports whether money that nobody checked is approved when
// nobody answers in time: by these rules, or by those under them.
func (p *Policy) SilenceApproves() bool {
	return p.Rules.Silence == SilenceApproves || p.engine != nil && p.engine.parent != nil && p.engine.parent.rules.Silence == SilenceApproves
}

// Fee is the restocking fee on goods of a value, rounded down: none where the
// fault is the seller's or the reason is not of these rules.
func (r Rules) Fee(goods int64, reason string) int64 {
	x, ok := r.Reason(reason)
	if !ok || x.Fault() || r.RestockingFee <= 0 || goods <= 0 {
		return 0
	}
	return money.Part(goods, int64(min(r.RestockingFee, 100)), 100)
}

// HoldDays is how long the new goods of an exchange are kept for the customer.
func (r Rules) HoldDays() int {
	if r.Exchange.HoldDays > 0 {
		return r.Exchange.HoldDays
	}
	return 30
}
