package charge

import "time"

// About is what every fact of a charge says first.
type About struct {
	Case     string `json:"case"`
	Order    string `json:"order"`
	Customer string `json:"customer"`
	Purpose  string `json:"purpose"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

func about(c Charge) About {
	return About{c.Case, c.Order, c.Customer, c.Purpose, c.Amount.Minor, c.Amount.Currency}
}

// DemandedFact says that a customer owes something.
type DemandedFact struct {
	About
	Due time.Time `json:"due"`
}

// PaidFact says that a charge is paid.
type PaidFact struct {
	About
	Reference string `json:"reference"`
	ByHand    bool   `json:"by_hand,omitempty"` // a person recorded it
}

// WaivedFact says that a charge is not owed any more.
type WaivedFact struct {
	About
	Reason string `json:"reason"`
}

// ExpiredFact says that a charge was not paid in time.
type ExpiredFact struct{ About }

// WrittenOffFact says that a charge is owed and given up.
type WrittenOffFact struct {
	About
	Reason string `json:"reason"`
}

// DeclinedFact says that an attempt to pay was turned down.
type DeclinedFact struct {
	About
	Reason string `json:"reason"`
}

// OverpaidFact says that a provider reports money that does not fit: a second
// payment, one after the end of the charge, or one of another amount. A person
// has to pay it back.
type OverpaidFact struct {
	About
	Reference string `json:"reference"`
	Received  int64  `json:"received"`
	In        string `json:"in"` // currency
	State     State  `json:"state"`
}

func (DemandedFact) Type() string   { return "charge.demanded" }
func (PaidFact) Type() string       { return "charge.paid" }
func (WaivedFact) Type() string     { return "charge.waived" }
func (ExpiredFact) Type() string    { return "charge.expired" }
func (WrittenOffFact) Type() string { return "charge.written_off" }
func (DeclinedFact) Type() string   { return "charge.declined" }
func (OverpaidFact) Type() string   { return "charge.overpaid" }
