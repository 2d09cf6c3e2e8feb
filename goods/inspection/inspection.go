// Package inspection records what is found when returned goods are unpacked:
// how many units arrived, and the grade of each.
//
// It owns the report of a case: counts, findings, grades, dispositions. It does
// not own the parcels (goods/shipment), the photos (care/evidence), the stock
// (goods/stock) or what is paid for a grade (finance/refund). No more units are
// received than were announced, and every received unit is graded exactly once.
package inspection

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown   = fault.New(fault.Missing, "inspection.unknown", "The goods of this case have not been received.")
	ErrReceived  = fault.New(fault.Conflict, "inspection.received", "The goods of this case have been received already.")
	ErrCounting  = fault.New(fault.Conflict, "inspection.counting", "More parcels of this case are still to be counted.")
	ErrExcess    = fault.New(fault.Invalid, "inspection.excess", "More units arrived than were announced.")
	ErrCount     = fault.New(fault.Invalid, "inspection.count", "A count is not possible.")
	ErrFinding   = fault.New(fault.Invalid, "inspection.finding", "A finding is not complete or not possible.")
	ErrGraded    = fault.New(fault.Conflict, "inspection.graded", "The goods of this case have been graded already.")
	ErrGrade     = fault.New(fault.Invalid, "inspection.grade", "A grade is not complete or not possible.")
	ErrUnmatched = fault.New(fault.Invalid, "inspection.unmatched", "Every received unit needs exactly one grade.")
)

// State of a report.
type State string

const (
	Counting State = "counting" // more parcels are to come
	Counted  State = "received" // counted, not graded
	Done     State = "graded"   // every received unit has its grade
)

// Report is what was found in the parcels of a case.
type Report struct {
	Tenant     string
	Case       string
	State      State
	Lines      []Line
	Findings   []Finding // what came and was not announced, in the order found
	Grades     []Grade   // by line and unit
	Version    int64
	ReceivedAt time.Time // the first parcel
	GradedAt   time.Time // zero while not graded
}

// Line is the count of one line of the order.
type Line struct {
	Line      int   `json:"line"`
	Announced int64 `json:"announced"`
	Received  int64 `json:"received"`
}

// Missing is how many units were announced and have not arrived so far.
func (l Line) Missing() int64 { return l.Announced - l.Received }

// Received is how many units were in a parcel: as announced, or with a finding,
// which is recorded beside the lines and never counts as received.
type Received struct {
	Line     int // with a finding: the line whose goods should have been in their place; 0: none
	Quantity int64
	Finding  string // empty: as announced
	SKU      string // what it is, where it can be told
	Title    string
	Note     string // what was seen; for people
	Photos   []string
}

// Finding is something in a parcel that was not announced.
type Finding struct {
	Line     int      `json:"line,omitempty"`
	Finding  string   `json:"finding"`
	SKU      string   `json:"sku,omitempty"`
	Title    string   `json:"title,omitempty"`
	Quantity int64    `json:"quantity"`
	Note     string   `json:"note,omitempty"`
	Photos   []string `json:"photos,omitempty"`
}

// What may be found besides the goods announced.
const (
	WrongItem = "wrong_item" // another article of the shop
	Swapped   = "swapped"    // something else that shall pass for the article
	Extra     = "extra"      // something on top
)

// Findings are the known findings.
var Findings = []string{WrongItem, Swapped, Extra}

// Grade is the finding on a run of units of a line.
type Grade struct {
	Line        int
	Count       int64
	Grade       string   // A as new, B opened, C used or damaged, D cannot be sold
	Reasons     []string // why not a better one
	Note        string   // what was seen; for people
	Photos      []string // ids of photos attached to the case
	Disposition string   // what happens to the goods
	Accepted    bool     // a refused unit goes back to the customer and is not paid
}

// Grades are the known grades, best first.
var Grades = []string{"A", "B", "C", "D"}

// Reasons are the known reasons of a grade. The first stands alone.
var Reasons = []string{"as_new", "opened", "used", "damaged_by_customer", "damaged_in_transit", "incomplete", "not_ours", "hygiene_broken"}

// Back is the disposition of refused units, and of no others.
const Back = "return_to_customer"

// Dispositions are what can happen to a unit.
var Dispositions = []string{"restock", "refurbish", "liquidate", "donate", "recycle", "vendor", Back}

// Service has the verbs on reports.
type Service struct{}

// Accepted is how many units of a line were received and accepted.
func (r Report) Accepted(line int) (n int64) {
	for _, g := range r.Grades {
		if g.Line == line && g.Accepted {
			n += g.Count
		}
	}
	return n
}
