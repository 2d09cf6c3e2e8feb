package shipment

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// PickUps are the bookings of which a parcel is fetched in a time.
type PickUps struct {
	From, To time.Time // begins at or after, and before
	State    BookingState
	After    DayPlace
	Limit    int
}

// DayPlace is a place among bookings, by when they begin.
type DayPlace struct {
	At time.Time
	ID string
}

// PickUpsOf lists the pick-ups of a shop, the earliest first: its own and those
// of carriers, whatever became of them.
func PickUpsOf(ctx context.Context, tx *db.Tx, tenant string, f PickUps) ([]Booking, error) {
	return pickUps(ctx, tx, tenant, f)
}

// Gone asks Stopping for the parcels that got lost before they could be stopped.
const Gone Wish = "lost"

// Stopping lists the parcels somebody wanted to have stopped, by what became of
// it, the newest first; Gone are those that were lost on the way.
func Stopping(ctx context.Context, tx *db.Tx, tenant string, wish Wish, before string, limit int) ([]Parcel, error) {
	return stopping(ctx, tx, tenant, wish, before, limit)
}
