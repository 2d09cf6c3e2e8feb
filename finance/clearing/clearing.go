// Package clearing keeps who bears what: for every movement of a case's money
// a set of entries on the accounts of those concerned.
//
// It owns the sets and their entries, which are written once and never changed.
// It does not compute them (package refund) and moves no money (package
// settlement). The entries of a set add up to zero, and a key has one set.
package clearing

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
)

var (
	ErrInvalid = fault.New(fault.Invalid, "clearing.invalid", "The entries do not make a set.")
	ErrDiffers = fault.New(fault.Conflict, "clearing.differs", "Other entries are booked under this key.")
)

// Account is a party to the money of a case.
type Account string

const (
	Customer   Account = "customer"
	Seller     Account = "seller"
	Platform   Account = "platform"
	Carrier    Account = "carrier"
	Insurer    Account = "insurer"
	Brand      Account = "brand"
	Commission Account = "commission" // what the marketplace keeps of a sale, given back to the seller or kept
)

// Accounts lists them all.
var Accounts = []Account{Customer, Seller, Platform, Carrier, Insurer, Brand, Commission}

// Entry is one amount on one account. A positive amount is what the account
// gets, a negative one what it bears.
type Entry struct {
	Account Account
	Party   string // who, where an account has several: a seller's or carrier's id
	Code    string // what for: "goods", "shipping", "commission" …
	Amount  int64  // minor units of the set's currency
}

// Set is what is booked together.
type Set struct {
	Key      string // chosen by the caller; one set per key, for ever
	Case     string
	Order    string
	Currency string
	Entries  []Entry
}

// Booked is an entry as it stands in the books.
type Booked struct {
	ID       string // of the set
	Place    int    // in the set, from 0
	Key      string
	Case     string
	Order    string
	Currency string
	At       time.Time
	Entry
}

// Money is the amount with its currency.
func (b Booked) Money() money.Amount { return money.Of(b.Amount, b.Currency) }

// Filter chooses entries; empty fields choose all. An actor who is limited to
// one seller gets only entries of that party, whatever the filter says.
type Filter struct {
	Case    string
	Account Account
	Party   string
	From    time.Time // booked at or after
	To      time.Time // booked before
	After   Place     // entries behind this one, in the order of booking
	Limit   int
}

// Place is where a page of entries ended.
type Place struct {
	Set   string
	Place int
}

// Total is what one party got (or bore, when negative) in one currency.
type Total struct {
	Account Account
	Party   string
	Amount  money.Amount
	Entries int64
}
