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

// Who pays for the return leg, and with it bears the fault.
const (
	Seller   = "seller"
	Customer = "customer"
)

// What happens to the outbound shipping when a part comes back.
const (
	None       = "none"       // it stays
	ProRata    = "pro_rata"   // the part's share by value
	Difference = "difference" // what the kept basket would not have cost; without a tariff, as ProRata
)

// Terms are what policy decided about money.
type Terms struct {
	Freight  map[string]string // by reason: Seller or Customer
	LabelFee int64             // of the return label; deducted once if the freight of every unit is the customer's
	Shipping string            // None, ProRata or Difference; empty is None
	// FullShippingOnFullReturn gives back the standard outbound shipping when
	// nothing of the order is kept.
	FullShippingOnFullReturn bool
}

// Codes of components.
const (
	CodeGoods         = "goods"          // list price, without tax
	CodeLineDiscount  = "line_discount"  // negative
	CodeOrderDiscount = "order_discount" // negative
	CodeTax           = "tax"
	CodeDuty          = "duty"
	CodeShipping      = "shipping"         // outbound, without tax
	CodeShippingTax   = "shipping_tax"     // of the outbound shipping
	CodeLabel         = "return_label"     // negative
	CodeEarlier       = "already_refunded" // negative: money of these units that was paid back before, without units
)

// Component is one addend of a refund; a deduction is negative.
type Component struct {
	Code   string `json:"code"`
	Line   int    `json:"line,omitempty"` // 0: of the whole refund
	Amount int64  `json:"amount"`
	Ground string `json:"ground,omitempty"` // why, as a code
}

// Grounds of components.
const (
	GroundFullReturn  = "full_return"  // nothing is kept
	GroundSellerFault = "seller_fault" // the seller bears delivery
	GroundPartial     = "partial"      // a share by value
	GroundCustomer    = "customer"     // the customer pays the return leg
)

// Quote is what a refund comes to. Total is the sum of Components, which are
// the lines' and the order's; the tenders' shares add up to Total.
type Quote struct {
	Currency   string        `json:"currency"`
	Lines      []LineQuote   `json:"lines"`
	Components []Component   `json:"components"`
	Total      int64         `json:"total"`
	Tenders    []TenderShare `json:"tenders"`
	Freight    string        `json:"freight"` // Customer if the customer pays the return leg of every unit
}

// LineQuote is the part of one line: Subtotal is the sum of its Components.
type LineQuote struct {
	Line       int         `json:"line"`
	Count      int64       `json:"count"`
	Components []Component `json:"components"`
	Subtotal   int64       `json:"subtotal"`
}

// TenderShare is what one tender pays back, by purpose. No share is negative.
type TenderShare struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`
	Label     string `json:"label,omitempty"`
	Provider  string `json:"provider"`
	Reference string `json:"reference,omitempty"`
	Goods     int64  `json:"goods"`
	Shipping  int64  `json:"shipping"`
}

// Before is what an order has paid back already.
type Before struct {
	Units    []Run            // paid
	Shipping int64            // of the outbound shipping
	Tenders  map[string]int64 // by tender
}
