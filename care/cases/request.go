package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// Request is what a customer asks for.
type Request struct {
	Kind      string // empty: return_refund
	Order     string
	Items     []Wanted
	Comment   string
	Photos    []string // of the request as a whole
	Language  string
	Intercept bool   // refund_only of goods under way: the carrier shall bring them back
	Credit    bool   // exchange: a difference in the customer's favour becomes store credit
	Basis     string // compensation: goodwill, promise or statutory
	Amount    int64  // compensation: minor units

	Address      *shipment.Address // exchange, reship: where the replacement goes; nil: where the order went
	AddressRight bool              // the customer confirms that address
}

// Wanted is a quantity of one line, and what is wrong with it.
type Wanted struct {
	Line     int
	Quantity int64
	Reason   string
	Photos   []string
	SKU      string // exchange: the article wanted instead; empty: the same again
	Lower    int64  // price_protection: the lower price of one unit
}

const (
	maxItems   = 100
	maxPhotos  = 20
	maxComment = 2000
)

func (r *Request) check(o order.Order, rules policy.Rules) error {
	wrong := ErrItems
	if len(r.Items) == 0 || len(r.Items) > maxItems {
		wrong = wrong.At("items", fmt.Sprintf("has %d entries", len(r.Items)), fmt.Sprintf("1 to %d", maxItems))
	}
	if n := len([]rune(r.Comment)); n > maxComment {
		wrong = wrong.At("comment", fmt.Sprintf("has %d characters", n), fmt.Sprintf("at most %d", maxComment))
	}
	if !slices.Contains(policy.Kinds, r.Kind) {
		wrong = wrong.At("kind", "is not a kind of case", strings.Join(policy.Kinds, ", "))
	}
	photos, seller, seen := len(r.Photos), "", map[int]bool{}
	for i, w := range r.Items {
		at := func(field string) string { return fmt.Sprintf("items[%d].%s", i, field) }
		line, ok := o.Line(w.Line)
		if !ok {
			wrong = wrong.At(at("line"), fmt.Sprintf("order %s has no line %d", o.Number, w.Line), "a line number of the order")
			continue
		}
		if seen[w.Line] {
			wrong = wrong.At(at("line"), fmt.Sprintf("line %d is named twice", w.Line), "each line once")
		}
		seen[w.Line] = true
		if w.Quantity < 1 || w.Quantity > line.Quantity {
			wrong = wrong.At(at("quantity"), fmt.Sprintf("%d of %d bought", w.Quantity, line.Quantity), fmt.Sprintf("1 to %d", line.Quantity))
		}
		if _, ok := rules.Reason(w.Reason); !ok && !r.implied(&r.Items[i]) {
			wrong = wrong.At(at("reason"), "is not offered by the shop", strings.Join(reasonCodes(rules), ", "))
		}
		if i > 0 && phase(o, line) != phaseOf(o, r.Items) {
			wrong = wrong.At(at("line"), "is not where the other goods are", "goods that were not sent, are under way, or arrived in cases of their own")
		}
		if i > 0 && line.Seller != seller {
			wrong = wrong.At(at("line"), "is sold by another seller", "goods of one seller in one case")
		}
		seller = line.Seller
		photos += len(w.Photos)
	}
	if photos > maxPhotos {
		wrong = wrong.At("photos", fmt.Sprintf("%d photos", photos), fmt.Sprintf("at most %d", maxPhotos))
	}
	if wrong != ErrItems {
		return wrong
	}
	return nil
}

// implied fills the reason of a request that has but one.
func (r *Request) implied(w *Wanted) bool {
	switch r.Kind {
	case KindProtection:
		w.Reason = "price_drop"
	case KindCompensate:
		w.Reason = "compensation"
	default:
		return false
	}
	return true
}

func reasonCodes(rules policy.Rules) []string {
	codes := make([]string, len(rules.Reasons))
	for i, x := range rules.Reasons {
		codes[i] = x.Code
	}
	return codes
}

// photosEnough asks for evidence where the reason needs it. One photo of the
// request serves all its items.
func photosEnough(r Request, rules policy.Rules) error {
	for i, w := range r.Items {
		reason, _ := rules.Reason(w.Reason)
		if reason.Photos == "required" && len(w.Photos)+len(r.Photos) == 0 {
			return ErrPhotos.With("line", w.Line).With("reason", w.Reason).
				At(fmt.Sprintf("items[%d].photos", i), "is empty", "at least one photo of the fault")
		}
	}
	return nil
}

// named are the wanted units as runs of their own, for a case that holds none.
func named(r Request) []refund.Run {
	all := make([]refund.Run, len(r.Items))
	for i, w := range r.Items {
		all[i] = refund.Run{Line: w.Line, First: 1, Count: w.Quantity, Reason: w.Reason}
	}
	return all
}

func wanted(r Request) []refund.Wanted {
	all := make([]refund.Wanted, len(r.Items))
	for i, w := range r.Items {
		all[i] = refund.Wanted{Line: w.Line, Quantity: w.Quantity, Reason: w.Reason}
	}
	return all
}
