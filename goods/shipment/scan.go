package shipment

import (
	"context"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Clocks of carriers are wrong by hours, not by days.
const ahead = 24 * time.Hour

// Scan keeps a carrier's report and moves the parcel if it says something
// newer than what is known; changed tells whether it moved. The same scan again
// changes nothing. It fails with ErrUnknown and ErrScan.
func (s *Service) Scan(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc Scan) (p Parcel, changed bool, err error) {
	if err := sc.check(tx.Now); err != nil {
		return Parcel{}, false, err
	}
	if tracking, err = normal(tracking); err != nil {
		return Parcel{}, false, ErrUnknown // a number that cannot exist is nobody's
	}
	if p, err = byTracking(ctx, tx, by.Tenant, tracking); err != nil {
		return Parcel{}, false, err
	}
	sc.At = sc.At.UTC().Truncate(time.Millisecond)
	fresh, err := insertScan(ctx, tx, p, sc)
	if err != nil {
		return Parcel{}, false, fmt.Errorf("scan of parcel %s: %w", p.ID, err)
	}
	if !fresh || ranks[sc.Status] <= ranks[p.State] {
		return p, false, nil
	}
	return s.move(ctx, tx, by, p.Case, Moved{To: sc.Status, At: sc.At, Place: sc.Place})
}

func (sc Scan) check(now time.Time) error {
	switch {
	case !scannable(sc.Status):
		return ErrScan.At("status", "is not a status of a scan", "handed_over, in_transit, delivered or lost")
	case sc.At.Year() < 2000 || sc.At.After(now.Add(ahead)):
		return ErrScan.At("at", "is not a time of a scan", "an instant that has passed")
	case !printable(sc.Place, 200):
		return ErrScan.At("place", "is too long or not text", "at most 200 characters")
	case !printable(sc.ID, 200):
		return ErrScan.At("id", "is too long or not text", "at most 200 characters")
	}
	return nil
}
