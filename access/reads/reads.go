// Package reads keeps who read or exported personal data, and seals it.
//
// It owns the log of reads: what counts as one, noting it without making the
// reader wait, and showing it to the privacy officer and to the customer it is
// about. It does not own what was read, nor the sealed log: a batch of reads is
// announced with a keyed commitment to each, and never with personal data, so
// that a read that is changed or removed later is found.
package reads

import (
	"time"

	"github.com/aftercare/aftercare/base/actor"
)

// What can be read.
const (
	Case     = "case"
	Customer = "customer"
	Order    = "order"
	Address  = "address"
	Label    = "label"
	Wallet   = "wallet"
	Files    = "files"
	Search   = "search" // a list of people, or names that were looked for; Subject is which list
	Export   = "export"
	Evidence = "evidence"
	Lost     = "lost" // reads that could not be noted; Subject is how many
)

// Kinds lists all of them.
var Kinds = []string{Case, Customer, Order, Address, Label, Wallet, Files, Search, Export, Evidence, Lost}

// Read is one look at personal data. The same by the same person within a
// minute is one; pages of a list are one with what they told of together, as
// long as they are asked for within a second.
type Read struct {
	Tenant   string
	ID       string
	At       time.Time
	Kind     actor.Kind // of who read
	Actor    string
	Name     string // never a customer's
	What     string
	Subject  string // id of the thing; of an export or a list which one
	Customer string // whom it is about, where that is one person
	About    string // kind of what a list or an export tells of, such as "order"
	Told     int64  // how many of them; of one thing opened 0
	Batch    string
}

// Filter chooses reads.
type Filter struct {
	Actor, What, Subject, Customer string
	From, To                       time.Time
	Before                         string // id; empty: the newest first
	Limit                          int
}
