package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Schema is the migrations of one package: files NNNN_name.sql in a folder
// named schema, applied in order, never changed after a release.
type Schema struct {
	Name string // package name, prefix of its tables
	FS   fs.FS  // holds schema/*.sql
}

type migration struct {
	pkg, name, text, checksum string
	number                    int
}

const migrationTable = `
create table if not exists db_migration (
	package text not null,
	number bigint not null,
	name text not null,
	checksum text not null,
	applied_at bigint not null,
	primary key (package, number)
);
`

// Migrate brings the store to the present schema and tells how many files it
// applied. Two processes may call it at once: one waits for the other. A file
// that was changed after it was applied is an error.
func (d *DB) Migrate(ctx context.Context, schemas []Schema) (int, error) {
	all, err := migrations(schemas)
	if err != nil {
		return 0, err
	}
	applied := 0
	err = d.Write(ctx, func(tx *Tx) error {
		applied = 0
		if tx.engine == Postgres { // SQLite's write transaction already is exclusive
			if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(0x6166746572)); err != nil {
				return err
			}
		}
		if err := tx.script(ctx, migrationTable); err != nil {
			return err
		}
		for _, m := range all {
			ran, err := tx.migrate(ctx, m)
			if err != nil {
				return fmt.Errorf("migration %s/%s: %w", m.pkg, m.name, err)
			}
			if ran {
				applied++
			}
		}
		return nil
	})
	return applied, err
}

func (tx *Tx) migrate(ctx context.Context, m migration) (bool, error) {
	fresh, err := tx.Exec(ctx, `
		insert into db_migration (package, number, name, checksum, applied_at)
		values ($1, $2, $3, $4, $5)
		on conflict do nothing`, m.pkg, m.number, m.name, m.checksum, Millis(tx.Now))
	if err != nil {
		return false, err
	}
	if fresh == 1 {
		return true, tx.script(ctx, m.text)
	}
	var checksum string
	err = tx.QueryRow(ctx, `select checksum from db_migration where package = $1 and number = $2`, m.pkg, m.number).Scan(&checksum)
	if err != nil {
		return false, err
	}
	if checksum != m.checksum {
		return false, fmt.Errorf("was changed after it had been applied")
	}
	return false, nil
}

// script runs the statements of a file, each ending with a semicolon at the
// end of a line.
func (tx *Tx) script(ctx context.Context, text string) error {
	if tx.engine == SQLite {
		text = forSQLite(text)
	}
	for statement := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.80s: %w", strings.TrimSpace(statement), err)
		}
	}
	return nil
}

var (
	serial  = regexp.MustCompile(`\bbigserial primary key\b`)
	integer = regexp.MustCompile(`\b(bigint|boolean)\b`)
	blob    = regexp.MustCompile(`\bbytea\b`)
	closing = regexp.MustCompile(`(?m)^\);$`)
)

// forSQLite writes the four differences in data definition: names of types,
// and strict tables, which refuse a value of another type as PostgreSQL does.
func forSQLite(text string) string {
	text = serial.ReplaceAllString(text, "integer primary key autoincrement")
	text = integer.ReplaceAllString(text, "integer")
	text = blob.ReplaceAllString(text, "blob")
	return closing.ReplaceAllString(text, ") strict;")
}

func migrations(schemas []Schema) ([]migration, error) {
	var all []migration
	for _, s := range schemas {
		names, err := fs.Glob(s.FS, "schema/*.sql")
		if err != nil {
			return nil, err
		}
		slices.Sort(names)
		for i, path := range names {
			name := strings.TrimSuffix(strings.TrimPrefix(path, "schema/"), ".sql")
			digits, _, _ := strings.Cut(name, "_")
			number, err := strconv.Atoi(digits)
			if err != nil || number != i+1 {
				return nil, fmt.Errorf("migration %s/%s: files are numbered 0001, 0002, … without gaps", s.Name, name)
			}
			text, err := fs.ReadFile(s.FS, path)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(text)
			all = append(all, migration{pkg: s.Name, name: name, number: number, text: string(text), checksum: hex.EncodeToString(sum[:])})
		}
	}
	return all, nil
}
