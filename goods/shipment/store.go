package shipment

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "shipment", FS: files}

const columns = `tenant, id, case_id, direction, seq, label, carrier, tracking, state, method, wish, slip, address, version, created_at, updated_at`

func scanParcel(row db.Scanner) (Parcel, error) {
	var (
		p                Parcel
		address          string
		created, updated int64
	)
	err := row.Scan(&p.Tenant, &p.ID, &p.Case, &p.Direction, &p.Seq, &p.Label, &p.Carrier, &p.Tracking, &p.State, &p.Method, &p.Wish, &p.Slip,
		&address, &p.Version, &created, &updated)
	if errors.Is(err, sql.ErrNoRows) {
		return Parcel{}, ErrUnknown
	}
	if err != nil {
		return Parcel{}, err
	}
	p.CreatedAt, p.UpdatedAt = db.Time(created), db.Time(updated)
	return p, json.Unmarshal([]byte(address), &p.To)
}

// insert tells false where the place in the case or the label number is taken.
func insert(ctx context.Context, tx *db.Tx, p Parcel) (bool, error) {
	address, err := json.Marshal(p.To)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `
		insert into shipment_parcel (tenant, id, case_id, direction, seq, label, carrier, tracking, state, rank, wish, address, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict do nothing`,
		p.Tenant, p.ID, p.Case, string(p.Direction), p.Seq, p.Label, p.Carrier, p.Tracking, string(p.State), ranks[p.State], string(p.Wish),
		string(address), p.Version, db.Millis(p.CreatedAt), db.Millis(p.UpdatedAt))
	return n == 1, err
}

// thatOne matches a parcel of a case by its id, or the first return parcel where
// no id is given. It follows tenant and case, which are $4 and $5.
const thatOne = `tenant = $4 and case_id = $5 and (id = $6 or $6 = '' and direction = 'return' and seq = 1)`

// ofCase finds a parcel of a case; the first return parcel where no id is given.
func ofCase(ctx context.Context, tx *db.Tx, tenant, caseID, parcel string) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		select `+columns+` from shipment_parcel
		where tenant = $1 and case_id = $2 and (id = $3 or $3 = '' and direction = 'return' and seq = 1)`, tenant, caseID, parcel))
}

func byID(ctx context.Context, tx *db.Tx, tenant, id string) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		select `+columns+` from shipment_parcel where tenant = $1 and id = $2`, tenant, id))
}

func casesOf(ctx context.Context, tx *db.Tx, tenant string, ids []string) (map[string]string, error) {
	return db.Pairs(ctx, tx, `select id, case_id from shipment_parcel where tenant = $1 and id in`, tenant, ids)
}

// all lists the parcels of a case, oldest first.
func all(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Parcel, error) {
	return db.List(ctx, tx, scanParcel, `
		select `+columns+` from shipment_parcel where tenant = $1 and case_id = $2
		order by created_at, direction, seq`, tenant, caseID)
}

// lastSeq is how many parcels of a direction a case has.
func lastSeq(ctx context.Context, tx *db.Tx, tenant, caseID string, way Direction) (n int64, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(max(seq), 0) from shipment_parcel
		where tenant = $1 and case_id = $2 and direction = $3`, tenant, caseID, string(way)).Scan(&n)
	return n, err
}

// unsent finds the oldest parcel of a direction that waits to be handed over.
func unsent(ctx context.Context, tx *db.Tx, tenant, caseID string, way Direction) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		select `+columns+` from shipment_parcel
		where tenant = $1 and case_id = $2 and direction = $3 and rank < $4
		order by seq limit 1`, tenant, caseID, string(way), ranks[Cancelled]))
}

// byTracking finds a parcel by a normal tracking number of either kind.
func byTracking(ctx context.Context, tx *db.Tx, tenant, tracking string) (Parcel, error) {
	if Valid(tracking) {
		p, err := scanParcel(tx.QueryRow(ctx, `
			select `+columns+` from shipment_parcel where tenant = $1 and label = $2`, tenant, tracking))
		if !errors.Is(err, ErrUnknown) {
			return p, err
		}
	}
	return scanParcel(tx.QueryRow(ctx, `
		select `+columns+` from shipment_parcel
		where tenant = $1 and id = (select parcel from shipment_number where tenant = $1 and tracking = $2)`, tenant, tracking))
}

func scans(ctx context.Context, tx *db.Tx, tenant, parcel string) ([]Scan, error) {
	return db.List(ctx, tx, func(row db.Scanner) (s Scan, err error) {
		var at int64
		err = row.Scan(&s.ID, &s.Status, &at, &s.Place, &s.Note)
		s.At = db.Time(at)
		s.ID, _ = strings.CutPrefix(s.ID, "id:")
		if strings.HasPrefix(s.ID, "at:") {
			s.ID = "" // the carrier gave none
		}
		return s, err
	}, `
		select scan, status, at, place, note from shipment_scan
		where tenant = $1 and parcel = $2
		order by at, received_at, scan`, tenant, parcel)
}

// insertScan tells false where the scan is known already.
func insertScan(ctx context.Context, tx *db.Tx, p Parcel, s Scan) (bool, error) {
	key := "id:" + s.ID
	if s.ID == "" {
		key = "at:" + strconv.FormatInt(db.Millis(s.At), 10) + ":" + string(s.Status)
	}
	n, err := tx.Exec(ctx, `
		insert into shipment_scan (tenant, parcel, scan, status, at, place, note, received_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict do nothing`, p.Tenant, p.ID, key, string(s.Status), db.Millis(s.At), s.Place, s.Note, db.Millis(tx.Now))
	return n == 1, err
}

// forward moves a parcel of a case, the first return parcel where no id is
// given, to a state of higher rank. The statement decides, so that of two scans
// at once neither is overwritten. Where nothing moves it gives ErrUnknown, also
// for a case without parcel.
func forward(ctx context.Context, tx *db.Tx, tenant, caseID, parcel string, to State) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set state = $1, rank = $2, version = version + 1, updated_at = $3,
			wish = case when $1 = 'intercepted' and wish <> '' then 'intercepted' else wish end
		where `+thatOne+` and rank < $2
		returning `+columns, string(to), ranks[to], db.Millis(tx.Now), tenant, caseID, parcel))
}

// arrive moves the parcels on their way to the shop to received.
func arrive(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Parcel, error) {
	return db.List(ctx, tx, scanParcel, `
		update shipment_parcel set state = $1, rank = $2, version = version + 1, updated_at = $3
		where tenant = $4 and case_id = $5 and direction in ('return', 'original') and rank >= $6 and rank < $2 and state <> 'lost'
		returning `+columns, string(Received), ranks[Received], db.Millis(tx.Now), tenant, caseID, ranks[HandedOver])
}

// drop cancels the parcels of a case that nobody has sent.
func drop(ctx context.Context, tx *db.Tx, tenant, caseID string) ([]Parcel, error) {
	return db.List(ctx, tx, scanParcel, `
		update shipment_parcel set state = $1, rank = $2, version = version + 1, updated_at = $3
		where tenant = $4 and case_id = $5 and rank < $2
		returning `+columns, string(Cancelled), ranks[Cancelled], db.Millis(tx.Now), tenant, caseID)
}

// revive makes the label of a parcel that was given up count again.
func revive(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set state = $1, rank = $2, version = version + 1, updated_at = $3
		where tenant = $4 and id = $5 and state = $6
		returning `+columns, string(LabelIssued), ranks[LabelIssued], db.Millis(tx.Now), p.Tenant, p.ID, string(Cancelled)))
}

// readdress changes where an unsent parcel goes.
func readdress(ctx context.Context, tx *db.Tx, p Parcel, to Address) (Parcel, error) {
	address, err := json.Marshal(to)
	if err != nil {
		return p, err
	}
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set address = $1, version = version + 1, updated_at = $2
		where tenant = $3 and id = $4 and rank < $5
		returning `+columns, string(address), db.Millis(tx.Now), p.Tenant, p.ID, ranks[Cancelled]))
}

// touch gives a parcel a new version for something that moves nothing.
func touch(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set version = version + 1, updated_at = $1
		where tenant = $2 and id = $3
		returning `+columns, db.Millis(tx.Now), p.Tenant, p.ID))
}

// wish records what became of the wish to stop a parcel.
func wish(ctx context.Context, tx *db.Tx, p Parcel, w Wish) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel set wish = $1, version = version + 1, updated_at = $2
		where tenant = $3 and id = $4
		returning `+columns, string(w), db.Millis(tx.Now), p.Tenant, p.ID))
}

// route records the carrier and number that a parcel really travels with, and
// its state unless a scan has moved it further meanwhile.
func route(ctx context.Context, tx *db.Tx, p Parcel) (Parcel, error) {
	return scanParcel(tx.QueryRow(ctx, `
		update shipment_parcel
		set carrier = $1, tracking = $2, version = version + 1, updated_at = $3,
			state = case when rank < $4 then $5 else state end, rank = case when rank < $4 then $4 else rank end
		where tenant = $6 and id = $7
		returning `+columns,
		p.Carrier, p.Tracking, db.Millis(tx.Now), ranks[p.State], string(p.State), p.Tenant, p.ID))
}

// claim makes a carrier's number find a parcel. It tells false where the number
// belongs to another that is still under way; carriers use numbers again, so
// one of a parcel that has arrived is free.
func claim(ctx context.Context, tx *db.Tx, p Parcel) (bool, error) {
	n, err := tx.Exec(ctx, `
		insert into shipment_number (tenant, tracking, parcel, carrier, created_at)
		values ($1, $2, $3, $4, $5)
		on conflict (tenant, tracking) do update
		set parcel = excluded.parcel, carrier = excluded.carrier, created_at = excluded.created_at
		where shipment_number.parcel = excluded.parcel or exists (
			select 1 from shipment_parcel p
			where p.tenant = excluded.tenant and p.id = shipment_number.parcel and p.rank >= $6)`,
		p.Tenant, p.Tracking, p.ID, p.Carrier, db.Millis(tx.Now), ranks[Delivered])
	return n == 1, err
}
