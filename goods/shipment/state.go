package shipment

// State of a parcel.
type State string

const (
	LabelIssued State = "label_issued" // the customer has the label
	HandedOver  State = "handed_over"  // the customer says so, or the first scan
	InTransit   State = "in_transit"
	Lost        State = "lost" // the carrier gave up; may still turn up
	Delivered   State = "delivered"
	Received    State = "received" // the warehouse has it
)

// ranks order the states. A parcel moves to a state of higher rank only, by
// any number of steps: scans are missed, and come late.
var ranks = map[State]int64{LabelIssued: 1, HandedOver: 2, InTransit: 3, Lost: 4, Delivered: 5, Received: 6}

// Move is one possible change of state.
type Move struct {
	From State
	Verb string
	To   State
	By   string
}

// Moves are all changes of state, for the diagram and the documentation.
var Moves = []Move{
	{LabelIssued, "hand over", HandedOver, "customer"},
	{LabelIssued, "scan", HandedOver, "carrier"},
	{LabelIssued, "scan", InTransit, "carrier"},
	{LabelIssued, "scan", Lost, "carrier"},
	{LabelIssued, "scan", Delivered, "carrier"},
	{LabelIssued, "receive", Received, "staff"},
	{HandedOver, "scan", InTransit, "carrier"},
	{HandedOver, "scan", Lost, "carrier"},
	{HandedOver, "scan", Delivered, "carrier"},
	{HandedOver, "receive", Received, "staff"},
	{InTransit, "scan", Lost, "carrier"},
	{InTransit, "scan", Delivered, "carrier"},
	{InTransit, "receive", Received, "staff"},
	{Lost, "scan", Delivered, "carrier"},
	{Lost, "receive", Received, "staff"},
	{Delivered, "receive", Received, "staff"},
}

// scannable are the states that a carrier can report.
func scannable(s State) bool {
	return s == HandedOver || s == InTransit || s == Delivered || s == Lost
}
