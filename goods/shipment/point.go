package shipment

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// ErrPlace refuses a point or a slot of the shop that nobody could use.
var ErrPlace = fault.New(fault.Invalid, "shipment.place", "The point or slot is not complete.")

// Point is where customers can bring parcels.
type Point struct {
	ID        string
	Name      string
	Address   string
	City      string
	Hours     string // as printed: "Mon-Sat 9-20"
	Located   bool   // Latitude and Longitude, degrees, are known
	Latitude  float64
	Longitude float64
	Distance  float64 // kilometres, where it was asked for
}

// MostPoints is how many points a shop may have.
const MostPoints = 5000

// SavePoint adds a point, or changes the one with its id. It refuses with
// ErrPlace.
func (s *Service) SavePoint(ctx context.Context, tx *db.Tx, by actor.Actor, p Point) (Point, error) {
	p.Name, p.Address, p.City, p.Hours = strings.TrimSpace(p.Name), strings.TrimSpace(p.Address), strings.TrimSpace(p.City), strings.TrimSpace(p.Hours)
	switch {
	case p.Name == "" || !printable(p.Name, 120):
		return Point{}, ErrPlace.At("name", "is missing or too long", "1 to 120 characters")
	case p.Address == "" || !printable(p.Address+p.City, 300):
		return Point{}, ErrPlace.At("address", "is missing or too long", "1 to 300 characters")
	case !printable(p.Hours, 200):
		return Point{}, ErrPlace.At("hours", "are too long", "at most 200 characters")
	case p.Located && !(math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180):
		return Point{}, ErrPlace.At("latitude", "is not on the earth", "degrees")
	}
	if p.ID == "" {
		p.ID = id.New("pnt")
	}
	return p, upsertPoint(ctx, tx, by.Tenant, p)
}

// DropPoint removes a point, or fails with ErrPoint.
func (s *Service) DropPoint(ctx context.Context, tx *db.Tx, by actor.Actor, pointID string) error {
	return deletePoint(ctx, tx, by.Tenant, pointID)
}

// Points lists the shop's points by name.
func Points(ctx context.Context, tx *db.Tx, tenant string) ([]Point, error) {
	return points(ctx, tx, tenant)
}

// Near orders points by their distance from a place, those that are not
// located last.
func Near(all []Point, latitude, longitude float64) []Point {
	for i, p := range all {
		all[i].Distance = math.Inf(1)
		if p.Located {
			all[i].Distance = kilometres(latitude, longitude, p.Latitude, p.Longitude)
		}
	}
	slices.SortStableFunc(all, func(a, b Point) int { return cmp.Compare(a.Distance, b.Distance) })
	return all
}

// kilometres between two places on a round earth.
func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	rad := func(d float64) float64 { return d * math.Pi / 180 }
	half := func(d float64) float64 { return math.Pow(math.Sin(rad(d)/2), 2) }
	a := half(lat2-lat1) + math.Cos(rad(lat1))*math.Cos(rad(lat2))*half(lon2-lon1)
	return 2 * 6371 * math.Asin(math.Sqrt(min(a, 1)))
}

// OpenSlot offers a time in which the shop fetches parcels, or changes how many
// an offered one has room for. It refuses with ErrPlace.
func (s *Service) OpenSlot(ctx context.Context, tx *db.Tx, by actor.Actor, from, to time.Time, capacity int64) (Slot, error) {
	switch {
	case !to.After(from) || to.Sub(from) > 24*time.Hour:
		return Slot{}, ErrPlace.At("to", "is not after from, or more than a day", "the end of the slot")
	case to.Before(tx.Now):
		return Slot{}, ErrPlace.At("to", "has passed", "a slot to come")
	case capacity < 0 || capacity > 100_000:
		return Slot{}, ErrPlace.At("capacity", "is not a number of parcels", "0 to 100000")
	}
	slot, err := upsertSlot(ctx, tx, by.Tenant, id.New("slot"), from, to, capacity)
	if err != nil {
		return Slot{}, fmt.Errorf("slot at %s: %w", from, err)
	}
	return slot, nil
}

// OwnSlots lists the shop's slots that begin in a time, the full ones with
// nothing left.
func OwnSlots(ctx context.Context, tx *db.Tx, tenant string, from, until time.Time) ([]Slot, error) {
	return slots(ctx, tx, tenant, from, until)
}
