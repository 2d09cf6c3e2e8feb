// Package refund says what is owed for units that come back, and makes sure
// that no unit is claimed twice and no tender pays back more than it paid.
//
// It owns claims on units, the refund account of an order, and the arithmetic.
// It does not decide whether something may be returned (package policy) nor
// move money (package settlement). A unit is in at most one living claim, is
// paid back at most once, and all partial refunds of an order add up to what
// was paid.
package refund

import "github.com/aftercare/aftercare/base/fault"

var (
	ErrWanted     = fault.New(fault.Invalid, "refund.wanted", "The wanted units are not units of this order.")
	ErrTerms      = fault.New(fault.Invalid, "refund.terms", "The terms of the refund cannot be applied.")
	ErrUnitsTaken = fault.New(fault.Conflict, "refund.units_taken", "Units of this line are already in a return or have been returned.")
	ErrNotHeld    = fault.New(fault.Conflict, "refund.not_held", "The case does not hold these units.")
	ErrReserved   = fault.New(fault.Conflict, "refund.reserved", "The money of this case has already been reserved.")
	ErrExceeds    = fault.New(fault.Conflict, "refund.exceeds_paid", "More would be paid back than was paid.")
	ErrCap        = fault.New(fault.Conflict, "refund.over_cap", "The compensation is above its limit.")
	ErrNone       = fault.New(fault.Conflict, "refund.none", "The case has no reserved money that this would change.")
)

// Wanted is a wish: so many units of a line, for a reason.
type Wanted struct {
	Line     int
	Quantity int64
	Reason   string
}

// Run is units First to First+Count−1 of a line, from 1.
type Run struct {
	Line   int    `json:"line"`
	First  int64  `json:"first"`
	Count  int64  `json:"count"`
	Reason string `json:"reason"`
}

// Before is what an order has paid back already.
type Before struct {
	Units    []Run            // paid
	Parts    []Part           // of kept units, the oldest first
	Shipping int64            // of the outbound shipping
	Tenders  map[string]int64 // by tender
	Insured  []Run            // units for which the freight insurance has paid
	Coupons  []string         // issued again
	Rebilled Rebilled
}

// Rebilled is what repricing the kept goods has moved so far; a positive
// amount is the customer's.
type Rebilled struct {
	Promotion int64 `json:"promotion,omitempty"` // with tax
	Tax       int64 `json:"tax,omitempty"`       // of it
	Platform  int64 `json:"platform,omitempty"`  // of it, what the platform funds
	Brand     int64 `json:"brand,omitempty"`
	Shipping  int64 `json:"shipping,omitempty"` // freight of a basket that is not free any more, negative
}

// Add books a quote and the runs it is for, so that the next quote of the
// order comes after it.
func (b *Before) Add(q Quote, runs []Run) {
	switch q.Kind {
	case PriceProtection, Partial, Compensation, Reship:
	default:
		b.Units = append(b.Units, runs...)
	}
	b.Parts = append(b.Parts, q.Parts...)
	b.Insured = append(b.Insured, q.Insured...)
	b.Coupons = append(b.Coupons, q.Coupons...)
	b.Rebilled = b.Rebilled.plus(q.Rebilled)
	if b.Tenders == nil {
		b.Tenders = map[string]int64{}
	}
	for _, shares := range [][]TenderShare{q.Tenders, q.Carried, q.Turned} {
		for _, s := range shares {
			b.Tenders[s.ID] += s.Goods + s.Shipping
			b.Shipping += s.Shipping
		}
	}
}

func (r Rebilled) plus(x Rebilled) Rebilled {
	return Rebilled{r.Promotion + x.Promotion, r.Tax + x.Tax, r.Platform + x.Platform, r.Brand + x.Brand, r.Shipping + x.Shipping}
}

func (r Rebilled) minus(x Rebilled) Rebilled {
	return r.plus(Rebilled{-x.Promotion, -x.Tax, -x.Platform, -x.Brand, -x.Shipping})
}
