package order

import (
	"strconv"
	"time"
)

// checkParcel looks at what a line says about its way to the customer and at
// its traits.
func checkParcel(l *DraftLine, placed, now time.Time) *Problem {
	if l.ShippedAt != nil {
		if p := checkTime("shipped_at", *l.ShippedAt, placed, now); p != nil {
			return p
		}
	}
	if p := checkText("carrier", l.Carrier, 0, 100); p != nil {
		return p
	}
	if p := checkText("tracking", l.Tracking, 0, 100); p != nil {
		return p
	}
	if len(l.Traits) > 20 {
		return &Problem{"traits", "more than 20 traits", strconv.Itoa(len(l.Traits))}
	}
	for i, t := range l.Traits {
		if p := checkText(at("traits", i, ""), t, 1, 100); p != nil {
			return p
		}
	}
	return nil
}

// checkRules looks at coupons, promotions and the delivery tariff.
func checkRules(d *Draft) *Problem {
	for i := range d.Coupons {
		c := &d.Coupons[i]
		if p := checkText(at("coupons", i, "code"), c.Code, 1, 100); p != nil {
			return p
		}
		if p := checkLines(at("coupons", i, "lines"), c.Lines, len(d.Lines)); p != nil {
			return p
		}
	}
	for i := range d.Promotions {
		if p := checkPromotion(&d.Promotions[i], len(d.Lines)); p != nil {
			p.Field = at("promotions", i, p.Field)
			return p
		}
	}
	if x := d.Insurance; x != nil {
		if x.Payer != "insurer" && x.Payer != "seller" && x.Payer != "platform" {
			return &Problem{"freight_insurance.payer", "not insurer, seller or platform", x.Payer}
		}
		if x.Most < 1 || x.Most > MaxAmount {
			return &Problem{"freight_insurance.most", "not an amount above 0", strconv.FormatInt(x.Most, 10)}
		}
	}
	for i, t := range d.Shipping.Tiers {
		if p := checkAmount(at("shipping.tiers", i, "from"), t.From); p != nil {
			return p
		}
		if p := checkAmount(at("shipping.tiers", i, "amount"), t.Amount); p != nil {
			return p
		}
		if i > 0 && t.From <= d.Shipping.Tiers[i-1].From {
			return &Problem{at("shipping.tiers", i, "from"), "tiers not ascending", strconv.FormatInt(t.From, 10)}
		}
	}
	return nil
}

func checkPromotion(x *Promotion, lines int) *Problem {
	if p := checkText("code", x.Code, 1, 100); p != nil {
		return p
	}
	if p := checkDiscount(x.Code, x.Funder, x.Amount); p != nil {
		return p
	}
	if p := checkAmount("threshold", x.Threshold); p != nil {
		return p
	}
	if x.Percent < 0 || x.Percent > 100 {
		return &Problem{"percent", "percent not from 0 to 100", strconv.FormatInt(x.Percent, 10)}
	}
	kinds := 0
	for _, is := range []bool{x.Amount > 0, x.Percent > 0, x.ShippingFree} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return &Problem{"amount", "not exactly one of amount, percent and shipping_free", strconv.Itoa(kinds)}
	}
	if x.Repeats && (x.Amount == 0 || x.Threshold == 0) {
		return &Problem{"repeats", "repeats without an amount and a threshold", ""}
	}
	return checkLines("lines", x.Lines, lines)
}

func checkLines(field string, lines []int, n int) *Problem {
	for _, no := range lines {
		if no < 1 || no > n {
			return &Problem{field, "no such line", strconv.Itoa(no)}
		}
	}
	return nil
}
