package rating

// Given says that a customer rated a case for the first time.
type Given struct {
	Case  string `json:"case"`
	Score int64  `json:"score"`
}

// Type is described at event.Fact.
func (Given) Type() string { return "rating.given" }

// Changed says that a customer changed a rating.
type Changed struct {
	Case  string `json:"case"`
	Score int64  `json:"score"`
}

// Type is described at event.Fact.
func (Changed) Type() string { return "rating.changed" }

// Looked says that somebody of the staff looked at a low score.
type Looked struct {
	Case string `json:"case"`
}

// Type is described at event.Fact.
func (Looked) Type() string { return "rating.looked" }
