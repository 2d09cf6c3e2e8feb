// Package wallet keeps what the shop owes a customer in its own coin: store
// credit, gift cards and points.
//
// It owns accounts, their entries and what of them expires when, and pays
// payouts of these kinds as the provider "wallet". It does not decide what is
// paid back (package refund). A balance is the sum of its account's entries and
// never negative; entries are written once; a key has one entry.
package wallet

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown  = fault.New(fault.Missing, "wallet.unknown", "There is no such account.")
	ErrInvalid  = fault.New(fault.Invalid, "wallet.invalid", "This cannot be booked.")
	ErrReason   = fault.New(fault.Invalid, "wallet.reason", "Changing a balance by hand needs a reason.")
	ErrLimit    = fault.New(fault.Denied, "wallet.limit", "This is more than you may book by hand.")
	ErrNotSo    = fault.New(fault.Conflict, "wallet.not_enough", "There is not so much on the account.")
	ErrKeyTaken = fault.New(fault.Conflict, "wallet.key_taken", "Another entry was booked under this key.")
)

// Kind of an account.
type Kind string

const (
	StoreCredit Kind = "store_credit"
	GiftCard    Kind = "gift_card"
	Points      Kind = "points"
)

// maxBalance is what every reader of JSON keeps exact.
const maxBalance = 1<<53 - 1

// PointsUnit is the unit of accounts of points; all others have a currency.
const PointsUnit = "points"

// Account is what a customer has of one kind in one unit.
type Account struct {
	ID        string
	Tenant    string
	Customer  string
	Kind      Kind
	Unit      string // ISO 4217, or PointsUnit
	Reference string // number of the gift card; empty for other kinds
	Balance   int64  // minor units, or points
	Version   int64
	CreatedAt time.Time
	Lots      []Lot // what is left, the first to expire first; only where it was asked for
}

// Lot is a part of a balance that expires together.
type Lot struct {
	ID        string
	Account   string
	Rest      int64
	ExpiresAt time.Time // zero: never
}

// What an entry is for.
const (
	Refunded = "refunded" // a payout came in
	Adjusted = "adjusted" // a person changed the balance
	Spent    = "spent"    // the customer paid with it
	Expired  = "expired"
)

// Entry is one change of a balance.
type Entry struct {
	ID      string
	Tenant  string
	Account string
	Kind    string
	Amount  int64 // signed
	Balance int64 // after it
	Key     string
	Case    string
	Order   string
	Tender  string
	Basis   int64 // of a refund to points: the money it stands for
	Reason  string
	Actor   string
	At      time.Time
}

// Change is an entry that somebody wants.
type Change struct {
	Key       string // one entry per key; empty: a new one
	Customer  string
	Kind      Kind
	Unit      string
	Reference string
	Amount    int64 // signed
	Reason    string
	Case      string
	Order     string
	ExpiresAt time.Time // of what is added; zero: never
}
