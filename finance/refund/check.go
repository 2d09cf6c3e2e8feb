package refund

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/sales/order"
)

var (
	kinds      = []string{"", ReturnRefund, RefundOnly, Exchange, Reship, PriceProtection, Compensation, Partial}
	bearers    = []string{"", Seller, Customer, Carrier, Platform}
	payers     = []string{"", Seller, Platform, Carrier, Brand, Insurer}
	deductions = []string{CodeRestocking, CodeLabel, CodeDiminished, CodeMissingParts}
)

// check refuses with ErrTerms a claim that cannot be carried out, naming each
// wrong field.
func (c Claim) check(o order.Order) error {
	wrong := ErrTerms
	one := func(field, got string, of ...string) {
		if got == "" && !slices.Contains(of, got) {
			wrong = wrong.At(field, "is missing", strings.Join(of, ", "))
		} else if !slices.Contains(of, got) {
			wrong = wrong.At(field, "is not known: "+got, strings.Trim(strings.Join(of, ", "), ", "))
		}
	}
	amount := func(field string, n int64) {
		if n < 0 || n > order.MaxAmount {
			wrong = wrong.At(field, "is not an amount", "minor units, 0 or more")
		}
	}
	t := c.Terms
	one("kind", c.Kind, kinds...)
	one("shipping", t.Shipping, "", None, ProRata, Difference)
	one("promotions", t.Promotions, "", Keep, Rebill)
	one("tender", t.Tender, "", ByComponent, ByProportion, InOrder)
	one("liability", t.Liability, bearers...)
	one("payer", c.Payer, payers...)
	one("insurance.payer", t.Insurance.Payer, "", Insurer, Seller, Platform)
	amount("label_fee", t.LabelFee)
	amount("upfront", t.Upfront)
	amount("insurance.actual", t.Insurance.Actual)
	amount("insurance.table", t.Insurance.Table)
	amount("spent.count", t.Spent.Count)
	amount("spent.value", t.Spent.Value)
	amount("amount", c.Amount)
	amount("cap", c.Cap)
	amount("send", c.Send)
	if t.Spent.Value > 0 && t.Spent.Per < 1 {
		wrong = wrong.At("spent.per", "is not a count", "1 or more")
	}
	for _, d := range t.Deductions {
		one("deductions.code", d.Code, deductions...)
		amount("deductions.amount", d.Amount)
		if d.Basis == "" {
			wrong = wrong.At("deductions.basis", "is missing", "the legal basis of the deduction")
		}
		if _, ok := o.Line(d.Line); d.Line != 0 && !ok {
			wrong = wrong.At("deductions.line", "is no line of the order", "a line number, or 0")
		}
	}
	switch c.Kind {
	case Exchange:
		wrong = c.checkNew(wrong)
	case PriceProtection:
		if len(c.Lower) == 0 {
			wrong = wrong.At("lower", "is missing", "the lower price by line")
		}
		for _, price := range c.Lower {
			amount("lower", price)
		}
	case Compensation:
		one("basis", c.Basis, Goodwill, Promise, Statutory)
		fallthrough
	case Partial:
		if c.Amount == 0 {
			wrong = wrong.At("amount", "is missing", "minor units, more than 0")
		}
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	if c.Kind == Compensation && c.Cap > 0 && c.Amount > c.Cap {
		return ErrCap.With("amount", c.Amount).With("cap", c.Cap)
	}
	return nil
}
