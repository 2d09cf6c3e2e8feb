package policy_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/rules/policy"
)

// api is the routes, and one who asks them.
type api struct {
	t *testing.T
	h http.Handler
}

func apis(t *testing.T, test func(a *api)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{event.Schema, httpapi.Schema, policy.Schema}, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		policy.New(nil, policy.Alone).Routes(a)
		test(&api{t, a.Handler()})
	})
}

func (a *api) as(who, method, path, match string, body any) apitest.Answer {
	a.t.Helper()
	options := []apitest.Option{apitest.As(actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_" + who, Name: who, Role: who})}
	if match != "" {
		options = append(options, apitest.Header("If-Match", match))
	}
	if body != nil {
		options = append(options, apitest.Body(body))
	}
	return apitest.Do(a.t, a.h, method, path, options...)
}

type bag = map[string]any

func TestADraftGoesThroughTheAPI(t *testing.T) {
	apis(t, func(a *api) {
		const admin, supervisor = role.Administrator, role.Supervisor
		a.as(admin, "PUT", "/v1/policies/standard", "*", bag{"name": "Standard", "rules": policy.Default()}).Want(a.t, 200, "")
		r := policy.Default()
		r.WindowDays = 14
		r.Conditions = []policy.Condition{when("vip", "customer.tier == 'gold'", policy.Then{WindowDays: n(30)})}
		tests := []bag{{"name": "a golden customer", "request": bag{"now": "2026-03-20T10:00:00Z", "total": bag{"minor": 100, "currency": "CNY"}, "customer": bag{"tier": "gold"}, "goods": []bag{{"reason": "wrong_size", "delivered": "2026-03-01T10:00:00Z"}}}, "expect": bag{"outcome": "approve", "fired": []string{"conditions/vip"}}}}
		body := bag{"name": "Standard", "rules": r, "note": "gold", "tests": tests}
		made := a.as(supervisor, "PUT", "/v1/policies/standard/draft", `"1"`, body).Want(a.t, 200, "")
		if made.At("state") != "draft" || made.At("version") != 2.0 || made.At("author.name") != "supervisor" {
			a.t.Fatalf("%s", made.Raw)
		}
		a.as(supervisor, "PUT", "/v1/policies/standard/draft", `"1"`, body).Want(a.t, 412, "policy.stale")
		a.as(supervisor, "PUT", "/v1/policies/standard/draft", "", body).Want(a.t, 428, "request.precondition_required")
		revision := fmt.Sprintf(`"%.0f"`, made.At("revision"))
		if tag := a.as(admin, "GET", "/v1/policies/standard?version=2", "", nil).Want(a.t, 200, "").Header.Get("ETag"); tag != revision {
			a.t.Errorf("the draft is %s, not %s", tag, revision)
		}
		a.as(supervisor, "PUT", "/v1/policies/standard/draft", revision, body).Want(a.t, 200, "")

		results := a.as(supervisor, "POST", "/v1/policies/standard/tests", "", bag{}).Want(a.t, 200, "")
		if one := results.At("items").([]any)[0].(bag); one["passed"] != true {
			a.t.Errorf("%s", results.Raw)
		}
		r.Conditions = nil
		results = a.as(supervisor, "POST", "/v1/policies/standard/tests", "", bag{"rules": r}).Want(a.t, 200, "")
		if one := results.At("items").([]any)[0].(bag); one["passed"] != false || len(one["wrong"].([]any)) != 2 {
			a.t.Errorf("%s", results.Raw)
		}

		const actions = "/v1/policies/standard/versions/2/actions"
		a.as(supervisor, "POST", actions, "", bag{"action": "review"}).Want(a.t, 403, "role.denied")
		a.as(admin, "POST", actions, "", bag{"action": "activate"}).Want(a.t, 409, "policy.move")
		a.as(admin, "POST", actions, "", bag{"action": "review", "note": "looks right"}).Want(a.t, 200, "")
		a.as(admin, "POST", actions, "", bag{"action": "activate"}).Want(a.t, 200, "")
		a.as(admin, "POST", "/v1/policies/standard/versions/9/actions", "", bag{"action": "review"}).Want(a.t, 404, "policy.unknown")

		all := a.as(role.Auditor, "GET", "/v1/policies/standard/versions", "", nil).Want(a.t, 200, "").At("items").([]any)
		if len(all) != 2 || all[0].(bag)["state"] != "live" || all[1].(bag)["state"] != "retired" {
			a.t.Errorf("%v", all)
		}
		diff := a.as(role.Auditor, "GET", "/v1/policies/standard/diff?from=1&to=2", "", nil).Want(a.t, 200, "")
		var changes struct{ Changes []policy.Change }
		diff.Into(a.t, &changes)
		var got []string
		for _, c := range changes.Changes {
			got = append(got, c.Path+" "+c.Op)
		}
		if want := "[conditions add tests add window_days change]"; fmt.Sprint(got) != want {
			a.t.Errorf("%v, not %s", got, want)
		}
		a.as(role.Auditor, "GET", "/v1/policies/standard/diff?from=1&to=7", "", nil).Want(a.t, 404, "policy.unknown")

		a.as(supervisor, "PUT", "/v1/policies/standard/draft", "*", bag{"name": "Standard", "rules": policy.Default()}).Want(a.t, 200, "")
		a.as(supervisor, "DELETE", "/v1/policies/standard/draft", "", nil).Want(a.t, 204, "")
		a.as(supervisor, "DELETE", "/v1/policies/standard/draft", "", nil).Want(a.t, 404, "policy.unknown")
		for _, who := range []string{role.Agent, role.Warehouse} {
			a.as(who, "GET", "/v1/policies/standard/versions", "", nil).Want(a.t, 403, "role.denied")
		}
		a.as(role.Auditor, "PUT", "/v1/policies/standard/draft", "*", body).Want(a.t, 403, "role.denied")
		a.as(supervisor, "PUT", "/v1/policies/standard", "*", bag{"name": "Standard", "rules": policy.Default()}).Want(a.t, 403, "role.denied")
	})
}

func TestRulesAreCheckedBeforeTheyAreSaved(t *testing.T) {
	apis(t, func(a *api) {
		check := func(change func(*policy.Rules)) (out policy.Checked) {
			r := policy.Default()
			change(&r)
			a.as(role.Supervisor, "POST", "/v1/policies/check", "", bag{"rules": r}).Want(a.t, 200, "").Into(a.t, &out)
			return out
		}
		if out := check(func(*policy.Rules) {}); len(out.Problems)+len(out.Floor)+len(out.Warnings) > 0 {
			a.t.Errorf("the default: %+v", out)
		}
		out := check(with(when("a", "true &&\n request.totl > 3", policy.Then{Outcome: "review"})))
		if len(out.Problems) != 1 || out.Problems[0].Line != 2 || out.Problems[0].Column != 2 {
			a.t.Errorf("%+v", out)
		}
		out = check(func(r *policy.Rules) { r.WindowDays, r.Parent = 3, "nobody" })
		if len(out.Problems) != 1 || out.Problems[0].Path != "parent" {
			a.t.Errorf("%+v", out)
		}
		out = check(func(r *policy.Rules) { r.WindowDays = 3 })
		if len(out.Floor) != 1 || out.Floor[0].Rule != "CN-WD" {
			a.t.Errorf("%+v", out)
		}
		out = check(func(r *policy.Rules) { r.Markets = nil })
		if len(out.Warnings) != 1 || out.Warnings[0].Code != "no_market" {
			a.t.Errorf("%+v", out)
		}
		words := a.as(role.Auditor, "GET", "/v1/policy-words", "", nil).Want(a.t, 200, "")
		if len(words.At("items").([]any)) < 30 {
			a.t.Errorf("%s", words.Raw)
		}
		for _, wrong := range []any{bag{}, bag{"rules": 3}, bag{"rules": bag{"conditions": "x"}}, bag{"rules": policy.Default(), "more": 1}} {
			a.as(role.Supervisor, "POST", "/v1/policies/check", "", wrong).Want(a.t, 422, "request.invalid")
		}
	})
}

func TestDifferencesNameMembersOfLists(t *testing.T) {
	from, to := policy.Policy{Name: "A", Rules: policy.Default()}, policy.Policy{Name: "B", Rules: policy.Default()}
	from.Rules.Conditions = []policy.Condition{when("a", "true", policy.Then{Outcome: "review"}), when("b", "true", policy.Then{Outcome: "review"}), when("c", "true", policy.Then{Outcome: "review"})}
	to.Rules.Conditions = []policy.Condition{when("b", "true", policy.Then{Outcome: "refuse"}), when("a", "true", policy.Then{Outcome: "review"}), when("d", "true", policy.Then{Outcome: "review"})}
	to.Rules.AutoApprove = map[string]int64{"CNY": 1, "USD": 7500}
	to.Rules.Reasons = to.Rules.Reasons[1:]
	to.Rules.Kinds = []string{policy.Exchange}
	changes, err := policy.Diff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		before, _ := json.Marshal(c.Before)
		after, _ := json.Marshal(c.After)
		if len(before) > 30 {
			before = []byte("…")
		}
		if len(after) > 30 {
			after = []byte("…")
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", c.Op, c.Path, before, after))
	}
	want := []string{
		"remove auto_approve.BRL 40000 null", "change auto_approve.CNY 50000 1", "remove auto_approve.EUR 7000 null", "remove auto_approve.GBP 6000 null", "remove auto_approve.JPY 10000 null",
		"remove auto_approve.TWD 200000 null", "change conditions[b].then.outcome \"review\" \"refuse\"", "remove conditions[c] … null", "add conditions[d] null …",
		"move conditions [\"a\",\"b\",\"c\"] [\"b\",\"a\",\"d\"]", "add kinds null [\"exchange\"]", "change name \"A\" \"B\"", "remove reasons[no_longer_needed] … null",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if same, err := policy.Diff(from, from); err != nil || len(same) > 0 {
		t.Errorf("%v %v", same, err)
	}
}
