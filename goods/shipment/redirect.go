package shipment

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"golang.org/x/text/language"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Deliverable is an address as it is stored and printed. It refuses one that no
// carrier could deliver to with ErrAddress.
func Deliverable(a Address) (Address, error) {
	a = trimmed(a)
	if a.ISO != "" {
		if region, err := language.ParseRegion(a.ISO); err != nil || region.String() != a.ISO || !region.IsCountry() {
			return a, ErrAddress.At("iso", "is not a country", "an ISO 3166-1 alpha-2 code such as CN")
		}
	}
	return a, a.check()
}

// Redirect sends an unsent parcel of a case elsewhere: its label is printed anew,
// and what was booked for the old address is undone. A case without such a
// parcel needs nothing. It refuses with ErrWay.
func (s *Service) Redirect(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string, way Direction, to Address) error {
	if way.Incoming() {
		return ErrWay.With("direction", way)
	}
	p, err := unsent(ctx, tx, by.Tenant, caseID, way)
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("parcel of case %s: %w", caseID, err)
	}
	if reflect.DeepEqual(p.To, to) {
		return nil
	}
	if p.Method != "" {
		if p, err = s.undo(ctx, tx, by, p); err != nil && !errors.Is(err, ErrNoBooking) {
			return err
		}
	}
	if p, err = readdress(ctx, tx, p, to); err != nil {
		return fmt.Errorf("address of parcel %s: %w", p.ID, err)
	}
	return announce(ctx, tx, by, p, Readdressed{Case: caseID})
}
