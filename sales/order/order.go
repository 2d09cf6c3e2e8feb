// Package order keeps what was bought: orders, their lines, and the money of
// each line frozen when the order came in.
//
// It owns orders and their ledgers. It does not own what is given back (package
// refund) nor who the customer is (package customer). A ledger never changes
// after the order is stored: discounts, taxes and tenders are the past.
package order

import "time"

// Order is one purchase. All amounts are minor units of Currency.
type Order struct {
	ID          string
	Tenant      string
	Source      string // where it came from, such as "shop" or "olist"; unique with Number
	Number      string // as the customer knows it
	Customer    string // customer id; empty where the source names none
	Currency    string // ISO 4217
	Country     string // ISO 3166-1 alpha-2 of the delivery address; empty if unknown
	Zone        string // IANA zone of the customer, in which days are counted
	PlacedAt    time.Time
	DeliveredAt time.Time // last parcel; zero while not delivered
	TaxIncluded bool      // prices contain tax
	Policy      string    // policy id in force when bought
	PolicyVer   int64     // and its version
	Version     int64
	Lines       []Line
	Shipping    Shipping
	Tenders     []Tender
	Coupons     []Coupon
	Promotions  []Promotion
	Insurance   *Insurance // of the way back; nil for most
	Follows     Follows    // what this order is the exchange of; zero for all others
	Sale                   // what the law asks about the purchase
}

// Line is one article of an order in one quantity.
type Line struct {
	No          int // from 1, as printed on the order
	SKU         string
	Title       string
	Variant     string
	Category    string // the shop's category, as policies name it
	ImageURL    string
	Seller      string // seller id in a marketplace; empty in a shop of one
	Quantity    int64  // physical units
	UnitPrice   int64  // list price of one unit
	WeightGrams int64
	DeliveredAt time.Time // of this line; zero while not delivered
	Ledger      Ledger
	ShippedAt   time.Time // zero while it has not left the shop
	Carrier     string    // of the outbound parcel
	Tracking    string
	Traits      []string // words that rules may ask for; the law knows LawTraits
	LineSale             // what the law asks about the line
}

// Ledger is the money of all units of a line. Nothing in it is negative, and
//
//	Paid = List − discounts + Duty (+ Tax, where prices do not contain it)
//
// The share of the first k of q units of any amount A is ⌊A·k/q⌋ (money.Part);
// a unit's share is the difference of two such, so that all units add up.
type Ledger struct {
	List           int64      `json:"list"`                      // quantity × unit price
	LineDiscounts  []Discount `json:"line_discounts,omitempty"`  // given on this line
	OrderDiscounts []Discount `json:"order_discounts,omitempty"` // this line's share of the order's
	Tax            int64      `json:"tax"`                       // on the goods; inside List when TaxIncluded
	Duty           int64      `json:"duty,omitempty"`
	Paid           int64      `json:"paid"`                 // what the customer paid for the line's goods
	Tenders        []int64    `json:"tenders"`              // Paid, split over the order's tenders in their order
	Commission     int64      `json:"commission,omitempty"` // what the marketplace kept of the line
	Points         int64      `json:"points_earned,omitempty"`
}

// Discount is a share of one promotion.
type Discount struct {
	Code   string `json:"code"`             // the promotion
	Funder string `json:"funder,omitempty"` // seller, platform or brand
	Amount int64  `json:"amount"`           // positive
}

// Shipping is what delivery cost the customer, kept apart from the goods.
type Shipping struct {
	List     int64   `json:"list"`
	Discount int64   `json:"discount,omitempty"`
	Tax      int64   `json:"tax"`                // inside List when TaxIncluded
	Paid     int64   `json:"paid"`               // List − Discount (+ Tax)
	Standard int64   `json:"standard,omitempty"` // the cheapest standard option offered, with tax; 0: not known, then Paid
	Tenders  []int64 `json:"tenders"`
	Tiers    []Tier  `json:"tiers,omitempty"` // the tariff; empty: not known
}

// Tender is one means of payment used on the order.
type Tender struct {
	ID        string `json:"id"`                   // unique in the order: "t1"
	Kind      string `json:"kind"`                 // card, alipay, wechat, gift_card, store_credit, points, cash, bank, voucher, other
	Label     string `json:"label,omitempty"`      // as shown: "Visa ···· 4242"
	Provider  string `json:"provider"`             // adapter that can pay back: "test", "manual", "stripe" …
	Reference string `json:"reference,omitempty"`  // the provider's own id of the payment
	Amount    int64  `json:"amount"`               // captured
	Points    int64  `json:"points,omitempty"`     // how many were spent, of kind points
	ExpiresAt int64  `json:"expires_at,omitempty"` // unix milliseconds, of a gift card, store credit or points
}

// Paid is everything the customer paid: goods and shipping.
func (o Order) Paid() int64 {
	sum := o.Shipping.Paid
	for _, l := range o.Lines {
		sum += l.Ledger.Paid
	}
	return sum
}

// Line finds a line by its number. Lines are in their order, so of a whole order
// it stands at its place; who sees some lines only has fewer.
func (o Order) Line(no int) (Line, bool) {
	if no >= 1 && no <= len(o.Lines) && o.Lines[no-1].No == no {
		return o.Lines[no-1], true
	}
	for i := range o.Lines {
		if o.Lines[i].No == no {
			return o.Lines[i], true
		}
	}
	return Line{}, false
}
