package db_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

func TestATryThatFailsUndoesItselfOnly(t *testing.T) {
	schema := db.Schema{Name: "try", FS: fstest.MapFS{"schema/0001_try.sql": {Data: []byte("create table try_row (\n\ttenant text not null,\n\tid text not null,\n\tprimary key (tenant, id)\n);\n")}}}
	dbtest.Each(t, []db.Schema{schema}, func(t *testing.T, d *db.DB) {
		refused := errors.New("refused")
		told := ""
		add := func(tx *db.Tx, id string) error {
			_, err := tx.Exec(t.Context(), `insert into try_row (tenant, id) values ('a', $1)`, id)
			tx.OnCommit(func() { told += id })
			return err
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for _, id := range []string{"1", "2", "3"} {
				err := tx.Try(t.Context(), func() error {
					if err := add(tx, id); err != nil || id != "2" {
						return err
					}
					if err := add(tx, "1"); err == nil { // ends the transaction on PostgreSQL, were it not for the try
						t.Error("the same key twice")
					}
					return refused
				})
				if (err != nil) != (id == "2") || err != nil && !errors.Is(err, refused) {
					t.Errorf("try %s: %v", id, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ids := ""
		_ = d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := db.List(t.Context(), tx, func(row db.Scanner) (none struct{}, err error) {
				var id string
				err = row.Scan(&id)
				ids += id
				return none, err
			}, `select id from try_row order by id`)
			return err
		})
		if ids != "13" || told != "13" {
			t.Errorf("rows %q, told after the commit %q, want 13", ids, told)
		}
	})
}
