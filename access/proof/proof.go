// Package proof lets a customer prove that an order is his: by a code sent to
// the e-mail address or phone of the order, or by a signed link.
//
// It owns challenges, codes, links and how often somebody may ask. It does not
// own orders or customers (it asks Book), messages (it calls Deliver), or
// sessions (package session). Whether an order exists, and whose it is, cannot
// be learnt by asking: every question gets the same answer and a challenge that
// takes the same tries.
package proof

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrContact = fault.New(fault.Invalid, "proof.contact", "Enter the order number, and the e-mail address or phone number of the order.")
	ErrLimited = fault.New(fault.Limited, "proof.too_many", "Too many codes were asked for. Wait before you ask again.")
	ErrCode    = fault.New(fault.Unauthenticated, "proof.wrong_code", "The code is wrong.")
	ErrOver    = fault.New(fault.Unauthenticated, "proof.over", "This code can no longer be used. Ask for a new one.")
	ErrLink    = fault.New(fault.Unauthenticated, "proof.link", "This link is not valid.")
	ErrFrame   = fault.New(fault.Denied, "proof.no_frame", "The shop does not show its portal inside other sites.")
	ErrLinkOld = fault.New(fault.Unauthenticated, "proof.link_expired", "This link has expired. A new one can be sent to you.")
)

const (
	// Life is how long a code can be used.
	Life = 10 * time.Minute
	// Tries is how many codes may be tried for a challenge.
	Tries = 5
	// Window is what the limits of asking count in.
	Window = time.Hour
)

// Channel is the way a code travels.
type Channel string

const (
	Email Channel = "email"
	SMS   Channel = "sms"
)

// Holder is the customer of an order, as package sales knows him.
type Holder struct {
	Customer string // id
	Order    string // id; empty where no order was asked for
	Ref      string // what the shop calls him; empty where it did not say
	Name     string
	Email    string
	Phone    string
	Language string
}

// Contact is where a code is sent.
type Contact struct {
	Tenant   string
	Customer string
	Channel  Channel
	Address  string // e-mail address or phone number, as the order has it
	Expires  time.Time
}

// Challenge is the answer to a question, whether or not the order exists.
type Challenge struct {
	ID        string
	Channel   Channel
	SentTo    string // what was typed, mostly hidden
	ExpiresAt time.Time
	DemoCode  string // only in a demonstration
}

// challenge is one as it is stored. Customer is empty when nothing matched.
type challenge struct {
	Tenant, ID      string
	Customer, Order string
	Channel         Channel
	Contact         []byte // HMAC of the normal form: whom to count and to send to
	Language        string
	Attempts        int
	UsedAt          time.Time
	CreatedAt       time.Time
	ExpiresAt       time.Time
}
