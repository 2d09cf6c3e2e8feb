package merchant

// About is what every fact of an account says first. None holds a secret or
// what is known of one.
type About struct {
	Provider string `json:"provider"`
	Name     string `json:"name"`
}

func about(a Account) About { return About{a.Provider, a.Name} }

// AddedFact says that a shop has one account more.
type AddedFact struct{ About }

// ChangedFact says that somebody changed an account.
type ChangedFact struct {
	About
	What string `json:"what"` // updated, enabled, disabled
	// Secrets names the secrets that were replaced.
	Secrets []string `json:"secrets,omitempty"`
}

// TestedFact says what came of trying an account.
type TestedFact struct {
	About
	Passed bool   `json:"passed"`
	Code   string `json:"code,omitempty"` // of a failure: refused, unreachable, unclear, other, unsealed
}

// RemovedFact says that a shop does not use an account any more. What is under
// way ends with it.
type RemovedFact struct {
	About
	UnderWay int64 `json:"under_way"`
}

// Type is described at event.Fact.
func (AddedFact) Type() string { return "account.added" }

// Type is described at event.Fact.
func (ChangedFact) Type() string { return "account.changed" }

// Type is described at event.Fact.
func (TestedFact) Type() string { return "account.tested" }

// Type is described at event.Fact.
func (RemovedFact) Type() string { return "account.removed" }
