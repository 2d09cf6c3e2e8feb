package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/reads"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// tamper is what somebody who can write to the database does to a table that the
// log seals, and what the audit says of it.
type tamper struct {
	change, remove, exchange, insert []string
	words                            [4]string // of the findings, in this order
}

const firstTile = `level = 0 and number = 0`

// tampers are all tables that the log seals or that are the log. Of those that
// keep one row, exchanging is giving it another's place.
var tampers = map[string]tamper{
	"event_log": {
		[]string{`update event_log set data = '{"reads":[]}' where position = 3`},
		[]string{`delete from event_log where position = 3`},
		[]string{`update event_log set position = 9999 where position = 3`, `update event_log set position = 3 where position = 4`, `update event_log set position = 4 where position = 9999`},
		[]string{`insert into event_log (position, tenant, id, stream, subject, version, type, actor_kind, actor_id, actor_name, at, data)
			select max(position) + 1, 'main', 'evt_forged', 'case', 'case_1', 9, 'case.approved', 'staff', '', '', max(at), '{}' from event_log`},
		[4]string{"is not what was sealed", "was sealed and is gone", "stands at position", "evt_forged"},
	},
	"reads_read": {
		[]string{`update reads_read set subject = 'pho_9' where subject = 'pho_1'`},
		[]string{`delete from reads_read where subject = 'pho_1'`},
		[]string{`update reads_read set subject = case subject when 'pho_1' then 'pho_2' else 'pho_1' end where subject in ('pho_1', 'pho_2')`},
		[]string{`insert into reads_read (tenant, id, at, actor_kind, actor_id, actor_name, what, subject, customer, batch, about, told)
			select tenant, 'rd_forged', at, actor_kind, 'stf_9', actor_name, what, subject, customer, batch, about, told from reads_read where subject = 'pho_1'`},
		[4]string{"was changed or removed", "was changed or removed", "was changed or removed", "were sealed"},
	},
	"evidence_photo": {
		[]string{`update evidence_photo set sha256 = 'ff' where id = 'pho_1'`},
		[]string{`delete from evidence_photo where id = 'pho_1'`},
		[]string{`update evidence_photo set case_id = case case_id when 'case_1' then 'case_2' else 'case_1' end`},
		[]string{`insert into evidence_photo (tenant, id, owner_kind, owner_id, case_id, sha256, size, media, width, height, view, created_at, attached_at, gone_at)
			select tenant, 'pho_forged', owner_kind, owner_id, case_id, sha256, size, media, width, height, view, created_at, attached_at, gone_at from evidence_photo where id = 'pho_1'`},
		[4]string{"is another one in the database", "is gone from the database", "is gone from the database", "no event says that it was attached"},
	},
	"seal_tree": {
		[]string{`update seal_tree set size = size - 1`},
		[]string{`delete from seal_tree`},
		[]string{`update seal_tree set origin = 'other.example/log'`},
		[]string{`insert into seal_tree (name, origin, size, note, sealed_at, keys) select 'other', origin, size, note, sealed_at, keys from seal_tree`},
		[4]string{"the log had", "is gone", "this is the log", "2 logs"},
	},
	"seal_tile": {
		[]string{`update seal_tile set data = (select data from seal_tile where level = 0 and number = 1) where ` + firstTile},
		[]string{`delete from seal_tile where ` + firstTile},
		[]string{`update seal_tile set number = 99 where ` + firstTile, `update seal_tile set number = 0 where level = 0 and number = 1`, `update seal_tile set number = 1 where level = 0 and number = 99`},
		[]string{`insert into seal_tile (level, number, data) select 0, 77, data from seal_tile where ` + firstTile},
		[4]string{"position 1 ", "tile 0/0", "was sealed at 257", "tiles of level 0"},
	},
	"seal_key": {
		[]string{`update seal_key set retired_at = 5`},
		[]string{`delete from seal_key`},
		[]string{`update seal_key set verifier = 'shop.example/log+8fb2e1a4+AWrKvT5H4lIbQd6XgZ9yTDJoXxVj6ZZB8B1vbQ2S2FJH'`},
		[]string{`insert into seal_key (verifier, since, added_at, retired_at) values ('shop.example/log+8fb2e1a4+AWrKvT5H4lIbQd6XgZ9yTDJoXxVj6ZZB8B1vbQ2S2FJH', 5, 5, 0)`},
		[4]string{"not in both", "gone from the database", "never announced", "never announced"},
	},
}

// elsewhere are tables of the log that need several minutes or a witness, with the
// test of package seal that tampers with them.
var elsewhere = map[string]string{
	"seal_checkpoint": "TestKeptCheckpointsAreNotReplaced",
	"seal_witness":    "TestWhatWitnessesSignedIsNotReplaced",
}

// unsealed are the other tables of the packages that keep what is sealed, with
// why nobody proves them.
var unsealed = map[string]string{
	"event_cursor":    "how far a reaction is; events are followed again from an older one",
	"event_lease":     "who works; saves double work and nothing else",
	"event_parked":    "events that a reaction could not take, which are in the log themselves",
	"evidence_look":   "made from the pictures, to find those that look alike",
	"evidence_upload": "pieces of a file that is not yet there",
}

// Every table of these packages is in one of the lists, so that a new one cannot
// be forgotten.
func TestEverySealedTableIsInAList(t *testing.T) {
	there, err := os.ReadFile(filepath.Join("..", "platform", "seal", "tamper_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, settings(t, "--data", t.TempDir()+"/data"))
	columns, err := h.DB.Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range columns {
		owner, _, _ := strings.Cut(c.Table, "_")
		if !slices.Contains([]string{"event", "seal", "reads", "evidence"}, owner) {
			continue
		}
		_, proven := tampers[c.Table]
		test := elsewhere[c.Table]
		if _, known := unsealed[c.Table]; !known && !proven && (test == "" || !strings.Contains(string(there), "func "+test)) {
			t.Errorf("table %s is new: show that tampering with it is found, or say why it needs no proof", c.Table)
		}
		seen[c.Table] = true
	}
	for name := range tampers {
		if !seen[name] {
			t.Errorf("there is no table %s", name)
		}
	}
}

// sealedShop has events, reads of photos, and photos of two cases.
func sealedShop(t *testing.T, h *app.House) {
	t.Helper()
	by := actor.Actor{Tenant: tenant.Default, Kind: actor.Staff, ID: "stf_1", Name: "Ann"}
	noted := &reads.Log{Store: h.DB, Log: h.Log}
	for _, photo := range []string{"pho_1", "pho_2"} {
		noted.Note(by, "photo", photo)
	}
	if err := noted.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for n, photo := range []string{"pho_1", "pho_2"} {
			about := event.About{Stream: "photo", Subject: fmt.Sprintf("case_%d", n+1), Version: 1}
			fact := evidence.Attached{Photos: []evidence.AttachedPhoto{{ID: photo, SHA256: fmt.Sprintf("%064d", n)}}}
			if err := event.Append(t.Context(), tx, by, about, fact); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `
				insert into evidence_photo (tenant, id, owner_kind, owner_id, case_id, sha256, size, media, width, height, view, created_at, attached_at, gone_at)
				values ('main', $1, 'customer', 'cus_1', $2, $3, 1, 'image/jpeg', 1, 1, '', 5, 5, 0)`, photo, about.Subject, fact.Photos[0].SHA256); err != nil {
				return err
			}
		}
		for n := range 300 { // more than one tile
			if err := event.Append(t.Context(), tx, by, event.About{Stream: "note", Subject: "thing", Version: int64(n + 1)}, saidSo{n}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// saidSo is something that happened.
type saidSo struct {
	N int `json:"n"`
}

func (saidSo) Type() string { return "note.said" }

func TestTamperingWithEverySealedTableIsFoundAndNamed(t *testing.T) {
	eachHouse(t, []string{"--http=false", "--nats", "off"}, func(t *testing.T, cfg *config.Config) {
		h := open(t, cfg)
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		sealedShop(t, h)
		_, stop := start(t, h)
		log, err := h.Sealed(nil)
		if err != nil {
			t.Fatal(err)
		}
		for waited := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			if s, err := log.Status(t.Context()); err == nil && s.Size > 300 && s.Unsealed == 0 {
				break
			}
			if time.Since(waited) > time.Minute {
				t.Fatal("not sealed within a minute")
			}
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		h = open(t, cfg)
		clean, err := h.Audit(t.Context(), nil, false, nil)
		if err != nil || clean.Count != 0 {
			t.Fatalf("before: %v %+v", err, clean.Findings)
		}
		run := func(statements ...string) {
			t.Helper()
			err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
				for _, one := range statements {
					n, err := tx.Exec(t.Context(), one)
					if err != nil {
						return fmt.Errorf("%s: %w", one, err)
					}
					if n == 0 && strings.HasPrefix(one, "update") {
						t.Errorf("%s changed nothing", one)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for table, x := range tampers {
			run("create table old_" + table + " as select * from " + table)
			for n, do := range [][]string{x.change, x.remove, x.exchange, x.insert} {
				name := table + " " + []string{"changed", "removed", "exchanged", "inserted"}[n]
				run(do...)
				r, err := h.Audit(t.Context(), &clean.Seen, false, nil)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if !slices.ContainsFunc(r.Findings, func(f seal.Finding) bool { return strings.Contains(f.Text, x.words[n]) }) {
					t.Errorf("%s: nothing with %q among %d: %+v", name, x.words[n], r.Count, r.Findings)
				}
				run("delete from "+table, "insert into "+table+" select * from old_"+table)
			}
		}
		if r, err := h.Audit(t.Context(), &clean.Seen, false, nil); err != nil || r.Count != 0 {
			t.Errorf("all put back: %v %+v", err, r.Findings)
		}
	})
}
