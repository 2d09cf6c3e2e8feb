// Package quote works refunds out on paper: an order, what was paid back of it
// before, and a case, without a database.
//
// It owns the published request (docs/schema/quote.schema.json), its reading
// and the printing of the answer. It owns no arithmetic: that is package
// refund's, the same that the server uses. The same request always gives the
// same answer.
package quote

import (
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/sales/order"
)

// Request is one question: what does this case come to?
type Request struct {
	Order  order.Draft `json:"order" doc:"The order, as it is imported"`
	Policy string      `json:"policy,omitempty" doc:"Terms by name: standard (what a new shop starts with), eu (statutory withdrawal, promotions stay) or cn (kept goods are priced again)" enum:"standard,eu,cn"`
	Terms  *Terms      `json:"terms,omitempty" doc:"Terms in full, instead of the policy's; reasons that they do not name are the policy's"`
	Past   []Case      `json:"past,omitempty" doc:"Cases of the order that came before, the oldest first" nullable:"false" maxItems:"1000"`
	Case
}

// Case is what somebody wants of the order.
type Case struct {
	Kind        string       `json:"kind,omitempty" doc:"Kind of case; return_refund where missing. partial is an offer: a fixed amount, the goods are kept" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation,partial"`
	Wanted      []Wanted     `json:"wanted,omitempty" doc:"Units it is about; a compensation may have none" nullable:"false" maxItems:"1000"`
	Liability   string       `json:"liability,omitempty" doc:"Who answers for it, instead of what the reasons say" enum:"seller,customer,carrier,platform"`
	Deductions  []Deduction  `json:"deductions,omitempty" doc:"What is kept of the goods' money" nullable:"false" maxItems:"50"`
	Insurance   *Insurance   `json:"insurance,omitempty" doc:"Insurance of the return freight; that of the order where missing"`
	Upfront     int64        `json:"upfront,omitempty" doc:"What the customer paid for the way back, in minor units" minimum:"0"`
	PointsSpent *PointsSpent `json:"points_spent,omitempty" doc:"Earned points that are not there any more"`
	New         []NewItem    `json:"new,omitempty" doc:"exchange: what goes out" nullable:"false" maxItems:"1000"`
	NewShipping int64        `json:"new_shipping,omitempty" doc:"exchange: its delivery, with tax, in minor units" minimum:"0"`
	Credit      bool         `json:"credit,omitempty" doc:"Whether what comes back of an exchange, and what goes to no tender, becomes store credit"`
	Lower       []Lower      `json:"lower,omitempty" doc:"price_protection: the lower prices" nullable:"false" maxItems:"1000"`
	Amount      int64        `json:"amount,omitempty" doc:"partial, compensation: in minor units" minimum:"0"`
	Basis       string       `json:"basis,omitempty" doc:"compensation: why" enum:"goodwill,promise,statutory"`
	Cap         int64        `json:"cap,omitempty" doc:"compensation: at most, in minor units; 0: no limit" minimum:"0"`
	Payer       string       `json:"payer,omitempty" doc:"compensation, price_protection, partial: who pays; the seller where missing" enum:"seller,platform,carrier,brand,insurer"`
}

// Wanted is a quantity of a line.
type Wanted struct {
	Line     int    `json:"line" doc:"Number of the line, from 1" minimum:"1"`
	Quantity int64  `json:"quantity" doc:"Units" minimum:"1"`
	Reason   string `json:"reason,omitempty" doc:"A reason of the policy; it says who pays the way back" maxLength:"40"`
}

// Terms are what a policy says about money.
type Terms struct {
	Freight       []Freight `json:"freight,omitempty" doc:"Who pays the way back, by reason" nullable:"false" maxItems:"100"`
	LabelFee      int64     `json:"label_fee,omitempty" doc:"Cost of the return label, in minor units" minimum:"0"`
	Shipping      string    `json:"shipping,omitempty" doc:"Outbound shipping when a part comes back" enum:"none,pro_rata,difference"`
	FullShipping  bool      `json:"full_shipping,omitempty" doc:"Whether the standard outbound shipping is given back when nothing is kept"`
	Promotions    string    `json:"promotions,omitempty" doc:"Promotions that the kept goods would not have had" enum:"keep,rebill"`
	Tender        string    `json:"tender,omitempty" doc:"How it falls on the means of payment" enum:"component,proportional,order"`
	TenderOrder   []string  `json:"tender_order,omitempty" doc:"For order: ids (t1) or kinds, first to last" nullable:"false" maxItems:"50"`
	FeesForbidden bool      `json:"fees_forbidden,omitempty" doc:"A statutory withdrawal: no fee may be kept"`
}

// Freight is who pays the way back for a reason.
type Freight struct {
	Reason string `json:"reason" maxLength:"40"`
	Payer  string `json:"payer" enum:"seller,customer,carrier,platform"`
}

// Deduction is what is kept of the goods' money.
type Deduction struct {
	Code   string `json:"code" enum:"restocking_fee,return_label,diminished_value,missing_parts"`
	Line   int    `json:"line,omitempty" doc:"Number of the line; of all where missing" minimum:"0"`
	Amount int64  `json:"amount" doc:"At most, in minor units; the goods are the limit" minimum:"0"`
	Basis  string `json:"basis" doc:"The legal basis, as a code such as contract, crd_14_2, bgb_357a" minLength:"1" maxLength:"60"`
}

// Insurance of the return freight.
type Insurance struct {
	Payer  string `json:"payer" enum:"insurer,seller,platform"`
	Actual int64  `json:"actual,omitempty" doc:"What the way back cost, in minor units" minimum:"0"`
	Table  int64  `json:"table" doc:"What the insurance pays at most for the route and weight, in minor units" minimum:"0"`
	Direct bool   `json:"direct,omitempty" doc:"Whether it pays the carrier at pick-up"`
}

// PointsSpent is what became of earned points.
type PointsSpent struct {
	Count int64 `json:"count" doc:"Of the points to take back, so many were spent" minimum:"0"`
	Value int64 `json:"value" doc:"Book value of so many points as per says, in minor units" minimum:"0"`
	Per   int64 `json:"per" minimum:"1"`
}

// NewItem goes out in an exchange.
type NewItem struct {
	SKU       string `json:"sku" minLength:"1" maxLength:"200"`
	Title     string `json:"title" minLength:"1" maxLength:"500"`
	Quantity  int64  `json:"quantity" minimum:"1" maximum:"1000000"`
	UnitPrice int64  `json:"unit_price" doc:"What one unit is charged, with tax, in minor units" minimum:"0"`
	Tax       int64  `json:"tax,omitempty" doc:"Of all its units, in the price" minimum:"0"`
}

// Lower is a lower price.
type Lower struct {
	Line  int   `json:"line" minimum:"1"`
	Price int64 `json:"price" doc:"What one unit would be charged now, with tax, in minor units" minimum:"0"`
}

// Answer is what a case comes to.
type Answer struct {
	Order  string       `json:"order"` // its number
	Quote  refund.Quote `json:"quote"`
	Bears  []Bears      `json:"bears"`  // adds up to zero
	Before int64        `json:"before"` // paid back by the cases before

	draft order.Draft
}

// Bears is one amount on one account: positive what it gets, negative what it
// bears.
type Bears struct {
	Account string `json:"account"`
	Party   string `json:"party,omitempty"`
	Code    string `json:"code"`
	Amount  int64  `json:"amount"`
}
