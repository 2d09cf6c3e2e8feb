// Package apikey keeps the keys with which programs use the API.
//
// It owns keys: their names, scopes, expiry and end. It does not own what a
// permission opens (package role). A key is shown once, when it is made; only
// its digest is stored. A key never may more than its scopes, nor more than
// role.Grantable.
package apikey

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/access/role"
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

// normal returns the key as it is stored, or ErrInvalid with every field that
// is wrong. Nobody gives away what he does not hold.
func (n New) normal(by actor.Actor, now time.Time) (New, error) {
	bad := ErrInvalid
	n.Name = strings.TrimSpace(n.Name)
	if length := utf8.RuneCountInString(n.Name); length < 1 || length > 80 {
		bad = bad.At("name", "is missing or too long", "1 to 80 characters")
	}
	if !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now) {
		bad = bad.At("expires_at", "is in the past", "an instant to come")
	}
	grantable := role.Grantable(n.Seller)
	switch {
	case n.Role != "" && len(n.Scopes) > 0:
		bad = bad.At("role", "cannot be given together with scopes", "one of the two")
	case n.Role != "" && !role.Known(n.Role):
		bad = bad.At("role", "is not a role", strings.Join(role.Roles, ", "))
	case n.Role != "":
		for _, p := range role.Permissions(n.Role) {
			if slices.Contains(grantable, p) {
				n.Scopes = append(n.Scopes, p)
			}
		}
	}
	if len(n.Scopes) == 0 {
		bad = bad.At("scopes", "are missing", "at least one permission")
	}
	for _, p := range n.Scopes {
		if !slices.Contains(grantable, p) || by.Kind != actor.System && role.Allow(by, p) != nil {
			bad = bad.At("scopes", "contains "+string(p)+", which this key may not hold", join(grantable))
		}
	}
	if len(bad.Fields) > 0 {
		return n, bad
	}
	n.Scopes = slices.Compact(slices.Sorted(slices.Values(n.Scopes)))
	return n, nil
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
