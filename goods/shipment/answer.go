package shipment

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
)

// confirmed writes down what the carrier agreed to. Where the customer has
// changed his mind meanwhile, only how to undo it.
func (s *Service) confirmed(ctx context.Context, tx *db.Tx, seen Booking, got Booked) error {
	b, err := bookingByID(ctx, tx, seen.Tenant, seen.ID)
	if err != nil {
		return err
	}
	if b.State == BookRequested {
		b.State = BookBooked
	}
	b.Reference = got.Reference
	if b, err = updateBooking(ctx, tx, b); err != nil || b.State != BookBooked {
		return err
	}
	p, err := byID(ctx, tx, b.Tenant, b.Parcel)
	if err != nil {
		return err
	}
	p.Method = b.Method
	if got.Tracking != "" && !p.State.Sent() {
		if p, err = s.slipped(ctx, tx, p, b, got); err != nil {
			return err
		}
	}
	_, err = s.agree(ctx, tx, s.hand(b.Tenant, b.Carrier), p, b)
	return err
}

// slipped makes the parcel travel with the carrier's label. A number that
// belongs to another parcel is left alone: ours stays on this one.
func (s *Service) slipped(ctx context.Context, tx *db.Tx, p Parcel, b Booking, got Booked) (Parcel, error) {
	next := p
	next.Slip, next.Carrier = got.Slip, got.Carrier
	if next.Carrier == "" {
		next.Carrier = b.Carrier
	}
	var err error
	if next.Tracking, err = normal(got.Tracking); err == nil {
		err = s.claim(ctx, tx, next)
	}
	if errors.Is(err, ErrTaken) || errors.Is(err, ErrTracking) {
		if s.Log != nil {
			s.Log.WarnContext(ctx, "carrier's number cannot be used", "parcel", p.ID, "booking", b.ID, "err", err)
		}
		return p, nil
	}
	if err != nil {
		return Parcel{}, err
	}
	return next, s.watch(ctx, tx, next)
}

// declined ends a booking that the carrier does not want.
func (s *Service) declined(ctx context.Context, j job.Job, seen Booking, why string) error {
	return s.ends(ctx, j, func(tx *db.Tx) error {
		b, err := bookingByID(ctx, tx, seen.Tenant, seen.ID)
		if err != nil {
			return err
		}
		b.Reason = why
		if b.State = BookDeclined; seen.State != BookRequested {
			b.State = BookUndone
		}
		return s.closed(ctx, tx, b)
	})
}

func (s *Service) undone(ctx context.Context, tx *db.Tx, b Booking) error {
	b.State = BookUndone
	return s.closed(ctx, tx, b)
}

// stuck hands a booking to a person: what the carrier thinks of it is not known.
func (s *Service) stuck(ctx context.Context, tx *db.Tx, b Booking, why error) error {
	b.State, b.Reason = BookStuck, why.Error()
	return s.closed(ctx, tx, b)
}

func (s *Service) closed(ctx context.Context, tx *db.Tx, b Booking) error {
	if r := []rune(b.Reason); len(r) > 500 {
		b.Reason = string(r[:500])
	}
	b, err := updateBooking(ctx, tx, b)
	if err != nil {
		return fmt.Errorf("booking %s: %w", b.ID, err)
	}
	p, err := byID(ctx, tx, b.Tenant, b.Parcel)
	if err != nil {
		return err
	}
	if p, err = touch(ctx, tx, p); err != nil {
		return err
	}
	return announce(ctx, tx, s.hand(b.Tenant, b.Carrier), p, agreed(b))
}
