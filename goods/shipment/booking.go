package shipment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

var (
	ErrMethod    = fault.New(fault.Invalid, "shipment.method", "A parcel is not given away like this.")
	ErrSlot      = fault.New(fault.Invalid, "shipment.slot", "There is no such slot.")
	ErrSlotTaken = fault.New(fault.Conflict, "shipment.slot_taken", "The slot is taken. Choose another.")
	ErrPoint     = fault.New(fault.Missing, "shipment.point_unknown", "There is no such drop-off point.")
	ErrSent      = fault.New(fault.Conflict, "shipment.sent", "The parcel has been given away, or will not be sent.")
	ErrNoBooking = fault.New(fault.Missing, "shipment.not_booked", "Nothing is booked for this parcel.")
)

// BookingState is how far a booking is.
type BookingState string

const (
	BookRequested BookingState = "requested" // the carrier is being asked
	BookBooked    BookingState = "booked"
	BookDeclined  BookingState = "declined"   // by the carrier, for good
	BookUndoing   BookingState = "cancelling" // the carrier is being told
	BookUndone    BookingState = "cancelled"
	BookMissed    BookingState = "missed" // nobody came, or nobody gave the parcel away
	BookStuck     BookingState = "stuck"  // nobody knows: a person has to ask the carrier
)

// Booking is one agreement about how a parcel gets to the carrier. Its id is
// the key under which the carrier is asked.
type Booking struct {
	ID        string
	Tenant    string
	Parcel    string
	Case      string
	Direction Direction // of the parcel; filled for adapters
	Method    Method
	Carrier   string // adapter; empty: the shop's own
	Account   string // the shop's own at the carrier; empty: the installation's
	Place     string // slot or point
	From, To  time.Time
	Sender    Address
	Receiver  Address // of the parcel; filled for adapters
	State     BookingState
	Reference string
	Reason    string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Slot is a time in which a parcel is fetched, of the shop's own or of a
// carrier. For DropOff only Carrier and ID, the point, mean something.
type Slot struct {
	ID      string
	Carrier string // adapter; empty: the shop's own
	From    time.Time
	To      time.Time
	Left    int64 // parcels that it has room for
}

// Book settles how an unsent parcel of a case, the first return parcel where no
// id is given, gets to the carrier; what was booked before is undone. A pick-up
// without an address is where the last one was to be. The shop's own slots and points are booked at once; an adapter is asked by a job,
// once, and the parcel is PickupBooked when it agrees. It refuses with
// ErrUnknown, ErrMethod, ErrSent, ErrSlot, ErrSlotTaken, ErrPoint, ErrCarrier
// and ErrAddress.
func (s *Service) Book(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID string, method Method, slot Slot, from Address) (Parcel, error) {
	p, err := hold(ctx, tx, by.Tenant, caseID, parcelID)
	if err != nil {
		return Parcel{}, err
	}
	if p.State.Sent() || p.State == Cancelled {
		return Parcel{}, ErrSent.With("state", p.State)
	}
	b := Booking{
		ID: id.New("book"), Tenant: by.Tenant, Parcel: p.ID, Case: caseID, Method: method, Carrier: slot.Carrier, Place: slot.ID,
		From: slot.From, To: slot.To, Sender: from, State: BookBooked, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	if slot.Carrier != "" {
		b.State = BookRequested
	}
	if b.Method == PickUp && b.Sender.nowhere() {
		last, err := lastBooking(ctx, tx, by.Tenant, p.ID)
		if err != nil && !errors.Is(err, ErrNoBooking) {
			return Parcel{}, err
		}
		b.Sender = last.Sender
	}
	if err := s.admissible(ctx, tx, b); err != nil {
		return Parcel{}, err
	}
	if b.Carrier != "" {
		adapter, err := s.named(ctx, tx, b.Tenant, b.Carrier)
		if err != nil {
			return Parcel{}, err
		}
		b.Account = adapter.Account
	}
	if p, err = s.undo(ctx, tx, by, p); err != nil && !errors.Is(err, ErrNoBooking) {
		return Parcel{}, err
	}
	if b.Method == PickUp && b.Carrier == "" {
		if b.From, b.To, err = takeSlot(ctx, tx, b.Tenant, b.Place); err != nil {
			return Parcel{}, err
		}
	}
	if b.Method != SelfShip {
		if err := insertBooking(ctx, tx, b); err != nil {
			return Parcel{}, fmt.Errorf("booking for parcel %s: %w", p.ID, err)
		}
	}
	if b.State == BookRequested {
		if err := s.Queue.Enqueue(ctx, tx, job.New{Tenant: b.Tenant, Kind: bookKind, Key: b.ID, Args: bookArgs{b.ID}, MaxAttempts: bookAttempts}); err != nil {
			return Parcel{}, err
		}
	}
	p.Method = b.Method
	return s.agree(ctx, tx, by, p, b)
}

// agree brings an unsent parcel to where its booking puts it, and says so.
func (s *Service) agree(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, b Booking) (Parcel, error) {
	fetched := b.Method == PickUp && b.State == BookBooked && !p.State.Sent()
	if fetched {
		p.State = PickupBooked
	}
	p, err := prepare(ctx, tx, p)
	if err != nil {
		return Parcel{}, fmt.Errorf("booking of parcel %s: %w", b.Parcel, err)
	}
	if fetched && p.State == PickupBooked {
		return p, announce(ctx, tx, by, p, moved(p, Moved{To: PickupBooked, At: tx.Now}))
	}
	return p, announce(ctx, tx, by, p, agreed(b))
}

// admissible refuses a booking that nobody could keep.
func (s *Service) admissible(ctx context.Context, tx *db.Tx, b Booking) error {
	adapter := b.Carrier != ""
	if adapter && s.Queue == nil {
		return ErrCarrier.With("carrier", b.Carrier)
	}
	switch b.Method {
	case SelfShip:
		if adapter || b.Place != "" {
			return ErrMethod.At("method", "is without slot or carrier", "the customer chooses both")
		}
		return nil
	case DropOff:
		if adapter {
			return b.Sender.check()
		}
		if b.Place == "" {
			return nil // any point will do
		}
		return hasPoint(ctx, tx, b.Tenant, b.Place)
	case PickUp:
		if adapter && (b.From.Before(tx.Now) || !b.To.After(b.From) || b.To.Sub(b.From) > 24*time.Hour || b.From.After(tx.Now.AddDate(0, 0, 60))) {
			return ErrSlot.At("slot", "is not a time to come", "a slot of the list")
		}
		return b.Sender.check()
	}
	return ErrMethod.At("method", "is not a method", "drop_off, pick_up or self_ship")
}

// Unbook undoes what is booked for an unsent parcel; a carrier is told by a
// job. It refuses with ErrUnknown, ErrSent and ErrNoBooking.
func (s *Service) Unbook(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID string) (Parcel, error) {
	p, err := hold(ctx, tx, by.Tenant, caseID, parcelID)
	if err != nil {
		return Parcel{}, err
	}
	if p.State.Sent() {
		return Parcel{}, ErrSent.With("state", p.State)
	}
	return s.undo(ctx, tx, by, p)
}

// undo ends the living booking of a parcel and takes back what it changed.
func (s *Service) undo(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel) (Parcel, error) {
	b, err := liveBooking(ctx, tx, p.Tenant, p.ID)
	if err != nil {
		return p, err
	}
	if b, err = s.end(ctx, tx, b); err != nil {
		return Parcel{}, err
	}
	if p, err = unroute(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("parcel %s: %w", p.ID, err)
	}
	return p, announce(ctx, tx, by, p, agreed(b))
}

// BookingOf returns the newest booking of a parcel, or ErrNoBooking.
func BookingOf(ctx context.Context, tx *db.Tx, tenant, parcelID string) (Booking, error) {
	return lastBooking(ctx, tx, tenant, parcelID)
}

func agreed(b Booking) Agreed {
	return Agreed{Case: b.Case, Booking: b.ID, Method: b.Method, Carrier: b.Carrier, From: b.From, To: b.To, State: b.State, Why: b.Reason}
}
