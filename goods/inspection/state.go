package inspection

// Move is one possible change of a report.
type Move struct {
	From State // empty: there is no report yet
	Verb string
	To   State
	By   string
}

// Moves are all changes there are. An empty box needs no grades: it is done
// when it is counted.
var Moves = []Move{
	{"", "receive", Counted, "staff"},
	{"", "receive an empty box", Done, "staff"},
	{Counted, "grade", Done, "staff"},
}
