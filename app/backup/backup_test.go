package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/app/backup"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

const boxes = `
create table shelf_box (
	tenant text not null,
	id bigint not null,
	full_ boolean not null,
	content bytea,
	note text,
	primary key (tenant, id)
);
create table shelf_log (
	seq bigserial primary key,
	box bigint not null,
	text text not null
);
`

var (
	first  = fstest.MapFS{"schema/0001_shelf.sql": {Data: []byte(boxes)}}
	second = fstest.MapFS{"schema/0001_shelf.sql": {Data: []byte(boxes)},
		"schema/0002_more.sql": {Data: []byte("alter table shelf_box add column weight bigint not null default 7;\ncreate table shelf_extra (\n\ttenant text not null,\n\tprimary key (tenant)\n);\n")}}
	schemas = []db.Schema{{Name: "shelf", FS: first}}
	newer   = []db.Schema{{Name: "shelf", FS: second}}
)

// put writes one box and its line in the log, in one transaction.
func put(d *db.DB, id int) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		var content, note any
		if id%3 != 0 {
			content, note = []byte{0, byte(id), 255}, fmt.Sprintf("纸箱 \"%d\" <é>\n\t\u2028", id)
		}
		if _, err := tx.Exec(context.Background(), `insert into shelf_box (tenant, id, full_, content, note) values ($1, $2, $3, $4, $5)`,
			[]string{"a", "b", "Ä"}[id%3], id, id%2 == 0, content, note); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), `insert into shelf_log (box, text) values ($1, $2)`, id, "put")
		return err
	})
}

func counts(t *testing.T, d *db.DB) (boxes, lines, last int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `select (select count(*) from shelf_box), (select count(*) from shelf_log), (select coalesce(max(seq), 0) from shelf_log)`).Scan(&boxes, &lines, &last)
	})
	if err != nil {
		t.Fatal(err)
	}
	return boxes, lines, last
}

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"keys/master.key": "0123", "blobs/ab/cd/abcd": strings.Repeat("photo", 100_000), "blobs/tmp/put-1": "half", "aftercare.yaml": "listen: ':1'\n", "nats/x": "no"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func source(d *db.DB, data string) backup.Source {
	return backup.Source{DB: d, Data: data, Paths: []string{"blobs", "keys", "aftercare.yaml", "missing"}, Version: "test"}
}

// target makes a place to restore to on an engine.
func target(t *testing.T, engine db.Engine) backup.Target {
	t.Helper()
	to := backup.Target{Data: filepath.Join(t.TempDir(), "data"), File: "aftercare.db", Schemas: schemas}
	if engine == db.Postgres {
		to.URL = dbtest.PostgresSchema(t, os.Getenv("AFTERCARE_TEST_POSTGRES"))
	}
	return to
}

func open(t *testing.T, to backup.Target) *db.DB {
	t.Helper()
	url := to.URL
	if url == "" {
		url = "sqlite:" + filepath.Join(to.Data, to.File)
	}
	d, err := db.Open(t.Context(), url, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func engines() []db.Engine {
	if os.Getenv("AFTERCARE_TEST_POSTGRES") == "" {
		return []db.Engine{db.SQLite}
	}
	return []db.Engine{db.SQLite, db.Postgres}
}

func TestABackupUnderLoadIsOneMomentAndRestoresOnEitherEngine(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		for id := range 2500 {
			if err := put(d, id); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for id := 10_000 * (w + 1); ctx.Err() == nil; id++ {
					if err := put(d, id); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		time.Sleep(20 * time.Millisecond)
		file := filepath.Join(t.TempDir(), "b.tar.zst")
		m, err := backup.Create(t.Context(), file, source(d, folder(t)))
		cancel()
		wg.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if m.Rows["shelf_box"] != m.Rows["shelf_log"] || m.Rows["shelf_box"] < 2500 {
			t.Fatalf("not one moment: %v", m.Rows)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is open to others: %v %v", info.Mode(), err)
		}
		for _, engine := range engines() {
			t.Run("into "+string(engine), func(t *testing.T) {
				to := target(t, engine)
				if _, err := backup.Restore(t.Context(), file, to); err != nil {
					t.Fatal(err)
				}
				restored := open(t, to)
				again, err := backup.Create(t.Context(), filepath.Join(t.TempDir(), "again.tar.gz"), source(restored, to.Data))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(m.Digests, again.Digests); diff != "" {
					t.Errorf("rows differ: %s", diff)
				}
				if err := put(restored, 1_000_000); err != nil {
					t.Errorf("the restored store cannot go on: %v", err)
				}
				if _, lines, last := counts(t, restored); lines != m.Rows["shelf_log"]+1 || last < lines {
					t.Errorf("%d lines, last number %d", lines, last)
				}
				photo, err := os.ReadFile(filepath.Join(to.Data, "blobs/ab/cd/abcd"))
				if err != nil || len(photo) != 500_000 {
					t.Errorf("photo: %d bytes, %v", len(photo), err)
				}
				for _, name := range []string{"nats", "blobs/tmp"} {
					if _, err := os.Stat(filepath.Join(to.Data, name)); !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("%s was restored: %v", name, err)
					}
				}
			})
		}
	})
}

func TestARestoreRefusesWhatIsNotEmptyAndKeepsWhatItReplaces(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		if err := put(d, 1); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "b.tar.zst")
		if _, err := backup.Create(t.Context(), file, source(d, folder(t))); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Create(t.Context(), file, source(d, folder(t))); err == nil {
			t.Error("a backup was overwritten")
		}
		to := target(t, d.Engine())
		if _, err := backup.Restore(t.Context(), file, to); err != nil {
			t.Fatal(err)
		}
		if err := put(open(t, to), 2); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Restore(t.Context(), file, to); !errors.Is(err, backup.ErrNotEmpty) {
			t.Errorf("restored over what was there: %v", err)
		}
		if n, _, _ := counts(t, open(t, to)); n != 2 {
			t.Errorf("%d boxes after a refused restore, want 2", n)
		}
		to.Force = true
		r, err := backup.Restore(t.Context(), file, to)
		if err != nil {
			t.Fatal(err)
		}
		if n, _, _ := counts(t, open(t, to)); n != 1 {
			t.Errorf("%d boxes after a forced restore, want 1", n)
		}
		if _, err := os.Stat(filepath.Join(r.Kept, "keys/master.key")); err != nil {
			t.Errorf("the former folder was not kept: %v", err)
		}
	})
}

func TestADamagedBackupChangesNothing(t *testing.T) {
	d := open(t, backup.Target{Data: t.TempDir(), File: "a.db"})
	if _, err := d.Migrate(t.Context(), schemas); err != nil {
		t.Fatal(err)
	}
	for id := range 50 {
		if err := put(d, id); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "b.tar.gz")
	if _, err := backup.Create(t.Context(), file, source(d, folder(t))); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	for name, raw := range map[string][]byte{
		"cut": whole[:len(whole)-200], "a bit flipped": flipped, "a word exchanged": exchanged(t, whole), "empty": {}, "another kind of file": []byte(strings.Repeat("hello ", 1000)),
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad")
			if err := os.WriteFile(bad, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			to := target(t, db.SQLite)
			_, err := backup.Restore(t.Context(), bad, to)
			if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrFormat) {
				t.Errorf("restored: %v", err)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(to.Data), "*"))
			if err != nil || len(left) > 0 {
				t.Errorf("something was left: %v %v", left, err)
			}
		})
	}
}

// exchanged is an archive in which somebody changed a row and packed it again.
func exchanged(t *testing.T, whole []byte) []byte {
	t.Helper()
	packed, err := gzip.NewReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(plain, []byte(`"put"`), []byte(`"got"`), 1)
	if bytes.Equal(plain, changed) {
		t.Fatal("nothing to exchange")
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(changed); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnOlderBackupIsMigratedAndANewerOneRefused(t *testing.T) {
	for _, engine := range engines() {
		t.Run(string(engine), func(t *testing.T) {
			old := open(t, backup.Target{Data: t.TempDir(), File: "a.db"})
			if _, err := old.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			if err := put(old, 1); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "old.tar.zst")
			if _, err := backup.Create(t.Context(), file, source(old, folder(t))); err != nil {
				t.Fatal(err)
			}
			to := target(t, engine)
			to.Schemas = newer
			if _, err := backup.Restore(t.Context(), file, to); err != nil {
				t.Fatal(err)
			}
			restored := open(t, to)
			var weight int64
			err := restored.Read(t.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(t.Context(), `select weight from shelf_box`).Scan(&weight)
			})
			if err != nil || weight != 7 {
				t.Errorf("weight %d, %v", weight, err)
			}
			file = filepath.Join(t.TempDir(), "new.tar.zst")
			if _, err := backup.Create(t.Context(), file, source(restored, folder(t))); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Restore(t.Context(), file, target(t, engine)); !errors.Is(err, backup.ErrNewer) {
				t.Errorf("a newer backup was restored: %v", err)
			}
		})
	}
}
