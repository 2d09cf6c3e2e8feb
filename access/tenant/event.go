package tenant

// Created says that a shop was added.
type Created struct {
	Currency string `json:"currency"`
	Zone     string `json:"zone"`
}

// Type is described at event.Fact.
func (Created) Type() string { return "tenant.created" }

// Updated says that a shop's settings changed.
type Updated struct{}

// Type is described at event.Fact.
func (Updated) Type() string { return "tenant.updated" }
