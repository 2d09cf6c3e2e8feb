package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
)

// Durable: WAL with a synced log, so that a commit that was acknowledged
// survives a power cut. The checkpoint is larger than SQLite's default because
// it runs in the writer and each one costs two more syncs.
var pragmas = []string{
	"pragma journal_mode = wal",
	"pragma synchronous = full",
	"pragma foreign_keys = 1",
	"pragma cache_size = -32768",
	"pragma temp_store = memory",
	"pragma wal_autocheckpoint = 4000",
	"pragma journal_size_limit = 67108864",
}

// The writer keeps fewer pages than a reader. SQLite looks through all that it
// keeps at the end of nearly every commit (whenever pages of an index changed
// places), and most of what the writer needs is at the end of a table.
const writerCache = "pragma cache_size = -8192"

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	d := &DB{engine: SQLite, clock: o.Clock, keys: &keyring{ask: o.Keys}, path: path, readers: make(chan *session, o.Readers)}
	first, err := openSession(ctx, path, writerCache)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	d.writer = newWriter(first, d.Now, d.tell, d.keys, o.Group)
	for range o.Readers {
		s, err := openSession(ctx, path, "pragma query_only = 1")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), d.Close())
		}
		d.readers <- s
	}
	return d, nil
}

func openSession(ctx context.Context, path string, more ...string) (*session, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(10 * time.Second)
	s := &session{conn: conn, stmts: map[string]*statement{}}
	for _, text := range append(pragmas, more...) {
		if _, err := s.exec(ctx, text); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", text, err), s.close())
		}
	}
	return s, nil
}

func (d *DB) readSQLite(ctx context.Context, fn func(tx *Tx) error) error {
	var s *session
	select {
	case s = <-d.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { d.readers <- s }()
	if _, err := s.exec(ctx, "begin"); err != nil {
		return err
	}
	defer s.exec(context.WithoutCancel(ctx), "rollback") //nolint:errcheck // nothing was written
	return fn(&Tx{Now: d.Now(), engine: SQLite, keys: d.keys, run: s})
}

func (d *DB) closeReaders() error {
	var errs []error
	for range cap(d.readers) {
		select {
		case s := <-d.readers:
			errs = append(errs, s.close())
		default: // Open failed before all readers were made
		}
	}
	return errors.Join(errs...)
}

func isBusy(err error) bool { return sqlite.ErrCode(err).ToPrimary() == sqlite.ResultBusy }
