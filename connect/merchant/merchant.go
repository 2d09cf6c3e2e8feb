// Package merchant keeps the accounts that a shop has at payment companies and
// carriers: what is public about them, their secrets, and whether they work.
//
// It owns accounts and which of them took a payment. It does not own how a
// company is spoken to (connect/stripe …), nor payouts, charges and bookings,
// which remember the account they began with. A secret is sealed for its
// account before it is stored and never told again; an account that was removed
// keeps its secrets until nothing that began with it is under way.
package merchant

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown  = fault.New(fault.Missing, "merchant.unknown", "There is no such account.")
	ErrInvalid  = fault.New(fault.Invalid, "merchant.invalid", "The account is not complete.")
	ErrStale    = fault.New(fault.Stale, "merchant.stale", "The account has changed since you read it.")
	ErrMove     = fault.New(fault.Conflict, "merchant.move", "The account cannot do this in its current state.")
	ErrIdentity = fault.New(fault.Conflict, "merchant.identity", "This is another account of the company. Add it as a new one, so that what the old one took can be paid back.")
	ErrMany     = fault.New(fault.Conflict, "merchant.too_many", "The shop has as many accounts as it can have.")
	ErrTesting  = fault.New(fault.Conflict, "merchant.testing", "The account is being tried at this moment.")
)

// State of an account.
type State string

const (
	Enabled  State = "enabled"
	Disabled State = "disabled" // nothing new begins with it; what is under way ends
	Removed  State = "removed"  // as disabled, and its secrets go with the last thing under way
)

// Test is how far trying an account is.
type Test string

const (
	Untested Test = ""
	Running  Test = "running"
	Passed   Test = "passed"
	Failed   Test = "failed"
)

// Why a test failed.
const (
	Refused     = "refused"     // the company does not take the credentials
	Unreachable = "unreachable" // no answer came
	Unclear     = "unclear"     // an answer that is not the company's, or cannot be understood
	Other       = "other"       // the credentials belong to another account of the company
	Unsealed    = "unsealed"    // the secrets cannot be opened with this installation's key
)

// Limits.
const (
	mostAccounts = 50
	patience     = 20 * time.Second // for one test
	testing      = time.Minute      // after which a test that says nothing has died
	mostDetail   = 500
)

// Account is one that a shop has.
type Account struct {
	ID        string
	Tenant    string
	Provider  string // as tenders and bookings call it: stripe, easypost …
	Name      string // what people call it
	State     State
	Settings  map[string]string // what is no secret
	Marks     []Mark            // by which people tell secrets apart
	Since     time.Time         // payments from here on were taken by it; zero: all
	Until     time.Time         // and before here; zero: until now
	Identity  string            // who the company says it is; empty: not known
	Test      Test
	TestCode  string // of a failed one
	TestText  string // the company's words
	TestedAt  time.Time
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time

	sealed []byte
	key    string // name of the key it is sealed with; empty: there are no secrets
}

// Mark is what may be known of a secret.
type Mark struct {
	Name        string    `json:"name"`
	Last        string    `json:"last,omitempty"` // four characters of a long one
	Fingerprint string    `json:"fingerprint"`
	SetAt       time.Time `json:"set_at"`
}

// took is the account that took a payment: of those that a provider's payments
// went to at that time, the one that began last. An account that is disabled or
// removed still answers for what it took. all are in the order they were added.
func took(all []Account, provider string, at time.Time) (found Account, ok bool) {
	for _, a := range all {
		within := !a.Since.After(at) && (a.Until.IsZero() || at.Before(a.Until))
		if a.Provider == provider && within && (!ok || !a.Since.Before(found.Since)) {
			found, ok = a, true
		}
	}
	return found, ok
}

// current is the account that something new begins with.
func current(all []Account, provider string, now time.Time) (Account, bool) {
	on := slices.DeleteFunc(slices.Clone(all), func(a Account) bool { return a.State != Enabled })
	return took(on, provider, now)
}
