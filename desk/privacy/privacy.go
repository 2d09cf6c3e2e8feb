// Package privacy erases a person: a customer who asks for it disappears from
// orders, cases, parcels, files and from what events say, and every proof of the
// sealed log stays valid.
//
// It owns which packages are told to erase, their order, and the record that it
// was done. It does not own what each of them knows of a person, or the log.
// Books of money stay, as the law on books wants it: they name no person.
package privacy

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrErased    = fault.New(fault.Conflict, "privacy.erased", "This customer was erased already.")
	ErrNotErased = fault.New(fault.Missing, "privacy.not_erased", "This customer was not erased.")
	ErrReason    = fault.New(fault.Invalid, "privacy.reason", "Erasing needs a reason of 3 to 400 characters.")
)

// Erasure is what was erased of a customer.
type Erasure struct {
	Tenant   string
	Customer string
	Reason   string
	By, Name string
	At       time.Time
	Cases    int64
	Orders   int64
	Events   int64 // whose bodies are gone
	Files    int64
	Walked   int64     // position up to which the log was searched for what the customer did
	DoneAt   time.Time // zero while the log is searched
}
