package customer

import "time"

// TierSet announces the tier of a customer: given, renewed or taken away.
type TierSet struct {
	Tier   string    `json:"tier"` // empty: none any more
	Before string    `json:"before,omitempty"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason,omitempty"`
	Source string    `json:"source,omitempty"` // of the order that told it
}

// Type names the fact.
func (TierSet) Type() string { return "customer.tier_set" }
