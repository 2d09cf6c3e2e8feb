package shipment

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/platform/db"
)

const bookingColumns = `tenant, id, parcel, case_id, method, carrier, account, place, from_at, to_at, address, state, reference, reason, version, created_at, updated_at`

func scanBooking(row db.Scanner) (Booking, error) {
	var (
		b                          Booking
		address                    string
		from, to, created, updated int64
	)
	err := row.Scan(&b.Tenant, &b.ID, &b.Parcel, &b.Case, &b.Method, &b.Carrier, &b.Account, &b.Place, &from, &to, &address, &b.State,
		&b.Reference, &b.Reason, &b.Version, &created, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return Booking{}, ErrNoBooking
	}
	if err != nil {
		return Booking{}, err
	}
	b.From, b.To, b.CreatedAt, b.UpdatedAt = db.Time(from), db.Time(to), db.Time(created), db.Time(updated)
	return b, json.Unmarshal([]byte(address), &b.Sender)
}

func insertBooking(ctx context.Context, tx *db.Tx, b Booking) error {
	address, err := json.Marshal(b.Sender)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into shipment_booking (`+bookingColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		b.Tenant, b.ID, b.Parcel, b.Case, string(b.Method), b.Carrier, b.Account, b.Place, db.Millis(b.From), db.Millis(b.To), string(address),
		string(b.State), b.Reference, b.Reason, b.Version, db.Millis(b.CreatedAt), db.Millis(b.UpdatedAt))
	return err
}

func bookingByID(ctx context.Context, tx *db.Tx, tenant, id string) (Booking, error) {
	return scanBooking(tx.QueryRow(ctx, `
		select `+bookingColumns+` from shipment_booking where tenant = $1 and id = $2`, tenant, id))
}

// liveBooking is the one that holds or may come to hold.
func liveBooking(ctx context.Context, tx *db.Tx, tenant, parcel string) (Booking, error) {
	return scanBooking(tx.QueryRow(ctx, `
		select `+bookingColumns+` from shipment_booking
		where tenant = $1 and parcel = $2 and state in ('requested', 'booked')`, tenant, parcel))
}

func lastBooking(ctx context.Context, tx *db.Tx, tenant, parcel string) (Booking, error) {
	return scanBooking(tx.QueryRow(ctx, `
		select `+bookingColumns+` from shipment_booking
		where tenant = $1 and parcel = $2
		order by id desc limit 1`, tenant, parcel))
}

// updateBooking saves what became of a booking, unless somebody else did.
func updateBooking(ctx context.Context, tx *db.Tx, b Booking) (Booking, error) {
	return scanBooking(tx.QueryRow(ctx, `
		update shipment_booking set state = $1, reference = $2, reason = $3, version = version + 1, updated_at = $4
		where tenant = $5 and id = $6 and version = $7
		returning `+bookingColumns, string(b.State), b.Reference, b.Reason, db.Millis(tx.Now), b.Tenant, b.ID, b.Version))
}

// hold locks a parcel, so that of two bookings at once the second sees the first.
func hold(ctx context.Context, tx *db.Tx, tenant, caseID, parcel string) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set updated_at = updated_at
		where tenant = $1 and case_id = $2 and (id = $3 or $3 = '' and direction = 'return' and seq = 1)
		returning `+columns, tenant, caseID, parcel))
}

// prepare records how an unsent parcel gets to the carrier; one that was sent
// meanwhile only remembers it.
func prepare(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set method = $1, carrier = $2, tracking = $3, slip = $4, version = version + 1, updated_at = $5,
			state = case when rank < $6 then $7 else state end, rank = case when rank < $6 then $8 else rank end
		where tenant = $9 and id = $10
		returning `+columns,
		string(p.Method), p.Carrier, p.Tracking, p.Slip, db.Millis(tx.Now), ranks[Cancelled], string(p.State), ranks[p.State], p.Tenant, p.ID))
}

// unroute takes back what a booking changed: the parcel waits with our label.
func unroute(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set carrier = $1, tracking = label, slip = '', method = '', version = version + 1, updated_at = $2,
			state = case when state = 'pickup_booked' then $3 else state end, rank = case when state = 'pickup_booked' then $4 else rank end
		where tenant = $5 and id = $6
		returning `+columns, Own, db.Millis(tx.Now), string(LabelIssued), ranks[LabelIssued], p.Tenant, p.ID))
}

// unfetched forgets that a parcel that went off should have been fetched.
func unfetched(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set method = '', version = version + 1, updated_at = $1
		where tenant = $2 and id = $3
		returning `+columns, db.Millis(tx.Now), p.Tenant, p.ID))
}
