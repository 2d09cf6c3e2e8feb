package seal_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/seal"
)

// copied keeps all rows of the database, and gives a way back to them: what
// putting back an older backup does.
func copied(t testing.TB, d *db.DB) (back func()) {
	t.Helper()
	tables := read(t, d, func(tx *db.Tx) ([]string, error) {
		query := `select name from sqlite_master where type = 'table' and (name like 'event%' or name like 'seal%') order by 1`
		if d.Engine() == db.Postgres {
			query = `select table_name from information_schema.tables where table_schema = current_schema() and (table_name like 'event%' or table_name like 'seal%') order by 1`
		}
		return db.List(t.Context(), tx, func(row db.Scanner) (name string, err error) { return name, row.Scan(&name) }, query)
	})
	if len(tables) < 6 {
		t.Fatalf("tables %v", tables)
	}
	for _, name := range tables {
		execute(t, d, fmt.Sprintf("create table old_%s as select * from %s", name, name))
	}
	return func() {
		for _, name := range tables {
			execute(t, d, "delete from "+name)
			execute(t, d, fmt.Sprintf("insert into %s select * from old_%s", name, name))
		}
	}
}

// An older copy of the whole database is found, and so is a log that went on from
// it with the same key, with the place where the two part.
func TestAnOlderCopyAndAForkAreFound(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o := options(d, t.TempDir())
		l, stop := run(t, o)
		fill(t, d, 400)
		sealedUp(t, l, 401)
		stop()
		back := copied(t, d)
		l, stop = run(t, o)
		fill(t, d, 300)
		sealedUp(t, l, 701)
		stop()
		seen := audit(t, d, nil).Seen
		back()
		wantFinding(t, audit(t, d, &seen), seal.RolledBack, "had 701 entries")
		l, stop = run(t, o)
		fill(t, d, 500)
		sealedUp(t, l, 901)
		stop()
		r := audit(t, d, &seen)
		wantFinding(t, r, seal.Forked, "first difference is at positions 257 to 512")
		if clean := audit(t, d, nil); clean.Count != 0 {
			t.Errorf("who has seen nothing cannot know, and gets %+v", clean.Findings)
		}
	})
}

func TestKeptCheckpointsAreNotReplaced(t *testing.T) {
	for name, change := range map[string]string{
		"changed":  `update seal_checkpoint set note = note || ' ' where minute = (select min(minute) from seal_checkpoint)`,
		"deleted":  `delete from seal_checkpoint where minute = (select min(minute) from seal_checkpoint)`,
		"moved":    `update seal_checkpoint set sealed_at = sealed_at + 1000 where minute = (select min(minute) from seal_checkpoint)`,
		"inserted": `insert into seal_checkpoint (minute, size, note, sealed_at) select minute - 1, size, note, sealed_at - 60000 from seal_checkpoint where minute = (select min(minute) from seal_checkpoint)`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachAt(t, schemas, time.Date(2026, 3, 1, 12, 0, 30, 0, time.UTC), func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
				o := options(d, t.TempDir())
				for n := range int64(3) {
					l, stop := run(t, o)
					fill(t, d, 5)
					sealedUp(t, l, 6+5*n)
					stop()
					clock.Add(10 * time.Minute)
				}
				seen := audit(t, d, nil).Seen
				if seen.Kept.Count != 2 || audit(t, d, &seen).Count != 0 {
					t.Fatalf("kept %+v, %+v", seen.Kept, audit(t, d, &seen).Findings)
				}
				if execute(t, d, change) != 1 {
					t.Fatal("nothing was changed")
				}
				wantFinding(t, audit(t, d, &seen), seal.BrokenTree, "are not those that were seen: 2 then")
				if without := audit(t, d, nil); without.Count != 0 != (name == "changed") {
					t.Errorf("who has seen nothing before gets %+v: docs/formats/seal.md says otherwise", without.Findings)
				}
			})
		})
	}
}

func TestWhatWitnessesSignedIsNotReplaced(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		o, s := watched(t, d)
		l, stop := run(t, o)
		eventually(t, "the witness has signed", func() bool { w := look(t, d, l).Witnesses; return len(w) == 1 && w[0].Size >= 31 })
		stop()
		clean := audit(t, d, nil)
		if clean.Count != 0 || clean.Seen.Witnesses[s.verifier()] < 31 || audit(t, d, &clean.Seen).Count != 0 {
			t.Fatalf("%+v, seen %v", clean.Findings, clean.Seen.Witnesses)
		}
		back := copied(t, d)
		for _, test := range []struct{ name, do, kind, words string }{
			{"its signature changed", `update seal_witness set note = replace(note, 'A', 'B')`, seal.WrongKey, "is not its signature"},
			{"another size", `update seal_witness set size = 20`, seal.WrongKey, "over 20 entries"},
			{"another witness", `update seal_witness set verifier = (select min(verifier) from seal_key)`, seal.WrongKey, "is not its signature"},
			{"deleted", `delete from seal_witness`, seal.RolledBack, "the database knows of 0"},
		} {
			if execute(t, d, test.do) != 1 {
				t.Fatalf("%s: nothing was changed", test.name)
			}
			wantFinding(t, audit(t, d, &clean.Seen), test.kind, test.words)
			if without := audit(t, d, nil); without.Count != 0 != (test.name != "deleted") {
				t.Errorf("%s: who has seen nothing before gets %+v: docs/formats/seal.md says otherwise", test.name, without.Findings)
			}
			back()
		}
	})
}
