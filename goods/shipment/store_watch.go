package shipment

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// followed is a parcel that a carrier is asked about.
type followed struct {
	tenant, parcel, carrier, account, mark string
	failures                               int64
	since                                  time.Time
}

// follow has a parcel asked about; one that is followed by the same adapter
// already keeps its mark.
func follow(ctx context.Context, tx *db.Tx, tenant, parcel, carrier, account string) error {
	_, err := tx.Exec(ctx, `
		insert into shipment_watch (tenant, parcel, carrier, account, mark, failures, next_at, since)
		values ($1, $2, $3, $4, '', 0, $5, $5)
		on conflict (tenant, parcel) do update set carrier = excluded.carrier, account = excluded.account, mark = '', failures = 0, next_at = excluded.next_at`,
		tenant, parcel, carrier, account, db.Millis(tx.Now))
	return err
}

func unfollow(ctx context.Context, tx *db.Tx, tenant, parcel string) error {
	_, err := tx.Exec(ctx, `delete from shipment_watch where tenant = $1 and parcel = $2`, tenant, parcel)
	return err
}

// pick takes the parcels that are due, the longest waiting first, and puts
// their next turn off, so that nobody else asks meanwhile and a crash does not
// make us ask again at once.
func pick(ctx context.Context, tx *db.Tx, limit int, until time.Time) ([]followed, error) {
	return db.List(ctx, tx, func(row db.Scanner) (f followed, err error) {
		var since int64
		err = row.Scan(&f.tenant, &f.parcel, &f.carrier, &f.account, &f.mark, &f.failures, &since)
		f.since = db.Time(since)
		return f, err
	}, `
		update shipment_watch set next_at = $1
		where (tenant, parcel) in (select tenant, parcel from shipment_watch where next_at <= $2 order by next_at limit $3) and next_at <= $2
		returning tenant, parcel, carrier, account, mark, failures, since`, db.Millis(until), db.Millis(tx.Now), limit)
}

func again(ctx context.Context, tx *db.Tx, f followed, at time.Time) error {
	_, err := tx.Exec(ctx, `
		update shipment_watch set mark = $1, failures = $2, next_at = $3
		where tenant = $4 and parcel = $5 and carrier = $6 and account = $7`, f.mark, f.failures, db.Millis(at), f.tenant, f.parcel, f.carrier, f.account)
	return err
}

// heard remembers a delivery of a webhook; false where it came before.
func heard(ctx context.Context, tx *db.Tx, tenant, carrier, id string) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into shipment_delivery (tenant, carrier, id, received_at)
		values ($1, $2, $3, $4)
		on conflict do nothing`, tenant, carrier, id, db.Millis(tx.Now))
	return n == 1, err
}

func forgetDeliveries(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `delete from shipment_delivery where received_at < $1`, db.Millis(before))
	return err
}

// wished lists the parcels that somebody has to have stopped by hand.
func wished(ctx context.Context, tx *db.Tx, tenant, after string, limit int) ([]Parcel, error) {
	return db.List(ctx, tx, scanParcel, `
		select `+columns+` from shipment_parcel
		where tenant = $1 and id > $2 and wish = 'intercept_requested' and rank < $3
		order by id limit $4`, tenant, after, ranks[Intercepted], limit)
}
