package shipment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Add gives a case another return parcel with a label of its own. It refuses
// with ErrAddress, and with ErrMany when the case has MostParcels.
func (s *Service) Add(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, to Address) (Parcel, error) {
	return s.label(ctx, tx, by, caseID, Return, to)
}

// Plan notes that a parcel will go to the customer once there is something to
// pack. It refuses as Prepare does.
func (s *Service) Plan(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, way Direction, to Address) (Parcel, error) {
	if way.Incoming() {
		return Parcel{}, ErrWay.With("direction", way)
	}
	if err := to.check(); err != nil {
		return Parcel{}, err
	}
	p := draft(tx, by, caseID, way, 0, to)
	p.State = Planned
	p, err := s.place(ctx, tx, p)
	if err != nil {
		return Parcel{}, err
	}
	return p, announce(ctx, tx, by, p, moved(p, Moved{To: Planned, At: tx.Now}))
}

// Prepare gives a case a parcel to the customer with our label, to be handed
// over with Send: the one that was planned, else a new one. It refuses with
// ErrWay for a parcel that does not go to the customer, ErrAddress and ErrMany.
func (s *Service) Prepare(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, way Direction, to Address) (Parcel, error) {
	if way.Incoming() {
		return Parcel{}, ErrWay.With("direction", way)
	}
	p, err := unsent(ctx, tx, by.Tenant, caseID, way)
	if errors.Is(err, ErrUnknown) || err == nil && p.State != Planned {
		return s.label(ctx, tx, by, caseID, way, to)
	}
	if err != nil {
		return Parcel{}, err
	}
	p.State = LabelIssued
	if p, err = prepare(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("label of parcel %s: %w", p.ID, err)
	}
	return p, announce(ctx, tx, by, p, issued(p))
}

func (s *Service) label(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, way Direction, to Address) (Parcel, error) {
	if err := to.check(); err != nil {
		return Parcel{}, err
	}
	p, err := s.place(ctx, tx, draft(tx, by, caseID, way, 0, to))
	if err != nil {
		return Parcel{}, err
	}
	return p, announce(ctx, tx, by, p, issued(p))
}

// place stores a parcel behind the others of its case and direction.
func (s *Service) place(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	for range MostParcels + 10 { // each time another was faster, there is one place less
		last, err := lastSeq(ctx, tx, p.Tenant, p.Case, p.Direction)
		if err != nil {
			return Parcel{}, fmt.Errorf("parcels of case %s: %w", p.Case, err)
		}
		if last >= MostParcels {
			return Parcel{}, ErrMany.With("most", MostParcels)
		}
		p.Seq = last + 1
		fresh, err := insert(ctx, tx, p)
		if err != nil {
			return Parcel{}, fmt.Errorf("another parcel of case %s: %w", p.Case, err)
		}
		if fresh {
			return p, nil
		}
		own := p.Tracking == p.Label
		if p.Label = number(); own {
			p.Tracking = p.Label
		}
	}
	return Parcel{}, fmt.Errorf("another parcel of case %s: no free number", p.Case)
}

// Send records that a parcel to the customer was given to a carrier: the one
// that was prepared, else a new one. Without carrier and tracking it travels
// with our label. The same carrier's number again changes nothing. It refuses
// with ErrWay, ErrAddress, ErrTracking, ErrTaken and ErrMany.
func (s *Service) Send(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, way Direction, to Address, carrier, tracking string) (Parcel, error) {
	if way.Incoming() {
		return Parcel{}, ErrWay.With("direction", way)
	}
	carrier, tracking = strings.TrimSpace(carrier), strings.TrimSpace(tracking)
	if p, again, err := s.known(ctx, tx, by.Tenant, caseID, way, tracking); err != nil || again {
		return p, err
	}
	p, err := unsent(ctx, tx, by.Tenant, caseID, way)
	if errors.Is(err, ErrUnknown) {
		p, err = s.label(ctx, tx, by, caseID, way, to)
	}
	if err != nil {
		return Parcel{}, err
	}
	if carrier != "" || tracking != "" {
		return s.reroute(ctx, tx, by, p, carrier, tracking)
	}
	return s.leave(ctx, tx, by, caseID, p.ID)
}

// known finds the parcel of a case that was told of before by its number.
func (s *Service) known(ctx context.Context, tx *db.Tx, tenant, caseID string, way Direction, tracking string) (Parcel, bool, error) {
	if tracking == "" {
		return Parcel{}, false, nil
	}
	number, err := normal(tracking)
	if err != nil {
		return Parcel{}, false, err
	}
	p, err := byTracking(ctx, tx, tenant, number)
	if errors.Is(err, ErrUnknown) {
		return Parcel{}, false, nil
	}
	return p, err == nil && p.Case == caseID && p.Direction == way && p.State.Sent(), err
}

// unnumbered is Follow for a parcel whose number nobody can tell: people find
// out what becomes of it, and record it under a number of ours. Asking twice
// gives the same.
func (s *Service) unnumbered(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, carrier string) (Parcel, error) {
	all, err := Of(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return Parcel{}, err
	}
	for _, p := range all {
		if p.Direction == Original {
			return p, nil
		}
	}
	p := draft(tx, by, caseID, Original, 0, Address{})
	p.Carrier, p.State = carrier, InTransit
	if p, err = s.place(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	return p, announce(ctx, tx, by, p, moved(p, Moved{To: InTransit, At: tx.Now}))
}

// Follow keeps an eye on the order's own parcel, as one that the customer will
// refuse at the door. It refuses with ErrTracking, ErrTaken and ErrMany.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, carrier, tracking string) (Parcel, error) {
	carrier = strings.TrimSpace(carrier)
	if !printable(carrier, 60) || carrier == "" {
		return Parcel{}, ErrTracking.At("carrier", "is missing, too long or not text", "a name of at most 60 characters")
	}
	if strings.TrimSpace(tracking) == "" {
		return Parcel{}, ErrTracking.At("tracking", "is empty", "the number of the parcel that was sent to the customer")
	}
	p, again, err := s.known(ctx, tx, by.Tenant, caseID, Original, tracking)
	if err != nil || again {
		return p, err
	}
	p = draft(tx, by, caseID, Original, 0, Address{})
	p.Carrier, p.State = carrier, InTransit
	if p.Tracking, err = normal(tracking); err != nil {
		return Parcel{}, err
	}
	if err := s.claim(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	if p, err = s.place(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	if err := s.watch(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	return p, announce(ctx, tx, by, p, moved(p, Moved{To: InTransit, At: tx.Now}))
}

// Lost gives up a parcel that was sent: the carrier says so, or has not been
// heard of for too long. A parcel that has arrived, or was never sent, stays as
// it is. It fails with ErrUnknown.
func (s *Service) Lost(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID, why string) (Parcel, error) {
	p, err := ofCase(ctx, tx, by.Tenant, caseID, parcelID)
	if err != nil || !p.State.Sent() || ranks[p.State] >= ranks[Lost] {
		return p, err
	}
	p, _, err = s.move(ctx, tx, by, caseID, p.ID, Moved{To: Lost, At: tx.Now, Why: why})
	return p, err
}

// Cancel gives up the parcels of a case that nobody has sent, because the case
// ended.
func (s *Service) Cancel(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) error {
	gone, err := drop(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return fmt.Errorf("cancel parcels of case %s: %w", caseID, err)
	}
	for _, p := range gone {
		if p.Method != "" {
			if _, err := s.undo(ctx, tx, by, p); err != nil && !errors.Is(err, ErrNoBooking) {
				return err
			}
		}
		if err := announce(ctx, tx, by, p, moved(p, Moved{To: Cancelled, At: tx.Now})); err != nil {
			return err
		}
	}
	return nil
}
