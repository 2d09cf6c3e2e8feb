package template

// Saved says that a shop's words for a message changed.
type Saved struct {
	Kind     string `json:"kind"`
	Language string `json:"language"`
	Own      bool   `json:"own"` // false: back to the words that every shop starts with
}

// Type is described at event.Fact.
func (Saved) Type() string { return "template.saved" }
