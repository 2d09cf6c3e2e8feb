package policy

// Saved says that a policy has a new version.
type Saved struct {
	Name string `json:"name"`
}

// Type names the fact.
func (Saved) Type() string { return "policy.saved" }
