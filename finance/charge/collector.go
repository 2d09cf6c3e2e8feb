package charge

import (
	"context"

	"github.com/aftercare/aftercare/base/money"
)

// Collector takes money from a customer. Adapters live in connect.
//
// An adapter promises that a key is collected at most once, however often it is
// asked for, unless it was declined, and that Collected knows every key that
// Collect ever took. An error from either means "not known".
type Collector interface {
	// Name is what people and settings call the provider.
	Name() string
	// Collect asks for the money, at once or by a page to send the customer to.
	Collect(ctx context.Context, r Request) (Session, error)
	// Collected tells what became of a key; Absent if it was never heard of.
	Collected(ctx context.Context, r Request) (Session, error)
}

// Request asks a provider for one payment.
type Request struct {
	Key       string // idempotency key: Attempt.Key
	Tenant    string
	Charge    string
	Case      string
	Order     string
	Customer  string
	Purpose   string
	Means     string // what the customer pays with, in the provider's words; may be empty
	Return    string // where a page leads back to; may be empty
	Reference string // what the provider called the attempt, once it is known
	Amount    money.Amount
}

// Outcome is what a provider says about a key.
type Outcome string

const (
	Collected Outcome = "collected" // the money is there
	Declined  Outcome = "declined"  // it is not, and will not come under this key
	Pending   Outcome = "pending"   // the customer has to act at URL, or the provider to decide
	Absent    Outcome = "absent"    // the provider has never heard of the key
)

// Session is a provider's answer.
type Session struct {
	Outcome   Outcome
	URL       string
	Reference string
	Reason    string       // of a decline
	Amount    money.Amount // what was collected
	Account   string       // through which a message of the provider came; empty: the installation's
}
