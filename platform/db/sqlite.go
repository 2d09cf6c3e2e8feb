package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"modernc.org/sqlite" // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Durable: WAL with a synced log, so that a commit that was acknowledged
// survives a power cut. The checkpoint is larger than SQLite's default because
// it runs in the writer and each one costs two more syncs.
const pragmas = "_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)" +
	"&_pragma=cache_size(-32768)&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	d := &DB{engine: SQLite, clock: o.Clock, key: o.Key, pool: pool, path: path, readers: make(chan *session, o.Readers)}
	first, err := newSession(ctx, pool)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), pool.Close())
	}
	d.writer = newWriter(first, d.Now, d.tell, o)
	for range o.Readers {
		s, err := newSession(ctx, pool)
		if err == nil {
			_, err = s.conn.ExecContext(ctx, "pragma query_only = 1")
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), d.Close())
		}
		d.readers <- s
	}
	return d, nil
}

func (d *DB) readSQLite(ctx context.Context, fn func(tx *Tx) error) error {
	var s *session
	select {
	case s = <-d.readers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { d.readers <- s }()
	if _, err := s.ExecContext(ctx, "begin"); err != nil {
		return err
	}
	defer s.ExecContext(context.WithoutCancel(ctx), "rollback") //nolint:errcheck // nothing was written
	return fn(&Tx{Now: d.Now(), engine: SQLite, key: d.key, run: s})
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

// session is one connection with its prepared statements. Preparing costs more
// than running for most of ours, so each text is prepared once.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// Lists with filters make many texts; past this many all are forgotten.
const maxStmts = 400

// SQLite looks at the value of a bare parameter of limit and plans a statement
// anew each time one is bound, which costs more than most of ours take to run.
var planned = regexp.MustCompile(`\blimit (\$\d+)`)

func newSession(ctx context.Context, pool *sql.DB) (*session, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (s *session) prepare(query string) (*sql.Stmt, error) {
	if stmt, ok := s.stmts[query]; ok {
		return stmt, nil
	}
	if len(s.stmts) >= maxStmts {
		s.forget()
	}
	stmt, err := s.conn.PrepareContext(context.Background(), planned.ReplaceAllString(query, "limit ($1 + 0)"))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = stmt
	return stmt, nil
}

func (s *session) forget() {
	for _, stmt := range s.stmts {
		_ = stmt.Close()
	}
	clear(s.stmts)
}

func (s *session) close() error {
	s.forget()
	return s.conn.Close()
}

// The three methods ignore the caller's cancellation: an interrupted statement
// would roll back the whole group of writes, and reads are short.

func (s *session) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := s.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(context.Background(), args...)
}

func (s *session) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(context.Background(), args...)
}

func (s *session) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	stmt, err := s.prepare(query)
	if err != nil {
		return s.conn.QueryRowContext(context.Background(), query, args...) // gives the same error from Scan
	}
	return stmt.QueryRowContext(context.Background(), args...)
}

func isBusy(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}
