package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Tx is a transaction under way. It is used by one goroutine and not kept.
type Tx struct {
	Now    time.Time // the only clock of business code; UTC, whole milliseconds
	engine Engine
	keys   *keyring
	run    runner
	after  []func()
	notes  map[any]any
}

// runner is what executes statements: a SQLite session or a PostgreSQL transaction.
type runner interface {
	exec(ctx context.Context, query string, args ...any) (changed int64, err error)
	query(ctx context.Context, query string, args ...any) (Rows, error)
	row(ctx context.Context, query string, args ...any) Scanner
}

// Scanner is one row being read. Scan gives sql.ErrNoRows where there is none.
type Scanner interface{ Scan(dest ...any) error }

// Rows are the rows of a query, read as those of database/sql are.
type Rows interface {
	Scanner
	Next() bool
	Err() error
	Close() error
}

// Engine tells which database the transaction runs on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Note keeps what the caller has read, for as long as nothing but itself changes
// it, and Noted gives it back: within this transaction, and never after a part of
// it was undone. Keys are as those of context values.
func (tx *Tx) Note(key, value any) {
	if tx.notes == nil {
		tx.notes = map[any]any{}
	}
	tx.notes[key] = value
}

// Noted is described at Note; nil: nothing was noted.
func (tx *Tx) Noted(key any) any { return tx.notes[key] }

// Exec runs a statement and tells how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	return tx.run.exec(ctx, query, args...)
}

// Query returns rows; the caller closes them before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (Rows, error) {
	return tx.run.query(ctx, query, args...)
}

// QueryRow returns one row; Scan gives sql.ErrNoRows where there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) Scanner {
	return tx.run.row(ctx, query, args...)
}

// OnCommit runs f once after the commit. f must be quick and must not fail:
// it wakes somebody who looks into the database. A crash may skip it.
func (tx *Tx) OnCommit(f func()) { tx.after = append(tx.after, f) }

// List reads all rows of a query.
func List[T any](ctx context.Context, tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// mostListed is how many values one statement lists at most: engines have limits.
const mostListed = 300

// Pairs reads, for ids of a tenant, one text each. The query gives id and text,
// and ends before the list, such as "select id, number … where tenant = $1 and
// id in". What is not there is left out.
func Pairs(ctx context.Context, tx *Tx, query, tenant string, ids []string) (map[string]string, error) {
	all := make(map[string]string, len(ids))
	for some := range slices.Chunk(ids, mostListed) {
		args := []any{tenant}
		for _, id := range some {
			args = append(args, id)
		}
		pairs, err := List(ctx, tx, func(row Scanner) (p [2]string, err error) { return p, row.Scan(&p[0], &p[1]) }, query+" ("+Placeholders(2, len(some))+")", args...)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			all[p[0]] = p[1]
		}
	}
	return all, nil
}

// Placeholders returns n of them, such as "$3, $4, $5", for lists whose length
// is known only when the statement is made.
func Placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

// Millis is how an instant is stored; the zero time is 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time reads a stored instant; 0 is the zero time.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
