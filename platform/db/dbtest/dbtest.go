// Package dbtest gives tests a real, empty, migrated store on both engines.
//
// SQLite always runs. PostgreSQL runs when AFTERCARE_TEST_POSTGRES holds the
// URL of a server where a schema may be created; `make test` starts one.
package dbtest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
)

// Clock is a time that a test sets. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at the given instant.
func NewClock(at time.Time) *Clock { return &Clock{now: at} }

// Now is the instant last set.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock to an instant, Add by a duration.
func (c *Clock) Set(at time.Time) { c.mu.Lock(); c.now = at; c.mu.Unlock() }

// Add moves the clock by a duration.
func (c *Clock) Add(d time.Duration) { c.mu.Lock(); c.now = c.now.Add(d); c.mu.Unlock() }

// Each runs the test on an empty store of each engine with the real clock.
func Each(t *testing.T, schemas []db.Schema, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	each(t, schemas, nil, func(t *testing.T, d *db.DB, _ *Clock) { test(t, d) })
}

// EachAt runs the test on each engine with a clock that starts at an instant
// and moves only when told.
func EachAt(t *testing.T, schemas []db.Schema, at time.Time, test func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	each(t, schemas, &at, test)
}

func each(t *testing.T, schemas []db.Schema, at *time.Time, test func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		server := os.Getenv("AFTERCARE_TEST_POSTGRES")
		if engine == db.Postgres && server == "" {
			continue
		}
		t.Run(string(engine), func(t *testing.T) {
			var o db.Options
			var clock *Clock
			if at != nil {
				clock = NewClock(*at)
				o.Clock = clock.Now
			}
			target := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
			if engine == db.Postgres {
				target = PostgresSchema(t, server)
			}
			d, err := db.Open(t.Context(), target, o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(); err != nil {
					t.Errorf("close store: %v", err)
				}
			})
			if _, err := d.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			test(t, d, clock)
		})
	}
}

// PostgresSchema makes an empty schema in the server's database, removed when
// the test ends, and returns a URL whose connections see only it.
func PostgresSchema(t testing.TB, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("AFTERCARE_TEST_POSTGRES: %v", err)
	}
	admin, err := db.Open(t.Context(), server, db.Options{Conns: 1})
	if err != nil {
		t.Fatal(err)
	}
	name := id.New("test")
	run := func(ctx context.Context, statement string) {
		err := admin.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	run(t.Context(), "create schema "+name)
	t.Cleanup(func() {
		run(context.Background(), "drop schema "+name+" cascade")
		_ = admin.Close()
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}
