// Package db opens the store and runs transactions on it: SQLite in one file,
// or PostgreSQL by URL, with one SQL text for both.
//
// It owns connections, transactions, group commit on SQLite and migrations. It
// knows no table but its own list of migrations. A Write either commits as a
// whole, durably, or leaves no trace; each caller learns its own outcome.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Engine names the database behind a DB.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// ErrBusy refuses a write that waited too long for its turn. Nothing happened.
var ErrBusy = fault.New(fault.Busy, "db.busy", "The database is busy. Try again shortly.")

// Options change how a store is opened; the zero value is right for a server.
type Options struct {
	Clock   func() time.Time // what tx.Now is taken from; time.Now when nil
	Readers int              // SQLite: connections for reading, 4 when 0
	Conns   int              // PostgreSQL: connections at most, 24 when 0
	Group   int              // SQLite: writes that share one commit at most, 128 when 0
	Keys    func() [][]byte  // what Tx.MAC authenticates with, the newest first; they are not in the store
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	engine  Engine
	clock   func() time.Time
	keys    *keyring
	pool    *sql.DB       // PostgreSQL
	readers chan *session // SQLite
	writer  *writer       // SQLite
	path    string        // SQLite

	committed notice
	watcher   atomic.Pointer[func(writes int, took time.Duration)]
}

// Open connects to a "sqlite:PATH" or "postgres://…" URL and checks that it
// answers. It does not migrate.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Keys == nil {
		o.Keys = func() [][]byte { return [][]byte{nil} }
	}
	if o.Readers == 0 {
		o.Readers = 4
	}
	if o.Conns == 0 {
		o.Conns = 24
	}
	if o.Group == 0 {
		o.Group = 128
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return openSQLite(ctx, path, o)
	}
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url, o)
	}
	return nil, fmt.Errorf("database URL must start with sqlite: or postgres://")
}

// Engine tells which database this is, for the few places that must know.
func (d *DB) Engine() Engine { return d.engine }

// Path is the file of a SQLite store, empty on PostgreSQL.
func (d *DB) Path() string { return d.path }

// Now is the store's clock, in UTC and whole milliseconds.
func (d *DB) Now() time.Time { return d.clock().UTC().Truncate(time.Millisecond) }

// Write runs fn in a transaction and commits it durably. An error from fn, or
// a panic, undoes everything fn did. fn must do nothing but compute and use tx:
// it shares its turn with other callers, and runs again after a serialization
// conflict, or when one of those others failed. fn must not call Write.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if d.engine == SQLite {
		return d.writer.do(ctx, fn)
	}
	return d.writePostgres(ctx, fn)
}

// Read runs fn in a read-only transaction that sees one moment of the store.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) error {
	if d.engine == SQLite {
		return d.readSQLite(ctx, fn)
	}
	return d.readPostgres(ctx, fn)
}

// Observe has f told of each commit: how many writes shared it, and the time
// from their start. f must be quick.
func (d *DB) Observe(f func(writes int, took time.Duration)) { d.watcher.Store(&f) }

// tell announces a commit to whoever waits or measures.
func (d *DB) tell(writes int, took time.Duration) {
	d.committed.tell()
	if f := d.watcher.Load(); f != nil {
		(*f)(writes, took)
	}
}

// Ping checks that the store answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		var one int
		return tx.QueryRow(ctx, `select 1`).Scan(&one)
	})
}

// Close waits for the writes under way and closes the store.
func (d *DB) Close() error {
	if d.engine == SQLite {
		d.writer.stop()
		return d.closeReaders()
	}
	return d.pool.Close()
}
