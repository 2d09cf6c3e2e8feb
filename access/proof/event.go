package proof

// Succeeded says that a customer proved who he is. By is code or link.
type Succeeded struct {
	By    string `json:"by"`
	Order string `json:"order,omitempty"`
}

// Type is described at event.Fact.
func (Succeeded) Type() string { return "proof.succeeded" }

// Failed says that a wrong code was tried.
type Failed struct {
	Attempts int `json:"attempts"` // of this challenge, with this one
}

// Type is described at event.Fact.
func (Failed) Type() string { return "proof.failed" }
