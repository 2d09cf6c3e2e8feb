package shipment

import (
	"context"

	"github.com/aftercare/aftercare/platform/db"
)

func pickUps(ctx context.Context, tx *db.Tx, tenant string, f PickUps) ([]Booking, error) {
	return db.List(ctx, tx, scanBooking, `
		select `+bookingColumns+` from shipment_booking
		where tenant = $1 and method = 'pick_up' and from_at >= $2 and from_at < $3 and (from_at, id) > ($4, $5)
			and ($6 = '' or state = $6)
		order by from_at, id limit $7`,
		tenant, db.Millis(f.From), db.Millis(f.To), db.Millis(f.After.At), f.After.ID, string(f.State), f.Limit)
}

// stopping lists parcels with a wish, the newest first, before an id.
func stopping(ctx context.Context, tx *db.Tx, tenant string, wish Wish, before string, limit int) ([]Parcel, error) {
	if before == "" {
		before = "z" // after every id, which begin with "p"
	}
	if wish == Gone {
		return db.List(ctx, tx, scanParcel, `
			select `+columns+` from shipment_parcel
			where tenant = $1 and id < $2 and wish <> '' and state = 'lost'
			order by id desc limit $3`, tenant, before, limit)
	}
	return db.List(ctx, tx, scanParcel, `
		select `+columns+` from shipment_parcel
		where tenant = $1 and id < $2 and wish = $3 and wish <> '' and state <> 'lost'
		order by id desc limit $4`, tenant, before, string(wish), limit)
}
