// Package charge keeps what a customer owes the shop in a case: the difference
// of an exchange, money paid in advance for goods that never came, a correction.
//
// It owns charges, their deadlines, and the attempts to collect them. It does
// not compute amounts (package refund) or know how a payment company collects
// (connect/…). A charge is paid in one sum or not at all, and at most once.
package charge

import (
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

var (
	ErrUnknown   = fault.New(fault.Missing, "charge.unknown", "There is no such charge.")
	ErrMove      = fault.New(fault.Conflict, "charge.move", "The charge cannot do this in its current state.")
	ErrStale     = fault.New(fault.Stale, "charge.stale", "The charge has changed since you read it.")
	ErrInvalid   = fault.New(fault.Invalid, "charge.invalid", "This cannot be demanded.")
	ErrDemanded  = fault.New(fault.Conflict, "charge.demanded", "Another amount is demanded already.")
	ErrAmount    = fault.New(fault.Invalid, "charge.amount", "A charge is paid exactly: no more and no less.")
	ErrReference = fault.New(fault.Invalid, "charge.reference", "Recording a payment needs its reference.")
	ErrReason    = fault.New(fault.Invalid, "charge.reason", "Giving up a charge needs a reason.")
	ErrUnderway  = fault.New(fault.Conflict, "charge.underway", "A payment of this charge is under way.")
	ErrOverdue   = fault.New(fault.Conflict, "charge.overdue", "The time to pay has passed.")
	ErrProvider  = fault.New(fault.Invalid, "charge.provider", "This provider cannot collect.")
	ErrNoAnswer  = fault.New(fault.Busy, "charge.no_answer", "The payment provider has not answered. The charge will not be paid twice.")
)

// Purposes of a charge.
const (
	ExchangeDifference = "exchange_difference"
	AdvanceRecovery    = "advance_recovery"
	Adjustment         = "adjustment"
)

// New is what somebody demands.
type New struct {
	Key      string // one charge per key; empty: one per case and purpose
	Case     string
	Order    string
	Customer string
	Purpose  string
	Amount   money.Amount
	Due      time.Time // when it expires
}

// Charge is an amount that a customer owes.
type Charge struct {
	ID        string
	Tenant    string
	Key       string
	Case      string
	Order     string
	Customer  string
	Purpose   string
	Amount    money.Amount
	State     State
	Due       time.Time
	Reference string // of the payment
	Reason    string // why it was waived or written off
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
	Attempt   *Attempt // the open or latest one; nil before the first
}

// Attempt is one try to collect a charge through a provider.
type Attempt struct {
	Charge    string
	Number    int // from 1
	Provider  string
	Account   string // the shop's own at the provider; empty: the installation's
	Means     string // what the customer pays with, in the provider's words
	Back      string // where the page leads back to
	State     string // open, paid, declined
	URL       string // page on which the customer pays
	Reference string // the provider's id
	Reason    string // of a decline
	BusyUntil time.Time
	StartedAt time.Time
}

// What an attempt can be.
const (
	attemptOpen     = "open"
	attemptPaid     = "paid"
	attemptDeclined = "declined"
)

// Key is what the provider knows an attempt by. It is used again until the
// provider has said no.
func (a Attempt) Key() string {
	if a.Number <= 1 {
		return a.Charge
	}
	return a.Charge + "-" + strconv.Itoa(a.Number)
}
