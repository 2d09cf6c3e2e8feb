package e2e

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/app"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/seal/bundle"
)

// The evidence of a case proves itself to staff and to the customer, who does
// not get the names of staff; nobody else gets any of it.
func TestTheEvidenceOfACaseProvesItself(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		id := w.first.ids["cases"]
		eventually(t, "the case is sealed", func() bool {
			return w.must(t, "GET", "/v1/cases/"+id+"/seal", nil, w.first.asKey()).field("waiting") == "0"
		})
		keys := strings.Fields(string(w.must(t, "GET", "/log/keys", nil).body))
		take := func(path string, as credentials) bundle.Bundle {
			t.Helper()
			a := w.must(t, "GET", path, nil, as)
			r, err := bundle.Verify(bytes.NewReader(a.body), int64(len(a.body)), bundle.Trust{Keys: keys})
			if err != nil || !r.Good {
				t.Fatalf("%s: %v %+v", path, err, r.Statements)
			}
			b, err := bundle.Read(bytes.NewReader(a.body), int64(len(a.body)))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Statements, func(s bundle.Statement) bool {
				return s.Verdict == bundle.Proven && strings.HasPrefix(s.About, "evidence/")
			}) {
				t.Errorf("%s: no photo is proven: %+v", path, r.Statements)
			}
			return b
		}
		staff := take("/v1/cases/"+id+"/evidence.zip", w.first.as(role.Administrator))
		customer := take("/v1/my/cases/"+id+"/evidence.zip", w.first.asCustomer())
		if len(staff.Events) != len(customer.Events) {
			t.Errorf("staff get %d events, the customer %d", len(staff.Events), len(customer.Events))
		}
		for i, e := range customer.Events {
			if e.ActorKind != "customer" && e.ActorName != "" {
				t.Errorf("the customer learns that %s was done by %s", e.Type, e.ActorName)
			}
			if e.Type == "case.approved" && (e.Data == "" || e.Data != staff.Events[i].Data) {
				t.Errorf("the customer does not get the decision: %+v", e)
			}
		}
		for who, as := range map[string]credentials{"another shop's key": w.second.asKey(), "another shop's staff": w.second.as(role.Administrator)} {
			for _, path := range []string{"/seal", "/evidence.zip"} {
				if a := w.ask(t, "GET", "/v1/cases/"+id+path, nil, as); a.status != 404 {
					t.Errorf("%s gets %d for %s", who, a.status, path)
				}
			}
		}
		if a := w.ask(t, "GET", "/v1/my/cases/"+id+"/evidence.zip", nil, w.second.asCustomer()); a.status != 404 {
			t.Errorf("another customer gets %d", a.status)
		}
	})
}

// Evidence that is asked for in the second in which something happens waits until
// that is sealed, and proves it as well.
func TestEvidenceWaitsForWhatHasJustHappened(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		path, staff := "/v1/cases/"+w.first.ids["cases"], w.first.as(role.Administrator)
		w.must(t, "POST", path+"/actions", map[string]any{"action": "note", "text": "just now"}, staff, header("If-Match", "*"))
		asked := w.must(t, "POST", path+"/evidence", nil, staff)
		file := path + "/evidence/" + asked.field("id")
		eventually(t, "the evidence is ready", func() bool { return w.must(t, "GET", file, nil, staff).field("state") == "ready" })
		data := w.must(t, "GET", file+"/zip", nil, staff).body
		b, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		noted := false
		for _, e := range b.Events {
			noted = noted || e.Type == "case.noted" && strings.Contains(e.Data, "just now") && e.Proof != nil
		}
		if !noted {
			t.Error("what was just noted is not proven")
		}
		if dead := w.must(t, "GET", "/v1/jobs?state=dead", nil, w.first.asKey()).field("items.0.kind"); dead == "record.bundle" {
			t.Error("the job gave up")
		}
	})
}

// One changed row is found by the audit, which names it.
func TestTheAuditNamesAChangedRow(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database)
		id := w.first.ids["cases"]
		eventually(t, "the case is sealed", func() bool {
			return w.must(t, "GET", "/v1/cases/"+id+"/seal", nil, w.first.asKey()).field("waiting") == "0"
		})
		seen := filepath.Join(t.TempDir(), "seen.json")
		for _, want := range []string{"nothing is wrong", "continues the"} {
			if out := w.run(t, "", "audit", "--files", "--seen", seen); !strings.Contains(out, want) {
				t.Fatalf("audit: %s", out)
			}
		}
		for _, want := range []string{"what was seen is kept in", "continues the"} { // where nobody names a file
			if out := w.run(t, "", "audit"); !strings.Contains(out, want) {
				t.Fatalf("audit: %s", out)
			}
		}
		kept, err := os.ReadFile(seen)
		if err != nil {
			t.Fatal(err)
		}
		w.inside(t, database, func(ctx context.Context, h *app.House) {
			err := h.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `update event_log set data = replace(data, '"outcome":"approve"', '"outcome":"refuse"') where type = 'case.approved' and subject = $1`, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			report, err := h.Audit(ctx, nil, true, nil)
			if err != nil || report.Count != 1 || !strings.Contains(report.Findings[0].Text, "case.approved of "+id) {
				t.Errorf("%v %+v", err, report.Findings)
			}
		})
		if now, err := os.ReadFile(seen); err != nil || !bytes.Equal(now, kept) {
			t.Error("the file of what was seen has changed")
		}
	})
}
