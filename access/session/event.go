package session

// Started says that somebody signed in.
type Started struct {
	Kind    string `json:"kind"`
	Factors string `json:"factors,omitempty"` // what staff showed: "password totp"
}

// Type is described at event.Fact.
func (Started) Type() string { return "session.started" }

// Ended says that a session was ended before it expired. Ground is signed_out,
// ended (from the list of sessions), or withdrawn (the account changed).
type Ended struct {
	Kind   string `json:"kind"`
	Ground string `json:"ground"`
}

// Type is described at event.Fact.
func (Ended) Type() string { return "session.ended" }

// ConfirmedFact says that somebody who is signed in gave the password once more
// to do something that needs it.
type ConfirmedFact struct {
	Kind string `json:"kind"`
}

// Type is described at event.Fact.
func (ConfirmedFact) Type() string { return "session.confirmed" }

// Grounds of an end.
const (
	SignedOut = "signed_out"
	ByHand    = "ended"
	Withdrawn = "withdrawn"
)
