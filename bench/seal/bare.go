package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite" // the driver of the bare library's table
)

const interval = 150 * time.Millisecond // between batches, as the product has it

// waiter is an entry that somebody awaits.
type waiter struct {
	entry  []byte
	sealed chan struct{}
}

// bare is the library with a table, without our product: x/mod's tlog, all its
// hashes as rows of SQLite, a batch in one durable transaction.
type bare struct {
	d    *sql.DB
	size int64
}

// read gives the tree's hashes, those of this batch first.
func (b *bare) read(ctx context.Context, tx *sql.Tx, fresh map[int64]tlog.Hash) tlog.HashReaderFunc {
	return func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			h, ok := fresh[i]
			if !ok {
				var raw []byte
				if err := tx.QueryRowContext(ctx, `select hash from node where id = ?`, i).Scan(&raw); err != nil {
					return nil, err
				}
				copy(h[:], raw)
			}
			all = append(all, h)
		}
		return all, nil
	}
}

func (b *bare) batch(ctx context.Context, entries []waiter) error {
	tx, err := b.d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it was committed
	fresh, next := map[int64]tlog.Hash{}, tlog.StoredHashIndex(0, b.size)
	for i, one := range entries {
		hashes, err := tlog.StoredHashes(b.size+int64(i), one.entry, b.read(ctx, tx, fresh))
		if err != nil {
			return err
		}
		for _, h := range hashes {
			fresh[next] = h
			if _, err := tx.ExecContext(ctx, `insert into node (id, hash) values (?, ?)`, next, h[:]); err != nil {
				return err
			}
			next++
		}
		if _, err := tx.ExecContext(ctx, `insert into entry (id, data) values (?, ?)`, b.size+int64(i), one.entry); err != nil {
			return err
		}
	}
	b.size += int64(len(entries))
	if _, err := tlog.TreeHash(b.size, b.read(ctx, tx, fresh)); err != nil {
		return err
	}
	return tx.Commit()
}

// bareRun appends with writers that await, for a while.
func bareRun(ctx context.Context, dir string, writers int, duration time.Duration) (o outcome, err error) {
	d, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bare.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		return o, err
	}
	defer d.Close() //nolint:errcheck // a temporary database
	d.SetMaxOpenConns(1)
	if _, err := d.ExecContext(ctx, `create table node (id integer primary key, hash blob not null); create table entry (id integer primary key, data blob not null)`); err != nil {
		return o, err
	}
	b := &bare{d: d}
	var mu sync.Mutex
	var waiting []waiter
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		var failed error
		for last := false; !last && failed == nil; {
			select {
			case <-stop:
				last = true
			case <-time.After(interval):
			}
			mu.Lock()
			all := waiting
			waiting = nil
			mu.Unlock()
			if len(all) > 0 {
				failed = b.batch(ctx, all)
			}
			for _, one := range all {
				close(one.sealed)
			}
		}
		ended <- failed
	}()
	began := time.Now()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := 0; time.Since(began) < duration; n++ {
				one := waiter{make([]byte, 33), make(chan struct{})}
				copy(one.entry, fmt.Sprintf("%d %d", w, n))
				at := time.Now()
				mu.Lock()
				waiting = append(waiting, one)
				mu.Unlock()
				<-one.sealed
				mu.Lock()
				o.waits = append(o.waits, time.Since(at))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	close(stop)
	o.rate = float64(len(o.waits)) / time.Since(began).Seconds()
	slices.Sort(o.waits)
	return o, <-ended
}

// peers runs the bare library and Tessera as the product was run.
func peers(ctx context.Context, dir, module string, writers int, duration time.Duration) error {
	o, err := bareRun(ctx, dir, writers, duration)
	if err != nil {
		return fmt.Errorf("bare library: %w", err)
	}
	row("bare x/mod tlog + SQLite, "+fmt.Sprint(writers)+" await", "%6.0f leaves/s, signed after p50 %s p99 %s", o.rate, o.at(50), o.at(99))
	binary := filepath.Join(dir, "tessera")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir, build.Stderr = module, os.Stderr
	if err := build.Run(); err != nil {
		row("Tessera 1.0.4", "not measured: %v (it is built in %s)", err, module)
		return nil
	}
	out, err := exec.CommandContext(ctx, binary, "-writers", fmt.Sprint(writers), "-duration", duration.String(), "-batch", interval.String()).Output()
	if err != nil {
		return fmt.Errorf("tessera: %w", errors.Join(err, said(err)))
	}
	var f struct {
		PerSecond float64 `json:"per_second"`
		P50       float64 `json:"p50_ms"`
		P99       float64 `json:"p99_ms"`
	}
	if err := json.Unmarshal(out, &f); err != nil {
		return fmt.Errorf("tessera: %w", err)
	}
	row("Tessera 1.0.4, POSIX files, "+fmt.Sprint(writers)+" await", "%6.0f leaves/s, signed after p50 %.0fms p99 %.0fms", f.PerSecond, f.P50, f.P99)
	return nil
}

func said(err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return errors.New(string(exit.Stderr))
	}
	return nil
}
