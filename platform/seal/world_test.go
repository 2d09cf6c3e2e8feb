package seal_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

var (
	schemas = []db.Schema{event.Schema, seal.Schema}
	by      = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "usr_1", Name: "Li Lei"}
)

type moved struct {
	N    int    `json:"n"`
	Note string `json:"note"`
}

func (moved) Type() string { return "case.moved" }

func announce(t testing.TB, d *db.DB, subject string, n int) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		return event.Append(context.Background(), tx, by, event.About{Stream: "case", Subject: subject, Version: int64(n)}, moved{n, "secret words"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fill announces changes of several cases in turn.
func fill(t testing.TB, d *db.DB, n int) {
	t.Helper()
	for from := 1; from <= n; from += 50 {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			for done := from; done <= min(from+49, n); done++ {
				about := event.About{Stream: "case", Subject: fmt.Sprintf("case_%d", done%7), Version: int64(done)}
				if err := event.Append(context.Background(), tx, by, about, moved{done, "secret words"}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func testLog() *slog.Logger {
	var w io.Writer = io.Discard
	if os.Getenv("AFTERCARE_TEST_LOG") != "" {
		w = os.Stderr
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

func background(run func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = run(ctx) }()
	return func() { cancel(); <-done }
}

func options(d *db.DB, dir string) seal.Options {
	return seal.Options{
		DB: d, Log: testLog(), By: actor.Actor{Tenant: "main", Kind: actor.System}, Name: "shop.example/log",
		KeyFile: filepath.Join(dir, "keys", "log.key"), Interval: 5 * time.Millisecond, Lease: 300 * time.Millisecond,
	}
}

// run seals like a process does, until stopped.
func run(t testing.TB, o seal.Options) (l *seal.Log, stop func()) {
	t.Helper()
	o.Tail = event.NewTail(o.DB, nil, testLog())
	stopTail := background(o.Tail.Run)
	relay := background(event.NewRelay(o.Tail, event.RelayOptions{Lease: 300 * time.Millisecond}).Run)
	l = seal.New(o)
	stopLog := background(l.Run)
	return l, func() { stopLog(); relay(); stopTail() }
}

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// sealedUp waits until everything that was announced is sealed.
func sealedUp(t testing.TB, l *seal.Log, atLeast int64) seal.Status {
	t.Helper()
	var s seal.Status
	eventually(t, "sealed", func() bool {
		var err error
		s, err = l.Status(context.Background())
		return err == nil && s.Size >= atLeast && s.Unsealed == 0
	})
	return s
}

func retire(t testing.TB, d *db.DB, verifier string) error {
	return d.Write(t.Context(), func(tx *db.Tx) error { return seal.Retire(t.Context(), tx, by, verifier) })
}

func serve(t testing.TB, l *seal.Log) string {
	s := httptest.NewServer(l.Handler("/log/"))
	t.Cleanup(s.Close)
	return s.URL + "/log/"
}

func execute(t testing.TB, d *db.DB, statement string, args ...any) int64 {
	t.Helper()
	var n int64
	err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
		n, err = tx.Exec(context.Background(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return n
}

func read[T any](t testing.TB, d *db.DB, fn func(tx *db.Tx) (T, error)) (v T) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) { v, err = fn(tx); return err })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// seeds is what a log's keys are made from where there is a master key.
func seeds(b byte) func() [][]byte {
	return func() [][]byte { return [][]byte{bytes.Repeat([]byte{b}, 32)} }
}
