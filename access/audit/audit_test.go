package audit_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/audit"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ann  = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_ann", Name: "Ann"}
	rev  = actor.Actor{Tenant: "blue", Kind: actor.Staff, ID: "stf_rev", Name: "Rev", Role: role.Auditor}
	till = actor.Actor{Tenant: "blue", Kind: actor.Key, ID: "key_till", Name: "=till"}
)

type done struct {
	Name string `json:"-"`
	N    int    `json:"n"`
}

func (d done) Type() string { return d.Name }

// world has forty things done in the blue shop, one a minute, by Ann and a
// program in turn, and one by a namesake in the red shop.
func world(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB)) {
	schemas := []db.Schema{event.Schema, httpapi.Schema}
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		act := func(by actor.Actor, i int, name string) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				about := event.About{Stream: "case", Subject: fmt.Sprintf("case_%d", i%4), Version: int64(i)}
				if err := event.Append(t.Context(), tx, by, about, done{name, i}); err != nil {
					return err
				}
				_, err := tx.Exec(t.Context(), `update event_log set position = seq where position is null`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 40 {
			clock.Set(noon.Add(time.Duration(i) * time.Minute))
			act([]actor.Actor{ann, till}[i%2], i, []string{"case.approved", "case.noted", "casement.opened"}[i%3])
		}
		other := ann
		other.Tenant = "red"
		act(other, 99, "case.approved")
		api := apitest.New(d, role.Allow)
		audit.Routes(api, d, func(_ context.Context, _ *db.Tx, tenant string, ids []string) (map[string]audit.Place, error) {
			places := map[string]audit.Place{}
			for _, id := range ids {
				if id != "case_3" { // which is gone
					places[id] = audit.Place{ID: id, Number: "R-" + tenant + strings.TrimPrefix(id, "case_")}
				}
			}
			return places, nil
		})
		test(t, api.Handler(), d)
	})
}

type page struct {
	Items []audit.Entry
	Next  string
}

// walked reads all pages and returns the numbers of what was done.
func walked(t *testing.T, h http.Handler, query string) (numbers []int) {
	t.Helper()
	for cursor := ""; ; {
		var p page
		got := apitest.Do(t, h, "GET", "/v1/audit?limit=7&"+query+"&cursor="+cursor, apitest.As(rev)).Want(t, 200, "")
		if err := json.Unmarshal(got.Raw, &p); err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Items {
			if e.Stream == "case" {
				numbers = append(numbers, int(e.Version))
			}
		}
		if cursor = p.Next; cursor == "" {
			return numbers
		}
	}
}

func TestTheAuditFindsWhoDidWhat(t *testing.T) {
	world(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		all := func(keep func(i int) bool) (want []int) {
			for i := 39; i >= 0; i-- {
				if keep(i) {
					want = append(want, i)
				}
			}
			return want
		}
		at := func(i int) string { return noon.Add(time.Duration(i) * time.Minute).Format(time.RFC3339) }
		tests := []struct {
			query string
			keep  func(i int) bool
		}{
			{"", func(int) bool { return true }},
			{"actor=stf_ann", func(i int) bool { return i%2 == 0 }},
			{"actor=key_till", func(i int) bool { return i%2 == 1 }},
			{"actor_kind=key&type=case.noted", func(i int) bool { return i%2 == 1 && i%3 == 1 }},
			{"type=case.*", func(i int) bool { return i%3 < 2 }},
			{"type=case.approved,casement.opened", func(i int) bool { return i%3 != 1 }},
			{"type=-case.*", func(i int) bool { return i%3 == 2 }},
			{"type=case.*,-case.noted", func(i int) bool { return i%3 == 0 }},
			{"stream=case&subject=case_3", func(i int) bool { return i%4 == 3 }},
			{"subject=case_2&actor=stf_ann", func(i int) bool { return i%4 == 2 }},
			{"from=" + at(10) + "&to=" + at(20), func(i int) bool { return i >= 10 && i < 20 }},
			{"actor=stf_nobody", func(int) bool { return false }},
		}
		for _, test := range tests {
			if diff := cmp.Diff(all(test.keep), walked(t, h, test.query)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.query, diff)
			}
		}
		apitest.Do(t, h, "GET", "/v1/audit?from=yesterday", apitest.As(rev)).Want(t, 422, "request.invalid")
		agent := rev
		agent.Role = role.Agent
		apitest.Do(t, h, "GET", "/v1/audit", apitest.As(agent)).Want(t, 403, "role.denied")
	})
}

func TestTheAuditTellsNumbersThatPeopleKnow(t *testing.T) {
	world(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		var p page
		apitest.Do(t, h, "GET", "/v1/audit?limit=4", apitest.As(rev)).Want(t, 200, "").Into(t, &p)
		var said []string
		for _, e := range p.Items {
			said = append(said, e.Subject+" "+e.In+" "+e.Number)
		}
		want := []string{"case_3  ", "case_2 case_2 R-blue2", "case_1 case_1 R-blue1", "case_0 case_0 R-blue0"}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestAnExportIsItselfOnRecord(t *testing.T) {
	world(t, func(t *testing.T, h http.Handler, d *db.DB) {
		lines := httptest.NewRecorder() // apitest reads one JSON value
		r := httptest.NewRequest("GET", "/v1/audit.jsonl?type=case.approved", nil)
		apitest.As(rev)(r)
		h.ServeHTTP(lines, r)
		if n := strings.Count(lines.Body.String(), "\n"); n != 14 {
			t.Errorf("%d lines, want 14", n)
		}
		var first audit.Entry
		if err := json.Unmarshal([]byte(strings.SplitN(lines.Body.String(), "\n", 2)[0]), &first); err != nil || first.Actor.ID != till.ID || fmt.Sprint(first.Data) != "map[n:39]" {
			t.Errorf("first line %+v, %v", first, err)
		}
		table := apitest.Do(t, h, "GET", "/v1/audit.csv", apitest.As(rev)).Want(t, 200, "")
		rows, err := csv.NewReader(strings.NewReader(string(table.Raw))).ReadAll()
		if err != nil || len(rows) < 41 || !slices.ContainsFunc(rows, func(r []string) bool { return r[4] == "'=till" }) {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		apitest.Do(t, h, "GET", "/v1/audit.csv?to=never", apitest.As(rev)).Want(t, 422, "request.invalid")
		var exports []string
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			rows, err := tx.Query(t.Context(), `select actor_id || ' ' || data from event_log where type = 'data.exported' order by seq`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var one string
				if err := rows.Scan(&one); err != nil {
					return err
				}
				exports = append(exports, one)
			}
			return rows.Err()
		})
		want := []string{`stf_rev {"what":"audit","format":"jsonl","filter":"type=case.approved"}`, `stf_rev {"what":"audit","format":"csv"}`}
		if diff := cmp.Diff(want, exports); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
