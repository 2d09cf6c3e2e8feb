package quote

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/finance/refund"
)

var kinds = []string{"", refund.ReturnRefund, refund.RefundOnly, refund.Exchange, refund.Reship, refund.PriceProtection, refund.Compensation, refund.Partial}

// fits refuses what a case of its kind does not use. An answer that left a part
// of the question out would look like an answer to all of it.
func (c Case) fits(prefix string) error {
	back := []string{"", refund.ReturnRefund, refund.RefundOnly, refund.Exchange}
	for _, x := range []struct {
		field string
		given bool
		kinds []string
	}{
		{"new", len(c.New) > 0, []string{refund.Exchange}},
		{"new_shipping", c.NewShipping != 0, []string{refund.Exchange}},
		{"lower", len(c.Lower) > 0, []string{refund.PriceProtection}},
		{"amount", c.Amount != 0, []string{refund.Partial, refund.Compensation}},
		{"basis", c.Basis != "", []string{refund.Compensation}},
		{"cap", c.Cap != 0, []string{refund.Compensation}},
		{"payer", c.Payer != "", []string{refund.Partial, refund.Compensation, refund.PriceProtection}},
		{"deductions", len(c.Deductions) > 0, back},
		{"insurance", c.Insurance != nil, back},
		{"upfront", c.Upfront != 0, back},
		{"points_spent", c.PointsSpent != nil, back},
	} {
		if x.given && slices.Contains(kinds, c.Kind) && !slices.Contains(x.kinds, c.Kind) {
			of := slices.DeleteFunc(slices.Clone(x.kinds), func(k string) bool { return k == "" })
			return ErrRequest.At(prefix+x.field, "is nothing that this kind of case uses", strings.Join(of, ", "))
		}
	}
	seen := map[int]bool{}
	for i, l := range c.Lower {
		if seen[l.Line] {
			return ErrRequest.At(fmt.Sprintf("%slower[%d].line", prefix, i), "is named twice", "each line once")
		}
		if !slices.ContainsFunc(c.Wanted, func(w Wanted) bool { return w.Line == l.Line }) {
			return ErrRequest.At(fmt.Sprintf("%slower[%d].line", prefix, i), "is no line that is wanted", "a line of wanted")
		}
		seen[l.Line] = true
	}
	for i, w := range c.Wanted {
		if w.Line < 1 {
			return ErrRequest.At(fmt.Sprintf("%swanted[%d].line", prefix, i), "is no line", "1 or more")
		}
		if w.Quantity < 1 {
			return ErrRequest.At(fmt.Sprintf("%swanted[%d].quantity", prefix, i), "is no quantity", "1 or more")
		}
	}
	return nil
}
