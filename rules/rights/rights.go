// Package rights holds the law of each market as data and answers what a
// consumer is owed: which remedies, until when, at whose cost, for what money,
// by which rule.
//
// It owns packs (the law as files), the facts that they may ask for, and the
// decisions with their grounds. It does not own what a shop promises (policy),
// cases or money. The same facts and packs give the same answer: there is no
// clock in it. A rule of which nobody is sure (confidence D) never says that a
// right exists, and a draft never says anything but that a person must look.
package rights

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrPack  = fault.New(fault.Invalid, "rights.pack", "A pack of law is not written correctly.")
	ErrFacts = fault.New(fault.Invalid, "rights.facts", "The facts are not described correctly.")
)

// Outcome is the answer for one remedy.
type Outcome string

// The outcomes.
const (
	Entitled    Outcome = "entitled"
	NotEntitled Outcome = "not_entitled"
	Conditional Outcome = "conditional"  // only after what Code says
	NeedsFact   Outcome = "needs_fact"   // Needs names what is missing
	NeedsReview Outcome = "needs_review" // a person must look; Code says why
)

// Answer is what the law says about one question.
type Answer struct {
	ID       string     `json:"id,omitempty"`
	Law      Law        `json:"law"`
	Remedies []Decision `json:"remedies"`
}

// Law is the law that applies, and why.
type Law struct {
	Jurisdiction string   `json:"jurisdiction"`
	Version      string   `json:"pack,omitempty"`
	Why          string   `json:"why"`
	Notes        []string `json:"notes,omitempty"`
	Cite         string   `json:"citation,omitempty"`
	Confidence   string   `json:"confidence,omitempty"`
}

// Decision is the answer for one remedy, by the rule that is best for the
// consumer among those that speak of it.
type Decision struct {
	Remedy     string    `json:"remedy"`
	Outcome    Outcome   `json:"outcome"`
	Code       string    `json:"code,omitempty"` // exception or reason
	Needs      []string  `json:"needs,omitempty"`
	Deadline   *Deadline `json:"deadline,omitempty"`
	Freight    string    `json:"freight,omitempty"`
	Refund     *Money    `json:"refund,omitempty"`
	Burden     *Proof    `json:"burden,omitempty"`
	Duties     []Owed    `json:"duties,omitempty"`
	Notes      []string  `json:"notes,omitempty"`
	Breaches   []string  `json:"breaches,omitempty"` // duties that the seller has broken, whatever becomes of the wish
	Rule       string    `json:"rule"`
	Pack       string    `json:"pack"` // jurisdiction and version
	Confidence string    `json:"confidence"`
	Cite       []string  `json:"citation"`
	Facts      []Used    `json:"facts"`
	Also       []string  `json:"also,omitempty"` // other rules on this remedy, with their outcomes

	rule *compiled
}

// OnTop is what has to be paid besides the price, in minor units: punitive
// money. 0 where there is none, or where a number is missing.
func (d *Decision) OnTop() (sum int64) {
	if d.Refund == nil {
		return 0
	}
	for _, p := range d.Refund.Parts {
		if p.Code == "PUNITIVE" {
			sum += p.Minor
		}
	}
	return sum
}

// Deadline is the last day, to its end in the consumer's zone.
type Deadline struct {
	Date   string `json:"date"`
	At     string `json:"at"`
	Strict string `json:"strict,omitempty"` // the day before it rolled over days off

	end time.Time
}

// End is the last moment; zero where there is none.
func (d *Deadline) End() time.Time {
	if d == nil {
		return time.Time{}
	}
	if d.end.IsZero() {
		t, err := time.Parse(lastMoment, d.At)
		if err != nil {
			return time.Time{}
		}
		return t.UTC()
	}
	return d.end
}

// lastMoment is how the end of a day is written.
const lastMoment = "2006-01-02T15:04:05.999Z07:00"

// Money is what has to be paid, as far as the facts tell.
type Money struct {
	Currency   string    `json:"currency,omitempty"`
	Minor      *int64    `json:"minor,omitempty"` // nil: a number is missing
	Parts      []Piece   `json:"parts,omitempty"`
	Due        *Deadline `json:"due,omitempty"`
	Outbound   string    `json:"outbound,omitempty"`
	SameMeans  bool      `json:"same_means,omitempty"`
	Withhold   bool      `json:"may_withhold,omitempty"`
	Deductions []string  `json:"deductions,omitempty"`
	Unsettled  []string  `json:"needs_review,omitempty"` // amounts that the law leaves open: a person decides
}

// Piece is one amount in it. What is deducted is negative.
type Piece struct {
	Code  string `json:"code"`
	Minor int64  `json:"minor"`
}

// Proof says who has to prove that the defect was or was not there.
type Proof struct {
	On    string `json:"on"`
	Until string `json:"until,omitempty"`
}

// Owed is a duty with its day: open, done, late (done after it) or overdue.
type Owed struct {
	Code  string `json:"code"`
	Who   string `json:"who"`
	Date  string `json:"date"`
	State string `json:"state"`
}

// Used is a fact that decided. Value is a text, a number, a date or a bool.
type Used struct {
	Name  string          `json:"name"`
	Value json.RawMessage `json:"value"`
}
