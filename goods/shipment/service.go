package shipment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service has the verbs on parcels.
type Service struct {
	// CaseOf tells number and state of a case, and refuses those the actor may
	// not see. It is the case capability's; without it no parcel is listed.
	CaseOf func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (number, state string, err error)
}

// Issue gives a case its parcel with a fresh label number. A case that has one
// keeps it, whatever address is given now.
func (s *Service) Issue(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, to Address) (Parcel, error) {
	if err := to.check(); err != nil {
		return Parcel{}, err
	}
	for range 10 { // a number is taken once in a lifetime; ten in a row is a fault of the random source
		p := Parcel{
			ID: id.New("par"), Tenant: by.Tenant, Case: caseID, Label: number(), Carrier: Own, State: LabelIssued,
			To: to, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
		}
		p.Tracking = p.Label
		fresh, err := insert(ctx, tx, p)
		if err != nil {
			return Parcel{}, fmt.Errorf("issue label of case %s: %w", caseID, err)
		}
		if fresh {
			return p, announce(ctx, tx, by, p, Issued{Case: caseID, Tracking: p.Tracking})
		}
		if p, err = ByCase(ctx, tx, by.Tenant, caseID); !errors.Is(err, ErrUnknown) {
			return p, err
		}
	}
	return Parcel{}, fmt.Errorf("issue label of case %s: no free number", caseID)
}

// HandOver records that the customer has given the parcel away. Both carrier
// and tracking are empty where it travels with our label; a tracking number of
// another carrier then finds the parcel as well. It fails with ErrArrived when
// the parcel has been delivered, ErrTracking, and ErrTaken.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, carrier, tracking string) (Parcel, error) {
	carrier, tracking = strings.TrimSpace(carrier), strings.TrimSpace(tracking)
	if carrier != "" || tracking != "" {
		return s.reroute(ctx, tx, by, caseID, carrier, tracking)
	}
	p, _, err := s.move(ctx, tx, by, caseID, Moved{To: HandedOver, At: tx.Now})
	return p, err
}

// reroute writes down carrier and number, one of which may be unknown. Of a
// parcel that was handed over before it corrects them.
func (s *Service) reroute(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, carrier, tracking string) (Parcel, error) {
	if !printable(carrier, 60) {
		return Parcel{}, ErrTracking.At("carrier", "is too long or not text", "a name of at most 60 characters")
	}
	before, err := byCase(ctx, tx, by.Tenant, caseID)
	if err != nil {
		return Parcel{}, err
	}
	if ranks[before.State] >= ranks[Delivered] {
		return Parcel{}, ErrArrived.With("state", before.State)
	}
	p := before
	if carrier != "" {
		p.Carrier = carrier
	}
	if tracking != "" {
		if p.Tracking, err = normal(tracking); err != nil {
			return Parcel{}, err
		}
	}
	if err := s.claim(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	if p.State == LabelIssued {
		p.State = HandedOver
	}
	if p.State == before.State && p.Carrier == before.Carrier && p.Tracking == before.Tracking {
		return p, nil
	}
	if p, err = route(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("carrier of case %s: %w", caseID, err)
	}
	if before.State != LabelIssued {
		return p, announce(ctx, tx, by, p, Rerouted{Case: p.Case, Carrier: p.Carrier, Tracking: p.Tracking})
	}
	return p, announce(ctx, tx, by, p, Moved{Case: p.Case, Carrier: p.Carrier, Tracking: p.Tracking, To: HandedOver, At: tx.Now})
}

// claim makes a number other than our label's find the parcel.
func (s *Service) claim(ctx context.Context, tx *db.Tx, p Parcel) error {
	if p.Tracking == p.Label {
		return nil
	}
	free := !Valid(p.Tracking) // otherwise it is on somebody else's label
	if free {
		var err error
		if free, err = claim(ctx, tx, p); err != nil {
			return fmt.Errorf("tracking number of case %s: %w", p.Case, err)
		}
	}
	if !free {
		return ErrTaken.With("tracking", p.Tracking)
	}
	return nil
}

// Received records that the warehouse has the parcel, scanned before or not.
// Recording it twice changes nothing.
func (s *Service) Received(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (Parcel, error) {
	p, _, err := s.move(ctx, tx, by, caseID, Moved{To: Received, At: tx.Now})
	return p, err
}

// move brings the parcel of a case forward and announces it; a parcel that is
// as far already stays as it is.
func (s *Service) move(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, m Moved) (Parcel, bool, error) {
	p, err := forward(ctx, tx, by.Tenant, caseID, m.To)
	if errors.Is(err, ErrUnknown) {
		p, err = byCase(ctx, tx, by.Tenant, caseID)
		return p, false, err
	}
	if err != nil {
		return Parcel{}, false, fmt.Errorf("parcel of case %s: %w", caseID, err)
	}
	m.Case, m.Carrier, m.Tracking = p.Case, p.Carrier, p.Tracking
	return p, true, announce(ctx, tx, by, p, m)
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "parcel", Subject: p.ID, Version: p.Version}, fact)
}

// ByCase returns the parcel of a case with its scans, or ErrUnknown.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Parcel, error) {
	p, err := byCase(ctx, tx, tenant, caseID)
	if err != nil {
		return Parcel{}, err
	}
	p.Scans, err = scans(ctx, tx, tenant, p.ID)
	return p, err
}

// ByTracking finds a parcel by the number of our label or the carrier's, as
// people type it, or gives ErrUnknown.
func ByTracking(ctx context.Context, tx *db.Tx, tenant, tracking string) (Parcel, error) {
	tracking, err := normal(tracking)
	if err != nil {
		return Parcel{}, ErrUnknown
	}
	p, err := byTracking(ctx, tx, tenant, tracking)
	if err != nil {
		return Parcel{}, err
	}
	p.Scans, err = scans(ctx, tx, tenant, p.ID)
	return p, err
}
