// Package cases runs a customer's wish to send something back, from the first
// request to the money returned or the request refused.
//
// It owns cases, their states and deadlines, and what each party may do next.
// It does not compute money (finance/refund), judge by rules (rules/policy),
// move parcels or grade goods (goods/*). A case never leaves a final state, and
// each change of it is one event.
package cases

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown = fault.New(fault.Missing, "cases.unknown", "There is no such case.")
	ErrStale   = fault.New(fault.Stale, "cases.stale", "The case has changed since you read it.")
	ErrMove    = fault.New(fault.Conflict, "cases.move", "The case cannot do this in its current state.")
	ErrParty   = fault.New(fault.Denied, "cases.party", "This step is taken by another party.")
	ErrItems   = fault.New(fault.Invalid, "cases.items", "The goods of the request are not right.")
	ErrPhotos  = fault.New(fault.Invalid, "cases.photos_required", "This reason needs at least one photo.")
	ErrRefusal = fault.New(fault.Invalid, "cases.refusal", "A refusal needs a ground and a sentence for the customer.")
	ErrNote    = fault.New(fault.Invalid, "cases.note", "A note has 1 to 4000 characters.")
	ErrAction  = fault.New(fault.Invalid, "cases.action", "There is no such action.")
	ErrNumber  = fault.New(fault.Busy, "cases.number_taken", "A case number was drawn twice. Try again.")
	ErrLabel   = fault.New(fault.Missing, "cases.no_label", "This case has no return label.")
)

// ReturnRefund is the kind of case in which goods come back for money.
const ReturnRefund = "return_refund"

// Case is one request and what became of it.
type Case struct {
	ID          string
	Tenant      string
	Number      string // what people call it: "R-7K2M-9QXP"
	Kind        string
	State       State
	ClosedAs    string // withdrawn or expired, when State is Closed
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
	Timer       string    // running deadline: answer, ship_back, inspect, payout; empty: none
	Deadline    time.Time // of Timer
	Tracking    string
	Assignee    string // id of the member of staff who looks after it; empty: nobody
	OpenedAt    time.Time
	UpdatedAt   time.Time
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

// Terms are the policy's hours and days for this case, kept with it so that a
// deadline never depends on a later policy.
type Terms struct {
	AnswerHours  int    `json:"answer_hours"`
	ShipBackDays int    `json:"ship_back_days"`
	InspectHours int    `json:"inspect_hours"`
	PayoutHours  int    `json:"payout_hours"`
	Zone         string `json:"zone,omitempty"` // the customer's, in which days are counted
}

// Decision is who decided what, when, and why.
type Decision struct {
	Outcome string    `json:"outcome,omitempty"` // approve, review, refuse; empty: none
	By      string    `json:"by,omitempty"`      // rule, staff, timer
	Name    string    `json:"name,omitempty"`    // the staff member's
	At      time.Time `json:"at,omitzero"`
	Grounds []Ground  `json:"grounds,omitempty"`
	Comment string    `json:"comment,omitempty"`
}
