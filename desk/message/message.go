// Package message is the conversation between a customer and the shop about a
// case: what each side wrote, and how far the other has read it.
//
// It owns the messages of a case, how far each side has read, and whether the
// customer waits for an answer. It does not own cases or who may see one
// (care/cases), files (care/evidence), e-mails (desk/notice) or ready-made
// texts (desk/reply). No text is kept beside the log: a message is the event
// that announces it, so it is sealed with the case and erased with its customer.
package message

import (
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrText   = fault.New(fault.Invalid, "message.text", "A message has 1 to 4000 characters, or a file.")
	ErrNobody = fault.New(fault.Conflict, "message.nobody", "This case has no customer who could read a message.")
	ErrFast   = fault.New(fault.Limited, "message.too_fast", "Too many messages in a short time. Try again later.")
	ErrFull   = fault.New(fault.Limited, "message.full", "The conversation is as long as it can be.")
	ErrPlace  = fault.New(fault.Invalid, "message.place", "The conversation does not go that far.")
)

// Side is one of the two that talk.
type Side string

const (
	Customer Side = "customer"
	Shop     Side = "shop"
)

func (s Side) other() Side {
	if s == Customer {
		return Shop
	}
	return Customer
}

// Limits of a conversation.
const (
	MaxText  = 4000 // characters
	MaxFiles = 10
	mostAll  = 500 // messages of a case
	within   = time.Hour
)

// fastest is how many messages a side may write within an hour.
var fastest = map[Side]int{Customer: 30, Shop: 120}

// Message is what one side wrote.
type Message struct {
	ID       string // of its event
	Seq      int64  // its place in the conversation, from 1
	Side     Side
	Name     string // of the member of staff; empty: the customer, or a program
	Mine     bool   // written by who reads it
	At       time.Time
	Language string
	Text     string
	Files    []string
}

// New is what somebody writes.
type New struct {
	Text     string
	Files    []string
	Language string
	Seen     int64  // how much of the conversation was on the screen
	Reply    string // the ready-made text it began as; empty: none
}

// Thread is how far a conversation is.
type Thread struct {
	Tenant   string
	Case     string
	Version  int64 // counts every change
	Last     int64 // place of the newest message
	Read     map[Side]int64
	ReadAt   map[Side]time.Time
	Answered int64 // up to here nobody waits for an answer
	Mailed   int64 // up to here an e-mail told the customer
}
