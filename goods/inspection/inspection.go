// Package inspection records what is found when returned goods are unpacked:
// how many units arrived, and the grade of each.
//
// It owns the report of a case: counts, grades, dispositions. It does not own
// the parcel (goods/shipment), the photos (care/evidence) or what is paid for a
// grade (finance/refund). No more units are received than were announced, and
// every received unit is graded exactly once.
package inspection

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown   = fault.New(fault.Missing, "inspection.unknown", "The goods of this case have not been received.")
	ErrReceived  = fault.New(fault.Conflict, "inspection.received", "The goods of this case have been received already.")
	ErrExcess    = fault.New(fault.Invalid, "inspection.excess", "More units arrived than were announced.")
	ErrCount     = fault.New(fault.Invalid, "inspection.count", "A count is not possible.")
	ErrGraded    = fault.New(fault.Conflict, "inspection.graded", "The goods of this case have been graded already.")
	ErrGrade     = fault.New(fault.Invalid, "inspection.grade", "A grade is not complete or not possible.")
	ErrUnmatched = fault.New(fault.Invalid, "inspection.unmatched", "Every received unit needs exactly one grade.")
)

// State of a report.
type State string

const (
	Counted State = "received" // counted, not graded
	Done    State = "graded"   // every received unit has its grade
)

// Report is what was found in the parcel of a case.
type Report struct {
	Tenant     string
	Case       string
	State      State
	Lines      []Line
	Grades     []Grade // by line and unit
	Version    int64
	ReceivedAt time.Time
	GradedAt   time.Time // zero while not graded
}

// Line is the count of one line of the order.
type Line struct {
	Line      int   `json:"line"`
	Announced int64 `json:"announced"`
	Received  int64 `json:"received"`
}

// Missing is how many units were announced and did not arrive.
func (l Line) Missing() int64 { return l.Announced - l.Received }

// Received is how many units of a line were in the parcel.
type Received struct {
	Line     int
	Quantity int64
}

// Grade is the finding on a run of units of a line.
type Grade struct {
	Line        int
	Count       int64
	Grade       string   // A as new, B opened, C used or damaged, D cannot be sold
	Note        string   // what was seen; for people
	Photos      []string // ids of photos attached to the case
	Disposition string   // what happens to the goods
	Accepted    bool     // a refused unit goes back to the customer and is not paid
}

// Grades are the known grades, best first.
var Grades = []string{"A", "B", "C", "D"}

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
