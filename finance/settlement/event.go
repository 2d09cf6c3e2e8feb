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

// BlockedFact says that a payout waits for the end of a chargeback.
type BlockedFact struct {
	About
	Chargeback string `json:"chargeback"`
}

// UnblockedFact says that a payout is sent after all.
type UnblockedFact struct{ About }

// ReversedFact says that money that was paid came back: a person has to pay it
// another way.
type ReversedFact struct {
	About
	Reference string `json:"reference"` // of the payment that came back
	Reason    string `json:"reason"`
}

// RedirectedFact says that a payout goes to another means of payment, as the
// customer agreed.
type RedirectedFact struct {
	About
	From    Means  `json:"from"`
	To      Means  `json:"to"`
	Consent string `json:"consent"`
}

// Means is a means of payment in a fact.
type Means struct {
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Label    string `json:"label,omitempty"`
}

// ChargebackOpenedFact says that a bank takes back a payment: what is still to
// be paid back waits.
type ChargebackOpenedFact struct {
	ChargebackAbout
	Reason  string   `json:"reason"`
	Cases   []string `json:"cases"`   // whose payouts it concerns so far
	Blocked []string `json:"blocked"` // payouts that wait
	Left    []string `json:"left"`    // payouts on the wire: they may still be paid
	Paid    []string `json:"paid"`    // payouts that were paid before
}

// ChargebackClosedFact says how a chargeback ended. Of one that was lost, the
// payouts go to a person, because the bank has paid the customer.
type ChargebackClosedFact struct {
	ChargebackAbout
	Outcome  string   `json:"outcome"` // won, withdrawn, lost
	Cases    []string `json:"cases"`
	Released []string `json:"released"` // payouts that waited
}

// ChargebackAbout is what every fact of a chargeback says first.
type ChargebackAbout struct {
	Order     string `json:"order,omitempty"`
	Tender    string `json:"tender,omitempty"`
	Provider  string `json:"provider,omitempty"`
	Payment   string `json:"payment,omitempty"`
	Reference string `json:"reference,omitempty"` // the provider's id of the chargeback
}

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

func (BlockedFact) Type() string          { return "payout.blocked" }
func (UnblockedFact) Type() string        { return "payout.unblocked" }
func (ReversedFact) Type() string         { return "payout.reversed" }
func (RedirectedFact) Type() string       { return "payout.redirected" }
func (ChargebackOpenedFact) Type() string { return "chargeback.opened" }
func (ChargebackClosedFact) Type() string { return "chargeback.closed" }
