package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"zombiezen.com/go/sqlite"
)

func openPostgres(ctx context.Context, url string, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	set := func(name, value string) {
		if _, ok := cfg.RuntimeParams[name]; !ok {
			cfg.RuntimeParams[name] = value
		}
	}
	set("application_name", "aftercare")
	set("timezone", "UTC")
	// A caller that gave up must not leave its query running in the server.
	set("statement_timeout", "30000")
	set("client_connection_check_interval", "2000")
	// A process that froze inside a transaction must not keep its locks.
	set("idle_in_transaction_session_timeout", "20000")
	// Compiling a question takes longer than answering ours, also the largest.
	set("jit", "off")
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(o.Conns)
	pool.SetMaxIdleConns(o.Conns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to %s:%d/%s: %w", cfg.Host, cfg.Port, cfg.Database, err), pool.Close())
	}
	return &DB{engine: Postgres, clock: o.Clock, keys: &keyring{ask: o.Keys}, pool: pool}, nil
}

// A write that lost against another is run again; each run sees the new state.
const maxTries = 8

func (d *DB) writePostgres(ctx context.Context, fn func(tx *Tx) error) error {
	for try := 1; ; try++ {
		err := d.tryPostgres(ctx, nil, fn)
		if err == nil || !lostRace(err) {
			return err
		}
		if try == maxTries {
			return ErrBusy.Because("Other writers were faster each time.")
		}
	}
}

func (d *DB) readPostgres(ctx context.Context, fn func(tx *Tx) error) error {
	return d.tryPostgres(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}, fn)
}

func (d *DB) tryPostgres(ctx context.Context, o *sql.TxOptions, fn func(tx *Tx) error) error {
	began := time.Now()
	inner, err := d.pool.BeginTx(ctx, o)
	if err != nil {
		return err
	}
	defer inner.Rollback() //nolint:errcheck // after a commit it does nothing
	tx := &Tx{Now: d.Now(), engine: Postgres, keys: d.keys, run: pgRunner{inner}}
	if err := fn(tx); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		if gone := ctx.Err(); gone != nil && errors.Is(err, sql.ErrTxDone) {
			err = gone // the caller went away, and that ended the transaction
		}
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range tx.after {
		f()
	}
	if o == nil { // a write
		d.tell(1, time.Since(began))
	}
	return nil
}

// pgRunner runs statements in a transaction of PostgreSQL.
type pgRunner struct{ tx *sql.Tx }

func (p pgRunner) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := p.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (p pgRunner) query(ctx context.Context, query string, args ...any) (Rows, error) {
	rows, err := p.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err // not rows: a nil *sql.Rows would not be a nil Rows
	}
	return rows, nil
}

func (p pgRunner) row(ctx context.Context, query string, args ...any) Scanner {
	return p.tx.QueryRowContext(ctx, query, args...)
}

func lostRace(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// IsUnique reports whether a statement failed because a row with that key
// exists. Prefer "on conflict do nothing": on PostgreSQL the failure has
// already ended the transaction.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	code := sqlite.ErrCode(err)
	return code == sqlite.ResultConstraintUnique || code == sqlite.ResultConstraintPrimaryKey
}
