package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aftercare/aftercare/bench/child"
	"github.com/aftercare/aftercare/platform/db"
)

// state is the content of the tables: the number of rows and a hash that does
// not depend on their order, on ids made by chance, or on when they were made.
type state map[string]string

func (s state) rows(table string) string {
	n, _, _ := strings.Cut(s[table], " ")
	return n
}

func (s state) count(table string) int {
	n, _ := strconv.Atoi(s.rows(table))
	return n
}

func difference(a, b state) string {
	var differ []string
	for table := range a {
		if a[table] != b[table] {
			differ = append(differ, table)
		}
	}
	if len(differ) == 0 {
		return fmt.Sprintf("%d tables are the same", len(a))
	}
	slices.Sort(differ)
	return strings.Join(differ, ", ") + " differ"
}

// families are the tables that an import writes. That an import has run is
// itself no content: order_import is left out.
var families = []string{"order_", "customer_", "refund_", "event_log"}

// passing are columns that differ from one import to the next.
var passing = []string{"id", "seq", "position", "at", "created_at", "updated_at", "started_at"}

// kept are columns of that name that do not: when something came back.
var kept = map[string]bool{"order_returned.at": true}

func stateOf(ctx context.Context, i child.Install) (state, error) {
	d, err := open(ctx, i)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	columns, err := d.Columns(ctx)
	if err != nil {
		return nil, err
	}
	tables := map[string][]string{}
	for _, c := range columns {
		if c.Table != "order_import" && slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(c.Table, f) }) {
			tables[c.Table] = append(tables[c.Table], c.Name)
		}
	}
	all := state{}
	err = d.Read(ctx, func(tx *db.Tx) error {
		names := map[string]string{}
		for table, columns := range map[string][]string{"order_order": {"id", "source", "number"}, "customer_customer": {"id", "source", "ref"}} {
			err := each(ctx, tx, table, columns, func(v []sql.NullString) { names[v[0].String] = table + "/" + v[1].String + "/" + v[2].String })
			if err != nil {
				return err
			}
		}
		for table, columns := range tables {
			text, err := digest(ctx, tx, table, columns, names)
			if err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
			all[table] = text
		}
		return nil
	})
	return all, err
}

func open(ctx context.Context, i child.Install) (*db.DB, error) {
	url := i.Database + "&statement_timeout=600000"
	if i.Database == "" {
		url = "sqlite:" + filepath.Join(i.Data, "aftercare.db")
	}
	return db.Open(ctx, url, db.Options{Conns: 2})
}

// stored counts the orders that are committed.
func stored(ctx context.Context, i child.Install) (n int, err error) {
	d, err := open(ctx, i)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	err = d.Read(ctx, func(tx *db.Tx) error {
		return each(ctx, tx, "order_order", []string{"count(*)"}, func(v []sql.NullString) { n, _ = strconv.Atoi(v[0].String) })
	})
	return n, err
}

var ids = regexp.MustCompile(`\b[a-z]{2,10}_[0-9a-z]{26}\b`)

func digest(ctx context.Context, tx *db.Tx, table string, columns []string, names map[string]string) (string, error) {
	columns = slices.DeleteFunc(slices.Sorted(slices.Values(columns)), func(c string) bool { return slices.Contains(passing, c) && !kept[table+"."+c] })
	var rows int
	var sum [4]uint64
	err := each(ctx, tx, table, columns, func(v []sql.NullString) {
		h := sha256.New()
		for _, cell := range v {
			text := ids.ReplaceAllStringFunc(cell.String, func(id string) string { return names[id] })
			fmt.Fprintf(h, "%t %d %s\n", cell.Valid, len(text), text)
		}
		rows++
		for i, part := 0, h.Sum(nil); i < 4; i++ {
			sum[i] += binary.BigEndian.Uint64(part[8*i:])
		}
	})
	return fmt.Sprintf("%d %016x", rows, sum), err
}

func each(ctx context.Context, tx *db.Tx, table string, columns []string, fn func([]sql.NullString)) error {
	rows, err := tx.Query(ctx, "select "+strings.Join(columns, ", ")+" from "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	cells, places := make([]sql.NullString, len(columns)), make([]any, len(columns))
	for i := range cells {
		places[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		fn(cells)
	}
	return rows.Err()
}
