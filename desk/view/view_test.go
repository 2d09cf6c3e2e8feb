package view_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/desk/view"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

func person(id, as, seller string) apitest.Option {
	return apitest.As(actor.Actor{Tenant: "main", Kind: actor.Staff, ID: id, Name: "Name of " + id, Role: as, Seller: seller})
}

var (
	ann    = person("stf_ann", role.Agent, "")
	chief  = person("stf_chief", role.Supervisor, "")
	seller = person("stf_sel", role.Seller, "sel_1")
)

// insert makes a case as lists see it.
const insert = `
	insert into cases_case (tenant, id, number, kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded,
		title, quantity, reason, language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, opened_at, updated_at, assignee)
	values ('main', $1, $2, 'return_refund', $3, '', 1, 'ord_1', 'SO-1', '', '', $4, 'CNY', $5, 0,
		'Kettle', 1, 'defective', 'en', '', '[]', '{}', 'standard', 1, '{}', '{}', 'answer', $6, '', 1772420400000, 1772420400000, $7)`

// each gives a shop with 130 cases: every fifth is mine, every tenth overdue.
func each(t *testing.T, test func(t *testing.T, h http.Handler)) {
	dbtest.EachAt(t, []db.Schema{event.Schema, httpapi.Schema, cases.Schema, view.Schema}, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 130 {
				assignee, deadline, seller, state := "", noon.Add(30*time.Hour), "", "submitted"
				switch {
				case i%10 == 0:
					deadline = noon.Add(-time.Minute)
				case i == 1:
					deadline = noon.Add(time.Hour)
				case i == 3:
					state = "await_return"
				}
				if i%5 == 0 {
					assignee = "stf_ann"
				}
				if i%2 == 0 {
					seller = "sel_1"
				}
				if _, err := tx.Exec(t.Context(), insert, fmt.Sprintf("case_%03d", i), fmt.Sprintf("R-%03d", i), state, seller, int64(i)*100, db.Millis(deadline), assignee); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		a := apitest.New(d, role.Allow)
		view.Routes(a)
		test(t, a.Handler())
	})
}

type listed struct {
	Items []struct {
		ID, Name, Query      string
		Shared, Mine         bool
		Changeable, Built_in bool
		Version              int64
		Count                *int64
		More                 bool
	}
}

func list(t *testing.T, h http.Handler, who apitest.Option) (all listed) {
	t.Helper()
	apitest.Do(t, h, "GET", "/v1/views?counts=true", who).Want(t, 200, "").Into(t, &all)
	return all
}

func names(all listed) (names []string) {
	for _, v := range all.Items {
		names = append(names, v.ID[:min(len(v.ID), 4)]+v.Name)
	}
	return names
}

func TestEverybodyHasTheUsualViewsWithCountsThatStopEarly(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		got := map[string]string{}
		for _, v := range list(t, h, ann).Items {
			got[v.ID] = fmt.Sprint(*v.Count, v.More)
		}
		want := map[string]string{"all": "99 true", "mine": "26 false", "unassigned": "99 true", "due": "1 false", "overdue": "13 false",
			"waiting_us": "99 true", "waiting_customer": "1 false", "warehouse": "0 false", "wrote": "0 false"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got) %s", diff)
		}
		for _, v := range list(t, h, seller).Items {
			if v.ID == "all" && *v.Count != 65 {
				t.Errorf("the seller counts %d cases, want the own 65", *v.Count)
			}
		}
	})
}

func TestAViewIsKeptChangedSharedAndDeleted(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		draft := func(name, query string, shared bool) apitest.Option {
			return apitest.Body(map[string]any{"name": name, "query": query, "shared": shared})
		}
		own := apitest.Do(t, h, "POST", "/v1/views", ann, draft("  Dear   ones ", "least=10000&state=submitted&currency=CNY", false)).Want(t, 201, "")
		if own.Text("name") != "Dear ones" || own.Text("query") != "currency=CNY&least=10000&state=submitted" {
			t.Errorf("kept as %s", own.Raw)
		}
		apitest.Do(t, h, "POST", "/v1/views", ann, draft("Dear ones", "", false)).Want(t, 409, "view.taken")
		apitest.Do(t, h, "POST", "/v1/views", ann, draft("All", "", true)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", "/v1/views", ann, draft("Odd", "colour=red", false)).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "POST", "/v1/views", ann, draft("Odd", "state=lost", false)).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "POST", "/v1/views", ann, draft(" ", "", false)).Want(t, 422, "view.invalid")
		shared := apitest.Do(t, h, "POST", "/v1/views", chief, draft("Ours", "state=inspecting", true)).Want(t, 201, "")
		for _, v := range list(t, h, ann).Items {
			if v.Name == "Ours" && (v.Changeable || !v.Shared || v.Mine) || v.Name == "Dear ones" && (!v.Changeable || *v.Count != 30) {
				t.Errorf("ann sees %+v, counted %d", v, *v.Count)
			}
		}
		if got := names(list(t, h, chief)); !slices.Contains(got, "viewOurs") || slices.Contains(got, "viewDear ones") {
			t.Errorf("the chief sees %v", got)
		}
		if got := names(list(t, h, seller)); slices.Contains(got, "viewOurs") {
			t.Errorf("a seller sees the shop's lists: %v", got)
		}
		path := "/v1/views/" + shared.Text("id")
		apitest.Do(t, h, "PUT", path, ann, apitest.Header("If-Match", `"1"`), draft("Mine", "", true)).Want(t, 403, "view.not_own")
		apitest.Do(t, h, "DELETE", path, ann).Want(t, 403, "view.not_own")
		apitest.Do(t, h, "DELETE", path, seller).Want(t, 404, "view.unknown")
		apitest.Do(t, h, "PUT", path, chief, apitest.Header("If-Match", `"1"`), draft("Bench", "state=inspecting", true)).Want(t, 200, "")
		apitest.Do(t, h, "PUT", path, chief, apitest.Header("If-Match", `"1"`), draft("Late", "", true)).Want(t, 412, "view.stale")
		apitest.Do(t, h, "DELETE", path, chief).Want(t, 204, "")
		apitest.Do(t, h, "DELETE", path, chief).Want(t, 404, "view.unknown")
	})
}

func TestEverybodyHasAnOrderOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		apitest.Do(t, h, "PUT", "/v1/views-order", ann, apitest.Body(map[string]any{"ids": []string{"overdue", "mine"}})).Want(t, 204, "")
		if got := names(list(t, h, ann)); !slices.Equal(got[:3], []string{"over", "mine", "all"}) {
			t.Errorf("ann's order %v", got)
		}
		if got := names(list(t, h, chief)); got[0] != "all" {
			t.Errorf("the chief's order %v", got)
		}
	})
}

func TestTooManyViewsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		for i := range 51 {
			want, code := 201, ""
			if i == 50 {
				want, code = 409, "view.too_many"
			}
			apitest.Do(t, h, "POST", "/v1/views", ann, apitest.Body(map[string]any{"name": fmt.Sprint("List ", i), "query": ""})).Want(t, want, code)
		}
	})
}
