package seal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

func audit(t testing.TB, d *db.DB, before *seal.Seen) seal.Report {
	t.Helper()
	r, err := seal.Audit(context.Background(), seal.Audits{DB: d, Before: before})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wantFinding looks for a finding of a kind whose text has some words.
func wantFinding(t testing.TB, r seal.Report, kind, words string) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Kind == kind && strings.Contains(f.Text, words) {
			return
		}
	}
	t.Errorf("no finding %q with %q among %d: %+v", kind, words, r.Count, r.Findings)
}

// grown makes a log of 600 events and stops sealing.
func grown(t testing.TB, d *db.DB, o seal.Options) {
	t.Helper()
	l, stop := run(t, o)
	defer stop()
	fill(t, d, 300)
	if _, err := l.Rotate(t.Context(), by); err != nil {
		sealedUp(t, l, 301)
		if _, err := l.Rotate(t.Context(), by); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, d, 300)
	sealedUp(t, l, 602)
}

func TestTamperingIsFoundAndNamed(t *testing.T) {
	tests := []struct {
		name  string
		do    []string
		kind  string
		words string
	}{
		{"data changed", []string{`update event_log set data = '{"n":1,"note":"nothing"}' where position = 100`}, seal.Changed, "is not what was sealed"},
		{"who did it changed", []string{`update event_log set actor_name = 'Han Meimei' where position = 100`}, seal.Changed, "case.moved"},
		{"the time changed", []string{`update event_log set at = at + 1 where position = 100`}, seal.Changed, "is not what was sealed"},
		{"content changed with it", []string{`update event_log set data = '{}', content = (select content from event_log where position = 99) where position = 100`}, seal.Changed, "is not what was sealed"},
		{"the link changed", []string{`update event_log set prev = content where position = 100`}, seal.Inserted, "at position 100"},
		{"one deleted", []string{`delete from event_log where position = 100`}, seal.Deleted, "position 100"},
		{"the last deleted", []string{`delete from event_log where position = 602`}, seal.Deleted, "position 602"},
		{"two exchanged", []string{
			`update event_log set position = 100000 where position = 100`, `update event_log set position = 100 where position = 200`,
			`update event_log set position = 200 where position = 100000`}, seal.Moved, "stands at position 100 and was sealed at 200"},
		{"one put in its place", []string{
			`delete from event_log where position = 100`,
			`insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data, nonce, content, prev)
			 select 100, tenant, 'evt_forged', stream, subject, version, type, actor_kind, actor_id, actor_name, at, data, nonce, content, prev from event_log where position = 200`},
			seal.Changed, "evt_forged"},
		{"one inserted at the end", []string{
			`insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data)
			 values (603, 'main', 'evt_forged', 'case', 'case_1', 9, 'case.approved', 'staff', '', '', 1, '{}')`}, seal.Inserted, "evt_forged"},
		{"a body emptied", []string{`update event_log set data = '{}', nonce = null, body = content where position = 100`}, seal.Changed, "is not what was sealed"},
		{"an entry of the log changed", []string{`update seal_tile set data = (select data from seal_tile where level = 0 and number = 1) where level = 0 and number = 0`}, seal.Inserted, "position 1 "},
		{"a tile of entries deleted", []string{`delete from seal_tile where level = 0 and number = 0`}, seal.BrokenTree, "tile 0/0"},
		{"a tile inserted", []string{`insert into seal_tile (level, number, data) select 0, 77, data from seal_tile where level = 0 and number = 0`}, seal.BrokenTree, "tiles of level 0"},
		{"tiles exchanged", []string{
			`update seal_tile set number = 99 where level = 0 and number = 0`, `update seal_tile set number = 0 where level = 0 and number = 1`,
			`update seal_tile set number = 1 where level = 0 and number = 99`}, seal.Moved, "position 1 and was sealed at 257"},
		{"an upper tile changed", []string{`update seal_tile set data = (select substr(data, 1, 64) from seal_tile where level = 0 and number = 1) where level = 1`}, seal.BrokenTree, "tile 1/0"},
		{"the checkpoint changed", []string{`update seal_tree set note = replace(note, 'shop.example', 'shop.exampl3')`}, seal.WrongKey, "602 entries"},
		{"the size changed", []string{`update seal_tree set size = 500`}, seal.RolledBack, "602 entries"},
		{"a key exchanged", []string{`update seal_key set verifier = 'shop.example/log+8fb2e1a4+AWrKvT5H4lIbQd6XgZ9yTDJoXxVj6ZZB8B1vbQ2S2FJH' where added_at = (select max(added_at) from seal_key)`}, seal.WrongKey, "never announced"},
		{"a key deleted", []string{`delete from seal_key where added_at = (select max(added_at) from seal_key)`}, seal.WrongKey, "gone from the database"},
		{"a key retired by hand", []string{`update seal_key set retired_at = 5`}, seal.WrongKey, "not in both"},
		{"a key inserted", []string{`insert into seal_key (verifier, since, added_at, retired_at) values ('shop.example/log+8fb2e1a4+AWrKvT5H4lIbQd6XgZ9yTDJoXxVj6ZZB8B1vbQ2S2FJH', 5, 5, 0)`}, seal.WrongKey, "never announced"},
		{"keys exchanged", []string{
			`update seal_key set verifier = 'x' where added_at = (select max(added_at) from seal_key)`, `update seal_key set added_at = added_at + 100000, retired_at = 7 where verifier <> 'x'`}, seal.WrongKey, "not in both"},
		{"the log deleted", []string{`delete from seal_tree`}, seal.RolledBack, "had 602 entries and is gone"},
		{"a log inserted", []string{`insert into seal_tree (name, origin, size, note, sealed_at, keys) select 'other', origin, size, note, sealed_at, keys from seal_tree`}, seal.BrokenTree, "2 logs"},
		{"an upper tile inserted", []string{`insert into seal_tile (level, number, data) select 1, 5, data from seal_tile where level = 1`}, seal.BrokenTree, "tiles of level 1"},
		{"an upper tile deleted", []string{`delete from seal_tile where level = 1`}, seal.BrokenTree, "tiles of level 1"},
		{"a kept checkpoint inserted", []string{`insert into seal_checkpoint (minute, size, note, sealed_at) select minute + 1, 300, note, sealed_at + 60000 from seal_checkpoint where size = 602`}, seal.BrokenTree, "another tree"},
		{"a witness inserted", []string{`insert into seal_witness (verifier, size, note, signed_at, problem, tried_at) select verifier, 100, '— x AAAA', 5, '', 5 from seal_key where added_at = (select min(added_at) from seal_key)`}, seal.WrongKey, "is not its signature"},
		{"a witness who saw more", []string{`insert into seal_witness (verifier, size, note, signed_at, problem, tried_at) values ('w', 900, '', 5, '', 5)`}, seal.RolledBack, "has signed 900 entries"},
		{"a kept checkpoint changed", []string{`update seal_checkpoint set size = size - 1`}, seal.BrokenTree, "another tree"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
				grown(t, d, options(d, t.TempDir()))
				clean := audit(t, d, nil)
				if clean.Count != 0 || clean.Events != 602 || clean.Unsealed != 0 {
					t.Fatalf("before: %+v", clean)
				}
				again := audit(t, d, &clean.Seen)
				if again.Count != 0 {
					t.Fatalf("the second time: %+v", again.Findings)
				}
				for _, statement := range test.do {
					if execute(t, d, statement) == 0 {
						t.Fatalf("%s changed nothing", statement)
					}
				}
				wantFinding(t, audit(t, d, &clean.Seen), test.kind, test.words)
			})
		})
	}
}

func TestARowPutInWhileTheServerRunsIsFound(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		fill(t, d, 20)
		sealedUp(t, l, 21)
		execute(t, d, `insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data)
			select max(position) + 1, 'main', 'evt_forged', 'case', 'case_1', 9, 'case.approved', 'staff', '', '', max(at), '{}' from event_log`)
		fill(t, d, 20)
		sealedUp(t, l, 42)
		r := audit(t, d, nil)
		wantFinding(t, r, seal.Inserted, "evt_forged")
		if r.Count != 1 {
			t.Errorf("findings %+v", r.Findings)
		}
	})
}

func TestALogOfAnotherKeyIsFound(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		dir := t.TempDir()
		l, stop := run(t, options(d, dir))
		fill(t, d, 50)
		sealedUp(t, l, 51)
		stop()
		seen := audit(t, d, nil).Seen
		// Somebody begins the log again, with a key of his own, over the same events.
		for _, table := range []string{"seal_tree", "seal_tile", "seal_key", "seal_checkpoint"} {
			execute(t, d, "delete from "+table)
		}
		l, stop = run(t, options(d, t.TempDir()))
		defer stop()
		sealedUp(t, l, 52)
		r := audit(t, d, &seen)
		wantFinding(t, r, seal.WrongKey, "is not signed by a key of this log")
	})
}

func TestKeysThatTheLogAnnouncedAreBelieved(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		fill(t, d, 5)
		sealedUp(t, l, 6)
		seen := audit(t, d, nil).Seen
		fresh, err := l.Rotate(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		s := sealedUp(t, l, 7)
		eventually(t, "signed by both", func() bool { return strings.Count(checkpointOf(t, d), "— ") == 3 })
		if r := audit(t, d, &seen); r.Count != 0 || len(r.Seen.Keys) != 2 {
			t.Errorf("%+v, keys %v, %+v", r.Findings, r.Seen.Keys, s)
		} else if r.Seen.Keys[1] != fresh {
			t.Errorf("keys %v", r.Seen.Keys)
		}
	})
}

func checkpointOf(t testing.TB, d *db.DB) string {
	return read(t, d, func(tx *db.Tx) (string, error) {
		c, err := seal.Last(t.Context(), tx)
		return c.Note, err
	})
}

func TestEventsFromBeforeTheLogAreAdopted(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for n := range 5 {
			execute(t, d, fmt.Sprintf(`insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data)
				values (%d, 'main', 'evt_%d', 'case', 'case_1', %d, 'case.moved', 'staff', 'usr_1', 'Li', 5, '{}')`, n+1, n, n+1))
		}
		announce(t, d, "case_1", 6)
		l, stop := run(t, options(d, t.TempDir()))
		defer stop()
		sealedUp(t, l, 7)
		r := audit(t, d, nil)
		if r.Count != 0 || r.Adopted != 5 {
			t.Errorf("adopted %d, %+v", r.Adopted, r.Findings)
		}
		all := read(t, d, func(tx *db.Tx) ([]event.Sealed, error) {
			return event.SealedHistory(t.Context(), tx, "main", "case", "case_1")
		})
		for i, e := range all[1:] {
			if e.Previous != all[i].Content {
				t.Errorf("event %d does not follow the one before", i+1)
			}
		}
	})
}
