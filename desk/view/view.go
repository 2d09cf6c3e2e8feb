// Package view keeps the lists of cases that people come back to: a filter with
// a name, for oneself or for everybody, in the order one likes.
//
// It owns views and each person's order of them. It does not own cases or what
// a filter means (care/cases): a view is an address, and shows each reader only
// what that reader may see. Views that come with the program cannot be changed.
package view

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown = fault.New(fault.Missing, "view.unknown", "There is no such view.")
	ErrInvalid = fault.New(fault.Invalid, "view.invalid", "The view cannot be saved like this.")
	ErrTaken   = fault.New(fault.Conflict, "view.taken", "There is a view with this name already.")
	ErrFull    = fault.New(fault.Conflict, "view.too_many", "There are too many views. Delete one first.")
	ErrStale   = fault.New(fault.Stale, "view.stale", "The view has changed since you read it.")
	ErrNotOwn  = fault.New(fault.Denied, "view.not_own", "Only its owner, or who may share views, changes a shared view.")
)

// View is a filter with a name. One that comes with the program has no owner,
// and its id is the key of its name.
type View struct {
	ID        string
	Tenant    string
	Owner     string // staff id
	OwnerName string
	Seller    string // whose people see it when it is shared; empty: the shop's
	Name      string
	Shared    bool
	Query     string // as in an address, in the order of its names
	Version   int64
	At        time.Time // of the last change
}

// BuiltIn are the views that everybody has, in their first order.
var BuiltIn = []View{
	{ID: "all"},
	{ID: "mine", Query: "assignee=me&state=" + living},
	{ID: "unassigned", Query: "assignee=none&state=" + living},
	{ID: "wrote", Query: "wrote=true"},
	{ID: "due", Query: "due=24&sort=deadline"},
	{ID: "overdue", Query: "overdue=true&sort=deadline"},
	{ID: "waiting_us", Query: "sort=deadline&waiting=seller"},
	{ID: "waiting_customer", Query: "waiting=customer"},
	{ID: "warehouse", Query: "waiting=warehouse"},
}

const living = "submitted,negotiating,await_return,returning,inspecting,resolving,await_confirm,rejected"

const (
	mostOwn    = 50  // views of one person
	mostShared = 100 // shared views of a shop or seller
	mostName   = 60  // characters
	// MostCounted is how far the cases of a view are counted.
	MostCounted = 99
)
