// Package account keeps the people of a shop who sign in to the console: their
// e-mail, role and password, and how often somebody guessed wrongly.
//
// It owns accounts, passwords, sign-in and its lockout. It does not own
// sessions (package session) or what a role may do (package role). Whether an
// account exists cannot be learnt by signing in: answers, work and lockout are
// the same for every e-mail.
package account

import (
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

// State of an account.
type State string

const (
	Active   State = "active"
	Disabled State = "disabled" // cannot sign in, and has no sessions
)

// Refusals.
var (
	ErrUnknown  = fault.New(fault.Missing, "account.unknown", "There is no such member of staff.")
	ErrTaken    = fault.New(fault.Conflict, "account.taken", "Somebody already has this e-mail address.")
	ErrInvalid  = fault.New(fault.Invalid, "account.invalid", "The member of staff cannot be saved like this.")
	ErrPassword = fault.New(fault.Invalid, "account.password", "This password is too easy to guess.")
	ErrLast     = fault.New(fault.Conflict, "account.last_administrator", "The shop needs at least one active administrator.")
	ErrWrong    = fault.New(fault.Unauthenticated, "account.wrong_credentials", "The e-mail address or the password is wrong.")
	ErrLocked   = fault.New(fault.Denied, "account.locked", "Too many wrong passwords. Signing in is blocked for a while.")
	ErrDemo     = fault.New(fault.Denied, "account.demo", "A demonstration is shared by all visitors, so nobody can change its sign-ins or how the shop is set up, erase anybody, or sign others out.")
	ErrCrowd    = fault.New(fault.Limited, "account.too_many", "Too many wrong passwords from this network. Wait a moment.")
)

// Account is one member of staff.
type Account struct {
	ID          string
	Tenant      string
	Email       string // as it was typed; compared without case
	Name        string
	Role        string // one of role.Roles
	Seller      string // the seller whose rows exist for role.Seller; else empty
	Language    string // one of locale.Languages
	State       State
	LockedUntil time.Time // sign-in is refused before; only set when listed
	Factors     []string  // second factors that can be shown; only set when listed
	Version     int64
	CreatedAt   time.Time
}

// Actor is who acts in a session of this account.
func (a Account) Actor(session string) actor.Actor {
	return actor.Actor{
		Tenant: a.Tenant, Kind: actor.Staff, ID: a.ID, Name: a.Name,
		Role: a.Role, Seller: a.Seller, Session: session,
	}
}

// key is how an e-mail address is compared.
func key(email string) string { return strings.ToLower(strings.TrimSpace(email)) }
