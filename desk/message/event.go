package message

// Written announces a message.
type Written struct {
	Case     string   `json:"case"`
	Seq      int64    `json:"seq"` // its place in the conversation, from 1
	By       Side     `json:"by"`  // customer or shop
	Language string   `json:"language,omitempty"`
	Text     string   `json:"text,omitempty"`
	Files    []string `json:"files,omitempty"`
	Reply    string   `json:"reply,omitempty"` // id of the ready-made text it began as
}

// Type names the fact.
func (Written) Type() string { return "message.written" }

// ReadFact announces that a side has read the conversation up to a place.
type ReadFact struct {
	Case string `json:"case"`
	By   Side   `json:"by"`
	To   int64  `json:"to"`
}

// Type names the fact.
func (ReadFact) Type() string { return "message.read" }

// SettledFact announces that staff find that what the customer wrote needs no
// answer.
type SettledFact struct {
	Case string `json:"case"`
	To   int64  `json:"to"`
}

// Type names the fact.
func (SettledFact) Type() string { return "message.settled" }
