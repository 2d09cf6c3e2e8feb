package shipment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// Clocks of carriers are wrong by hours, not by days.
const ahead = 24 * time.Hour

// Scan keeps a carrier's report and moves the parcel if it says something
// newer than what is known; changed tells whether it moved. An exception moves
// nothing and is announced. The same scan again
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
	to := reached(sc.Status)
	if fresh && sc.Status == Exception && !p.State.Final() {
		p, err = s.trouble(ctx, tx, by, p, sc)
		return p, false, err
	}
	if !fresh || ranks[to] <= ranks[p.State] {
		return p, false, nil
	}
	return s.move(ctx, tx, by, p.Case, p.ID, Moved{To: to, At: sc.At, Place: sc.Place})
}

// trouble announces an exception of a parcel under way.
func (s *Service) trouble(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, sc Scan) (Parcel, error) {
	p, err := touch(ctx, tx, p)
	if err != nil {
		return Parcel{}, fmt.Errorf("exception of parcel %s: %w", p.ID, err)
	}
	return p, announce(ctx, tx, by, p, Troubled{Case: p.Case, Carrier: p.Carrier, Tracking: p.Tracking, At: sc.At, Note: sc.Note})
}

func (sc Scan) check(now time.Time) error {
	switch {
	case !scannable(sc.Status):
		return ErrScan.At("status", "is not a status of a scan", spelled(Vocabulary))
	case sc.At.Year() < 2000 || sc.At.After(now.Add(ahead)):
		return ErrScan.At("at", "is not a time of a scan", "an instant that has passed")
	case !printable(sc.Place, 200):
		return ErrScan.At("place", "is too long or not text", "at most 200 characters")
	case !printable(sc.Note, 500):
		return ErrScan.At("note", "is too long or not text", "at most 500 characters")
	case !printable(sc.ID, 200):
		return ErrScan.At("id", "is too long or not text", "at most 200 characters")
	}
	return nil
}

func spelled(all []State) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
