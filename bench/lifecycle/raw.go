package main

import (
	"context"
	"embed"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed schema/*.sql
var schema embed.FS

type rawResult struct {
	Writers   int     `json:"writers"`
	PerSecond float64 `json:"per_second"`

	writers   int
	perSecond float64
}

// measureRaw counts durable transactions of the size a verb has: one versioned
// update and three inserts of about 250 bytes. One writer commits each
// transaction alone; 32 share commits as the product does.
func measureRaw(ctx context.Context, o options) ([]rawResult, error) {
	url := o.database
	if url == "" {
		url = "sqlite:" + filepath.Join(o.dir, "raw.db")
	}
	d, err := db.Open(ctx, url, db.Options{})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if _, err := d.Migrate(ctx, []db.Schema{{Name: "raw", FS: schema}}); err != nil {
		return nil, err
	}
	const rows = 1000
	err = d.Write(ctx, func(tx *db.Tx) error {
		for i := range rows {
			if _, err := tx.Exec(ctx, `insert into raw_case (id, version) values ($1, 1) on conflict do nothing`, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var all []rawResult
	for _, writers := range []int{1, 32} {
		var count atomic.Int64
		var wg sync.WaitGroup
		var failed atomic.Pointer[error]
		until := time.Now().Add(5 * time.Second)
		for w := range writers {
			wg.Go(func() {
				for i := w; time.Now().Before(until) && ctx.Err() == nil; i += writers {
					if err := oneWrite(ctx, d, i%rows); err != nil {
						failed.Store(&err)
						return
					}
					count.Add(1)
				}
			})
		}
		wg.Wait()
		if e := failed.Load(); e != nil {
			return nil, fmt.Errorf("%d writers: %w", writers, *e)
		}
		rate := float64(count.Load()) / 5
		all = append(all, rawResult{writers, rate, writers, rate})
	}
	return all, nil
}

var filler = string(make250())

func make250() []byte {
	b := make([]byte, 250)
	for i := range b {
		b[i] = 'a' + byte(i%26)
	}
	return b
}

func oneWrite(ctx context.Context, d *db.DB, id int) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `update raw_case set version = version + 1 where id = $1`, id); err != nil {
			return err
		}
		for _, table := range []string{"raw_event", "raw_job", "raw_outbox"} {
			if _, err := tx.Exec(ctx, `insert into `+table+` (body) values ($1)`, filler); err != nil {
				return err
			}
		}
		return nil
	})
}
