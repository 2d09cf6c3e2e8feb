// Package actor says who is doing something: every verb takes an Actor, every
// event and audit line records one.
//
// It owns the value and nothing else. What an actor may do is decided in
// access/role; httpapi asks before a verb runs.
package actor

// Kind is the sort of party that acts.
type Kind string

const (
	Customer Kind = "customer" // proved to own an order; ID is the customer's
	Staff    Kind = "staff"    // a person of the shop, signed in
	Key      Kind = "key"      // a program with an API key
	Carrier  Kind = "carrier"  // a parcel scan
	Timer    Kind = "timer"    // a deadline that passed
	System   Kind = "system"   // Aftercare itself: rules, payouts, imports
	Nobody   Kind = "nobody"   // not signed in; only public routes accept it
)

// Permission names one thing that a role may do, such as "case.decide". The
// table of roles and permissions is in access/role.
type Permission string

// Actor is one party in one tenant. It is a value; comparing two is allowed.
type Actor struct {
	Tenant  string
	Kind    Kind
	ID      string // staff, key or customer id; empty for system and timers
	Name    string // as shown in a timeline; never a customer's name
	Role    string // of staff
	Scopes  string // of keys: the permissions it holds, separated by single spaces
	Seller  string // when not empty, only this seller's orders and cases exist
	Session string // session id, for listing and ending it
	Half    bool   // of staff: the role needs a second factor that this session has not seen
}

// Of returns the system actor of a tenant.
func Of(tenant string) Actor { return Actor{Tenant: tenant, Kind: System} }

// Mine returns the customer id that rows must carry to be visible, and whether
// such a limit applies: customers see only their own.
func (a Actor) Mine() (customer string, limited bool) {
	return a.ID, a.Kind == Customer
}
