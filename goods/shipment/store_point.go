package shipment

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// Degrees are stored as whole millionths, a hand's breadth on the ground.
const millionth = 1e6

func points(ctx context.Context, tx *db.Tx, tenant string) ([]Point, error) {
	return db.List(ctx, tx, func(row db.Scanner) (p Point, err error) {
		var lat, lon int64
		err = row.Scan(&p.ID, &p.Name, &p.Address, &p.City, &p.Hours, &p.Located, &lat, &lon)
		p.Latitude, p.Longitude = float64(lat)/millionth, float64(lon)/millionth
		return p, err
	}, `
		select id, name, address, city, hours, located, latitude, longitude from shipment_point
		where tenant = $1 order by name, id limit $2`, tenant, MostPoints)
}

func upsertPoint(ctx context.Context, tx *db.Tx, tenant string, p Point) error {
	_, err := tx.Exec(ctx, `
		insert into shipment_point (tenant, id, name, address, city, hours, located, latitude, longitude, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (tenant, id) do update set name = excluded.name, address = excluded.address, city = excluded.city,
			hours = excluded.hours, located = excluded.located, latitude = excluded.latitude, longitude = excluded.longitude`,
		tenant, p.ID, p.Name, p.Address, p.City, p.Hours, p.Located,
		int64(math.Round(p.Latitude*millionth)), int64(math.Round(p.Longitude*millionth)), db.Millis(tx.Now))
	return err
}

func deletePoint(ctx context.Context, tx *db.Tx, tenant, id string) error {
	n, err := tx.Exec(ctx, `delete from shipment_point where tenant = $1 and id = $2`, tenant, id)
	if err == nil && n == 0 {
		return ErrPoint
	}
	return err
}

func hasPoint(ctx context.Context, tx *db.Tx, tenant, id string) error {
	var found string
	err := tx.QueryRow(ctx, `select id from shipment_point where tenant = $1 and id = $2`, tenant, id).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrPoint
	}
	return err
}

func scanSlot(row db.Scanner) (s Slot, err error) {
	var from, to int64
	err = row.Scan(&s.ID, &from, &to, &s.Left)
	s.From, s.To = db.Time(from), db.Time(to)
	return s, err
}

// A slot whose capacity was lowered below what is taken has nothing left.
const slotColumns = `id, from_at, to_at, case when taken < capacity then capacity - taken else 0 end`

func slots(ctx context.Context, tx *db.Tx, tenant string, from, until time.Time) ([]Slot, error) {
	return db.List(ctx, tx, scanSlot, `
		select `+slotColumns+` from shipment_slot
		where tenant = $1 and from_at >= $2 and from_at < $3
		order by from_at, to_at limit 500`, tenant, db.Millis(from), db.Millis(until))
}

func upsertSlot(ctx context.Context, tx *db.Tx, tenant, id string, from, to time.Time, capacity int64) (Slot, error) {
	return scanSlot(tx.QueryRow(ctx, `
		insert into shipment_slot (tenant, id, from_at, to_at, capacity, taken)
		values ($1, $2, $3, $4, $5, 0)
		on conflict (tenant, from_at, to_at) do update set capacity = excluded.capacity
		returning `+slotColumns, tenant, id, db.Millis(from), db.Millis(to), capacity))
}

// takeSlot takes one place. The statement decides, so that two customers cannot
// have the last one.
func takeSlot(ctx context.Context, tx *db.Tx, tenant, id string) (from, to time.Time, err error) {
	s, err := scanSlot(tx.QueryRow(ctx, `
		update shipment_slot set taken = taken + 1
		where tenant = $1 and id = $2 and taken < capacity and to_at > $3
		returning `+slotColumns, tenant, id, db.Millis(tx.Now)))
	if !errors.Is(err, sql.ErrNoRows) {
		return s.From, s.To, err
	}
	var found string
	err = tx.QueryRow(ctx, `select id from shipment_slot where tenant = $1 and id = $2 and to_at > $3`, tenant, id, db.Millis(tx.Now)).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return from, to, ErrSlot.At("slot", "is not one of the list, or has passed", "a slot of the list")
	}
	if err == nil {
		err = ErrSlotTaken
	}
	return from, to, err
}

func freeSlot(ctx context.Context, tx *db.Tx, tenant, id string) error {
	_, err := tx.Exec(ctx, `update shipment_slot set taken = taken - 1 where tenant = $1 and id = $2 and taken > 0`, tenant, id)
	return err
}
