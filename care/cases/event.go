package cases

import (
	"encoding/json"
	"time"
)

// Opened announces a new case.
type Opened struct {
	Number   string `json:"number"`
	Kind     string `json:"kind"`
	Phase    string `json:"phase"`
	Order    string `json:"order"`
	Seller   string `json:"seller,omitempty"`
	Items    []Item `json:"items"`
	Currency string `json:"currency"`
	Quoted   int64  `json:"quoted"`
	Comment  string `json:"comment,omitempty"`
	For      string `json:"for,omitempty"`     // id of the case in which a promise of the shop came true, which this one pays
	Promise  string `json:"promise,omitempty"` // its code
}

// Type names the fact.
func (Opened) Type() string { return "case.submitted" }

// Decided announces an approval, a refusal, a question to the customer or the
// wish for a person's look. Version and packs are those that decided, for ever.
type Decided struct {
	Outcome string   `json:"outcome"` // approve, review, refuse, ask
	By      string   `json:"by"`      // rule, staff, timer
	Grounds []Ground `json:"grounds,omitempty"`
	Comment string   `json:"comment,omitempty"`
	Policy  string   `json:"policy"`
	Version int64    `json:"policy_version"`
	Packs   []string `json:"packs,omitempty"` // versions of the law
}

// Type names the fact.
func (d Decided) Type() string {
	switch d.Outcome {
	case "ask":
		return "case.asked"
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
	Freight  string `json:"freight,omitempty"`
	As       string `json:"as,omitempty"`      // of a case that was closed
	Advance  bool   `json:"advance,omitempty"` // the money was reserved with the first scan
	Comment  string `json:"comment,omitempty"`
}

// Type names the fact.
func (m Moved) Type() string {
	switch m.Do {
	case Withdraw:
		return "case.withdrawn"
	case Expire:
		if m.As == "for_seller" {
			return "case.closed_for_seller"
		}
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
	Accepted int64  `json:"accepted"` // units that are paid for
	Refused  int64  `json:"refused"`
	Missing  int64  `json:"missing"`
	Total    int64  `json:"total"`            // minor units
	Auto     bool   `json:"auto"`             // the deadline passed without an inspection
	Losses   []Loss `json:"losses,omitempty"` // kept of the money of accepted goods
}

// Type names the fact.
func (Graded) Type() string { return "case.graded" }

// Noted announces a remark that only staff see.
type Noted struct {
	Text     string      `json:"text"`
	Mentions []Mentioned `json:"mentions,omitempty"`
}

// Mentioned is a colleague whom a remark names.
type Mentioned struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Told bool   `json:"told"` // false: may not see the case, and hears nothing
}

// NoteTakenBack announces that its writer took a remark back; nobody is shown its
// text any more.
type NoteTakenBack struct {
	Note string `json:"note"` // id of the event
}

// Type names the fact.
func (NoteTakenBack) Type() string { return "case.note_taken_back" }

// Type names the fact.
func (Noted) Type() string { return "case.noted" }

// Overdue announces that money has not left in time and a person must look.
type Overdue struct {
	Timer string `json:"timer"`
}

// Type names the fact.
func (Overdue) Type() string { return "case.overdue" }

// Offered announces an offer or a counter-offer.
type Offered struct {
	Side     string    `json:"side"` // customer or seller
	Kind     string    `json:"kind"`
	Amount   int64     `json:"amount,omitempty"`
	Currency string    `json:"currency"`
	Freight  string    `json:"freight,omitempty"`
	Comment  string    `json:"comment,omitempty"`
	Until    time.Time `json:"until"`
}

// Type names the fact.
func (Offered) Type() string { return "case.offered" }

// Answered announces what became of an offer.
type Answered struct {
	Offer    string `json:"offer"`
	State    string `json:"state"` // accepted, declined, expired
	Kind     string `json:"kind"`
	Amount   int64  `json:"amount,omitempty"`
	Currency string `json:"currency"`
	Comment  string `json:"comment,omitempty"`
}

// Type names the fact.
func (a Answered) Type() string { return "case.offer_" + a.State }

// Told announces what the customer answered to questions. What follows from it
// is the next event.
type Told struct {
	Do      Action                     `json:"action"`
	From    State                      `json:"from"`
	To      State                      `json:"to"`
	Facts   map[string]json.RawMessage `json:"facts,omitempty"`
	Photos  []string                   `json:"photos,omitempty"`
	Comment string                     `json:"comment,omitempty"`
}

// Type names the fact.
func (Told) Type() string { return "case.answered" }

// Amended announces that the customer asks again.
type Amended struct {
	From     State  `json:"from"`
	Number   int    `json:"number"` // of the amendment, from 1
	Kind     string `json:"kind"`
	Items    []Item `json:"items"`
	Quoted   int64  `json:"quoted"`
	Currency string `json:"currency"`
	Comment  string `json:"comment,omitempty"`
}

// Type names the fact.
func (Amended) Type() string { return "case.amended" }

// Assigned announces who works on the case; empty: nobody in particular.
type Assigned struct {
	To   string `json:"to"`
	Name string `json:"name,omitempty"`
}

// Type names the fact.
func (Assigned) Type() string { return "case.assigned" }
