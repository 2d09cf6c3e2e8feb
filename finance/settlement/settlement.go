// Package settlement moves money back: payouts, each to one means of payment,
// sent through a provider until it is known what became of them.
//
// It owns payouts and their states. It does not own how much is due (package
// refund) nor how a payment company is spoken to (connect/…). A payout is sent
// under one key, its id; no crash, retry or repeated answer pays it twice. Only
// when its provider has itself said that nothing was paid can the customer
// consent to another means of payment, which then has a key of its own.
package settlement

import (
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

var (
	ErrUnknown   = fault.New(fault.Missing, "settlement.unknown", "There is no such payout.")
	ErrMove      = fault.New(fault.Conflict, "settlement.move", "The payout cannot do this in its current state.")
	ErrStale     = fault.New(fault.Stale, "settlement.stale", "The payout has changed since you read it.")
	ErrReserved  = fault.New(fault.Conflict, "settlement.reserved", "The case already has this payout.")
	ErrUnsure    = fault.New(fault.Conflict, "settlement.unsure", "It is not known whether the payout was paid.")
	ErrWire      = fault.New(fault.Conflict, "settlement.on_the_wire", "The payout is under way to the provider.")
	ErrBlocked   = fault.New(fault.Conflict, "settlement.blocked", "A chargeback is open on this payment.")
	ErrTarget    = fault.New(fault.Invalid, "settlement.target", "The other means of payment is not complete.")
	ErrConsent   = fault.New(fault.Invalid, "settlement.consent", "Paying another way needs the customer's consent.")
	ErrReference = fault.New(fault.Invalid, "settlement.reference", "Paying by hand needs the reference of the payment.")
)

// Purposes of a payout. A case has at most one payout per purpose and tender.
const (
	Goods                = "goods"
	Shipping             = "shipping"
	Compensation         = "compensation"
	PriceProtection      = "price_protection"
	FreightReimbursement = "freight_reimbursement"
	Advance              = "advance"
	adjustment           = "adjustment"
)

// Adjustment is the purpose of the n-th correction of a case, from 1:
// "adjustment", "adjustment_2" …
func Adjustment(n int) string {
	if n <= 1 {
		return adjustment
	}
	return adjustment + "_" + strconv.Itoa(n)
}

// Payout is one amount on its way back to one means of payment.
type Payout struct {
	ID          string
	Tenant      string
	Case        string
	Order       string
	Purpose     string
	Tender      string // id of the order's tender
	Kind        string // of the tender: card, alipay, points …
	Label       string // as shown: "Visa ···· 4242"
	Provider    string // adapter that pays
	Account     string // the shop's own account at the provider, which took the payment; empty: the installation's
	Reference   string // the provider's id of the original payment
	ProviderRef string // the provider's id of the refund, or what a person wrote down
	State       State
	LastError   string // the provider's reason, or why its answer is not known
	Amount      int64  // minor units of Currency, positive
	Currency    string
	Attempts    int  // how often it was sent
	Generation  int  // of the means of payment: 1, and one more with each redirection
	Unsure      bool // failed or left to a person, and nobody knows whether it was paid
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Money is the amount with its currency.
func (p Payout) Money() money.Amount { return money.Of(p.Amount, p.Currency) }

// Key is what the provider knows the payout by: its id, and behind a redirection
// also the number of the means of payment.
func (p Payout) Key() string {
	if p.Generation <= 1 {
		return p.ID
	}
	return p.ID + "-" + strconv.Itoa(p.Generation)
}

// Target is another means of payment for a payout.
type Target struct {
	Kind      string // store_credit, bank_transfer …
	Provider  string
	Reference string // what the provider needs to find it: an account, an IBAN
	Label     string // as shown
}

// Plan is what a case is owed, ready to be paid.
type Plan struct {
	Case     string
	Order    string
	Currency string
	Parts    []Part
}

// Part is one payout of a plan.
type Part struct {
	Purpose   string
	Tender    string
	Kind      string
	Label     string
	Provider  string
	Reference string
	Amount    int64 // positive
}
