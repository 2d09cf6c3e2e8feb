package main

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed messages.sql
var messages string

// write lets something be written about each case that has nothing yet, and has
// the program's own code learn the words. Followers of the log begin behind it:
// what is measured is not that they hear of it.
func write(ctx context.Context, d *db.DB, o options) error {
	count := func(query string) (n int64, err error) {
		err = d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) })
		return n, err
	}
	there, err := count("select count(*) " + "from event_log where id >= 'evt_06gzze38pxy1xe5dt1' and id < 'evt_06gzze38pxy1xe5dt2'")
	if err != nil {
		return err
	}
	top, err := count("select coalesce(max(position), 0) " + "from event_log where position is not null")
	if err != nil {
		return err
	}
	began := time.Now()
	const piece = 20_000
	for from := there; from < int64(o.cases); from += piece {
		to := min(from+piece, int64(o.cases))
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, messages, from, to, top-there, make([]byte, 32)); err != nil {
				return err
			}
			for _, one := range []string{
				`insert into search_heard (tenant, position) select 'main', position from event_log where position > $1 and position <= $2`,
				`update event_cursor set position = $2 where position < $2 and $1 >= 0`,
			} {
				if _, err := tx.Exec(ctx, one, top-there+from, top-there+to); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `
				insert into event_cursor (name, position, updated_at) values ($1, $2, 0)
				on conflict (name) do update set position = excluded.position`, search.Follower, top-there+to)
			return err
		})
		if err != nil {
			return fmt.Errorf("writing messages from %d: %w", from, err)
		}
	}
	learned := time.Now()
	for more := true; more; {
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = search.Hear(ctx, tx, "main", 2000)
			return err
		})
		if err != nil {
			return fmt.Errorf("learning messages: %w", err)
		}
	}
	if n := int64(o.cases) - there; n > 0 {
		fmt.Printf("%d messages and notes written in %.0f s, learned in %.0f s\n", n, learned.Sub(began).Seconds(), time.Since(learned).Seconds())
	}
	rows, err := count("select count(*) " + "from search_said")
	if err != nil {
		return err
	}
	bytes, err := count("select coalesce(sum(length(term) + length(scope) + length(places)), 0) " + "from search_said")
	fmt.Printf("words of messages: %d rows, %.1f MB\n", rows, float64(bytes)/1e6)
	return err
}

// sealed waits until the program has sealed what was written, which it does by
// itself and which is not what is measured.
func sealed(ctx context.Context, d *db.DB) error {
	for {
		var behind int64
		err := d.Read(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "select (select coalesce(max(position), 0) from event_log where position is not null) - (select coalesce(max(size), 0) "+"from seal_tree)").Scan(&behind)
		})
		if err != nil || behind <= 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
