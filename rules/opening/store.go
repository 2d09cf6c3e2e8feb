package opening

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is this package's tables.
var Schema = db.Schema{Name: "opening", FS: files}

// stored is the newest version of a desk's calendar; without one its version is
// 0. Of a seller it is Own unless the shop's is kept.
func stored(ctx context.Context, tx *db.Tx, tenant, seller, desk string) (c Calendar, err error) {
	c.Desk, c.Seller = desk, seller
	var body string
	err = tx.QueryRow(ctx, `
		select version, body from opening_hours where tenant = $1 and seller = $2 and desk = $3
		order by version desc limit 1`, tenant, seller, desk).Scan(&c.Version, &body)
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
		return fmt.Errorf("the calendar of %s %s: %w", c.Desk, c.Seller, err)
	}
	c.Own = c.Seller != "" && !c.Shops
	return nil
}

// put stores the next version; ErrStale where somebody was faster.
func put(ctx context.Context, tx *db.Tx, by actor.Actor, c *Calendar) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		insert into opening_hours (tenant, seller, desk, version, at, actor_kind, actor_id, actor_name, body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict do nothing`,
		by.Tenant, c.Seller, c.Desk, c.Version+1, db.Millis(tx.Now), string(by.Kind), by.ID, by.Name, string(body))
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
func versions(ctx context.Context, tx *db.Tx, tenant, seller, desk string, before int64, limit int) (all []Version, err error) {
	rows, err := tx.Query(ctx, `
		select version, at, actor_kind, actor_name, body from opening_hours
		where tenant = $1 and seller = $2 and desk = $3 and (cast($4 as bigint) = 0 or version < cast($4 as bigint))
		order by version desc limit $5`, tenant, seller, desk, before, limit)
	if err != nil {
		return nil, err
	}
	return readVersions(rows, seller, desk)
}

// since are the versions that counted at some time since an instant, the oldest
// first.
func since(ctx context.Context, tx *db.Tx, tenant, seller, desk string, at time.Time) (all []Version, err error) {
	rows, err := tx.Query(ctx, `
		select version, at, actor_kind, actor_name, body from opening_hours
		where tenant = $1 and seller = $2 and desk = $3 and version >= (
			select coalesce(max(o.version), 0) from opening_hours o where o.tenant = $1 and o.seller = $2 and o.desk = $3 and o.at < $4)
		order by version`, tenant, seller, desk, db.Millis(at))
	if err != nil {
		return nil, err
	}
	return readVersions(rows, seller, desk)
}

func readVersions(rows db.Rows, seller, desk string) (all []Version, err error) {
	defer rows.Close()
	for rows.Next() {
		v := Version{Calendar: Calendar{Desk: desk, Seller: seller}}
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

// ofOwn are the sellers with a calendar of their own for a desk: those whose
// newest version does not give them back the shop's. A body is read as text, for
// it may be long and this is all that is asked of it; in what people wrote the
// quotes have a backslash before them.
const ofOwn = `
		select seller from opening_hours h
		where tenant = $1 and desk = $2 and body not like '%"shops":true%' and version = (
			select max(o.version) from opening_hours o where o.tenant = h.tenant and o.seller = h.seller and o.desk = h.desk)`

// sellers are those who have a calendar of their own for a desk, by name, from
// after one.
func sellers(ctx context.Context, tx *db.Tx, tenant, desk, after string, limit int) ([]string, error) {
	return db.List(ctx, tx, name, ofOwn+` and seller > $3 and seller <> '' order by seller limit $4`, tenant, desk, after, limit)
}

// asked is how many sellers one statement names.
const asked = 500

// withOwn are those of some sellers who have a calendar of their own.
func withOwn(ctx context.Context, tx *db.Tx, tenant, desk string, some []string) (map[string]bool, error) {
	own := map[string]bool{}
	for chunk := range slices.Chunk(some, asked) {
		args := []any{tenant, desk}
		for _, seller := range chunk {
			args = append(args, seller)
		}
		all, err := db.List(ctx, tx, name, ofOwn+` and seller <> '' and seller in (`+db.Placeholders(3, len(chunk))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, seller := range all {
			own[seller] = true
		}
	}
	return own, nil
}

func name(row db.Scanner) (s string, err error) {
	err = row.Scan(&s)
	return s, err
}
