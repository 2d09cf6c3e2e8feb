// Package session keeps who is signed in: one row per browser, found by a
// random token of which only the digest is stored.
//
// It owns sessions, their ends, and the cookies that carry them. It does not
// know passwords or codes (packages account and proof), nor what the person may
// do: role and state are read anew for each request. An ended or expired
// session is nothing from that instant on.
package session

import (
	"net/netip"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
)

// ErrUnknown answers for a session that does not exist, has ended, or belongs
// to somebody else.
var ErrUnknown = fault.New(fault.Missing, "session.unknown", "There is no such session.")

// ErrStepUp answers for what needs the password once more.
var ErrStepUp = fault.New(fault.Denied, "session.step_up_required", "Confirm with your password or second factor first (POST /v1/session/step-up), then do it again.")

// How long sessions live: until nothing was asked for Idle, and for Life at
// most. Staff share desks and see everybody's data, so a working day without a
// request ends theirs. Customers see only their own orders and come back over a
// week to see how a return goes; proving themselves each time would not protect
// anything more.
const (
	StaffIdle    = 12 * time.Hour
	StaffLife    = 7 * 24 * time.Hour
	CustomerIdle = 24 * time.Hour
	CustomerLife = 7 * 24 * time.Hour
	// FrameLife is that of a customer's session inside a page of the shop: the
	// shop signs its customer in again without a question, or he looks up anew.
	FrameLife = 24 * time.Hour
)

// Confirmed is how long a password that was given once more counts. Signing in
// is none: who signs in does not mean to do something in particular.
const Confirmed = 5 * time.Minute

// Precision is how exactly the last request of a session is known. Idle ends
// are as exact.
const Precision = time.Minute

// Session is one browser that is signed in.
type Session struct {
	ID         string
	Tenant     string
	Kind       actor.Kind // actor.Staff or actor.Customer
	Subject    string     // staff or customer id
	Order      string     // the order a customer came for; empty for staff
	IP         string     // where it was started
	Agent      string     // the browser's own description, shortened
	CreatedAt  time.Time
	LastSeenAt time.Time // within Precision
	Idle       time.Duration
	ExpiresAt  time.Time
	Framed     bool // begun inside a page of another site
	// Factors is what the person has shown, in order: "password", "password
	// totp", "passkey". Empty for customers, and for staff of earlier versions.
	Factors string
	// ConfirmedAt is when the password or a second factor was given once more; zero: never.
	ConfirmedAt time.Time
}

// Fresh reports whether the password was given once more within Confirmed.
func (s Session) Fresh(now time.Time) bool {
	return !s.ConfirmedAt.IsZero() && now.Before(s.ConfirmedAt.Add(Confirmed))
}

// Strong reports whether more than a password was shown.
func (s Session) Strong() bool { return s.Factors != "" && s.Factors != Password }

// Over reports whether the session has expired at an instant.
func (s Session) Over(now time.Time) bool {
	return !now.Before(s.ExpiresAt) || !now.Before(s.LastSeenAt.Add(s.Idle))
}

// Faint reports whether the last request is to be noted again.
func (s Session) Faint(now time.Time) bool { return now.Sub(s.LastSeenAt) >= Precision }

// New is what a session is started from.
type New struct {
	Order   string
	Factors string // what was shown, separated by spaces
	IP      string
	Agent   string
	Framed  bool // of a customer, inside a page of another site
}

// Password is what most sessions of staff are started with.
const Password = "password"

const agentLength = 200

// short cuts a text to n characters.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}

// Network is what of an IP address is counted against guessing: one line of a
// provider has a whole IPv6 /64, so that counts as one.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
