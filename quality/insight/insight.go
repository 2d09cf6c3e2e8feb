// Package insight counts what happened in a shop: cases, reasons, money, times
// and products, by day, week and month.
//
// It owns the tallies and what each measure means. It does not own cases,
// orders or payouts: it follows their events with its own cursor and can be
// rebuilt from them at any time. What a thing contributes is kept beside the
// tallies, so that a change takes exactly its old part out and puts the new in.
package insight

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// ErrInvalid refuses a question that cannot be answered.
var ErrInvalid = fault.New(fault.Invalid, "insight.invalid", "The period is not right.")

// Measure is something counted.
type Measure string

const (
	States     Measure = "state"       // cases, by the day they were opened and the state they are in
	Reasons    Measure = "reason"      // cases, by the day they were opened and the first reason
	Decisions  Measure = "decided"     // first answers, by their day and who gave them
	AnswerTime Measure = "answer_time" // first answers, by their day and how long they took
	Refunds    Measure = "refund"      // payouts, by the day they were paid and their currency
	PaidAgain  Measure = "paid_again"  // of those, the second and later ones of a case in one period: so the cases of a period are known
	RefundTime Measure = "refund_time" // cases paid in full, by the day of the last payout and how long it took
	Sold       Measure = "sold"        // units, by the month of the sale and the SKU
	Returned   Measure = "returned"    // units asked back, by the month of their sale and the SKU
)

// monthly reports whether a measure is kept by months only.
func (m Measure) monthly() bool { return m == Sold || m == Returned }

// unknown stands for a channel or market that nobody told.
const unknown = "-"

// everybody is the scope of the whole shop; the other scopes are sellers.
const everybody = "*"

// Dims are what a figure can be filtered by.
type Dims struct {
	Kind    string `json:"k,omitempty"`
	Channel string `json:"c,omitempty"`
	Market  string `json:"m,omitempty"`
	Seller  string `json:"s,omitempty"`
}

// Cell is one thing's part of one figure.
type Cell struct {
	Measure Measure `json:"f"`
	Day     string  `json:"d"` // in the shop's zone
	Label   string  `json:"l"`
	N       int64   `json:"n"`
	Total   int64   `json:"t,omitempty"` // minor units
}

// Open is a case that is not over.
type Open struct {
	State    string
	OpenedAt time.Time
	Deadline time.Time // zero: none
}

// Filter narrows figures. Empty fields do not filter; unknown is "-".
type Filter struct{ Kind, Channel, Market, Seller string }

// Query asks for figures of whole periods.
type Query struct {
	Filter
	From, To string // days in the shop's zone, both included
	Grain    Grain
}

// Count is how often something was there.
type Count struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Speed is how long something took.
type Speed struct {
	Count  int64 `json:"count" doc:"How many were measured"`
	Median int64 `json:"median_seconds" doc:"Half took at most this long; rounded up by at most a tenth. 0 where none was measured"`
	P90    int64 `json:"p90_seconds" doc:"Nine of ten took at most this long; rounded up by at most a tenth"`
}
