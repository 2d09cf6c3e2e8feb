package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"
)

// session is one connection with its prepared statements. Preparing costs more
// than running for most of ours, so each text is prepared once. It speaks to
// SQLite without database/sql, whose driver spends more on names and types of
// columns than SQLite spends on finding a row.
type session struct {
	conn  *sqlite.Conn
	stmts map[string]*statement
	wrote bool    // something may have been written since this was set to false
	open  *cursor // the rows being read; a session reads one set at a time
}

// statement is a prepared statement and, for each of its parameters, which
// argument it takes.
type statement struct {
	*sqlite.Stmt
	args    []int
	columns int
	effect  effect
}

// effect is what a statement can do to the store.
type effect int

const (
	unknown effect = iota // counts as a change
	none                  // reads, or marks a place in the transaction
	changes               // as many rows as it says
)

func effectOf(text string) effect {
	words := strings.Fields(text)
	if len(words) == 0 {
		return unknown
	}
	switch words[0] {
	case "select", "savepoint", "release", "rollback":
		return none
	case "insert", "update", "delete":
		return changes
	}
	return unknown
}

// Lists with filters make many texts; past this many all are forgotten.
const maxStmts = 400

// SQLite looks at the value of a bare parameter of limit and plans a statement
// anew each time one is bound, which costs more than most of ours take to run.
var planned = regexp.MustCompile(`\blimit (\$\d+)`)

var errInterrupted = errors.New("another statement was run before these rows were closed")

func (s *session) prepare(query string) (*statement, error) {
	if s.open != nil {
		s.open.end(errInterrupted)
	}
	if stmt, ok := s.stmts[query]; ok {
		return stmt, nil
	}
	if len(s.stmts) >= maxStmts {
		s.forget()
	}
	text := strings.TrimRight(planned.ReplaceAllString(query, "limit ($1 + 0)"), "; \t\n")
	inner, err := s.conn.Prepare(text)
	if err != nil {
		return nil, err
	}
	stmt := &statement{Stmt: inner, args: make([]int, inner.BindParamCount()), columns: inner.ColumnCount(), effect: effectOf(text)}
	for i := range stmt.args {
		stmt.args[i] = i // as a bare ? takes them
		if n, err := strconv.Atoi(strings.TrimPrefix(inner.BindParamName(i+1), "$")); err == nil {
			stmt.args[i] = n - 1
		}
	}
	s.stmts[query] = stmt
	return stmt, nil
}

func (s *session) forget() {
	for _, stmt := range s.stmts {
		_ = stmt.Finalize() // tells the error of the last run again
	}
	clear(s.stmts)
}

func (s *session) close() error { return s.conn.Close() }

// start prepares, binds and takes the first step.
func (s *session) start(query string, args []any) (*statement, bool, error) {
	stmt, err := s.prepare(query)
	if err != nil {
		return nil, false, err
	}
	for i, n := range stmt.args {
		if n >= len(args) {
			err = fmt.Errorf("no argument for $%d", n+1)
		} else {
			err = bind(stmt.Stmt, i+1, args[n])
		}
		if err != nil {
			return nil, false, errors.Join(err, stmt.ClearBindings())
		}
	}
	more, err := stmt.Step()
	if stmt.effect != none && (more || err != nil || stmt.effect == unknown || s.conn.Changes() > 0) {
		s.wrote = true
	}
	if err != nil {
		_ = stmt.ClearBindings()
		return nil, false, err
	}
	return stmt, more, nil
}

func (stmt *statement) end() error {
	return errors.Join(stmt.Reset(), stmt.ClearBindings())
}

// The three methods ignore the caller's cancellation: an interrupted statement
// would roll back the whole group of writes, and reads are short.

func (s *session) exec(_ context.Context, query string, args ...any) (int64, error) {
	stmt, more, err := s.start(query, args)
	for err == nil && more {
		more, err = stmt.Step()
	}
	if err != nil {
		return 0, err
	}
	return int64(s.conn.Changes()), stmt.end()
}

func (s *session) query(_ context.Context, query string, args ...any) (Rows, error) {
	c, err := s.read(query, args)
	if err != nil {
		return nil, err // not c: a nil cursor would not be a nil Rows
	}
	return c, nil
}

func (s *session) row(_ context.Context, query string, args ...any) Scanner {
	c, err := s.read(query, args)
	return single{c, err}
}

func (s *session) read(query string, args []any) (*cursor, error) {
	stmt, more, err := s.start(query, args)
	if err != nil {
		return nil, err
	}
	c := &cursor{session: s, stmt: stmt, first: true, more: more}
	s.open = c
	return c, nil
}

// cursor is the rows of a query; the first step has been taken.
type cursor struct {
	session *session
	stmt    *statement // nil once closed
	first   bool
	more    bool
	err     error
}

func (c *cursor) Next() bool {
	if c.stmt == nil {
		return false
	}
	if c.first {
		c.first = false
	} else {
		c.more, c.err = c.stmt.Step()
	}
	if !c.more {
		c.end(c.err)
	}
	return c.more
}

func (c *cursor) Scan(dest ...any) error {
	if c.stmt == nil || c.first {
		return errors.New("there is no row to scan")
	}
	if len(dest) != c.stmt.columns {
		return fmt.Errorf("%d columns scanned into %d places", c.stmt.columns, len(dest))
	}
	for i, d := range dest {
		if err := column(c.stmt.Stmt, i, d); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func (c *cursor) Err() error { return c.err }

func (c *cursor) Close() error {
	return c.end(c.err)
}

func (c *cursor) end(err error) error {
	if c.stmt == nil {
		return nil
	}
	stmt := c.stmt
	c.stmt, c.session.open, c.more, c.err = nil, nil, false, err
	return stmt.end()
}

// single is the first row of a query.
type single struct {
	cursor *cursor
	err    error
}

func (s single) Scan(dest ...any) error {
	if s.err != nil {
		return s.err
	}
	if !s.cursor.Next() {
		if s.cursor.err != nil {
			return s.cursor.err
		}
		return sql.ErrNoRows
	}
	err := s.cursor.Scan(dest...)
	return errors.Join(err, s.cursor.Close())
}
