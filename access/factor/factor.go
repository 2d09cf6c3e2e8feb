// Package factor keeps what members of staff sign in with besides their
// password: codes of an app (TOTP), passkeys, and codes on paper for the day on
// which both are lost. It also keeps which roles must have one.
//
// It owns factors, recovery codes, the judging of both and its lockout, and the
// tickets between two steps. It does not know passwords (package account) and
// does not start sessions by itself (package session). A code counts once; a
// ticket counts once; nothing that could be used to sign in is stored readably.
package factor

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Kind is the sort of a proof.
type Kind string

const (
	TOTP     Kind = "totp"     // six digits of an app, another each half minute
	Passkey  Kind = "passkey"  // a key that a device or security key holds
	Recovery Kind = "recovery" // one of the codes that were shown when the first factor was added
)

// Refusals.
var (
	ErrUnknown = fault.New(fault.Missing, "factor.unknown", "There is no such second factor.")
	ErrNeeded  = fault.New(fault.Unauthenticated, "factor.needed", "The second factor is needed as well.")
	ErrWrong   = fault.New(fault.Unauthenticated, "factor.wrong", "This code or passkey is not right, or was used already.")
	ErrLocked  = fault.New(fault.Denied, "factor.locked", "Too many wrong codes. Codes are not accepted for a while.")
	ErrOver    = fault.New(fault.Conflict, "factor.over", "This has expired or was completed already. Start again.")
	ErrSite    = fault.New(fault.Invalid, "factor.site", "Passkeys need a host name and https; an address of numbers has none.")
	ErrMany    = fault.New(fault.Conflict, "factor.too_many", "There are as many second factors as there can be. Remove one first.")
	ErrName    = fault.New(fault.Invalid, "factor.name", "The second factor needs a name of 1 to 60 characters.")
	ErrLast    = fault.New(fault.Conflict, "factor.last", "Your role needs a second factor. Add another one before you remove this one.")
	ErrNone    = fault.New(fault.Conflict, "factor.none", "There is no second factor that recovery codes could stand in for.")
	ErrDemo    = fault.New(fault.Denied, "factor.demo", "Sign-ins of a demonstration are shared, so they cannot have a second factor.")
	ErrRoles   = fault.New(fault.Invalid, "factor.roles", "A second factor can be required of roles that exist only.")
)

// Limits.
const (
	Most      = 10 // factors of one person
	Codes     = 10 // recovery codes of one person
	Tries     = 8  // wrong codes in a row that are judged before a block
	FirstLock = 15 * time.Minute
	LongLock  = 24 * time.Hour

	// Patience is how long a ticket between two steps can be used.
	Patience = 10 * time.Minute
	memory   = 2 * LongLock // wrong codes in a row are forgotten after so long without one
	longName = 60
)

// Factor is one that a member of staff has added.
type Factor struct {
	ID        string
	Tenant    string
	Staff     string
	Kind      Kind
	Name      string
	Site      string // host that a passkey belongs to; empty for TOTP
	CreatedAt time.Time
	UsedAt    time.Time // zero: never
}

// Proof is what somebody shows: a code, a recovery code, or what the browser
// answered to the options of a ticket.
type Proof struct {
	Code     string
	Recovery string
	Ticket   string
	Response map[string]any
	Host     string // of the request, for passkeys
}

// Setup is what an app needs to begin with.
type Setup struct {
	Ticket string
	Secret string // base32, for typing
	URI    string // otpauth://…
}

// Question is what a browser is asked for a passkey.
type Question struct {
	Ticket  string
	Options map[string]any // of navigator.credentials.create or get
	Until   time.Time
}

// Person is who a member of staff is, for labels and letters.
type Person struct {
	Email    string
	Name     string
	Language string
}

// Letter is a message that somebody's factors have changed. What is added,
// removed, reset, codes or recovery.
type Letter struct {
	Tenant string
	To     Person
	What   string
	Name   string // of the factor
	At     time.Time
}

// lockFor is how long the n-th wrong code in a row blocks.
func lockFor(n int64) time.Duration {
	d := FirstLock
	for range n/Tries - 1 {
		if d *= 2; d >= LongLock {
			return LongLock
		}
	}
	return d
}
