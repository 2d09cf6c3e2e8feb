package settlement

// stream is what payouts' events are about.
const stream = "payout"

// About is what every fact of a payout says first.
type About struct {
	Case     string `json:"case"`
	Order    string `json:"order"`
	Purpose  string `json:"purpose"`
	Tender   string `json:"tender"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

func about(p Payout) About {
	return About{p.Case, p.Order, p.Purpose, p.Tender, p.Amount, p.Currency}
}

// ReservedFact says that a payout is owed.
type ReservedFact struct{ About }

// SubmittedFact says that a payout was sent and its outcome is not known yet. A
// provider that answers at once makes none.
type SubmittedFact struct {
	About
	Attempt int    `json:"attempt"`
	Error   string `json:"error,omitempty"`
}

// SucceededFact says that a payout is paid.
type SucceededFact struct {
	About
	Reference  string `json:"reference"`
	ByHand     bool   `json:"by_hand,omitempty"` // a person paid it
	AllSettled bool   `json:"all_settled"`       // it was the last open payout of its case
}

// FailedFact says that a payout waits for a person, and why.
type FailedFact struct {
	About
	Reason string `json:"reason"`
}

// ManualFact says that a person has to pay.
type ManualFact struct {
	About
	Reason string `json:"reason,omitempty"`
}

// RetriedFact says that a person had a payout sent again.
type RetriedFact struct{ About }

// DuplicateFact says that a provider reports a payment for a payout that was
// settled by another one: the customer may have been paid twice by people.
type DuplicateFact struct {
	About
	Reference string `json:"reference"` // the payment reported now
	Settled   string `json:"settled"`   // the one that counted
}

func (ReservedFact) Type() string  { return "payout.reserved" }
func (SubmittedFact) Type() string { return "payout.submitted" }
func (SucceededFact) Type() string { return "payout.succeeded" }
func (FailedFact) Type() string    { return "payout.failed" }
func (ManualFact) Type() string    { return "payout.manual" }
func (RetriedFact) Type() string   { return "payout.retried" }
func (DuplicateFact) Type() string { return "payout.duplicate" }
