package backup

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aftercare/aftercare/platform/db"
)

const page = 1000 // rows read at a time, so that memory stays constant

// describe lists the tables and what had been migrated. db_migration itself is
// not among the tables: migrating writes it.
func describe(ctx context.Context, tx *db.Tx, columns []db.Column) ([]Table, []Migration, error) {
	byName := map[string]*Table{}
	for _, c := range columns {
		if c.Table == "db_migration" {
			continue
		}
		if byName[c.Table] == nil {
			byName[c.Table] = &Table{Name: c.Table}
		}
		byName[c.Table].Columns = append(byName[c.Table].Columns, Column{c.Name, c.Type})
	}
	var tables []Table
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		t := *byName[name]
		var err error
		if t.Key, err = primaryKey(ctx, tx, name); err != nil || len(t.Key) == 0 {
			return nil, nil, errors.Join(fmt.Errorf("table %s has no primary key", name), err)
		}
		tables = append(tables, t)
	}
	applied, err := db.List(ctx, tx, func(row db.Scanner) (m Migration, err error) {
		err = row.Scan(&m.Package, &m.Number, &m.Checksum)
		return m, err
	}, `select package, number, checksum from db_migration order by package, number`)
	return tables, applied, err
}

func primaryKey(ctx context.Context, tx *db.Tx, table string) ([]string, error) {
	query := `select name from pragma_table_info($1) where pk > 0 order by pk`
	if tx.Engine() == db.Postgres {
		query = `
			select k.column_name
			from information_schema.table_constraints c
			join information_schema.key_column_usage k on k.constraint_name = c.constraint_name and k.table_schema = c.table_schema and k.table_name = c.table_name
			where c.table_schema = current_schema() and c.table_name = $1 and c.constraint_type = 'PRIMARY KEY'
			order by k.ordinal_position`
	}
	return db.List(ctx, tx, func(row db.Scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, query, table)
}

func countRows(ctx context.Context, tx *db.Tx, table string) (n int64, err error) {
	err = tx.QueryRow(ctx, `select count(*) from `+table).Scan(&n)
	return n, err
}

// eachRow encodes all rows of a table in the order of its key.
func eachRow(ctx context.Context, tx *db.Tx, t Table, fn func(row []byte) error) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	keyAt := make([]int, len(t.Key))
	marks := make([]string, len(t.Key))
	for i, k := range t.Key {
		keyAt[i], marks[i] = slices.Index(names, k), "$"+strconv.Itoa(i+1)
	}
	query := `select ` + strings.Join(names, ", ") + ` from ` + t.Name
	key := strings.Join(t.Key, ", ")
	tail := fmt.Sprintf(` order by %s limit %d`, key, page)
	after := ` where (` + key + `) > (` + strings.Join(marks, ", ") + `)`
	var last []any
	for {
		if last != nil && !strings.Contains(query, after) {
			query += after
		}
		rows, err := db.List(ctx, tx, func(row db.Scanner) ([]any, error) {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			return values, row.Scan(into...)
		}, query+tail, last...)
		if err != nil {
			return fmt.Errorf("read table %s: %w", t.Name, err)
		}
		for _, values := range rows {
			row, err := encode(t, values)
			if err == nil {
				err = fn(row)
			}
			if err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		last = last[:0]
		for _, i := range keyAt {
			last = append(last, rows[page-1][i])
		}
	}
}

// encode writes a row so that both engines give the same bytes for it.
func encode(t Table, values []any) ([]byte, error) {
	var b bytes.Buffer
	for i, v := range values {
		b.WriteByte("[,"[min(i, 1)])
		switch v := v.(type) {
		case nil:
			b.WriteString("null")
		case bool:
			b.WriteByte("01"[map[bool]int{true: 1}[v]])
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		case []byte:
			if t.Columns[i].Type == "bytea" {
				b.WriteByte('"')
				b.WriteString(base64.StdEncoding.EncodeToString(v))
				b.WriteByte('"')
				continue
			}
			if err := writeText(&b, t, i, string(v)); err != nil {
				return nil, err
			}
		case string:
			if err := writeText(&b, t, i, v); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("table %s, column %s: a value of type %T", t.Name, t.Columns[i].Name, v)
		}
	}
	b.WriteString("]\n")
	return b.Bytes(), nil
}

func writeText(b *bytes.Buffer, t Table, i int, text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("table %s, column %s: a text that is not UTF-8", t.Name, t.Columns[i].Name)
	}
	raw, err := json.Marshal(text)
	b.Write(raw)
	return err
}

// decode reads a row as arguments of an insert on an engine. PostgreSQL takes
// numbers as text, which suits bigint and boolean columns alike.
func decode(engine db.Engine, t Table, row []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(row))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil || len(values) != len(t.Columns) {
		return nil, fmt.Errorf("%w: a row of table %s", ErrDamaged, t.Name)
	}
	for i, v := range values {
		var err error
		switch v := v.(type) {
		case json.Number:
			values[i] = v.String()
			if engine == db.SQLite {
				values[i], err = v.Int64()
			}
		case string:
			if t.Columns[i].Type == "bytea" {
				values[i], err = base64.StdEncoding.DecodeString(v)
			}
		case nil:
		default:
			err = errors.New("neither text nor number")
		}
		if err != nil {
			return nil, fmt.Errorf("%w: table %s, column %s: %w", ErrDamaged, t.Name, t.Columns[i].Name, err)
		}
	}
	return values, nil
}

// insertRows writes rows with few statements.
func insertRows(ctx context.Context, tx *db.Tx, t Table, rows [][]byte) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	head := `insert into ` + t.Name + ` (` + strings.Join(names, ", ") + `) values `
	for some := range slices.Chunk(rows, max(1, 600/len(names))) {
		var tuples []string
		var args []any
		for _, row := range some {
			values, err := decode(tx.Engine(), t, row)
			if err != nil {
				return err
			}
			marks := make([]string, len(values))
			for i, v := range values {
				args = append(args, v)
				marks[i] = "$" + strconv.Itoa(len(args))
			}
			tuples = append(tuples, "("+strings.Join(marks, ", ")+")")
		}
		if _, err := tx.Exec(ctx, head+strings.Join(tuples, ", "), args...); err != nil {
			return fmt.Errorf("write table %s: %w", t.Name, err)
		}
	}
	return nil
}

func emptyTable(ctx context.Context, tx *db.Tx, table string) error {
	_, err := tx.Exec(ctx, `delete from `+table)
	return err
}

// advance lets numbered columns go on behind the highest number. SQLite does
// that by itself.
func advance(ctx context.Context, tx *db.Tx) error {
	if tx.Engine() != db.Postgres {
		return nil
	}
	type serial struct{ table, column string }
	all, err := db.List(ctx, tx, func(row db.Scanner) (s serial, err error) {
		err = row.Scan(&s.table, &s.column)
		return s, err
	}, `
		select table_name, column_name from information_schema.columns
		where table_schema = current_schema() and column_default like 'nextval(%'`)
	for _, s := range all {
		if err == nil {
			_, err = tx.Exec(ctx, `
				select setval(pg_get_serial_sequence($1, $2), coalesce((select max(`+s.column+`) from `+s.table+`), 0) + 1, false)`, s.table, s.column)
		}
	}
	return err
}
