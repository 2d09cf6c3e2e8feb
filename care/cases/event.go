package cases

import (
	"github.com/aftercare/aftercare/base/locale"
)

// Ground is one reason for a decision: a code and the facts that fill its
// sentence.
type Ground struct {
	Code string      `json:"code"`
	Args locale.Args `json:"args,omitempty"`
}

// Opened announces a new case.
type Opened struct {
	Number   string `json:"number"`
	Kind     string `json:"kind"`
	Order    string `json:"order"`
	Seller   string `json:"seller,omitempty"`
	Items    []Item `json:"items"`
	Currency string `json:"currency"`
	Quoted   int64  `json:"quoted"`
	Comment  string `json:"comment,omitempty"`
}

// Type names the fact.
func (Opened) Type() string { return "case.submitted" }

// Decided announces an approval, a refusal or the wish for a person's look.
type Decided struct {
	Outcome string   `json:"outcome"` // approve, review, refuse
	By      string   `json:"by"`      // rule, staff, timer
	Grounds []Ground `json:"grounds,omitempty"`
	Comment string   `json:"comment,omitempty"`
	Policy  string   `json:"policy"`
	Version int64    `json:"policy_version"`
}

// Type names the fact.
func (d Decided) Type() string {
	switch d.Outcome {
	case "approve":
		return "case.approved"
	case "refuse":
		return "case.rejected"
	}
	return "case.review_needed"
}

// Moved announces a step that carries no more facts than its name.
type Moved struct {
	Do       Action `json:"action"`
	From     State  `json:"from"`
	To       State  `json:"to"`
	Carrier  string `json:"carrier,omitempty"`
	Tracking string `json:"tracking,omitempty"`
	Place    string `json:"place,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// Type names the fact.
func (m Moved) Type() string {
	switch m.Do {
	case Withdraw:
		return "case.withdrawn"
	case Expire:
		return "case.expired"
	case HandOver:
		return "case.handed_over"
	case Deliver:
		return "case.delivered"
	case Receive:
		return "case.received"
	case Settle:
		return "case.completed"
	}
	return "case." + string(m.Do)
}

// Graded announces the result of the inspection and the money reserved.
type Graded struct {
	Accepted int64 `json:"accepted"` // units that are paid for
	Refused  int64 `json:"refused"`
	Missing  int64 `json:"missing"`
	Total    int64 `json:"total"` // minor units
	Auto     bool  `json:"auto"`  // the deadline passed without an inspection
}

// Type names the fact.
func (Graded) Type() string { return "case.graded" }

// Noted announces a remark that only staff see.
type Noted struct {
	Text string `json:"text"`
}

// Type names the fact.
func (Noted) Type() string { return "case.noted" }

// Overdue announces that money has not left in time and a person must look.
type Overdue struct {
	Timer string `json:"timer"`
}

// Type names the fact.
func (Overdue) Type() string { return "case.overdue" }
