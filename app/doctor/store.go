package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/platform/db"
)

// engine is what the database says of itself.
type engine struct {
	name, version       string
	number, oldest      int64
	encoding, collation string
	journal             string // SQLite
	synchronous         int64  // SQLite: 2 is full
}

func engineOf(ctx context.Context, tx *db.Tx) (e engine, err error) {
	if tx.Engine() == db.Postgres {
		e.name, e.oldest = "PostgreSQL", 140000
		err = tx.QueryRow(ctx, `
			select current_setting('server_version'), cast(current_setting('server_version_num') as bigint), current_setting('server_encoding'), datcollate
			from pg_database where datname = current_database()`).Scan(&e.version, &e.number, &e.encoding, &e.collation)
		return e, err
	}
	e.name, e.encoding = "SQLite", "UTF8"
	if err = tx.QueryRow(ctx, `select sqlite_version()`).Scan(&e.version); err != nil {
		return e, err
	}
	if err = tx.QueryRow(ctx, `pragma journal_mode`).Scan(&e.journal); err != nil {
		return e, err
	}
	err = tx.QueryRow(ctx, `pragma synchronous`).Scan(&e.synchronous)
	return e, err
}

func serverClock(ctx context.Context, tx *db.Tx) (time.Time, error) {
	var ms int64
	err := tx.QueryRow(ctx, `select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`).Scan(&ms)
	return db.Time(ms), err
}

// holds reports whether a table is there, also where it may not be read.
func holds(ctx context.Context, d *db.DB, table string) (there bool, err error) {
	query := `select count(*) from sqlite_master where type = 'table' and name = $1`
	if d.Engine() == db.Postgres {
		query = `select count(*) from pg_tables where schemaname = current_schema() and tablename = $1`
	}
	var n int
	err = d.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query, table).Scan(&n) })
	return n > 0, err
}

// compare counts the schema files that were not applied, and names those that
// this program does not know.
func compare(ctx context.Context, d *db.DB, schemas []db.Schema) (pending int, unknown []string, err error) {
	known := map[string]bool{}
	for _, s := range schemas {
		names, err := fs.Glob(s.FS, "schema/*.sql")
		if err != nil {
			return 0, nil, err
		}
		for _, name := range names {
			digits, _, _ := strings.Cut(filepath.Base(name), "_")
			n, _ := strconv.Atoi(digits)
			known[fmt.Sprintf("%s/%04d", s.Name, n)] = true
		}
	}
	pending = len(known)
	columns, err := d.Columns(ctx)
	if err != nil || len(columns) == 0 {
		return pending, nil, err
	}
	err = d.Read(ctx, func(tx *db.Tx) error {
		applied, err := db.List(ctx, tx, func(row db.Scanner) (string, error) {
			var pkg string
			var n int
			err := row.Scan(&pkg, &n)
			return fmt.Sprintf("%s/%04d", pkg, n), err
		}, `select package, number from db_migration order by package, number`)
		for _, name := range applied {
			if known[name] {
				pending--
			} else {
				unknown = append(unknown, name)
			}
		}
		return err
	})
	return pending, unknown, err
}
