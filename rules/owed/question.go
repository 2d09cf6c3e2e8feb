// Package owed says what a customer is owed: the law of their country and the
// promises of the shop together, one answer for one wish about one order.
//
// It owns the way from an order and a wish to the facts of the law, the union
// of law and policy, and the words of its grounds. It does not own the law
// (package rights), the promises (package policy), orders or cases. It changes
// nothing and knows no clock: the same question gets the same answer. A policy
// may give more than the law, and never less.
package owed

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// ErrAnswer refuses an answer that was not asked for, or is not of its kind.
var ErrAnswer = fault.New(fault.Invalid, "owed.answer", "The answer is not to a question that was asked, or not of its kind.")

// Question is one wish about one order.
type Question struct {
	Order   order.Order
	Request policy.Request
	// Whole is what the order's lines come to; nil: read again.
	Whole *Whole
	// Facts of the law by line, in place of those that the order and the wish
	// give; used for what-if and for staff who know better.
	Facts map[int]rights.Facts
	// Stated are facts of the law by name that hold for all lines, whatever the
	// order and the wish say; used for tests of a policy.
	Stated map[string]json.RawMessage
	// Now is when it is asked; the request's Now where zero.
	Now time.Time
	// Open asks before anything is wished: there is no notice yet.
	Open bool
}

// Decision is the answer of law and policy together. There is always at least
// one ground.
type Decision struct {
	Outcome   policy.Outcome    `json:"outcome" enum:"approve,review,refuse,ask"`
	Grounds   []policy.Ground   `json:"grounds" nullable:"false"`
	Needs     []policy.Need     `json:"needs,omitempty" nullable:"false" doc:"What the customer has to tell or show first"`
	Offers    []policy.Offered  `json:"offers,omitempty" nullable:"false"`
	Promises  []policy.Promised `json:"promises,omitempty" nullable:"false"`
	Until     time.Time         `json:"until,omitzero" doc:"Last moment for the request: the later of law and policy, of the line that ends first"`
	Freight   string            `json:"freight" enum:"seller,customer" doc:"Who pays the way back: the better for the customer"`
	RefundDue time.Time         `json:"refund_due,omitzero" doc:"By when the law wants the money paid, where it says so"`
	Delivery  string            `json:"delivery,omitempty" enum:"standard,full" doc:"What the law wants back of the outbound delivery when everything is returned: the cheapest standard one, or all"`
	OnTop     int64             `json:"on_top,omitempty" doc:"What the law gives on top of the price, in minor units: no limit of the policy takes it away; -1: it may give something, and nobody is sure"`
	Fees      bool              `json:"fees" doc:"Whether a restocking fee may be kept. The price of the label follows freight"`
	Lines     []policy.Terms    `json:"lines,omitempty" nullable:"false" doc:"What holds for each line, after law and policy"`
	Promised  []policy.Terms    `json:"promised,omitempty" nullable:"false" doc:"What the policy alone gives for each line"`
	Laws      []Law             `json:"laws,omitempty" nullable:"false" doc:"What the law says of each line"`
	Fired     []string          `json:"fired,omitempty" nullable:"false" doc:"Rules of the shop's own that were true"`
	Overruled []policy.Ground   `json:"overruled,omitempty" nullable:"false" doc:"Grounds of the policy that the law has put aside, for staff"`
}

// Law is what the law says of one line.
type Law struct {
	Line         int               `json:"line"`
	Jurisdiction string            `json:"jurisdiction,omitempty"`
	Pack         string            `json:"pack,omitempty"`
	Why          string            `json:"why,omitempty" doc:"Why this law applies"`
	Notes        []string          `json:"notes,omitempty" nullable:"false"`
	Problem      string            `json:"problem,omitempty" doc:"Why the law could not be asked"`
	Remedies     []rights.Decision `json:"remedies,omitempty" nullable:"false"`
}

// Problems for which the law could not be asked.
const (
	NoCountry = "no_country" // nobody knows where the customer lives
	NoPack    = "no_pack"    // there is no pack for that country
	BadFacts  = "bad_facts"  // the facts contradict the vocabulary
)
