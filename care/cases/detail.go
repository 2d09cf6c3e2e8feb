package cases

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/rules/policy"
)

// Detail is what only some cases have. It is stored as one text, and as nothing
// for the many that have none of it.
type Detail struct {
	Intercept bool          `json:"intercept,omitempty"` // the parcel to the customer shall come back
	Arrived   bool          `json:"arrived,omitempty"`   // the goods are at the shop
	Inspected bool          `json:"inspected,omitempty"` // and nothing was accepted
	Rounds    int           `json:"rounds,omitempty"`    // how often goods came once more after that
	Paid      bool          `json:"paid,omitempty"`      // all payouts so far succeeded
	Amends    int           `json:"amends,omitempty"`    // how often the customer asked again
	Liability string        `json:"liability,omitempty"` // who bears the freight, where it is not the reason's
	SelfSent  []string      `json:"self_sent,omitempty"` // return parcels that went with another carrier's paper than our label
	Upfront   int64         `json:"upfront,omitempty"`   // what the customer paid for the way back, as staff saw
	Before    State         `json:"before,omitempty"`    // of the negotiation
	Paused    []Paused      `json:"paused,omitempty"`
	Losses    []Loss        `json:"losses,omitempty"` // that the inspection found, of the accepted goods
	Offers    []Offer       `json:"offers,omitempty"`
	Partial   int64         `json:"partial,omitempty"` // agreed amount; the goods are kept
	Exchange  *Exchange     `json:"exchange,omitempty"`
	Back      int64         `json:"back,omitempty"`     // a paid difference of an exchange that goes back
	Accepted  []Item        `json:"accepted,omitempty"` // what passed the inspection, of an exchange or where it is not all
	Advance   *Advance      `json:"advance,omitempty"`
	Lower     map[int]int64 `json:"lower,omitempty"`     // price protection: lower unit price by line
	Verified  bool          `json:"verified,omitempty"`  // the catalogue had the lower price
	ByPerson  bool          `json:"by_person,omitempty"` // nobody checked what is asked for: silence does not grant it
	Claim     *Compensate   `json:"claim,omitempty"`
	Reopening *Reopening    `json:"reopening,omitempty"`
	Reopened  int           `json:"reopened,omitempty"`
	Owes      bool          `json:"owes,omitempty"`       // a change of the paid case is asked back
	Parcels   int           `json:"parcels,omitempty"`    // return parcels besides the first
	Needs     []policy.Need `json:"needs,omitempty"`      // what the customer has to tell or show first
	Other     []string      `json:"other,omitempty"`      // files that are no photos
	Known     Facts         `json:"known,omitempty"`      // what was told, by name; null: not known to the customer
	Fees      map[int]int   `json:"fees,omitempty"`       // restocking fee in percent by line, where it is not the policy's general one
	RefundDue int64         `json:"refund_due,omitempty"` // by when the law wants the money paid, unix milliseconds
	Delivery  string        `json:"delivery,omitempty"`   // what the law wants back of the outbound delivery: standard, full
	Kept      []Kept        `json:"kept,omitempty"`       // promises that came true
	Dispute   *Dispute      `json:"dispute,omitempty"`    // a bank takes the payment back
	CameBack  []string      `json:"came_back,omitempty"`  // events of payouts that came back and are not paid again
	AskedAt   int64         `json:"asked_at,omitempty"`   // of the request after a refusal; 0: when the case was opened
	SentBack  int64         `json:"sent_back,omitempty"`  // when the goods were known to be on their way to the shop
	GotBack   int64         `json:"got_back,omitempty"`   // and when they arrived there
}

// Facts are answers by the name of the question.
type Facts = map[string]json.RawMessage

// Offer is what one side proposes instead of what was asked.
type Offer struct {
	ID        string    `json:"id"`
	Side      string    `json:"side"` // who made it: customer or seller
	Name      string    `json:"name,omitempty"`
	At        time.Time `json:"at"`
	ExpiresAt time.Time `json:"expires_at"`
	Kind      string    `json:"kind"`              // return_refund, refund_only, or partial: an amount, and the goods are kept
	Amount    int64     `json:"amount,omitempty"`  // of a partial refund
	Freight   string    `json:"freight,omitempty"` // who pays the way back; empty: by the reason
	Comment   string    `json:"comment,omitempty"`
	State     string    `json:"state"` // open, accepted, declined, replaced, expired
}

// Exchange is what the customer gets instead.
type Exchange struct {
	New       []Replacement `json:"new"`
	Due       int64         `json:"due,omitempty"`    // what the customer pays more
	Charge    string        `json:"charge,omitempty"` // id of that demand
	Collected bool          `json:"collected,omitempty"`
	BackOrder bool          `json:"back_order,omitempty"`
	Sent      bool          `json:"sent,omitempty"`
	Delivered bool          `json:"delivered,omitempty"`
	Confirmed bool          `json:"confirmed,omitempty"` // once is enough, whatever is paid later
	Order     string        `json:"order,omitempty"`     // of the new units
	Credit    bool          `json:"credit,omitempty"`    // a difference in the customer's favour becomes store credit
}

// Replacement is one article that is sent for a line that comes back, or for
// what was missing of it.
type Replacement struct {
	Line      int    `json:"line"`
	SKU       string `json:"sku"`
	Title     string `json:"title"`
	Quantity  int64  `json:"quantity"`
	UnitPrice int64  `json:"unit_price"` // as charged, with tax
	UnitTax   int64  `json:"unit_tax,omitempty"`
	Same      bool   `json:"same,omitempty"` // the same article: at the price that was paid
}

// Advance is money paid before the goods were inspected.
type Advance struct {
	Total  int64  `json:"total"`
	Owed   int64  `json:"owed,omitempty"` // what the customer has to give back of it
	Charge string `json:"charge,omitempty"`
	State  string `json:"state"` // paid, settled, recovering, recovered, written_off
}

// Compensate is a claim for money beyond the refund.
type Compensate struct {
	Basis   string `json:"basis"` // goodwill, promise, statutory
	Amount  int64  `json:"amount"`
	For     string `json:"for,omitempty"`     // id of the case in which the shop's promise came true
	Number  string `json:"number,omitempty"`  // of that case
	Promise string `json:"promise,omitempty"` // code of the promise
	Law     int64  `json:"law,omitempty"`     // what the law gives on top, which no limit takes away; -1: not certain
	OnTop   bool   `json:"on_top,omitempty"`  // a promise that comes on top of what the law gives for the same wrong
	SetOff  int64  `json:"set_off,omitempty"` // paid before for the same wrong
	PaidBy  string `json:"paid_by,omitempty"` // number of the case that did
}

// Kept is a promise of the shop that came true in a case, and the case that
// pays it.
type Kept struct {
	Code   string            `json:"code"`
	Says   map[string]string `json:"says,omitempty"`
	Amount int64             `json:"amount"`
	Case   string            `json:"case"`
	Number string            `json:"number"`
}

// Reopening is a proposal that a second person has to agree to.
type Reopening struct {
	By        string    `json:"by"` // staff id or key id
	Name      string    `json:"name,omitempty"`
	At        time.Time `json:"at"`
	Comment   string    `json:"comment"`
	Liability string    `json:"liability,omitempty"` // of a paid case: who shall bear the freight
	Amount    int64     `json:"amount,omitempty"`    // of a paid case: goodwill to be added
}

// Paused is a deadline that does not run, with what is left of it.
type Paused struct {
	Name   string        `json:"name"`
	Left   time.Duration `json:"left"`
	Worked bool          `json:"worked,omitempty"` // hours in which the shop's desk is open
}

// guards answer the conditions that follow from the case alone.
var guards = map[Guard]func(c *Case) bool{
	GoodsBack:  (*Case).goodsBack,
	NoGoods:    func(c *Case) bool { return !c.goodsBack() },
	Asked:      func(c *Case) bool { return c.Detail.Before != Rejected },
	Refused:    func(c *Case) bool { return c.Detail.Before == Rejected },
	Amendable:  func(c *Case) bool { return c.Detail.Amends < MaxAmends && !c.Detail.Arrived },
	Questioned: func(c *Case) bool { return len(c.Detail.Needs) > 0 },
	Unchecked:  (*Case).byPerson,
	NotHere:    func(c *Case) bool { return !c.Detail.Arrived },
	GoodsHere:  func(c *Case) bool { return c.Detail.Arrived },
	OnTheirWay: func(c *Case) bool { return c.Detail.Intercept },
	Exchanging: func(c *Case) bool {
		return c.Kind == KindExchange && (c.Detail.Exchange == nil || !c.Detail.Exchange.Sent)
	},
	MustSend:    (*Case).mustSend,
	Unpaid:      func(c *Case) bool { x := c.Detail.Exchange; return x != nil && x.Due > 0 && !x.Collected },
	Replaced:    func(c *Case) bool { x := c.Detail.Exchange; return x != nil && x.Sent && !x.Confirmed },
	NotAdvanced: func(c *Case) bool { return c.Detail.Advance == nil },
	Sendable:    (*Case).sendable,
	NotSent:     func(c *Case) bool { x := c.Detail.Exchange; return x == nil || x.Confirmed },
}

// goodsBack tells whether an approval sends the customer's goods to the shop.
func (c *Case) goodsBack() bool {
	switch {
	case c.Detail.Arrived || c.Detail.Partial > 0:
		return false
	case c.Kind == KindReturn || c.Kind == KindExchange:
		return true
	}
	return c.Kind == KindRefund && c.Detail.Intercept
}

// mustSend tells whether a replacement can go out now.
func (c *Case) mustSend() bool {
	x := c.Detail.Exchange
	return x != nil && !x.Sent && (x.Due == 0 || x.Collected)
}
