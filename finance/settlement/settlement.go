// Package settlement moves money back: payouts, each to one means of payment,
// sent through a provider until it is known what became of them.
//
// It owns payouts and their states. It does not own how much is due (package
// refund) nor how a payment company is spoken to (connect/…). A payout is sent
// under one key, its id, that never changes; no crash, retry or repeated answer
// pays it twice.
package settlement

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

var (
	ErrUnknown   = fault.New(fault.Missing, "settlement.unknown", "There is no such payout.")
	ErrMove      = fault.New(fault.Conflict, "settlement.move", "The payout cannot do this in its current state.")
	ErrStale     = fault.New(fault.Stale, "settlement.stale", "The payout has changed since you read it.")
	ErrReserved  = fault.New(fault.Conflict, "settlement.reserved", "The case already has this payout.")
	ErrReference = fault.New(fault.Invalid, "settlement.reference", "Paying by hand needs the reference of the payment.")
)

// Purposes of a payout. A case has at most one payout per purpose and tender.
const (
	Goods    = "goods"
	Shipping = "shipping"
)

// Payout is one amount on its way back to one means of payment.
type Payout struct {
	ID          string // also the key under which the provider knows it
	Tenant      string
	Case        string
	Order       string
	Purpose     string
	Tender      string // id of the order's tender
	Kind        string // of the tender: card, alipay, points …
	Label       string // as shown: "Visa ···· 4242"
	Provider    string // adapter that pays
	Reference   string // the provider's id of the original payment
	ProviderRef string // the provider's id of the refund, or what a person wrote down
	State       State
	LastError   string // the provider's reason, or why its answer is not known
	Amount      int64  // minor units of Currency, positive
	Currency    string
	Attempts    int // how often it was sent
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Money is the amount with its currency.
func (p Payout) Money() money.Amount { return money.Of(p.Amount, p.Currency) }

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
