package backtest_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

// eachAPI is a shop whose back-tests are asked for over HTTP.
func eachAPI(t *testing.T, test func(s *shop, h http.Handler)) {
	t.Helper()
	dbtest.EachAt(t, append([]db.Schema{httpapi.Schema}, schemas...), monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := newShop(t, d, clock)
		a := apitest.New(d, role.Allow)
		s.trials.Routes(a)
		test(s, a.Handler())
	})
}

func as(name string) apitest.Option {
	by := admin
	by.Role = name
	return apitest.As(by)
}

func TestABackTestGoesThroughTheAPI(t *testing.T) {
	eachAPI(t, func(s *shop, h http.Handler) {
		t := s.t
		s.past()
		made := apitest.Do(t, h, "POST", "/v1/backtests", as(role.Administrator), apitest.Body(map[string]any{"policy": "standard", "rules": generous(), "limit": 1000})).Want(t, 202, "")
		id := made.At("id").(string)
		if made.Header.Get("Location") != "/v1/backtests/"+id || made.At("state") != "queued" || made.At("progress.total") != 14.0 || made.At("coverage.never") == nil {
			t.Fatalf("%s", made.Raw)
		}
		s.work()
		got := apitest.Do(t, h, "GET", "/v1/backtests/"+id, as(role.Auditor)).Want(t, 200, "")
		for path, want := range map[string]any{
			"state": "done", "better": 6.0, "worse": 0.0, "figures.decided": 14.0, "figures.matrix.0.before": "approve", "figures.matrix.0.count": 8.0,
			"figures.money.0.after.paid.minor": 285800.0, "figures.time.at_once": 2.0, "figures.time.measured": 1.0, "figures.assumed.0.name": "reason",
		} {
			if got.At(path) != want {
				t.Errorf("%s is %v, want %v", path, got.At(path), want)
			}
		}
		seconds := got.At("figures.time.median_seconds").(float64)
		if seconds < 7200*0.97 || seconds > 7300*1.03 {
			t.Errorf("two hours are %v s", seconds)
		}
		if never := got.At("coverage.never").([]any); !slices.Contains(never, any("reasons/defective")) || slices.Contains(never, any("reasons/wrong_size")) {
			t.Errorf("never: %v", never)
		}
		page := apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples?change=refuse%3Eapprove&limit=3", as(role.Auditor), apitest.Header("Accept-Language", "en")).Want(t, 200, "")
		rest := apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples?change=refuse%3Eapprove&limit=3&cursor="+page.At("next").(string), as(role.Auditor)).Want(t, 200, "")
		if len(page.At("items").([]any)) != 3 || len(rest.At("items").([]any)) != 1 || rest.At("next") != "" {
			t.Errorf("%s %s", page.Raw, rest.Raw)
		}
		if text := page.At("items.0.before.grounds.0.text").(string); !strings.Contains(text, "声悦") || page.At("items.0.case") == nil || page.At("items.0.after.refund.minor") != 9000.0 {
			t.Errorf("%s", page.Raw)
		}
		top := apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/groups?dimension=seller", as(role.Auditor)).Want(t, 200, "")
		if top.At("items.0.name") != "south" || top.At("items.0.better") != 2.0 || top.At("items.1.name") != "north" || top.At("items.1.tried") != 6.0 {
			t.Errorf("%s", top.Raw)
		}
		list := apitest.Do(t, h, "GET", "/v1/backtests", as(role.Supervisor)).Want(t, 200, "")
		if list.At("items.0.id") != id || list.At("items.0.progress.done") != 14.0 || list.At("next") != "" {
			t.Errorf("%s", list.Raw)
		}
		apitest.Do(t, h, "POST", "/v1/backtests/"+id+"/actions", as(role.Administrator), apitest.Body(map[string]any{"action": "cancel"})).Want(t, 409, "backtest.move")
		apitest.Do(t, h, "GET", "/v1/backtests/none", as(role.Auditor)).Want(t, 404, "backtest.unknown")
	})
}

func TestABackTestIsTakenOutAsAFile(t *testing.T) {
	eachAPI(t, func(s *shop, h http.Handler) {
		t := s.t
		s.past()
		id := apitest.Do(t, h, "POST", "/v1/backtests", as(role.Administrator), apitest.Body(map[string]any{"policy": "standard", "rules": generous()})).Want(t, 202, "").At("id").(string)
		s.work()
		table := apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/figures.csv", as(role.Auditor)).Want(t, 200, "")
		rows, err := csv.NewReader(strings.NewReader(string(table.Raw))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(rows, func(r []string) bool {
			return slices.Equal(r, []string{"money", "paid", "CNY", "720.00", "2858.00", ""})
		}) {
			t.Errorf("%s", table.Raw)
		}
		table = apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples.csv", as(role.Auditor)).Want(t, 200, "")
		if rows, err = csv.NewReader(strings.NewReader(string(table.Raw))).ReadAll(); err != nil || len(rows) != 7 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/backtests/"+id+"/samples.jsonl?change=review%3Eapprove", nil)
		as(role.Auditor)(req)
		lines := httptest.NewRecorder()
		h.ServeHTTP(lines, req)
		if n := strings.Count(lines.Body.String(), "\n"); lines.Code != 200 || n != 2 {
			t.Errorf("%d, %d lines: %s", lines.Code, n, lines.Body)
		}
		var exports int
		s.read(func(tx *db.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from event_log where type = 'data.exported'`).Scan(&exports)
		})
		if exports != 3 {
			t.Errorf("%d exports are on record", exports)
		}
	})
}

func TestOneCaseIsAnsweredByBothSides(t *testing.T) {
	eachAPI(t, func(s *shop, h http.Handler) {
		t := s.t
		c := s.open(s.order(bought{number: "W1", unit: 10000, days: 10}), 1, "wrong_size")
		ask := map[string]any{"case": c.ID, "policy": "standard", "rules": generous()}
		got := apitest.Do(t, h, "POST", "/v1/policies/what-if", as(role.Auditor), apitest.Body(ask), apitest.Header("Accept-Language", "en")).Want(t, 200, "")
		for path, want := range map[string]any{
			"number": c.Number, "before.outcome": "refuse", "after.outcome": "approve", "change": "refuse>approve", "direction": "better",
			"before.version": 1.0, "after.version": nil, "after.refund.minor": 9000.0, "after.fees.minor": 1000.0, "after.freight": "customer",
		} {
			if got.At(path) != want {
				t.Errorf("%s is %v, want %v: %s", path, got.At(path), want, got.Raw)
			}
		}
		if got.At("before.grounds.0.staff") == nil || got.At("before.grounds.0.staff") == got.At("before.grounds.0.text") {
			t.Errorf("%s", got.Raw)
		}
		ask["case"] = "case_none"
		apitest.Do(t, h, "POST", "/v1/policies/what-if", as(role.Auditor), apitest.Body(ask)).Want(t, 404, "cases.unknown")
	})
}

func TestOnlyThoseWhoMayRunAndSeeBackTests(t *testing.T) {
	eachAPI(t, func(s *shop, h http.Handler) {
		t := s.t
		body := apitest.Body(map[string]any{"policy": "standard", "version": 1})
		id := apitest.Do(t, h, "POST", "/v1/backtests", as(role.Administrator), body).Want(t, 202, "").At("id").(string)
		for _, name := range role.Roles {
			may := func(need actor.Permission) bool { return slices.Contains(role.Permissions(name), need) }
			want := func(ok bool, status int) (int, string) {
				if ok {
					return status, ""
				}
				return 403, "role.denied"
			}
			status, code := want(may(role.PolicyWrite), 202)
			apitest.Do(t, h, "POST", "/v1/backtests", as(name), body).Want(t, status, code)
			status, code = want(may(role.PolicyRead), 200)
			apitest.Do(t, h, "GET", "/v1/backtests", as(name)).Want(t, status, code)
			apitest.Do(t, h, "GET", "/v1/backtests/"+id, as(name)).Want(t, status, code)
			apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/figures.csv", as(name)).Want(t, status, code)
			status, code = want(may(role.PolicyRead) && may(role.CaseRead), 200)
			apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples", as(name)).Want(t, status, code)
			status, code = want(may(role.PolicyRead) && may(role.CaseExport), 200)
			apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples.csv", as(name)).Want(t, status, code)
		}
		key := func(scopes string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "main", Kind: actor.Key, ID: "key_1", Scopes: scopes})
		}
		apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples", key("policy.read")).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/backtests/"+id+"/samples.csv", key("case.export")).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/backtests/"+id, apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "stf_9", Role: role.Administrator})).Want(t, 404, "backtest.unknown")
		apitest.Do(t, h, "POST", "/v1/backtests", as(role.Administrator), apitest.Body(map[string]any{"policy": "standard"})).Want(t, 422, "backtest.invalid")
		apitest.Do(t, h, "POST", "/v1/backtests", as(role.Administrator), apitest.Body(map[string]any{"policy": "standard", "version": 1, "kinds": []string{"barter"}})).Want(t, 422, "request.invalid")
	})
}
