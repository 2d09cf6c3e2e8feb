package reply

// SavedFact announces that a ready-made text is new or has changed.
type SavedFact struct {
	Reply  string `json:"reply"`
	Shared bool   `json:"shared"`
}

// Type names the fact.
func (SavedFact) Type() string { return "reply.saved" }

// RemovedFact announces that a ready-made text is gone.
type RemovedFact struct {
	Reply  string `json:"reply"`
	Shared bool   `json:"shared"`
}

// Type names the fact.
func (RemovedFact) Type() string { return "reply.removed" }
