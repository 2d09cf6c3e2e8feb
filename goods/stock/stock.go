// Package stock tells where goods of a case go: back on the shelf, to repair,
// to the customer, or nowhere.
//
// It owns the movements and announces each, so that a warehouse system can book
// them. It does not own how much there is of anything, what a unit is worth
// (goods/inspection grades it) or what is paid for it. A movement is recorded
// once and never changes; goods that move again are another movement.
package stock

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrInvalid = fault.New(fault.Invalid, "stock.invalid", "The movement is not complete or not possible.")
	ErrDiffers = fault.New(fault.Conflict, "stock.differs", "This movement of the case is recorded already, with other goods.")
)

// Place is where goods come from or go to.
type Place string

// Places that goods come from. Replacements go from the shelf to the customer.
const (
	Customer Place = "customer"
	Shelf    Place = "shelf"
	Parcel   Place = "parcel" // on the way; what is lost there never arrived
)

// Places that goods go to, besides Customer.
const (
	Restock   Place = "restock"
	Refurbish Place = "refurbish"
	Liquidate Place = "liquidate"
	Donate    Place = "donate"
	Recycle   Place = "recycle"
	Vendor    Place = "vendor"
	Back      Place = "back" // refused goods go to the customer again
	Kept      Place = "kept" // the customer keeps what was paid back
	Lost      Place = "lost"
)

// From and To are the places known.
var (
	From = []Place{Customer, Shelf, Parcel}
	To   = []Place{Restock, Refurbish, Liquidate, Donate, Recycle, Vendor, Back, Kept, Lost, Customer}
)

// For is the place of goods that an inspection has disposed of: the places have
// the names of the dispositions, but for goods that go back.
func For(disposition string) Place {
	if disposition == "return_to_customer" {
		return Back
	}
	return Place(disposition)
}

// Move is goods of one line of a case going from a place to another. Case, Line
// and Sequence name it: the same again is the same movement.
type Move struct {
	Case     string
	Line     int // of the order; 0: goods that were never ordered
	Sequence int // counts the movements of the line from 1
	Order    string
	Seller   string // in a marketplace; empty: the shop itself
	SKU      string
	Title    string
	Quantity int64
	From, To Place
	Grade    string // A to D; empty: not graded
}

// Movement is a recorded Move.
type Movement struct {
	Move
	ID string
	At time.Time
}

// Filter chooses movements. Empty fields choose all.
type Filter struct {
	Case   string
	SKU    string
	To     Place
	Seller string
	Since  time.Time // moved then or later
	Before time.Time // moved before
	After  string    // the movement after which the page begins
	Limit  int
}

// Service has the verbs on movements.
type Service struct{}
