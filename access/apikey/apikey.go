// Package apikey keeps the keys with which programs use the API.
//
// It owns keys: their names, scopes, expiry and end. It does not own what a
// permission opens (package role). A key is shown once, when it is made; only
// its digest is stored. A key never may more than its scopes, nor more than
// role.Grantable.
package apikey

import (
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown = fault.New(fault.Missing, "apikey.unknown", "There is no such API key.")
	ErrInvalid = fault.New(fault.Invalid, "apikey.invalid", "The API key cannot be made like this.")
	ErrWrong   = fault.New(fault.Unauthenticated, "apikey.wrong", "The API key is not valid, has expired, or was revoked.")
)

// Precision is how exactly the last use of a key is known.
const Precision = time.Minute

// Key is one program's access. The secret is not part of it.
type Key struct {
	ID         string
	Tenant     string
	Name       string
	Scopes     []actor.Permission
	Seller     string // when not empty, only this seller's orders and cases exist
	CreatedBy  string // staff id
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	LastUsedAt time.Time // within Precision; zero: never
}

// Actor is who acts with this key.
func (k Key) Actor() actor.Actor {
	return actor.Actor{Tenant: k.Tenant, Kind: actor.Key, ID: k.ID, Name: k.Name, Scopes: join(k.Scopes), Seller: k.Seller}
}

// Faint reports whether a use is to be noted again.
func (k Key) Faint(now time.Time) bool { return now.Sub(k.LastUsedAt) >= Precision }

// New is a key to make.
type New struct {
	Name      string
	Role      string             // instead of Scopes: all of a role's permissions that keys may hold
	Scopes    []actor.Permission // what the key may do
	Seller    string
	ExpiresAt time.Time // zero: never
}

func join(scopes []actor.Permission) string {
	all := make([]string, len(scopes))
	for i, p := range scopes {
		all[i] = string(p)
	}
	return strings.Join(all, " ")
}

func split(scopes string) []actor.Permission {
	all := []actor.Permission{}
	for _, p := range strings.Fields(scopes) {
		all = append(all, actor.Permission(p))
	}
	return all
}
