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
	Shipping int64            // of the outbound shipping
	Tenders  map[string]int64 // by tender
}
