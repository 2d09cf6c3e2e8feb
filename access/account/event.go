package account

import "time"

// Created says that somebody joined the staff.
type Created struct {
	Role   string `json:"role"`
	Seller string `json:"seller,omitempty"`
}

// Type is described at event.Fact.
func (Created) Type() string { return "staff.created" }

// Updated says what of an account changed: names of fields, and the values of
// those that matter for security.
type Updated struct {
	Changed []string `json:"changed"` // email, name, role, seller, language, state, password
	Role    string   `json:"role"`
	Seller  string   `json:"seller,omitempty"`
	State   State    `json:"state"`
}

// Type is described at event.Fact.
func (Updated) Type() string { return "staff.updated" }

// Locked says that signing in was blocked after too many wrong passwords. The
// subject is "unknown" where the e-mail is nobody's.
type Locked struct {
	Failed int64     `json:"failed"` // in a row
	Until  time.Time `json:"until"`
}

// Type is described at event.Fact.
func (Locked) Type() string { return "staff.locked" }
