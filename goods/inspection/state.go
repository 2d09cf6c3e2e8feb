package inspection

// Move is one possible change of a report.
type Move struct {
	From State // empty: there is no report yet
	Verb string
	To   State
	By   string
}

// Moves are all changes there are. Counting stays open while more parcels are
// to come. Where nothing came at all there is nothing to grade: the report is
// done when it is counted.
var Moves = []Move{
	{"", "receive a parcel of several", Counting, "staff"},
	{"", "receive the only parcel", Counted, "staff"},
	{"", "receive an empty box", Done, "staff"},
	{Counting, "receive one more", Counting, "staff"},
	{Counting, "receive the last", Counted, "staff"},
	{Counting, "receive nothing in the end", Done, "staff"},
	{Counted, "grade", Done, "staff"},
}
