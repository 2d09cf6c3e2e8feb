package proof

// Succeeded says that a customer proved who he is. By is code, link or shop.
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

// KeyMade says that the shop may sign tokens for its customers with a new key.
type KeyMade struct {
	Name string `json:"name"`
}

// Type is described at event.Fact.
func (KeyMade) Type() string { return "proof.key_made" }

// KeyRemoved says that a key, and every token signed with it, has ended.
type KeyRemoved struct {
	Name string `json:"name"`
}

// Type is described at event.Fact.
func (KeyRemoved) Type() string { return "proof.key_removed" }

// Resent says that a new link was asked for with one that had expired.
type Resent struct{}

// Type is described at event.Fact.
func (Resent) Type() string { return "proof.link_resent" }
