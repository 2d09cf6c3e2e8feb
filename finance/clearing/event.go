package clearing

// BookedFact says that a set of entries was booked.
type BookedFact struct {
	Key      string      `json:"key"`
	Case     string      `json:"case"`
	Order    string      `json:"order"`
	Currency string      `json:"currency"`
	Entries  []EntryFact `json:"entries"`
}

// EntryFact is one entry of a booked set: positive is what the account gets.
type EntryFact struct {
	Account Account `json:"account"`
	Party   string  `json:"party,omitempty"`
	Code    string  `json:"code"`
	Amount  int64   `json:"amount"`
}

// Type names the fact.
func (BookedFact) Type() string { return "clearing.booked" }
