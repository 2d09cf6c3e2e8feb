package db

import (
	"context"
	"fmt"
	"strings"
)

// Column is one column of one table, in words both engines share.
type Column struct {
	Table, Name string
	Type        string // bigint, text, bytea (booleans are bigint: SQLite has no others)
	NotNull     bool
}

// Columns lists the columns of all tables, by table and name. A test compares
// the two engines with it.
func (d *DB) Columns(ctx context.Context) ([]Column, error) {
	query := `
		select m.name, c.name, lower(c.type), c."notnull" <> 0 or c.pk <> 0
		from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite_%' and m.sql not like 'create virtual%'
		order by m.name, c.name`
	if d.engine == Postgres {
		query = `
			select table_name, column_name, data_type, is_nullable = 'NO'
			from information_schema.columns
			where table_schema = current_schema()
			order by table_name collate "C", column_name collate "C"`
	}
	var all []Column
	err := d.Read(ctx, func(tx *Tx) (err error) {
		all, err = List(ctx, tx, func(row Scanner) (c Column, err error) {
			err = row.Scan(&c.Table, &c.Name, &c.Type, &c.NotNull)
			c.Type = common[strings.ToLower(c.Type)]
			return c, err
		}, query)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("columns: %w", err)
	}
	return all, nil
}

var common = map[string]string{
	"integer": "bigint", "bigint": "bigint", "boolean": "bigint",
	"text": "text", "blob": "bytea", "bytea": "bytea",
}
