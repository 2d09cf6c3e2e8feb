package policy_test

import (
	"encoding/json"
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

func TestAPolicyGoesThroughTheAPIAsItIs(t *testing.T) {
	schemas := []db.Schema{event.Schema, httpapi.Schema, policy.Schema}
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		policy.New(nil, policy.Alone).Routes(a)
		h := a.Handler()
		admin := apitest.As(actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_1", Role: role.Administrator})
		put := func(rules any, match string) apitest.Answer {
			return apitest.Do(t, h, "PUT", "/v1/policies/standard", admin, apitest.Header("If-Match", match), apitest.Body(map[string]any{"name": "Standard", "rules": rules}))
		}
		changed := func(field string, value any) map[string]any {
			raw, err := json.Marshal(generous())
			if err != nil {
				t.Fatal(err)
			}
			var rules map[string]any
			if err := json.Unmarshal(raw, &rules); err != nil {
				t.Fatal(err)
			}
			rules[field] = value
			return rules
		}
		put(policy.Default(), "*").Want(t, 200, "")
		put(generous(), `"1"`).Want(t, 422, "policy.floor") // a restocking fee on seven days that the law gives
		put(changed("markets", []string{}), `"1"`).Want(t, 200, "")
		got := apitest.Do(t, h, "GET", "/v1/policies/standard", admin).Want(t, 200, "")
		if got.At("rules.advance.max.CNY") != 30000.0 || got.At("rules.returnless.below.CNY") != 2000.0 || got.At("rules.compensation.goodwill.CNY") != 5000.0 || got.At("rules.timers") != nil {
			t.Errorf("%s", got.Raw)
		}
		for field, value := range map[string]any{
			"kinds": []string{"barter"}, "timers": map[string]any{"offer_hours": 721}, "restocking_fee": 51, "preset": "amazon", "tender": "cash", "advance": map[string]any{"after": "soon"}, "surprise": 1,
		} {
			put(changed(field, value), `"2"`).Want(t, 422, "request.invalid")
		}
		put(changed("timers", map[string]any{"working_days": true, "calendar": "XX"}), `"2"`).Want(t, 422, "policy.invalid")
		put(changed("kinds", []string{"price_protection"}), `"2"`).Want(t, 422, "policy.invalid")

		packs := apitest.Do(t, h, "GET", "/v1/policy-presets", admin).Want(t, 200, "")
		for i, name := range []string{"own", "taobao", "wechat", "eu"} {
			if packs.At("items").([]any)[i].(map[string]any)["name"] != name {
				t.Errorf("%s", packs.Raw)
			}
		}
		apitest.Do(t, h, "GET", "/v1/policy-presets", apitest.As(actor.Actor{Tenant: "t", Kind: actor.Staff, Role: role.Warehouse})).Want(t, 403, "role.denied")
	})
}
