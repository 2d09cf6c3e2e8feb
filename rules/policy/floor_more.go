package policy

import (
	"slices"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/rules/rights"
)

// Uncured reports whether answers say that a fault cannot be left to a repair
// or an exchange: one of them has failed, is refused or impossible, or the fault
// is a serious one. Then money is owed as long as a cure was.
func (q *Request) Uncured() bool {
	for _, fact := range []string{"defect.major", "defect.same_again", "repair.refused", "repair.impossible"} {
		if string(q.Known[fact]) == "true" {
			return true
		}
	}
	for _, fact := range []string{"repair.failed", "repair.tries"} {
		if n := string(q.Known[fact]); n != "" && n != "0" && n != "null" {
			return true
		}
	}
	return false
}

// uncured looks at what follows when a cure fails, and at serious faults: money
// back, and a lower price.
func (f *floor) uncured(category string) {
	reasons := f.reasons(Defect)
	yes, no, one, two, none := true, false, int64(1), int64(2), int64(0)
	for _, change := range []func(*rights.Facts, int){
		func(x *rights.Facts, start int) {
			x.Repair = rights.Repair{AskedAt: f.on(start + 1), DoneAt: f.on(start + 2), Failed: &one, Tries: &two, Days: &two, Refused: &no, Impossible: &no, NoParts: &no, Swaps: &none}
			x.Item.SameModel, x.Defect.Major = &no, &no
		},
		func(x *rights.Facts, _ int) { x.Defect.Major = &yes },
	} {
		of := func(start int) rights.Facts {
			x := f.facts(Defect, category, start, 3)
			change(&x, start)
			return x
		}
		law := f.ask(of(0))
		for _, one := range []struct{ remedy, kind, none, about string }{
			{"refund", ReturnRefund, "kind_defect", "refund_after"},
			{"price_reduction", RefundOnly, "kind_price", "price_reduction"},
		} {
			d := law[one.remedy]
			if d == nil {
				continue
			}
			if !f.rules.Offers(one.kind) {
				f.add("kinds", one.none, d, nil)
			}
			days := f.shortest(one.remedy, of)
			for _, x := range reasons {
				if w := f.rules.days(category, x.Reason); x.cure(w.n) < days {
					f.add(x.path("cure_days"), one.about, d, locale.Args{"days": days, "has": x.cure(w.n)})
				}
			}
			f.freight(d, reasons, "freight_defect")
			f.times(d, "refund_due_defect", of(0))
			f.conditions(d, one.kind, AfterReceipt, category, reasons, days, one.about)
		}
	}
}

// feeOnFault looks at fees on goods that are not as they should be. No fee is
// taken where the seller pays the way back.
func (f *floor) feeOnFault(d *rights.Decision, reasons []placed) {
	if f.rules.RestockingFee > 0 && slices.ContainsFunc(reasons, func(x placed) bool { return !x.Fault() }) {
		f.add("restocking_fee", "fee_defect", d, locale.Args{"has": f.rules.RestockingFee})
	}
}

// dear is the price, in minor units, up to which statutory money is looked at:
// a limit that is lower than what the law gives for it takes something away.
const dear = 100_000_000

// onTop looks at limits of what the law gives on top: three times the price for
// deceit, ten times for dangerous food.
func (f *floor) onTop() {
	yes, no := true, false
	currency := f.book.Currency(f.market)
	most, limited := f.rules.Compensation["statutory"][currency]
	if !limited {
		return
	}
	for _, wrong := range []struct {
		claim string
		fraud rights.Fraud
	}{
		{Fraud, rights.Fraud{Found: &yes, Planted: &no, Label: &no}},
		{"unsafe_food", rights.Fraud{Unsafe: &yes, Knowingly: &yes, Planted: &no, Label: &no}},
	} {
		for _, price := range []int64{20_000, dear} {
			facts := f.facts(wrong.claim, "", 0, 3)
			facts.Fraud, facts.Item.Price, facts.Currency = wrong.fraud, &price, currency
			d := f.ask(facts)["compensation"]
			if d == nil {
				continue
			}
			if sum := d.OnTop(); sum > most {
				f.add("compensation.statutory."+currency, "statutory", d, locale.Args{
					"price": money.Of(price, currency), "amount": money.Of(sum, currency), "has": money.Of(most, currency),
				})
			}
		}
	}
}
