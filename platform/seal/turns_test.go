package seal_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/seal"
)

// turned says that another key of the installation writes.
type turned struct{}

func (turned) Type() string { return "key.turned" }

// Who has an old key of the installation and may write to the database cannot add
// events: they are found, also where their time is of then.
func TestWhatAnOldKeyWritesIsFound(t *testing.T) {
	for name, url := range dbtest.Stores(t) {
		t.Run(name, func(t *testing.T) {
			clock := dbtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
			keys := [][]byte{[]byte("first")}
			d, err := db.Open(t.Context(), url, db.Options{Clock: clock.Now, Keys: func() [][]byte { return keys }})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(t.Context(), schemas); err != nil {
				t.Fatal(err)
			}
			announced := int64(0)
			o := options(d, t.TempDir())
			write := func(subject string, n int) { announce(t, d, subject, n); announced++ }
			sealAll := func() { l, stop := run(t, o); sealedUp(t, l, announced+1); stop() }
			write("case_a", 1)
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				return event.Append(t.Context(), tx, by, event.About{Stream: "key", Subject: "new"}, turned{})
			})
			if err != nil {
				t.Fatal(err)
			}
			announced++
			write("case_a", 2) // a process that has not noticed
			keys = [][]byte{[]byte("second"), []byte("first")}
			clock.Add(20 * time.Minute)
			write("case_a", 3)
			sealAll()
			look := func() seal.Report {
				r, err := seal.Audit(t.Context(), seal.Audits{DB: d, Turned: turned{}.Type()})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			if r := look(); r.Count != 0 {
				t.Fatalf("%+v", r.Findings)
			}
			keys = [][]byte{[]byte("first")}
			clock.Add(-20 * time.Minute)
			write("case_forged", 1)
			keys = [][]byte{[]byte("second"), []byte("first")}
			clock.Add(20 * time.Minute)
			sealAll()
			wantFinding(t, look(), seal.Changed, "case_forged) was written with a master key that wrote no more")
		})
	}
}
