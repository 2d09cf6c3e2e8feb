package shipment

import (
	"context"
	"errors"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Carrier is a company, or an aggregator of many, that moves parcels and tells
// of them. Adapters live in connect.
//
// An adapter promises: Book with a key that was used before books nothing new;
// Find knows every key that Book ever accepted; Cancel of what is cancelled is
// no error; Track and Hear give scans in Vocabulary, as often and in whatever
// order they like. An error means "not known": the caller asks again later and
// must not conclude that nothing happened. ErrNotOffered and *Declined are
// answers, not errors of that kind.
type Carrier interface {
	// Name is the last part of the adapter's webhook address and what slots and
	// bookings call it.
	Name() string
	// Carries tells whether the adapter follows parcels of a carrier, as the
	// customer named it, or of Own.
	Carries(carrier, tracking string) bool
	// Slots lists when a parcel can be fetched from an address on a day.
	Slots(ctx context.Context, from Address, day time.Time) ([]Slot, error)
	// Book has a label made and, for PickUp, the parcel fetched; once per key.
	Book(ctx context.Context, b Booking) (Booked, error)
	// Find tells what became of a key. ErrAbsent: it was never heard of.
	Find(ctx context.Context, b Booking) (Booked, error)
	// Cancel undoes a booking.
	Cancel(ctx context.Context, b Booking) error
	// Track reports what is known of a parcel.
	Track(ctx context.Context, w Watch) (Report, error)
	// Intercept asks for a parcel to be stopped and brought back; once per key.
	Intercept(ctx context.Context, i Interception) (Wish, error)
	// Hear reads a webhook. It refuses one that is not the carrier's with
	// ErrForged, and one that it does not understand with ErrHook.
	Hear(h Hook) (Heard, error)
}

// Answers of adapters, and refusals of their webhooks.
var (
	ErrNotOffered = errors.New("the carrier does not offer this")
	ErrAbsent     = errors.New("the carrier has never heard of this")

	ErrForged  = fault.New(fault.Denied, "shipment.hook_forged", "The message is not signed by the carrier, or is too old.")
	ErrHook    = fault.New(fault.Invalid, "shipment.hook", "The carrier's message cannot be understood.")
	ErrCarrier = fault.New(fault.Missing, "shipment.carrier_unknown", "No such carrier is set up.")
)

// Declined is the carrier's no, for good.
type Declined struct{ Reason string }

func (d *Declined) Error() string { return "declined: " + d.Reason }

// Slow is an adapter's error that says when to ask again.
type Slow struct {
	Err   error
	Until time.Duration
}

func (s *Slow) Error() string { return s.Err.Error() }
func (s *Slow) Unwrap() error { return s.Err }

// Booked is what a carrier confirms.
type Booked struct {
	Reference string // the carrier's own, for cancelling
	Carrier   string // who comes, where the adapter stands for many
	Tracking  string // number on the carrier's label; empty: ours is used
	Slip      string // https address of the carrier's label
	Gone      bool   // it was cancelled at the carrier's
}

// Watch is a parcel to report on.
type Watch struct {
	Tenant   string
	Carrier  string
	Tracking string
	Phone    string // of sender or receiver: some carriers ask for it
	Mark     string // what Report.Mark said the last time; empty at first
}

// Report is what a carrier knows of a parcel.
type Report struct {
	Scans []Scan
	Mark  string        // given back the next time, such as an ETag or a subscription
	Again time.Duration // ask earliest after this time; 0: the usual
}

// Interception is a parcel to be stopped.
type Interception struct {
	Key      string
	Tenant   string
	Carrier  string
	Tracking string
}

// Hook is a webhook as it came in.
type Hook struct {
	Header map[string][]string
	Body   []byte
	At     time.Time
}

// Heard is what a webhook says.
type Heard struct {
	ID    string // of the delivery: the same one again changes nothing; empty: scans alone tell
	Scans []Told
	Reply []byte // body of the answer that the carrier expects; empty: none
}

// Told is a scan of the parcel with a number.
type Told struct {
	Tracking string
	Scan     Scan
}
