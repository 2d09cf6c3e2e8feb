package shipment

import "time"

// Issued says that a parcel of a case has a label.
type Issued struct {
	Case      string    `json:"case"`
	Direction Direction `json:"direction"`
	Tracking  string    `json:"tracking"`
}

// Moved says that a parcel reached a state: by scan, hand-over or arrival.
type Moved struct {
	Case      string    `json:"case"`
	Direction Direction `json:"direction"`
	Carrier   string    `json:"carrier"`
	Tracking  string    `json:"tracking"`
	To        State     `json:"to"`
	At        time.Time `json:"at"` // when it happened; the event's own time is when it was learned
	Place     string    `json:"place,omitempty"`
	Why       string    `json:"why,omitempty"`
}

// Troubled says that a carrier reports an exception: the parcel stays where it
// is, and somebody should look.
type Troubled struct {
	Case     string    `json:"case"`
	Carrier  string    `json:"carrier"`
	Tracking string    `json:"tracking"`
	At       time.Time `json:"at"`
	Note     string    `json:"note,omitempty"`
}

// Wished says what became of the wish to stop a parcel: intercept_requested,
// intercept_accepted or intercept_refused. A parcel that was stopped moves.
type Wished struct {
	Case     string `json:"case"`
	Carrier  string `json:"carrier"`
	Tracking string `json:"tracking"`
	Wish     Wish   `json:"wish"`
	ByHand   bool   `json:"by_hand,omitempty"` // no adapter can ask: a person has to
	Why      string `json:"why,omitempty"`
}

// Rerouted says that carrier or number of a parcel under way were corrected.
type Rerouted struct {
	Case     string `json:"case"`
	Carrier  string `json:"carrier"`
	Tracking string `json:"tracking"`
}

// Readdressed says that a parcel that has not left goes elsewhere. It does not
// say where: that is personal.
type Readdressed struct {
	Case string `json:"case"`
}

func (Readdressed) Type() string { return "parcel.readdressed" }
func (Rerouted) Type() string    { return "parcel.rerouted" }
func (Issued) Type() string      { return "parcel.label_issued" }
func (Troubled) Type() string    { return "parcel.exception" }
func (m Moved) Type() string     { return "parcel." + string(m.To) }
func (w Wished) Type() string    { return "parcel." + string(w.Wish) }

// Agreed says what became of a booking: requested, booked, declined,
// cancelling, cancelled, missed or stuck. A pick-up that is agreed moves the parcel
// instead.
type Agreed struct {
	Case    string       `json:"case"`
	Booking string       `json:"booking"`
	Method  Method       `json:"method"`
	Carrier string       `json:"carrier,omitempty"`
	From    time.Time    `json:"from,omitzero"`
	To      time.Time    `json:"to,omitzero"`
	State   BookingState `json:"state"`
	Why     string       `json:"why,omitempty"`
}

func (a Agreed) Type() string { return "parcel.booking_" + string(a.State) }
