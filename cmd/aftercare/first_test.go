package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
)

// eachEngine runs a test on each engine that is there.
func eachEngine(t *testing.T, test func(t *testing.T, engine db.Engine)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		if engine == db.Postgres && os.Getenv("AFTERCARE_TEST_POSTGRES") == "" {
			continue
		}
		t.Run(string(engine), func(t *testing.T) { test(t, engine) })
	}
}

// nowhere gives the flags of an installation that has not begun.
func nowhere(t *testing.T, engine db.Engine) []string {
	t.Helper()
	flags := []string{"--data", t.TempDir()}
	if engine == db.Postgres {
		flags = append(flags, "--database", dbtest.PostgresSchema(t, os.Getenv("AFTERCARE_TEST_POSTGRES")))
	}
	return flags
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// started serves until the server has said where it is and how to sign in, and
// gives what it said.
func started(t *testing.T, flags ...string) (status int, said, logged string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var out, errs bytes.Buffer
	heard := writer(func(b []byte) (int, error) {
		n, err := out.Write(b)
		if strings.HasSuffix(out.String(), "\n\n") && strings.Contains(out.String(), "/console/") {
			stop()
		}
		return n, err
	})
	p := &program{stdin: strings.NewReader(""), stdout: heard, stderr: &errs, version: "test"}
	status = p.run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...))
	return status, out.String(), errs.String()
}

// It also shows that the server says where it is and stops when asked.
func TestTheFirstSignInIsMadeWhereItCanBeRead(t *testing.T) {
	lines := func(text string) string {
		file := filepath.Join(t.TempDir(), "lines.jsonl")
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	before := map[string][]string{
		"nothing":         nil,
		"shop set":        {"shop", "set", "--name", "First"},
		"import orders":   {"import", "orders", lines(`{"number":"SO-1","currency":"CNY","placed_at":"2026-01-01T00:00:00Z","lines":[{"sku":"A","title":"A","quantity":1,"unit_price":100}],"tenders":[{"kind":"card","amount":100}]}`)},
		"import products": {"import", "products", lines(`{"sku":"A","title":"A","price":{"minor":100,"currency":"CNY"}}`)},
	}
	eachEngine(t, func(t *testing.T, engine db.Engine) {
		for name, command := range before {
			t.Run(name, func(t *testing.T) {
				flags := nowhere(t, engine)
				if command != nil {
					must(t, append(command, flags...)...)
					if staff := must(t, append([]string{"user", "list"}, flags...)...); !strings.Contains(staff, "no staff yet") {
						t.Errorf("somebody whose password nobody knows: %s", staff)
					}
				}
				status, said, logged := started(t, flags...)
				if status != statusOK || !regexp.MustCompile(`e-mail +admin@localhost\n +password +\S{16,}`).MatchString(said) {
					t.Errorf("status %d\n%s\n%s", status, said, logged)
				}
				if strings.Contains(logged, "password") {
					t.Errorf("the log shows a password: %s", logged)
				}
			})
		}
	})
}
