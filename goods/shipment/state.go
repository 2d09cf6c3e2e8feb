package shipment

import "slices"

// State of a parcel.
type State string

const (
	Planned      State = "planned"       // will be sent once it is packed
	LabelIssued  State = "label_issued"  // the sender has the label
	PickupBooked State = "pickup_booked" // the carrier will fetch it
	Cancelled    State = "cancelled"     // not to be sent any more; if it is nevertheless, scans tell
	HandedOver   State = "handed_over"   // the sender says so, or the first scan
	InTransit    State = "in_transit"
	Refused      State = "refused"     // the receiver did not take it; it may be offered again or go back
	Intercepted  State = "intercepted" // stopped on its way, on our wish
	Lost         State = "lost"        // the carrier gave up; may still turn up
	Delivered    State = "delivered"   // to the receiver; of an original: to the customer
	Returned     State = "returned"    // brought back to its sender
	Received     State = "received"    // the warehouse has it
)

// What carriers report besides states.
const (
	OutForDelivery State = "out_for_delivery" // is in transit, for the parcel
	Exception      State = "exception"        // moves nothing, people should look
)

// Vocabulary is every status of a scan. Adapters map carriers' words to it.
var Vocabulary = []State{HandedOver, InTransit, OutForDelivery, Delivered, Refused, Intercepted, Returned, Lost, Exception}

// ranks order the states. A parcel moves to a state of higher rank only, by
// any number of steps: scans are missed, and come late. Lost stands behind the
// states from which a parcel still travels, since it can be lost there, and
// before those in which it has turned up.
var ranks = map[State]int64{
	Planned: 10, LabelIssued: 20, PickupBooked: 30, Cancelled: 40, HandedOver: 50, InTransit: 60,
	Refused: 70, Intercepted: 80, Lost: 90, Delivered: 100, Returned: 110, Received: 120,
}

// Final tells whether a carrier has nothing more to report.
func (s State) Final() bool { return ranks[s] >= ranks[Delivered] }

// Sent tells whether the parcel has left the sender's hands.
func (s State) Sent() bool { return ranks[s] >= ranks[HandedOver] }

// reached is the state that a scan brings a parcel to; empty for one that only
// informs.
func reached(status State) State {
	switch status {
	case OutForDelivery:
		return InTransit
	case Exception:
		return ""
	}
	return status
}

// Move is one possible change of state.
type Move struct {
	From State
	Verb string
	To   State
	By   string
}

// Moves are all changes of state, for the diagram and the documentation.
var Moves = moves()

func moves() []Move {
	all := []Move{
		{Planned, "prepare", LabelIssued, "warehouse"},
		{LabelIssued, "book", PickupBooked, "customer"},
		{PickupBooked, "unbook", LabelIssued, "customer"}, // a step back, as is
		{PickupBooked, "miss", LabelIssued, "warehouse"},  // that of one to which nobody came, and
		{Cancelled, "issue", LabelIssued, "case"},         // that of a case that is taken up again
	}
	unsent := []State{Planned, LabelIssued, PickupBooked}
	for _, from := range unsent {
		all = append(all, Move{from, "cancel", Cancelled, "case"})
	}
	for _, from := range append(unsent, Cancelled) {
		all = append(all, Move{from, "hand over", HandedOver, "sender"})
	}
	for _, from := range []State{Planned, LabelIssued, PickupBooked, Cancelled, HandedOver, InTransit, Refused, Intercepted, Lost, Delivered, Returned} {
		for _, to := range []State{HandedOver, InTransit, Refused, Intercepted, Lost, Delivered, Returned} {
			if ranks[from] < ranks[to] {
				all = append(all, Move{from, "scan", to, "carrier"})
			}
		}
		all = append(all, Move{from, "receive", Received, "warehouse"})
	}
	return all
}

// scannable are the states that a carrier can report.
func scannable(s State) bool { return slices.Contains(Vocabulary, s) }
