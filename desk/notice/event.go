package notice

// SentFact says that a message about a case was taken by the mail server, and
// what it said. The link in it is left out: it signs its reader in.
type SentFact struct {
	Case     string `json:"case"`
	Template string `json:"template"`
	Language string `json:"language,omitempty"`
	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text,omitempty"`
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
