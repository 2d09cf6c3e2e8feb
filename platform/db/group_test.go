package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// guest is one caller of a group: it writes its row, if at all, and then ends as
// it is told.
type guest struct {
	id    int
	reads bool // writes nothing before it ends
	ends  func(ctx context.Context, tx *db.Tx) error

	runs  int // only the writer counts, one guest after the other
	seen  int
	told  int
	err   error
	panic any
}

func (g *guest) visit(ctx context.Context, d *db.DB) {
	defer func() { g.panic = recover() }()
	g.err = d.Write(ctx, func(tx *db.Tx) error {
		g.runs++
		tx.OnCommit(func() { g.told++ })
		if !g.reads {
			if err := put(ctx, tx, g.id, "x"); err != nil {
				return err
			}
		}
		if err := tx.QueryRow(ctx, `select count(*) from shelf_box where id = $1`, g.id).Scan(&g.seen); err != nil || g.ends == nil {
			return err
		}
		return g.ends(ctx, tx)
	})
}

// together has all guests wait for the same writer, in their order, and returns
// after each has learned its outcome.
func together(t *testing.T, d *db.DB, guests ...*guest) {
	t.Helper()
	held, open := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = d.Write(t.Context(), func(tx *db.Tx) error {
			select {
			case <-held: // a second run
			default:
				close(held)
			}
			<-open
			return nil
		})
	})
	<-held
	for _, g := range guests {
		wg.Go(func() { g.visit(t.Context(), d) })
		time.Sleep(5 * time.Millisecond)
	}
	close(open)
	wg.Wait()
}

// kept checks what became of each guest: all of it, or nothing.
func kept(t *testing.T, d *db.DB, guests ...*guest) {
	t.Helper()
	for _, g := range guests {
		var rows int
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from shelf_box where id = $1`, g.id).Scan(&rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := 1
		if g.err != nil || g.panic != nil {
			want = 0
		}
		if g.told != want {
			t.Errorf("guest %d (%v) was told of a commit %d times", g.id, g.err, g.told)
		}
		if g.reads {
			want = 0
		}
		if rows != want || g.panic == nil && g.err == nil && g.seen != want {
			t.Errorf("guest %d (%v): %d rows stay, %d seen, want %d", g.id, g.err, rows, g.seen, want)
		}
	}
}

var errRefused = errors.New("refused")

func refuses(context.Context, *db.Tx) error { return errRefused }

func TestWhoFailsAfterWritingLeavesNoTraceInTheGroup(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		panics := func(context.Context, *db.Tx) error { panic("bug") }
		guests := []*guest{{id: 1}, {id: 2}, {id: 3, ends: refuses}, {id: 4}, {id: 5, ends: panics}, {id: 6}, {id: 7, ends: refuses}, {id: 8}}
		together(t, d, guests...)
		kept(t, d, guests...)
		for _, g := range guests {
			if refused := g.id == 3 || g.id == 7; errors.Is(g.err, errRefused) != refused || (g.err != nil) != refused {
				t.Errorf("guest %d: %v", g.id, g.err)
			}
			if (g.panic != nil) != (g.id == 5) {
				t.Errorf("guest %d: panic %v", g.id, g.panic)
			}
			if g.runs > 2 {
				t.Errorf("guest %d ran %d times", g.id, g.runs)
			}
		}
	})
}

func TestWhoFailsBeforeWritingDisturbsNobody(t *testing.T) {
	dbtest.Each(t, schema, func(t *testing.T, d *db.DB) {
		finds := func(ctx context.Context, tx *db.Tx) error { // no row to change, none to delete
			changed, err := tx.Exec(ctx, `update shelf_box set note = $1 where id = $2`, "y", 99)
			if err != nil || changed > 0 {
				return fmt.Errorf("changed %d: %w", changed, err)
			}
			return errRefused
		}
		guests := []*guest{{id: 1}, {id: 2, reads: true, ends: refuses}, {id: 3}, {id: 4, reads: true, ends: finds}, {id: 5}}
		together(t, d, guests...)
		kept(t, d, guests...)
		for _, g := range guests {
			if g.runs != 1 {
				t.Errorf("guest %d ran %d times", g.id, g.runs)
			}
			if refused := g.id%2 == 0; errors.Is(g.err, errRefused) != refused {
				t.Errorf("guest %d: %v", g.id, g.err)
			}
		}
	})
}

func TestASwarmOfFailuresLargerThanAGroup(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/swarm.db", db.Options{Group: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	largest := 0
	d.Observe(func(writes int, _ time.Duration) { largest = max(largest, writes) })
	var guests []*guest
	for i := range 40 {
		g := &guest{id: i}
		if i%3 == 1 || i > 30 {
			g.ends = refuses
		}
		guests = append(guests, g)
	}
	together(t, d, guests...)
	kept(t, d, guests...)
	for _, g := range guests {
		if (g.ends != nil) != errors.Is(g.err, errRefused) {
			t.Errorf("guest %d: %v", g.id, g.err)
		}
	}
	if largest != 4 {
		t.Errorf("%d writes shared a commit, want 4", largest)
	}
}

// A full disk makes SQLite end a transaction by itself.
func TestATransactionThatSQLiteEndsIsKeptForNobody(t *testing.T) {
	d, err := db.Open(t.Context(), "sqlite:"+t.TempDir()+"/lost.db", db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	for i, says := range []error{nil, errRefused} { // whether it hides what happened or not
		loses := func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `rollback`)
			return errors.Join(err, says)
		}
		guests := []*guest{{id: 10 * i}, {id: 10*i + 1, ends: loses}, {id: 10*i + 2}}
		together(t, d, guests...)
		if guests[0].err == nil || guests[1].err == nil {
			t.Errorf("told of success: %v, %v", guests[0].err, guests[1].err)
		}
		kept(t, d, guests...)
	}
	again := &guest{id: 0}
	again.visit(t.Context(), d)
	if again.err != nil {
		t.Errorf("the store is unusable: %v", again.err)
	}
}
