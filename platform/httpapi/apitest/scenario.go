package apitest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/platform/db"
)

// Scenario is one request and everything that is expected of it.
type Scenario struct {
	Name    string
	Method  string
	Path    string
	Options []Option

	Status   int
	Code     string         // of the problem; empty for a success
	Fields   map[string]any // values at paths, as Answer.At finds them; numbers are float64
	Contains []string       // texts in the body
	Events   []string       // types appended, in order; nil means none
	After    func(t *testing.T, a Answer)
}

// Run plays the scenarios one after the other on one store, whose schemas must
// include that of package event.
func Run(t *testing.T, h http.Handler, d *db.DB, scenarios []Scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.Name, func(t *testing.T) {
			since := Events(t, d)
			a := Do(t, h, s.Method, s.Path, s.Options...)
			if a.Status != s.Status || a.Code() != s.Code {
				t.Errorf("%s %s answered %d %q, want %d %q\n%s", s.Method, s.Path, a.Status, a.Code(), s.Status, s.Code, a.Raw)
			}
			for path, want := range s.Fields {
				if diff := cmp.Diff(want, a.At(path)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", path, diff)
				}
			}
			for _, text := range s.Contains {
				if !strings.Contains(string(a.Raw), text) {
					t.Errorf("answer lacks %q\n%s", text, a.Raw)
				}
			}
			if diff := cmp.Diff(s.Events, since()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if s.After != nil {
				s.After(t, a)
			}
		})
	}
}

// Events marks the present end of the event log; the function it returns lists
// the types of what was appended since, nil for nothing. Tests look at the log
// before any relay has given positions, so this reads the table itself.
func Events(t testing.TB, d *db.DB) func() []string {
	t.Helper()
	var end int64
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), `select coalesce(max(seq), 0) from event_log`).Scan(&end)
	})
	if err != nil {
		t.Fatalf("event log: %v", err)
	}
	return func() []string {
		t.Helper()
		var types []string
		err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
			types, err = db.List(t.Context(), tx, func(row db.Scanner) (kind string, err error) {
				err = row.Scan(&kind)
				return kind, err
			}, `select type from event_log where seq > $1 order by seq`, end)
			return err
		})
		if err != nil {
			t.Fatalf("event log: %v", err)
		}
		if len(types) == 0 {
			return nil
		}
		return types
	}
}
