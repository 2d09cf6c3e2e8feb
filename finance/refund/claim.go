package refund

import "github.com/aftercare/aftercare/sales/order"

// Kinds of claim.
const (
	ReturnRefund    = "return_refund"
	RefundOnly      = "refund_only"
	Exchange        = "exchange"
	Reship          = "reship"
	PriceProtection = "price_protection"
	Compensation    = "compensation"
	Partial         = "partial" // an offer: a fixed amount, the goods are kept
)

// Claim is what a case wants of the order's money, by kind. The zero kind is
// ReturnRefund.
type Claim struct {
	Kind   string
	Terms  Terms
	New    []NewItem     // exchange: what goes out instead
	Send   int64         // exchange: outbound shipping of it, with tax
	Credit bool          // what has no tender to go back to, or an exchange's surplus, becomes store credit
	Lower  map[int]int64 // price_protection: line → lower price of a unit, as it would be charged, with tax
	Amount int64         // partial, compensation
	Basis  string        // compensation: goodwill, promise or statutory
	Cap    int64         // compensation: at most so much; 0: no limit is known
	Payer  string        // compensation, price_protection, partial: Seller (where empty), Platform, Carrier or Brand
}

// NewItem is an article that goes out in an exchange.
type NewItem = order.NewItem

// Bases of a compensation.
const (
	Goodwill  = "goodwill"
	Promise   = "promise"
	Statutory = "statutory"
)

// Who bears something: the return leg and with it the fault, a compensation.
const (
	Seller   = "seller"
	Customer = "customer"
	Carrier  = "carrier"  // lost or damaged on the way: the seller pays, and claims it of the carrier
	Platform = "platform" // what the marketplace promised
	Insurer  = "insurer"
	Brand    = "brand"
)

// What happens to the outbound shipping when a part comes back.
const (
	None       = "none"       // it stays
	ProRata    = "pro_rata"   // the part's share by value
	Difference = "difference" // what the kept basket would not have cost; without a tariff, as ProRata
)

// What happens to promotions that the kept basket would not have had.
const (
	Keep   = "keep"   // they stay as they fell on the units
	Rebill = "rebill" // the kept basket is priced again as it would have been at the purchase
)

// What the law wants back of the outbound shipping.
const (
	DeliveryStandard = "standard"
	DeliveryFull     = "full"
)

// delivers reports whether outbound shipping is given back when nothing is kept.
func (t *Terms) delivers() bool { return t.FullShippingOnFullReturn || t.Delivery != "" }

// How a refund falls on the tenders.
const (
	ByComponent  = "component"    // as each unit was paid
	ByProportion = "proportional" // by what is left of each tender
	InOrder      = "order"        // one tender after the other
)

// Terms are what policy and law decided about money.
type Terms struct {
	Freight  map[string]string // by reason: Seller, Customer, Carrier or Platform
	LabelFee int64             // of the return label; deducted once if the freight of every unit is the customer's
	Shipping string            // None, ProRata or Difference; empty is None
	// FullShippingOnFullReturn gives back the standard outbound shipping when
	// nothing of the order is kept.
	FullShippingOnFullReturn bool
	// Delivery is what the law wants back of the outbound shipping when nothing
	// of the order is kept, whatever the policy says: the standard one, or all.
	Delivery string // DeliveryStandard, DeliveryFull; empty: the law says nothing

	Promotions    string      // Keep or Rebill; empty is Keep
	Deductions    []Deduction // what the seller keeps, each with its legal basis
	FeesForbidden bool        // a statutory withdrawal: no fee, only what the goods lost
	Tender        string      // ByComponent, ByProportion or InOrder; empty is ByComponent
	TenderOrder   []string    // of InOrder: ids or kinds, first to last; the rest follow as in the order
	Liability     string      // instead of what the reasons say: Seller, Customer, Carrier or Platform
	Insurance     Insurance   // of the return freight
	Upfront       int64       // what the customer paid for the way back out of pocket
	Spent         Spent       // earned points that are not there any more
}

// Deduction is what is kept of the goods' money.
type Deduction struct {
	Code   string // CodeRestocking, CodeLabel, CodeDiminished, CodeMissingParts
	Line   int    // 0: of the whole refund
	Amount int64  // at most so much; the goods are the limit
	Basis  string // the legal basis, as a code: "basis.<code>" words it
}

// Insurance of the return freight (运费险) pays the smaller of what the way back
// cost and what its table says, once per unit of the order.
type Insurance struct {
	Payer  string // Insurer, Seller or Platform; empty: not insured
	Actual int64  // what the way back cost; 0: the label's fee, or what was paid up front
	Table  int64  // by route and weight
	Direct bool   // paid to the carrier at pick-up: the customer neither pays nor gets it
}

// Spent is what became of the points that the refunded goods had earned.
type Spent struct {
	Count int64 // of the points to take back, so many were spent already
	Value int64 // book value of Per points, minor units
	Per   int64
}
