package shipment

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// ErrEarly refuses what can only be said once the time of a pick-up has begun.
var ErrEarly = fault.New(fault.Conflict, "shipment.early", "The time of the pick-up has not begun.")

// Missed records that a pick-up came to nothing: the parcel waits with its
// label, and the customer books again. It refuses with ErrUnknown, ErrSent,
// ErrNoBooking and ErrEarly.
func (s *Service) Missed(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID, why string) (Parcel, error) {
	p, err := hold(ctx, tx, by.Tenant, caseID, parcelID)
	if err != nil {
		return Parcel{}, err
	}
	if p.State.Sent() {
		return Parcel{}, ErrSent.With("state", p.State)
	}
	b, err := liveBooking(ctx, tx, p.Tenant, p.ID)
	if err == nil && (b.Method != PickUp || b.State != BookBooked) {
		err = ErrNoBooking
	}
	if err != nil {
		return Parcel{}, err
	}
	if tx.Now.Before(b.From) {
		return Parcel{}, ErrEarly.With("from", b.From)
	}
	b.State, b.Reason = BookMissed, why
	if b, err = updateBooking(ctx, tx, b); err != nil {
		return Parcel{}, fmt.Errorf("booking %s: %w", b.ID, err)
	}
	if p, err = unroute(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("parcel %s: %w", p.ID, err)
	}
	return p, announce(ctx, tx, by, p, agreed(b))
}

// released ends the pick-up of a parcel that went off before its time: nobody
// has to come, and the slot has room for another.
func (s *Service) released(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel) (Parcel, error) {
	if p.Method != PickUp {
		return p, nil
	}
	b, err := liveBooking(ctx, tx, p.Tenant, p.ID)
	if errors.Is(err, ErrNoBooking) || err == nil && !tx.Now.Before(b.From) {
		return p, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	if b, err = s.end(ctx, tx, b); err != nil {
		return Parcel{}, err
	}
	if p, err = unfetched(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("parcel %s: %w", p.ID, err)
	}
	return p, announce(ctx, tx, by, p, agreed(b))
}

// end saves that a living booking does not hold any more: the carrier is told by
// a job, a slot of the shop has its place back.
func (s *Service) end(ctx context.Context, tx *db.Tx, b Booking) (Booking, error) {
	before := b.State
	b.State = BookUndone
	if b.Carrier != "" {
		b.State = BookUndoing
		run := tx.Now
		if before == BookRequested {
			run = run.Add(settleDown) // the carrier may be answering at this moment
		}
		err := s.Queue.Enqueue(ctx, tx, job.New{Tenant: b.Tenant, Kind: unbookKind, Key: b.ID, Args: bookArgs{b.ID}, RunAt: run, MaxAttempts: bookAttempts})
		if err != nil {
			return Booking{}, err
		}
	} else if b.Method == PickUp {
		if err := freeSlot(ctx, tx, b.Tenant, b.Place); err != nil {
			return Booking{}, fmt.Errorf("slot %s: %w", b.Place, err)
		}
	}
	ended, err := updateBooking(ctx, tx, b)
	if err != nil {
		return Booking{}, fmt.Errorf("booking %s: %w", b.ID, err)
	}
	return ended, nil
}
