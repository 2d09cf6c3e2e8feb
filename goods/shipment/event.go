package shipment

import "time"

// Issued says that a case has a label.
type Issued struct {
	Case     string `json:"case"`
	Tracking string `json:"tracking"`
}

// Moved says that a parcel reached a state: by scan, hand-over or arrival.
type Moved struct {
	Case     string    `json:"case"`
	Carrier  string    `json:"carrier"`
	Tracking string    `json:"tracking"`
	To       State     `json:"to"`
	At       time.Time `json:"at"` // when it happened; the event's own time is when it was learned
	Place    string    `json:"place,omitempty"`
}

// Rerouted says that carrier or number of a parcel under way were corrected.
type Rerouted struct {
	Case     string `json:"case"`
	Carrier  string `json:"carrier"`
	Tracking string `json:"tracking"`
}

func (Rerouted) Type() string { return "parcel.rerouted" }
func (Issued) Type() string   { return "parcel.label_issued" }
func (m Moved) Type() string  { return "parcel." + string(m.To) }
