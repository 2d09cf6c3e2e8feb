package opening

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "opening", FS: files}

// stored is the newest version of a desk's calendar; without one its version is 0.
func stored(ctx context.Context, tx *db.Tx, tenant, desk string) (c Calendar, err error) {
	c.Desk = desk
	var body string
	err = tx.QueryRow(ctx, `
		select version, body from opening_calendar where tenant = $1 and desk = $2
		order by version desc limit 1`, tenant, desk).Scan(&c.Version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	return c, c.read(body)
}

func (c *Calendar) read(body string) error {
	if err := json.Unmarshal([]byte(body), c); err != nil {
		return fmt.Errorf("the calendar of %s: %w", c.Desk, err)
	}
	return nil
}

// put stores the next version; ErrStale where somebody was faster.
func put(ctx context.Context, tx *db.Tx, by actor.Actor, c *Calendar) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into opening_calendar (tenant, desk, version, at, actor_kind, actor_id, actor_name, body) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict do nothing`,
		by.Tenant, c.Desk, c.Version+1, db.Millis(tx.Now), string(by.Kind), by.ID, by.Name, string(body))
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrStale
	}
	c.Version++
	return nil
}

// Version is one calendar as it once was, with who saved it.
type Version struct {
	Calendar
	At   time.Time
	Kind string // of the actor
	Name string
}

// versions are the newest first, from before one; 0 is from the newest.
func versions(ctx context.Context, tx *db.Tx, tenant, desk string, before int64, limit int) (all []Version, err error) {
	rows, err := tx.Query(ctx, `
		select version, at, actor_kind, actor_name, body from opening_calendar
		where tenant = $1 and desk = $2 and (cast($3 as bigint) = 0 or version < cast($3 as bigint))
		order by version desc limit $4`, tenant, desk, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v := Version{Calendar: Calendar{Desk: desk}}
		var at int64
		var body string
		if err := rows.Scan(&v.Version, &at, &v.Kind, &v.Name, &body); err != nil {
			return nil, err
		}
		v.At = db.Time(at)
		if err := v.read(body); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
