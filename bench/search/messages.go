package main

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/platform/db"
)

//go:embed sql/*.sql
var statements embed.FS

func statement(name string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // it is built in
	}
	return string(text)
}

func number(ctx context.Context, d *db.DB, name string) (n int64, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, statement(name)).Scan(&n) })
	return n, err
}

// write lets something be written about each case that has nothing yet, and has
// the program's own code learn the words. Followers of the log begin behind it:
// what is measured is not that they hear of it.
func write(ctx context.Context, d *db.DB, o options) error {
	there, err := number(ctx, d, "there")
	if err != nil {
		return err
	}
	top, err := number(ctx, d, "top")
	if err != nil {
		return err
	}
	began := time.Now()
	const piece = 20_000
	for from := there; from < int64(o.cases); from += piece {
		to := min(from+piece, int64(o.cases))
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, statement("messages"), from, to, top-there, make([]byte, 32)); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, statement("heard"), top-there+from, top-there+to); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, statement("followers"), top-there+to); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, statement("follower"), search.Follower, top-there+to)
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
	rows, err := number(ctx, d, "rows")
	if err != nil {
		return err
	}
	bytes, err := number(ctx, d, "bytes")
	fmt.Printf("words of messages: %d rows, %.1f MB\n", rows, float64(bytes)/1e6)
	return err
}

// sealed waits until the program has sealed what was written, which it does by
// itself and which is not what is measured.
func sealed(ctx context.Context, d *db.DB) error {
	for {
		behind, err := number(ctx, d, "unsealed")
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
