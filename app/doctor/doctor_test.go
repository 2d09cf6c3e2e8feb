package doctor_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/app/config"
	"github.com/aftercare/aftercare/app/doctor"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

func settings(t *testing.T, args ...string) *config.Config {
	t.Helper()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(flags, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// examine returns the findings by check; of several the worst.
func examine(t *testing.T, cfg *config.Config, schemas []db.Schema) (doctor.Status, map[string]doctor.Finding) {
	t.Helper()
	found := map[string]doctor.Finding{}
	rank := map[doctor.Status]int{"": -1, doctor.OK: 0, doctor.Warn: 1, doctor.Fail: 2}
	worst := doctor.Examine(t.Context(), cfg, schemas, func(f doctor.Finding) {
		if rank[f.Status] > rank[found[f.Check].Status] {
			found[f.Check] = f
		}
		if f.Status != doctor.OK && f.Do == "" {
			t.Errorf("%s is %s but does not say what to do", f.Check, f.Status)
		}
	})
	return worst, found
}

func expect(t *testing.T, found map[string]doctor.Finding, check string, status doctor.Status, text string) {
	t.Helper()
	if f := found[check]; f.Status != status || !strings.Contains(f.Found, text) {
		t.Errorf("%s: %s %q, want %s and %q", check, f.Status, f.Found, status, text)
	}
}

// eachStore runs a test with the settings of an empty installation on each engine.
func eachStore(t *testing.T, test func(t *testing.T, engine db.Engine, cfg *config.Config)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		server := os.Getenv("AFTERCARE_TEST_POSTGRES")
		if engine == db.Postgres && server == "" {
			continue
		}
		t.Run(string(engine), func(t *testing.T) {
			args := []string{"--data", filepath.Join(t.TempDir(), "data")}
			if engine == db.Postgres {
				args = append(args, "--database", dbtest.PostgresSchema(t, server))
			}
			test(t, engine, settings(t, args...))
		})
	}
}

func TestAnInstallationThatRunsIsHealthy(t *testing.T) {
	eachStore(t, func(t *testing.T, engine db.Engine, cfg *config.Config) {
		h, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		if _, err := h.Found(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, found := examine(t, cfg, app.Schemas())
		for check, text := range map[string]string{"settings": "understood", "data folder": "closed to others", "keys": "master.key", "tables": "up to date", "clock": "", "jobs": "none gave up", "events": "none is parked", "secrets": "which writes"} {
			expect(t, found, check, doctor.OK, text)
		}
		expect(t, found, "database", doctor.OK, map[db.Engine]string{db.SQLite: "SQLite", db.Postgres: "PostgreSQL"}[engine])
		expect(t, found, "shop", doctor.Warn, "no address for returns")
		expect(t, found, "mail", doctor.Warn, "outbox")

		stick(t, h)
		said := []string{}
		doctor.Examine(t.Context(), cfg, app.Schemas(), func(f doctor.Finding) {
			if f.Check == "jobs" || f.Check == "events" {
				said = append(said, string(f.Status)+" "+f.Found+" → "+f.Do)
			}
		})
		if diff := cmp.Diff([]string{
			`warn 2 gave up, the last with: late → "aftercare job list" shows them; mend the cause, then "aftercare job run ID", or do without: "aftercare job discard ID"`,
			`warn 1 of north gave up, the last with: far → "aftercare job list --tenant north" shows them; mend the cause, then "aftercare job run ID --tenant north", or do without: "aftercare job discard ID --tenant north"`,
			`warn 2 parked, the last with: no mail → "aftercare event list" shows them; mend the cause, then "aftercare event run FOLLOWER POSITION", or do without: "aftercare event discard FOLLOWER POSITION"`,
		}, said); diff != "" {
			t.Error(diff)
		}

		old := h.Keys.ID()
		if _, err := h.RotateKeys(t.Context(), actor.Of(tenant.Default)); err != nil {
			t.Fatal(err)
		}
		written := ""
		doctor.Examine(t.Context(), cfg, app.Schemas(), func(f doctor.Finding) {
			if f.Check == "secrets" {
				written += string(f.Status) + " " + f.Found + "\n"
			}
		})
		if !strings.Contains(written, "ok master key "+old+" only reads: links in messages may be signed with it until") {
			t.Errorf("after a change of the master key: %s", written)
		}

		older := append(app.Schemas(), db.Schema{Name: "future", FS: fstest.MapFS{"schema/0001_x.sql": {Data: []byte("")}}})
		_, found = examine(t, cfg, older)
		expect(t, found, "tables", doctor.Warn, "1 schema files to apply")
		_, found = examine(t, cfg, app.Schemas()[1:])
		expect(t, found, "tables", doctor.Fail, "newer than this program: app/0001")
	})
}

func TestAReadThatFailsIsNotAMissingTable(t *testing.T) {
	eachStore(t, func(t *testing.T, engine db.Engine, cfg *config.Config) {
		h, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		change := func(statement string) {
			t.Helper()
			err := h.DB.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), statement); return err })
			if err != nil {
				t.Fatal(err)
			}
		}
		change(`alter table job_job rename column last_error to last_words`)
		worst, found := examine(t, cfg, app.Schemas())
		expect(t, found, "jobs", doctor.Fail, "last_error")
		expect(t, found, "events", doctor.OK, "none is parked")
		if worst != doctor.Fail {
			t.Errorf("the worst is %s", worst)
		}
		change(`alter table event_parked rename column error to why`)
		change(`drop table job_job`)
		_, found = examine(t, cfg, app.Schemas())
		expect(t, found, "jobs", doctor.OK, "no table yet")
		expect(t, found, "events", doctor.Fail, "error")
	})
}

// stick leaves what waits for a person in the store.
func stick(t *testing.T, h *app.House) {
	t.Helper()
	err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
		for _, x := range [][]any{{"main", "job_1", "early", "dead"}, {"main", "job_2", "late", "dead"}, {"main", "job_3", "again", "waiting"}, {"north", "job_4", "far", "dead"}} {
			if _, err := tx.Exec(t.Context(), `
				insert into job_job (tenant, id, last_error, state, kind, args, run_at, max_attempts, created_at)
				values ($1, $2, $3, $4, 'mail', '{}', 9000000000000, 1, 0)`, x...); err != nil {
				return err
			}
		}
		for i, why := range []string{"no disk", "no mail"} {
			if _, err := tx.Exec(t.Context(), `insert into event_parked (tenant, follower, position, error, parked_at) values ('main', 'notices', $1, $2, 0)`, i+1, why); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBeforeTheFirstStartNothingIsBrokenAndNothingIsMade(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	_, found := examine(t, settings(t, "--data", data), app.Schemas())
	for _, check := range []string{"data folder", "keys", "database"} {
		if found[check].Status != doctor.Warn {
			t.Errorf("%s: %+v", check, found[check])
		}
	}
	expect(t, found, "tables", doctor.Warn, "there is no database yet")
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Errorf("the doctor made the folder: %v", err)
	}
}

func TestWhatIsBrokenIsSaidAndHidesNothingElse(t *testing.T) {
	data := t.TempDir()
	if err := os.MkdirAll(filepath.Join(data, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "keys", "master.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	worst, found := examine(t, settings(t, "--data", data, "--database", "postgres://nobody:geheim@127.0.0.1:1/none", "--nats", "nats://127.0.0.1:1",
		"--mail", "smtp://u:geheim@127.0.0.1:1", "--listen", ":8080", "--demo"), app.Schemas())
	if worst != doctor.Fail {
		t.Errorf("worst is %s", worst)
	}
	expect(t, found, "settings", doctor.Warn, "without base_url")
	expect(t, found, "data folder", doctor.Warn, "open to other users")
	expect(t, found, "keys", doctor.Fail, "5 bytes instead of 32")
	expect(t, found, "database", doctor.Fail, "127.0.0.1:1")
	expect(t, found, "tables", doctor.Warn, "not looked at")
	expect(t, found, "stream", doctor.Fail, "")
	expect(t, found, "mail", doctor.Fail, "connection refused")
	for check, f := range found {
		if strings.Contains(fmt.Sprint(f), "geheim") {
			t.Errorf("%s shows a password: %+v", check, f)
		}
	}
}

func TestTheMailServerMustLetUsIn(t *testing.T) {
	for greeting, want := range map[string]doctor.Status{"220 mail.example ESMTP": doctor.OK, "554 go away": doctor.Fail} {
		address := mailServer(t, greeting)
		_, found := examine(t, settings(t, "--data", t.TempDir(), "--mail", "smtp://"+address), app.Schemas())
		if found["mail"].Status != want {
			t.Errorf("greeting %q: %+v, want %s", greeting, found["mail"], want)
		}
	}
	open := "smtp://shop:geheim@" + mailServer(t, "220 mail.example ESMTP") // greets, and takes no password
	_, found := examine(t, settings(t, "--data", t.TempDir(), "--mail", open), app.Schemas())
	expect(t, found, "mail", doctor.Fail, "")
	if strings.Contains(fmt.Sprint(found["mail"]), "geheim") {
		t.Errorf("it shows a password: %+v", found["mail"])
	}
}

// mailServer greets, says yes to everything and offers neither encryption nor
// signing in.
func mailServer(t *testing.T, greeting string) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprintf(conn, "%s\r\n", greeting)
			for lines := bufio.NewScanner(conn); lines.Scan() && lines.Text() != "QUIT"; {
				fmt.Fprint(conn, "250 yes\r\n")
			}
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}
