package refund

// Codes of components.
const (
	CodeGoods         = "goods"          // list price, without tax
	CodeLineDiscount  = "line_discount"  // negative
	CodeOrderDiscount = "order_discount" // negative
	CodeTax           = "tax"
	CodeDuty          = "duty"
	CodePart          = "part_refunded"    // negative: what was paid back of these units before, without tax and duty
	CodeShipping      = "shipping"         // outbound, without tax
	CodeShippingTax   = "shipping_tax"     // of the outbound shipping
	CodeLabel         = "return_label"     // negative
	CodeEarlier       = "already_refunded" // negative: money of these units that was paid back before, without units
	CodeRestocking    = "restocking_fee"   // negative
	CodeDiminished    = "diminished_value" // negative
	CodeMissingParts  = "missing_parts"    // negative
	CodePromotion     = "promotion"        // what the kept basket's promotions changed, either sign
	CodePromotionTax  = "promotion_tax"
	CodeThreshold     = "shipping_threshold" // negative: freight of a kept basket that is not free any more
	CodePoints        = "points_spent"       // negative: earned points that were spent, at book value
	CodeInsurance     = "freight_insurance"
	CodeUpfront       = "freight_reimbursement"
	CodeProtection    = "price_protection"
	CodePartial       = "partial_refund"
	CodePartTax       = "partial_tax" // negative beside CodePart
	CodePartDuty      = "partial_duty"
	CodeCompensation  = "compensation"
	CodeNew           = "exchange_goods"    // negative: what goes out, without tax
	CodeNewTax        = "exchange_tax"      // negative
	CodeNewShipping   = "exchange_shipping" // negative
	CodeDue           = "exchange_due"      // what the customer pays for what goes out
)

// Codes of entries that are no components.
const (
	CodeDiscount      = "discount"   // what others than the seller paid of a promotion goes back to them
	CodeCommission    = "commission" // of the marketplace
	CodeCarrierClaim  = "carrier_claim"
	CodePlatformClaim = "platform_claim"
	CodeCarried       = "exchange" // pays what goes out
	CodeOwed          = "advance"  // paid in advance for units that were refused later
)

// Grounds of components.
const (
	GroundFullReturn  = "full_return"  // nothing is kept
	GroundSellerFault = "seller_fault" // the seller bears delivery
	GroundPartial     = "partial"      // a share by value
	GroundCustomer    = "customer"     // the customer pays the return leg
	GroundPaidBefore  = "paid_before"  // while the customer kept the goods
	GroundNotShipped  = "not_shipped"  // nothing of the order has left the shop
	GroundDifference  = "difference"   // what the kept goods would not have cost
	GroundRebill      = "rebill"       // the kept goods at the prices and promotions of the purchase
	GroundThreshold   = "threshold"    // the kept goods would not have been delivered free of charge
	GroundSpent       = "spent"        // earned with these goods and spent already
	GroundInsured     = "insured"
	GroundReimbursed  = "reimbursed" // the customer paid the way back and does not bear it
	GroundLowerPrice  = "lower_price"
	GroundAgreed      = "agreed"
	GroundExchange    = "exchange"
)

// Component is one addend of a refund; a deduction is negative.
type Component struct {
	Code   string `json:"code"`
	Line   int    `json:"line,omitempty"` // 0: of the whole refund
	Amount int64  `json:"amount"`
	Ground string `json:"ground,omitempty"` // why, as a code
}

// Quote is what a refund comes to. Total is the sum of Components, which are
// the lines' and the order's; the tenders' shares and Extra add up to Total.
type Quote struct {
	Kind     string `json:"kind,omitempty"` // empty: return_refund
	Currency string `json:"currency"`
	// Prices contained tax: who reads the components may want each with its own.
	TaxIncluded bool          `json:"tax_included,omitempty"`
	Lines       []LineQuote   `json:"lines"`
	Components  []Component   `json:"components"`
	Total       int64         `json:"total"` // what the customer gets now
	Tenders     []TenderShare `json:"tenders"`
	Extra       []Extra       `json:"extra,omitempty"` // what goes another way than back to a tender
	Freight     string        `json:"freight"`         // who pays the return leg: Customer only if of every unit

	Due      int64         `json:"due,omitempty"`     // exchange: the customer has to pay
	Credit   int64         `json:"credit,omitempty"`  // of Total, what becomes store credit
	New      []NewItem     `json:"new,omitempty"`     // exchange: what goes out
	Send     int64         `json:"send,omitempty"`    // exchange: its outbound shipping
	Carried  []TenderShare `json:"carried,omitempty"` // exchange: what the returned units pay of it, by tender
	Turned   []TenderShare `json:"turned,omitempty"`  // exchange: what becomes store credit, by tender that had paid it
	Points   Points        `json:"points,omitzero"`
	Coupons  []string      `json:"coupons,omitempty"` // issued again
	Rebilled Rebilled      `json:"rebilled,omitzero"` // what repricing the kept goods moved
	Parts    []Part        `json:"parts,omitempty"`   // of kept units
	Insured  []Run         `json:"insured,omitempty"` // units for which the freight insurance pays
	Notes    []Note        `json:"notes,omitempty"`
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
	Points    int64  `json:"points,omitempty"` // the same as a count, of kind points
}

// Purposes of what no tender pays back.
const FreightReimbursement = "freight_reimbursement"

// Extra is money to the customer that no tender of the order pays back: a
// compensation, freight, store credit.
type Extra struct {
	Purpose  string `json:"purpose"`
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Payer    string `json:"payer"`
	Amount   int64  `json:"amount"`
}

// Points is what becomes of points.
type Points struct {
	Restore int64 `json:"restore,omitempty"` // spent on the order, given back by count
	Reverse int64 `json:"reverse,omitempty"` // earned with the order, taken back by count
	Book    int64 `json:"book,omitempty"`    // deducted for those of them that were spent, minor units
	Debt    int64 `json:"debt,omitempty"`    // points that could not be taken back or deducted
}

// Note says what was left out, and of what.
type Note struct {
	Code   string `json:"code"`
	Line   int    `json:"line,omitempty"`
	About  string `json:"about,omitempty"` // the code of a component, or a coupon
	Amount int64  `json:"amount,omitempty"`
}

// Delta is what a changed liability moves.
type Delta struct {
	Pay      int64 `json:"pay"`                // reserved as a further payout
	Restored int64 `json:"restored,omitempty"` // points that come back with Pay, by count
	Owed     int64 `json:"owed"`               // the customer got more than is due now
	Quote    Quote `json:"quote"`              // as it would be without what was paid before
}
