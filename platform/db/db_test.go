package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

var schema = []db.Schema{{Name: "shelf", FS: fstest.MapFS{"schema/0001_shelf.sql": {Data: []byte(`
create table shelf_box (
	tenant text not null,
	id bigint not null,
	full_ boolean not null default false,
	content bytea,
	note text,
	primary key (tenant, id)
);
create index shelf_box_note on shelf_box (tenant, note) where note is not null;
`)}}}}

func put(ctx context.Context, tx *db.Tx, id int, note string) error {
	_, err := tx.Exec(ctx, `insert into shelf_box (tenant, id, full_, content, note) values ($1, $2, $3, $4, $5)`,
		"t", id, true, []byte{1, 0, 2}, note)
	return err
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `select count(*) from shelf_box`).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestValuesComeBackAsTheyWentIn(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, 7, "江苏省") })
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			var (
				full    bool
				content []byte
				note    string
			)
			err := tx.QueryRow(t.Context(), `select full_, content, note from shelf_box where tenant = $1 and id = $2`, "t", 7).Scan(&full, &content, &note)
			if diff := cmp.Diff([]any{true, []byte{1, 0, 2}, "江苏省"}, []any{full, content, note}); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestPairsAreReadForAnyNumberOfIds(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		ids, want := []string{"gone"}, map[string]string{}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 700 {
				note := fmt.Sprint("n", i)
				if err := put(t.Context(), tx, i, note); err != nil {
					return err
				}
				ids, want[note] = append(ids, note), "of "+note
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			for tenant, want := range map[string]map[string]string{"t": want, "other": {}} {
				got, err := db.Pairs(t.Context(), tx, `select note, 'of ' || note from shelf_box where tenant = $1 and note in`, tenant, ids)
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("of %s: %v %s", tenant, err, diff)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestEachCallerOfAGroupKeepsItsOwnOutcome(t *testing.T) {
	refused := errors.New("refused")
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error {
					if err := put(t.Context(), tx, i, "x"); err != nil {
						return err
					}
					if i%3 == 0 {
						return refused
					}
					return nil
				})
				if want := i%3 == 0; errors.Is(err, refused) != want || (err != nil) != want {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 200 {
			t.Errorf("%d rows, want 200", n)
		}
	})
}

func TestAFailedStatementSpoilsOnlyItsOwnCaller(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		var won, lost int
		var mu sync.Mutex
		for range 50 {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, 1, "same") })
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if db.IsUnique(err) {
					lost++
				} else {
					t.Errorf("neither written nor refused as a duplicate: %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 || lost != 49 {
			t.Errorf("%d won, %d lost", won, lost)
		}
	})
}

func TestAPanicUndoesItsWriteAndNoOther(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not reach the caller")
				}
			}()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				_ = put(t.Context(), tx, 1, "x")
				panic("bug")
			})
		}()
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows after a panic", n)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, 1, "x") }); err != nil {
			t.Errorf("the store is unusable after a panic: %v", err)
		}
	})
}

func TestHooksRunAfterTheCommitOnly(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		ran := 0
		_ = d.Write(t.Context(), func(tx *db.Tx) error {
			tx.OnCommit(func() { ran += 100 })
			return errors.New("no")
		})
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tx.OnCommit(func() { ran++ })
			return put(t.Context(), tx, 1, "x")
		})
		if err != nil || ran != 1 {
			t.Errorf("hook ran %d times, err %v", ran, err)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, 1, "x") })
		if err == nil || count(t, d) != 0 {
			t.Errorf("a read wrote: %v", err)
		}
	})
}

func TestACancelledCallerWritesNothing(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := d.Write(ctx, func(tx *db.Tx) error { return put(t.Context(), tx, 1, "x") }); err == nil {
			t.Error("a cancelled write succeeded")
		}
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestACallerThatWentAwayIsTheReasonNotTheTransaction(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Read(ctx, func(*db.Tx) error {
			cancel()
			time.Sleep(50 * time.Millisecond) // the driver ends the transaction meanwhile
			return nil
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want that the caller went away", err)
		}
	})
}

func TestMigrationsRunOnceWhoeverStarts(t *testing.T) {
	dbtest.Each(t, nil, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		total := make([]int, 8)
		for i := range total {
			wg.Go(func() {
				n, err := d.Migrate(t.Context(), schema)
				if err != nil {
					t.Errorf("starter %d: %v", i, err)
				}
				total[i] = n
			})
		}
		wg.Wait()
		sum := 0
		for _, n := range total {
			sum += n
		}
		if sum != 1 {
			t.Errorf("one file was applied %d times", sum)
		}
		changed := []db.Schema{{Name: "shelf", FS: fstest.MapFS{"schema/0001_shelf.sql": {Data: []byte("create table shelf_other (id bigint);\n")}}}}
		if _, err := d.Migrate(t.Context(), changed); err == nil {
			t.Error("a changed migration was accepted")
		}
		gap := []db.Schema{{Name: "shelf", FS: fstest.MapFS{"schema/0002_late.sql": {Data: []byte("")}}}}
		if _, err := d.Migrate(t.Context(), gap); err == nil {
			t.Error("a gap in the numbers was accepted")
		}
	})
}

func TestBothEnginesGetTheSameColumns(t *testing.T) {
	seen := map[db.Engine][]db.Column{}
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		columns, err := d.Columns(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen[d.Engine()] = columns
	})
	if other, ok := seen[db.Postgres]; ok {
		if diff := cmp.Diff(seen[db.SQLite], other); diff != "" {
			t.Error(diff)
		}
	}
	if len(seen[db.SQLite]) != 10 {
		t.Errorf("columns: %v", seen[db.SQLite])
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			d, err := db.Open(b.Context(), "sqlite:"+b.TempDir()+"/bench.db", db.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(b.Context(), schema); err != nil {
				b.Fatal(err)
			}
			var mu sync.Mutex
			next := 0
			b.SetParallelism(callers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					mu.Lock()
					next++
					i := next
					mu.Unlock()
					if err := d.Write(b.Context(), func(tx *db.Tx) error { return put(b.Context(), tx, i, "n") }); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

func TestWaitersLearnOfACommit(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		committed := d.Committed()
		_ = d.Write(t.Context(), func(*db.Tx) error { return errors.New("no") })
		select {
		case <-committed:
			t.Error("a write that was undone was announced")
		default:
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return put(t.Context(), tx, 1, "x") }); err != nil {
			t.Fatal(err)
		}
		select {
		case <-committed:
		default:
			t.Error("a commit was not announced")
		}
	})
}
