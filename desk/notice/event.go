package notice

// SentFact says that a message about a case was taken by the mail server.
type SentFact struct {
	Case     string `json:"case"`
	Template string `json:"template"`
}

// Type names the fact.
func (SentFact) Type() string { return "notice.sent" }

// FailedFact says that a message could not be delivered for good.
type FailedFact struct {
	Case     string `json:"case"`
	Template string `json:"template"`
	Reason   string `json:"reason"`
}

// Type names the fact.
func (FailedFact) Type() string { return "notice.failed" }
