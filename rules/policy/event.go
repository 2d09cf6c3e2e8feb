package policy

// Saved says that a policy has a new live version.
type Saved struct {
	Name string `json:"name"`
}

// Type names the fact.
func (Saved) Type() string { return "policy.saved" }

// Changed says what was done with a version that did not go live by it.
type Changed struct {
	Name   string `json:"name"`
	Action string `json:"action"` // draft, edit, discard, review, reject, retire
	State  string `json:"state"`
	Note   string `json:"note,omitempty"`
}

// Type names the fact.
func (Changed) Type() string { return "policy.changed" }
