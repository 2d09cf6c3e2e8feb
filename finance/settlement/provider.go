package settlement

import (
	"context"

	"github.com/aftercare/aftercare/base/money"
)

// Provider pays money back to a means of payment. Adapters live in connect.
//
// An adapter promises two things. Refund with a key that was used before does
// not pay again, for at least a day, and answers as the first time (a declined
// key may be tried anew). Lookup finds every payment that Refund ever made,
// however long ago. An error from either means "not known": the caller asks
// again, and must not conclude that nothing was paid.
type Provider interface {
	// Name is what tenders call the provider, such as "stripe".
	Name() string
	// Refund pays once per key.
	Refund(ctx context.Context, r Request) (Result, error)
	// Lookup tells what became of a request's key; Absent if it was never heard
	// of. The rest of the request says where to look: most providers list
	// refunds by the payment they belong to.
	Lookup(ctx context.Context, r Request) (Result, error)
}

// Request asks a provider for one payment. Amount is exact: minor units of the
// currency. An adapter whose provider wants another scale converts it there.
type Request struct {
	Key       string // idempotency key: Payout.Key
	Tenant    string
	Case      string
	Order     string
	Purpose   string
	Tender    string
	Kind      string
	Reference string // the provider's id of the original payment
	Amount    money.Amount
}

// Outcome is what a provider says about a key.
type Outcome string

const (
	Paid     Outcome = "paid"     // the money is on its way back, for good
	Declined Outcome = "declined" // nothing was paid, and why is in Reason
	Pending  Outcome = "pending"  // accepted, not decided yet: ask later
	ByHand   Outcome = "by_hand"  // a person has to pay this
	Absent   Outcome = "absent"   // the provider has never heard of the key
	Returned Outcome = "returned" // it was paid, and the money came back
)

// Result is a provider's answer.
type Result struct {
	Outcome   Outcome
	Reference string // the provider's id of the refund
	Reason    string // of a decline or a return
	Account   string // through which a message of the provider came; empty: the installation's
}
