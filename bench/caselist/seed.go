package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/aftercare/aftercare/platform/db"
)

//go:embed seed.sql
var rows string

//go:embed terms.sql
var terms string

// articles may be run again: a folder of an earlier version has none.
//
//go:embed articles.sql
var articles string

// moments are when money went back and who answered when; as often as articles.
//
//go:embed moments.sql
var moments string

// epoch is the instant of the newest case: whole hours, so that a folder that
// is used again fits its cases.
var epoch = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// seed fills an empty table with cases, in pieces that fit a transaction, and
// tells how large it is.
func seed(ctx context.Context, o options) error {
	target := "sqlite:" + filepath.Join(o.data, "aftercare.db")
	if o.database != "" {
		u, err := url.Parse(o.database)
		if err != nil {
			return err
		}
		q := u.Query()
		q.Set("statement_timeout", "0")
		u.RawQuery = q.Encode()
		target = u.String()
	}
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	began, there := time.Now(), 0
	count := func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "select count(*) "+"from cases_"+"case").Scan(&there)
	}
	if err := d.Read(ctx, count); err != nil {
		return err
	}
	const piece = 50_000
	for from := there; from < o.cases; from += piece {
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, rows, from, min(from+piece, o.cases), o.cases, db.Millis(epoch))
			return err
		})
		if err != nil {
			return err
		}
	}
	if there < o.cases {
		if err := execute(ctx, d, terms); err != nil {
			return err
		}
		fmt.Printf("filled with %d cases in %.0f s\n", o.cases, time.Since(began).Seconds())
	}
	if err := execute(ctx, d, articles); err != nil {
		return err
	}
	if err := execute(ctx, d, moments); err != nil {
		return err
	}
	if o.database != "" {
		return sizesPostgres(ctx, target, o.cases)
	}
	return sizesSQLite(ctx, d, o.cases)
}

// execute runs each statement of a file in a transaction of its own.
func execute(ctx context.Context, d *db.DB, file string) error {
	for statement := range strings.SplitSeq(file, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, statement); return err }); err != nil {
			return err
		}
	}
	return nil
}

func tell(name string, bytes int64, cases int) {
	fmt.Printf("  %-34s %7.1f MB %8.1f bytes a case\n", name, float64(bytes)/1e6, float64(bytes)/float64(cases))
}

func sizesSQLite(ctx context.Context, d *db.DB, cases int) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "select name, sum(pgsize) from dbstat where name like '%cases_%' group by name order by 2 desc")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var bytes int64
			if err := rows.Scan(&name, &bytes); err != nil {
				return err
			}
			tell(name, bytes, cases)
		}
		return rows.Err()
	})
}

// sizesPostgres lets the server clean up and learn what is where first, as it
// does by itself after a while.
func sizesPostgres(ctx context.Context, target string, cases int) error {
	conn, err := pgx.Connect(ctx, target)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "vacuum analyze"); err != nil {
		return err
	}
	rows, err := conn.Query(ctx, `
		select c.relname, pg_relation_size(c.oid) from pg_class c
		where c.relkind in ('r', 'i') and c.relname like 'cases\_%' order by 2 desc`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var bytes int64
		if err := rows.Scan(&name, &bytes); err != nil {
			return err
		}
		tell(name, bytes, cases)
	}
	return rows.Err()
}
