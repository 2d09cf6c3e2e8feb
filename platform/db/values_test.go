package db_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

type state string

func TestTypesOfGoGoInAndComeBack(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		note := "pointed to"
		tests := []struct {
			name string
			note any
			into any
			want any
		}{
			{"text", "a", new(string), "a"},
			{"no text", "", new(string), ""},
			{"letters of more than one byte", "汉字 🧹", new(string), "汉字 🧹"},
			{"a named text", state("open"), new(state), state("open")},
			{"a pointer", &note, new(*string), &note},
			{"no pointer", (*string)(nil), new(*string), (*string)(nil)},
			{"nothing into a null text", nil, new(sql.NullString), sql.NullString{}},
			{"a null text", sql.NullString{String: "b", Valid: true}, new(sql.NullString), sql.NullString{String: "b", Valid: true}},
			{"a generic null", sql.Null[string]{}, new(sql.Null[string]), sql.Null[string]{}},
			{"any", "c", new(any), any("c")},
			{"a text as bytes", "d", new([]byte), []byte("d")},
			{"digits as a number", "42", new(int64), int64(42)},
		}
		for i, test := range tests {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `insert into shelf_box (tenant, id, note) values ($1, $2, $3)`, "t", i, test.note)
				return err
			})
			if err != nil {
				t.Errorf("%s: write: %v", test.name, err)
				continue
			}
			err = d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(t.Context(), `select note from shelf_box where tenant = $1 and id = $2`, "t", i).Scan(test.into)
			})
			if err != nil {
				t.Errorf("%s: read: %v", test.name, err)
				continue
			}
			if diff := cmp.Diff(test.want, deref(test.into)); diff != "" {
				t.Errorf("%s: %s", test.name, diff)
			}
		}
	})
}

func deref(p any) any {
	switch v := p.(type) {
	case *string:
		return *v
	case *state:
		return *v
	case **string:
		return *v
	case *sql.NullString:
		return *v
	case *sql.Null[string]:
		return *v
	case *any:
		return *v
	case *[]byte:
		return *v
	case *int64:
		return *v
	}
	return p
}

func TestNumbersGoIntoWhatHoldsThem(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		var (
			wide   int64
			narrow int8
			plain  int
			count  uint32
			yes    bool
			text   string
			maybe  *int64
			bytes  = []byte("from before")
		)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into shelf_box (tenant, id, full_, content) values ($1, $2, $3, $4)`, "t", uint16(77), true, []byte(nil))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			if err := tx.QueryRow(t.Context(), `select id, id, id, id, full_, id, id, content from shelf_box`).
				Scan(&wide, &narrow, &plain, &count, &yes, &text, &maybe, &bytes); err != nil {
				return err
			}
			if err := tx.QueryRow(t.Context(), `select id * 10 from shelf_box`).Scan(&narrow); err == nil {
				t.Errorf("770 went into an int8: %d", narrow)
			}
			if err := tx.QueryRow(t.Context(), `select note from shelf_box`).Scan(&text); err == nil {
				t.Error("nothing went into a text")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if wide != 77 || narrow != 77 || plain != 77 || count != 77 || !yes || text != "77" || maybe == nil || *maybe != 77 || bytes != nil {
			t.Errorf("%d %d %d %d %t %q %v %v", wide, narrow, plain, count, yes, text, maybe, bytes)
		}
	})
}

func TestPlaceholdersTakeTheirArguments(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := put(t.Context(), tx, 3, "three"); err != nil {
				return err
			}
			var id int
			var note string
			err := tx.QueryRow(t.Context(), `
				update shelf_box set note = $1 || note || $1
				where note = $2 and tenant = $3 and id = $4
				returning id, note`, "-", "three", "t", 3).Scan(&id, &note)
			if err != nil || id != 3 || note != "-three-" {
				t.Errorf("%d %q %v", id, note, err)
			}
			err = tx.QueryRow(t.Context(), `select id from shelf_box where note = $1 limit $2`, "none", 1).Scan(&id)
			if !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("no row: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			var id int
			return tx.QueryRow(t.Context(), `select id from shelf_box where tenant = $1 and id = $2`, "t").Scan(&id)
		})
		if err == nil {
			t.Error("a missing argument was not missed")
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into shelf_box (tenant, id, note) values ($1, $2, $3)`, "t", 1, struct{}{})
			return err
		})
		if err == nil {
			t.Error("a struct was stored")
		}
	})
}

func TestRowsThatAreNotReadToTheirEnd(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 3 {
				if err := put(t.Context(), tx, i, strings.Repeat("x", i)); err != nil {
					return err
				}
			}
			for range 2 {
				rows, err := tx.Query(t.Context(), `select id from shelf_box order by id`)
				if err != nil {
					return err
				}
				var id int
				if err := rows.Scan(&id); err == nil {
					t.Error("a row was read before the first")
				}
				if !rows.Next() || rows.Scan(&id) != nil || id != 0 {
					t.Errorf("first row: %d, %v", id, rows.Err())
				}
				if err := rows.Close(); err != nil {
					return err
				}
				if rows.Next() || rows.Scan(&id) == nil || rows.Err() != nil {
					t.Errorf("after closing: %d, %v", id, rows.Err())
				}
			}
			changed, err := tx.Exec(t.Context(), `delete from shelf_box where id > $1`, 0)
			if changed != 2 {
				t.Errorf("%d deleted", changed)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// PostgreSQL refuses the second statement; SQLite could not go on with the rows.
func TestAStatementAmongOpenRowsIsNoticed(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/open.db", db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.Query(t.Context(), `select 1 union all select 2`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := tx.QueryRow(t.Context(), `select 3`).Scan(&n); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err == nil {
		t.Error("rows were cut off without an error")
	}
}
