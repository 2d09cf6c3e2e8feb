package order

import (
	"time"

	"github.com/aftercare/aftercare/sales/customer"
)

// Draft is an order as a source tells it, before its money is frozen. It is
// also the published order file: one such JSON object a line. All amounts are
// minor units of Currency; an order has one currency, so it is named once.
type Draft struct {
	Source      string          `json:"source,omitempty" doc:"Where the order comes from; unique together with number. An import fills it in" example:"shop" pattern:"^[a-z0-9_-]*$" maxLength:"40"`
	Number      string          `json:"number" doc:"The order number as the customer knows it" example:"2026-000123" minLength:"1" maxLength:"100"`
	Currency    string          `json:"currency" doc:"ISO 4217 code of every amount in the order" example:"CNY" pattern:"^[A-Z]{3}$"`
	Country     string          `json:"country,omitempty" doc:"ISO 3166-1 alpha-2 code of the delivery address" example:"CN" pattern:"^([A-Z]{2})?$"`
	Zone        string          `json:"zone,omitempty" doc:"IANA zone of the customer, in which days are counted; the shop's where missing" example:"Asia/Shanghai"`
	PlacedAt    time.Time       `json:"placed_at" doc:"When the order was placed"`
	DeliveredAt *time.Time      `json:"delivered_at,omitempty" doc:"When the last parcel was delivered; missing while not delivered"`
	TaxIncluded bool            `json:"tax_included,omitempty" doc:"Whether prices and discounts contain tax"`
	Policy      string          `json:"policy,omitempty" doc:"Id of the return policy in force; the shop's where missing" maxLength:"100"`
	Customer    *customer.Draft `json:"customer,omitempty" doc:"Who bought; needs a reference, an e-mail or a phone number"`
	ShipTo      *Address        `json:"ship_to,omitempty" doc:"Where it was delivered: kept apart, shown masked, used for replacements. It may be told later or changed by sending the order again"`
	Lines       []DraftLine     `json:"lines" doc:"The articles; the first is line 1" nullable:"false" minItems:"1" maxItems:"1000"`
	Discounts   []DraftDiscount `json:"discounts,omitempty" doc:"Discounts on the order, shared over its lines" nullable:"false" maxItems:"100"`
	Shipping    DraftShipping   `json:"shipping,omitzero" doc:"What delivery cost"`
	Tenders     []DraftTender   `json:"tenders,omitempty" doc:"How it was paid; the amounts add up to everything paid" nullable:"false" maxItems:"50"`
	Coupons     []DraftCoupon   `json:"coupons,omitempty" doc:"Coupons that were used up; a single-use one is issued again when all it touched comes back" nullable:"false" maxItems:"100"`
	Promotions  []Promotion     `json:"promotions,omitempty" doc:"Rules of the discounts above, for shops that price the kept goods again when a part comes back" nullable:"false" maxItems:"100"`
	Insurance   *Insurance      `json:"freight_insurance,omitempty" doc:"Insurance of the way back (运费险) that came with the order"`
	Sale
	Returned []DraftReturn `json:"returned,omitempty" doc:"Units that came back before Aftercare knew the order" nullable:"false" maxItems:"1000"`
}

// DraftLine is one article in one quantity.
type DraftLine struct {
	SKU         string         `json:"sku" doc:"Article number" example:"MUG-01" minLength:"1" maxLength:"200"`
	Title       string         `json:"title" doc:"Name of the article" example:"Mug" minLength:"1" maxLength:"500"`
	Variant     string         `json:"variant,omitempty" doc:"Colour, size and the like" maxLength:"500"`
	Category    string         `json:"category,omitempty" doc:"The shop's category, as policies name it" maxLength:"200"`
	ImageURL    string         `json:"image_url,omitempty" doc:"Address of a picture" maxLength:"2000"`
	Seller      string         `json:"seller,omitempty" doc:"Seller in a marketplace" maxLength:"100"`
	Quantity    int64          `json:"quantity" doc:"Physical units" example:"1" minimum:"1" maximum:"1000000"`
	UnitPrice   int64          `json:"unit_price" doc:"List price of one unit, in minor units" example:"12900" minimum:"0"`
	WeightGrams int64          `json:"weight_grams,omitempty" doc:"Weight of one unit" minimum:"0"`
	Discounts   []LineDiscount `json:"discounts,omitempty" doc:"Discounts given on this line" nullable:"false" maxItems:"20"`
	Tax         int64          `json:"tax,omitempty" doc:"Tax charged on the line, in minor units; inside the price where tax_included" minimum:"0"`
	Duty        int64          `json:"duty,omitempty" doc:"Customs duty charged on the line, in minor units" minimum:"0"`
	DeliveredAt *time.Time     `json:"delivered_at,omitempty" doc:"When this line was delivered; the order's where missing"`
	ShippedAt   *time.Time     `json:"shipped_at,omitempty" doc:"When this line left the shop; missing while it has not"`
	Carrier     string         `json:"carrier,omitempty" doc:"Carrier of the outbound parcel" maxLength:"100"`
	Tracking    string         `json:"tracking,omitempty" doc:"Number of the outbound parcel" maxLength:"100"`
	Commission  int64          `json:"commission,omitempty" doc:"What the marketplace kept of the line, in minor units" minimum:"0"`
	Points      int64          `json:"points_earned,omitempty" doc:"Points that the line earned; taken back with it" minimum:"0"`
	Traits      []string       `json:"traits,omitempty" doc:"Words about the article that rules may ask for. The law knows custom, perishable, sealed_hygiene, sealed_media, digital, periodical, second_hand and others; see the guide to facts of orders" nullable:"false" maxItems:"20"`
	LineSale
}

// LineDiscount is a discount given on one line.
type LineDiscount struct {
	Code   string `json:"code,omitempty" doc:"The promotion" maxLength:"100"`
	Funder string `json:"funder,omitempty" doc:"Who pays for the promotion" enum:"seller,platform,brand"`
	Amount int64  `json:"amount" doc:"In minor units" minimum:"0"`
}

// DraftDiscount is a discount on the order.
type DraftDiscount struct {
	Code   string `json:"code,omitempty" doc:"The promotion" maxLength:"100"`
	Funder string `json:"funder,omitempty" doc:"Who pays for the promotion" enum:"seller,platform,brand"`
	Amount int64  `json:"amount" doc:"In minor units" minimum:"0"`
	Lines  []int  `json:"lines,omitempty" doc:"Numbers of the lines it is for, from 1; all where missing" nullable:"false" maxItems:"1000"`
}

// DraftShipping is what delivery cost.
type DraftShipping struct {
	Amount   int64  `json:"amount,omitempty" doc:"Before its discount, in minor units" minimum:"0"`
	Discount int64  `json:"discount,omitempty" doc:"In minor units" minimum:"0"`
	Tax      int64  `json:"tax,omitempty" doc:"In minor units; inside the amount where tax_included" minimum:"0"`
	Standard int64  `json:"standard,omitempty" doc:"What the cheapest standard delivery offered would have cost, with tax; 0 if not known" minimum:"0"`
	Tiers    []Tier `json:"tiers,omitempty" doc:"The tariff of delivery by the value of the goods, ascending; without it what a kept part would have cost is not known" nullable:"false" maxItems:"50"`
}

// DraftTender is one means of payment.
type DraftTender struct {
	Kind      string     `json:"kind" doc:"Means of payment" enum:"card,alipay,wechat,gift_card,store_credit,points,cash,bank,voucher,other"`
	Label     string     `json:"label,omitempty" doc:"As shown to the customer" example:"Visa ···· 4242" maxLength:"100"`
	Provider  string     `json:"provider,omitempty" doc:"Adapter that can pay back; manual where missing" example:"stripe" maxLength:"40"`
	Reference string     `json:"reference,omitempty" doc:"The provider's id of the payment" maxLength:"200"`
	Amount    int64      `json:"amount" doc:"Captured, in minor units" minimum:"0"`
	Points    int64      `json:"points,omitempty" doc:"How many points were spent, where the kind is points" minimum:"0"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"When a gift card, store credit or points expire"`
}

// DraftCoupon is a coupon that was used on the order.
type DraftCoupon struct {
	Code      string `json:"code" doc:"The coupon, as the discount names it" minLength:"1" maxLength:"100"`
	SingleUse bool   `json:"single_use,omitempty" doc:"Whether it is gone now"`
	Lines     []int  `json:"lines,omitempty" doc:"Numbers of the lines it touched, from 1; all where missing" nullable:"false" maxItems:"1000"`
}

// DraftReturn is a return that happened before Aftercare knew the order.
type DraftReturn struct {
	Line     int       `json:"line" doc:"Number of the line, from 1" minimum:"1"`
	Quantity int64     `json:"quantity" doc:"Units that came back" minimum:"1"`
	Amount   int64     `json:"amount" doc:"Money given back for them, in minor units" minimum:"0"`
	At       time.Time `json:"at" doc:"When it was given back"`
}

// Insurance pays the way back where the customer has to: the smaller of what it
// cost and Most, once for each unit.
type Insurance struct {
	Payer  string `json:"payer" doc:"Who pays" enum:"insurer,seller,platform"`
	Most   int64  `json:"most" doc:"What is paid at most for the route and weight, in minor units" minimum:"1"`
	Direct bool   `json:"direct,omitempty" doc:"Whether the carrier is paid at pick-up: the customer neither pays nor gets it"`
}

// Kinds of tender, in the order of the schema.
var Kinds = []string{"card", "alipay", "wechat", "gift_card", "store_credit", "points", "cash", "bank", "voucher", "other"}

// Limits of one order.
const (
	MaxLines    = 1000
	MaxQuantity = 1_000_000
	MaxAmount   = 1<<53 - 1 // what every JSON reader keeps exact
)

// Problem is one reason why a draft cannot be an order. Reason is the same
// sentence each time; Value is what was found.
type Problem struct{ Field, Reason, Value string }
