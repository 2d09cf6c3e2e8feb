// Package notice tells customers by e-mail what happened to their case, sends
// them their sign-in codes, and writes to staff.
//
// It owns which event makes which message, its words, and the record that it
// was sent. It does not own transport (platform/mail) or cases. Each message
// is decided with the event that causes it and sent at least once under a key,
// so that a mail server recognises a repeat.
package notice

import "time"

// Templates by the event that causes them. A request that the rules approve at
// once makes one message, not two.
var templates = map[string]string{
	"case.review_needed":     "review",
	"case.asked":             "asked",
	"case.approved":          "approved",
	"case.rejected":          "rejected",
	"case.delivered":         "delivered",
	"case.completed":         "completed",
	"case.expired":           "expired",
	"case.escalated":         "late",
	"case.withdrawn":         "withdrawn",
	"case.graded":            "rejected", // only where nothing could be accepted
	"case.offered":           "offered",  // only those of the shop
	"case.ship":              "shipped",
	"case.sent_back":         "sent_back",
	"case.back_order":        "back_order",
	"case.convert":           "converted", // unless the customer did it
	"case.lose":              "lost",
	"case.miss":              "missed",
	"parcel.booking_missed":  "pickup_missed",
	"case.reopened":          "reopened",
	"case.closed_for_seller": "closed",
	"case.money_returned":    "money_returned",
	"charge.demanded":        "charge",
	"message.written":        talk, // only those of the shop, and what the customer has not read after a while
}

// talk is the template that tells of what staff wrote to the customer.
const talk = "message"

// State of a message.
type State string

const (
	Waiting State = "waiting" // to be sent
	Sent    State = "sent"    // taken by the mail server
	Failed  State = "failed"  // refused for good
	Idle    State = "idle"    // not sent: the customer had read it by then
)

// Message is one e-mail to a customer about a case. It keeps no address: that
// is read when the message is sent.
type Message struct {
	ID       string
	Tenant   string
	Case     string
	Event    string // id of the event that caused it
	Template string
	State    State
	Error    string
	At       time.Time
}
