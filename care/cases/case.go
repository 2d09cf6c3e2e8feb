// Package cases runs a customer's wish to have something put right, from the
// first request to the money returned, the goods replaced or the request refused.
//
// It owns cases, their states and deadlines, and what each party may do next.
// It does not compute money (finance/refund), judge by rules (rules/policy),
// move parcels or grade goods (goods/*). Only two people together reopen a case
// that is over, and each change of a case is one event.
package cases

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/rules/policy"
)

var (
	ErrUnknown = fault.New(fault.Missing, "cases.unknown", "There is no such case.")
	ErrStale   = fault.New(fault.Stale, "cases.stale", "The case has changed since you read it.")
	ErrMove    = fault.New(fault.Conflict, "cases.move", "The case cannot do this in its current state.")
	ErrGuard   = fault.New(fault.Conflict, "cases.guard", "A condition for this step is not met.")
	ErrParty   = fault.New(fault.Denied, "cases.party", "This step is taken by another party.")
	ErrItems   = fault.New(fault.Invalid, "cases.items", "The goods of the request are not right.")
	ErrPhotos  = fault.New(fault.Invalid, "cases.photos_required", "This reason needs at least one photo.")
	ErrRefusal = fault.New(fault.Invalid, "cases.refusal", "A refusal needs a ground and a sentence for the customer.")
	ErrNote    = fault.New(fault.Invalid, "cases.note", "A note has 1 to 4000 characters.")
	ErrAction  = fault.New(fault.Invalid, "cases.action", "There is no such action.")
	ErrNumber  = fault.New(fault.Busy, "cases.number_taken", "A case number was drawn twice. Try again.")
	ErrLabel   = fault.New(fault.Missing, "cases.no_label", "This case has no return label.")
	ErrKind    = fault.New(fault.Invalid, "cases.kind", "This kind of request is not possible here.")
	ErrOffer   = fault.New(fault.Invalid, "cases.offer", "The offer is not complete or not possible.")
	ErrNoOffer = fault.New(fault.Conflict, "cases.no_offer", "There is no open offer that you could answer.")
	ErrSame    = fault.New(fault.Denied, "cases.second_person", "Another person has to agree to this.")
	ErrNothing = fault.New(fault.Invalid, "cases.no_answer", "The answer says and shows nothing.")
	ErrPeople  = fault.New(fault.Invalid, "cases.assignee", "This is not a member of staff who works on cases.")
)

// Kinds of cases.
const (
	KindReturn     = policy.ReturnRefund    // goods come back for money
	KindRefund     = policy.RefundOnly      // money, and no goods come back: not sent, not received, or kept
	KindExchange   = policy.Exchange        // goods come back for other goods
	KindReship     = policy.Reship          // what was missing or lost is sent again
	KindProtection = policy.PriceProtection // the price fell
	KindCompensate = policy.Compensation    // money beyond what was paid
)

// Limits of a case.
const (
	MaxAmends = 5  // requests after a refusal
	maxOffers = 50 // of both sides together
)

// Case is one request and what became of it.
type Case struct {
	ID          string
	Tenant      string
	Number      string // what people call it: "R-7K2M-9QXP"
	Kind        string
	Phase       string // where the goods were at the request: policy.PreShip, InTransit, AfterReceipt
	State       State
	ClosedAs    string // withdrawn, expired or for_seller, when State is Closed
	Assignee    string // staff id of who works on it; empty: nobody
	Version     int64
	Order       string
	OrderNumber string
	Customer    string // customer id, may be empty
	Name        string // customer's name as known at the request
	Seller      string
	Currency    string
	Quoted      int64 // what was promised, minor units
	Refunded    int64 // what was reserved to be paid, minor units
	Title       string
	Quantity    int64
	Reason      string // of the first item
	Language    string
	Comment     string
	Items       []Item
	Decision    Decision
	Policy      string
	PolicyVer   int64
	Terms       Terms
	Quote       []byte    // refund.Quote as promised or, later, as reserved
	Timer       string    // running deadline, see timer.go; empty: none
	Deadline    time.Time // of Timer
	Tracking    string
	Detail      Detail // what only some cases have
	OpenedAt    time.Time
	UpdatedAt   time.Time

	stored changing // see update
	talk   Talk     // of cases that a list read
}

// Item is a run of units of one order line: First to First+Count−1, from 1.
type Item struct {
	Line     int      `json:"line"`
	First    int64    `json:"first"`
	Count    int64    `json:"count"`
	Reason   string   `json:"reason"`
	Title    string   `json:"title"`
	SKU      string   `json:"sku"`
	ImageURL string   `json:"image_url,omitempty"`
	Photos   []string `json:"photos,omitempty"`
}

// Terms are what a case keeps of its order for its deadlines. Their lengths are
// those of the policy's version, which never changes.
type Terms struct {
	Zone string `json:"zone,omitempty"` // the customer's, in which days are counted
	Away bool   `json:"away,omitempty"` // it is not the shop's: a clock that is told names its zone
}

// Ground is one reason for a decision, of law, policy or promise; stored as data
// and worded for each reader.
type Ground = policy.Ground

// Decision is who decided what, when, and why.
type Decision struct {
	Outcome string    `json:"outcome,omitempty"` // approve, review, refuse, ask; empty: none
	By      string    `json:"by,omitempty"`      // rule, staff, timer
	Name    string    `json:"name,omitempty"`    // the staff member's
	At      time.Time `json:"at,omitzero"`
	Grounds []Ground  `json:"grounds,omitempty"`
	Comment string    `json:"comment,omitempty"`
	Photos  []string  `json:"photos,omitempty"` // evidence for a refusal
	Packs   []string  `json:"packs,omitempty"`  // of law that decided: jurisdiction and version
	Fired   []string  `json:"fired,omitempty"`  // rules of the shop's own that were true
}
