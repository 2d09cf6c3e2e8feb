package factor

import "time"

// Added says that somebody can sign in with one more factor.
type Added struct {
	Kind Kind `json:"kind"`
}

// Type is described at event.Fact.
func (Added) Type() string { return "factor.added" }

// Removed says that a factor is no longer accepted.
type Removed struct {
	Kind Kind `json:"kind"`
}

// Type is described at event.Fact.
func (Removed) Type() string { return "factor.removed" }

// ResetFact says that somebody else took all factors of a member of staff away.
type ResetFact struct {
	Factors int `json:"factors"`
}

// Type is described at event.Fact.
func (ResetFact) Type() string { return "factor.reset" }

// CodesMade says that new recovery codes were shown; the old ones are void.
type CodesMade struct{}

// Type is described at event.Fact.
func (CodesMade) Type() string { return "factor.codes_made" }

// CodeUsed says that a recovery code stood in for a factor.
type CodeUsed struct {
	Left int64 `json:"left"`
}

// Type is described at event.Fact.
func (CodeUsed) Type() string { return "factor.code_used" }

// Blocked says that codes are not accepted after too many wrong ones.
type Blocked struct {
	Failed int64     `json:"failed"` // in a row
	Until  time.Time `json:"until"`
}

// Type is described at event.Fact.
func (Blocked) Type() string { return "factor.blocked" }

// RequiredFact says which roles must have a second factor from now on.
type RequiredFact struct {
	Roles []string `json:"roles"`
}

// Type is described at event.Fact.
func (RequiredFact) Type() string { return "factor.required" }
