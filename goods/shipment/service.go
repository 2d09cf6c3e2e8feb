package shipment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

// Service has the verbs on parcels.
type Service struct {
	// CaseOf tells number and state of a case, and refuses those the actor may
	// not see. It is the case capability's; without it no parcel is listed.
	CaseOf func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (number, state string, err error)
	// Scanned takes what adapters report, so that the case moves with its parcel.
	// It is the case capability's and calls Scan; without it only parcels move.
	Scanned func(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc Scan) error

	// Another adds a return parcel so that the case knows of it; nil: Add does.
	Another func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (Parcel, error)
	// Destination is where parcels of a case to its customer go; an empty address
	// where nobody told. nil: who prepares a parcel has to tell.
	Destination func(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (Address, error)
	// LabelOf describes the label of a parcel whose case the actor may see.
	LabelOf func(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, lang string) (Label, error)

	Store    *db.DB       // for jobs and for routes that ask adapters
	Queue    *job.Queue   // nil: no adapter is asked for anything
	Log      *slog.Logger // nil: nothing is logged
	Carriers []Carrier    // the installation's adapters, in the order in which they are asked who carries a parcel

	// Own are the adapters of a shop's own accounts that are on; each stands in
	// for the installation's of its name. Without it there are none.
	Own func(ctx context.Context, tx *db.Tx, tenant string) ([]Owned, error)
	// Kept opens an account of a shop for what began with it; nil: it is gone.
	Kept func(ctx context.Context, tx *db.Tx, tenant, account string) (Carrier, error)
}

// Issue gives a case its first return parcel with a fresh label number. A case
// that has one keeps it, whatever address is given now; one that was given up
// counts again. It refuses with ErrAddress.
func (s *Service) Issue(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, to Address) (Parcel, error) {
	if err := to.check(); err != nil {
		return Parcel{}, err
	}
	for range 10 { // a number is taken once in a lifetime; ten in a row is a fault of the random source
		p := draft(tx, by, caseID, Return, 1, to)
		fresh, err := insert(ctx, tx, p)
		if err != nil {
			return Parcel{}, fmt.Errorf("issue label of case %s: %w", caseID, err)
		}
		if fresh {
			return p, announce(ctx, tx, by, p, issued(p))
		}
		p, err = ByCase(ctx, tx, by.Tenant, caseID)
		if err == nil && p.State == Cancelled { // the case was taken up again
			if p, err = revive(ctx, tx, p); err == nil {
				err = announce(ctx, tx, by, p, issued(p))
			}
		}
		if !errors.Is(err, ErrUnknown) {
			return p, err
		}
	}
	return Parcel{}, fmt.Errorf("issue label of case %s: no free number", caseID)
}

// draft is a parcel that travels with our label.
func draft(tx *db.Tx, by actor.Actor, caseID string, way Direction, seq int64, to Address) Parcel {
	p := Parcel{
		ID: id.New("par"), Tenant: by.Tenant, Case: caseID, Direction: way, Seq: seq, Label: number(), Carrier: Own, State: LabelIssued,
		To: to, Version: 1, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	p.Tracking = p.Label
	return p
}

func issued(p Parcel) Issued {
	return Issued{Case: p.Case, Direction: p.Direction, Tracking: p.Tracking}
}

// HandOver records that the customer has given a return parcel away; the first
// where no id is given. Both carrier and tracking are empty where it travels
// with our label; a tracking number of another carrier then finds the parcel as
// well. It fails with ErrUnknown, ErrArrived when the parcel has been
// delivered, ErrTracking, and ErrTaken.
func (s *Service) HandOver(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID, carrier, tracking string) (Parcel, error) {
	carrier, tracking = strings.TrimSpace(carrier), strings.TrimSpace(tracking)
	if carrier != "" || tracking != "" || parcelID != "" {
		p, err := ofCase(ctx, tx, by.Tenant, caseID, parcelID)
		if err == nil && p.Direction != Return {
			err = ErrUnknown
		}
		if err != nil {
			return Parcel{}, err
		}
		if carrier != "" || tracking != "" {
			return s.reroute(ctx, tx, by, p, carrier, tracking)
		}
	}
	return s.leave(ctx, tx, by, caseID, parcelID)
}

// leave records that a parcel went off with the number it has.
func (s *Service) leave(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID string) (Parcel, error) {
	p, changed, err := s.move(ctx, tx, by, caseID, parcelID, Moved{To: HandedOver, At: tx.Now})
	if err != nil || !changed {
		return p, err
	}
	if p, err = s.released(ctx, tx, by, p); err != nil {
		return Parcel{}, err
	}
	return p, s.watch(ctx, tx, p)
}

// reroute writes down carrier and number, one of which may be unknown. Of a
// parcel that was handed over before it corrects them.
func (s *Service) reroute(ctx context.Context, tx *db.Tx, by actor.Actor, before Parcel, carrier, tracking string) (_ Parcel, err error) {
	if !printable(carrier, 60) {
		return Parcel{}, ErrTracking.At("carrier", "is too long or not text", "a name of at most 60 characters")
	}
	if before.State.Final() {
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
	if !p.State.Sent() {
		p.State = HandedOver
	}
	if p.State == before.State && p.Carrier == before.Carrier && p.Tracking == before.Tracking {
		return p, nil
	}
	if p, err = route(ctx, tx, p); err != nil {
		return Parcel{}, fmt.Errorf("carrier of case %s: %w", p.Case, err)
	}
	if err := s.watch(ctx, tx, p); err != nil {
		return Parcel{}, err
	}
	if before.State.Sent() {
		return p, announce(ctx, tx, by, p, Rerouted{Case: p.Case, Carrier: p.Carrier, Tracking: p.Tracking})
	}
	if err := announce(ctx, tx, by, p, moved(p, Moved{To: HandedOver, At: tx.Now})); err != nil {
		return Parcel{}, err
	}
	return s.released(ctx, tx, by, p)
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

// Received records that the warehouse has a parcel, scanned before or not.
// Without an id it is every parcel of the case that is on its way to the shop,
// or the first return parcel where none was known to be. Recording it twice
// changes nothing; the parcels that changed are returned.
func (s *Service) Received(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID string) ([]Parcel, error) {
	if parcelID == "" {
		came, err := arrive(ctx, tx, by.Tenant, caseID)
		if err != nil {
			return nil, fmt.Errorf("arrival of case %s: %w", caseID, err)
		}
		for _, p := range came {
			if err := announce(ctx, tx, by, p, moved(p, Moved{To: Received, At: tx.Now})); err != nil {
				return nil, err
			}
		}
		if len(came) > 0 {
			return came, nil
		}
	}
	p, changed, err := s.move(ctx, tx, by, caseID, parcelID, Moved{To: Received, At: tx.Now})
	if err != nil || !changed {
		return nil, err
	}
	return []Parcel{p}, nil
}

// move brings a parcel of a case forward and announces it; a parcel that is as
// far already stays as it is.
func (s *Service) move(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, parcelID string, m Moved) (Parcel, bool, error) {
	p, err := forward(ctx, tx, by.Tenant, caseID, parcelID, m.To)
	if errors.Is(err, ErrUnknown) {
		p, err = ofCase(ctx, tx, by.Tenant, caseID, parcelID)
		return p, false, err
	}
	if err != nil {
		return Parcel{}, false, fmt.Errorf("parcel of case %s: %w", caseID, err)
	}
	return p, true, announce(ctx, tx, by, p, moved(p, m))
}

func moved(p Parcel, m Moved) Moved {
	m.Case, m.Direction, m.Carrier, m.Tracking = p.Case, p.Direction, p.Carrier, p.Tracking
	return m
}

func announce(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, fact event.Fact) error {
	return event.Append(ctx, tx, by, event.About{Stream: "parcel", Subject: p.ID, Version: p.Version}, fact)
}

// ByCase returns the first return parcel of a case with its scans, or
// ErrUnknown.
func ByCase(ctx context.Context, tx *db.Tx, tenant, caseID string) (Parcel, error) {
	p, err := ofCase(ctx, tx, tenant, caseID, "")
	if err != nil {
		return Parcel{}, err
	}
	p.Scans, err = scans(ctx, tx, tenant, p.ID)
	return p, err
}

// CasesOf tells which case each of these parcels belongs to, by its id; what is
// gone is left out.
func CasesOf(ctx context.Context, tx *db.Tx, tenant string, parcelIDs []string) (map[string]string, error) {
	return casesOf(ctx, tx, tenant, parcelIDs)
}

// Of returns all parcels of a case with their scans, oldest first.
func Of(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Parcel, error) {
	found, err := all(ctx, tx, tenant, caseID)
	if err != nil {
		return nil, fmt.Errorf("parcels of case %s: %w", caseID, err)
	}
	for i, p := range found {
		if found[i].Scans, err = scans(ctx, tx, tenant, p.ID); err != nil {
			return nil, fmt.Errorf("scans of parcel %s: %w", p.ID, err)
		}
	}
	return found, nil
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
