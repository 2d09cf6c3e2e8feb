package inspection

// Both facts are about the case; they are announced in its stream with version
// 0, because a report has its own version and does not know the case's.

// UnitsReceived says how many units of each line have arrived so far, and what
// else was in the parcel. What is missing is final when counting is closed.
type UnitsReceived struct {
	Lines    []LineReceived `json:"lines"`
	Findings []UnitFound    `json:"findings,omitempty"`
	Open     bool           `json:"open,omitempty"` // more parcels are to come
}

// LineReceived is the count of one line.
type LineReceived struct {
	Line     int   `json:"line"`
	Received int64 `json:"received"`
	Missing  int64 `json:"missing"`
}

// UnitFound is something that was not announced; notes stay in the report.
type UnitFound struct {
	Line     int    `json:"line,omitempty"`
	Finding  string `json:"finding"`
	SKU      string `json:"sku,omitempty"`
	Quantity int64  `json:"quantity"`
}

// UnitsGraded says what every received unit is worth and where it goes.
type UnitsGraded struct {
	Grades []UnitGrade `json:"grades"`
}

// UnitGrade is the finding on a run of units; notes stay in the report.
type UnitGrade struct {
	Line        int      `json:"line"`
	Count       int64    `json:"count"`
	Grade       string   `json:"grade"`
	Reasons     []string `json:"reasons,omitempty"`
	Disposition string   `json:"disposition"`
	Accepted    bool     `json:"accepted"`
}

func (UnitsReceived) Type() string { return "unit.received" }
func (UnitsGraded) Type() string   { return "unit.graded" }
