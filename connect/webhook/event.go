package webhook

// Created says that a shop has one webhook more.
type Created struct {
	Name string `json:"name"`
	Host string `json:"host"`
}

// Changed says that somebody changed a webhook: updated, enabled, disabled,
// rotated or deleted.
type Changed struct {
	What string `json:"what"`
	Name string `json:"name"`
}

// GaveUp says that a webhook is not used any more because its receiver does
// not answer.
type GaveUp struct {
	Name   string `json:"name"`
	Reason string `json:"reason"` // failing, gone
}

// Type is described at event.Fact.
func (Created) Type() string { return "webhook.created" }

// Type is described at event.Fact.
func (Changed) Type() string { return "webhook.changed" }

// Type is described at event.Fact.
func (GaveUp) Type() string { return "webhook.gave_up" }
