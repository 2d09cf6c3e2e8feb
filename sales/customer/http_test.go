package customer_test

import (
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/sales/customer"
)

func TestCustomersOverHTTP(t *testing.T) {
	dbtest.Each(t, []db.Schema{httpapi.Schema, event.Schema, customer.Schema}, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		customer.Routes(a)
		h := a.Handler()
		lin := upsert(t, d, actor.Of("test"), customer.Draft{Source: "shop", Ref: "1", Name: "Lin Wei", Email: "lin@example.com"})
		upsert(t, d, actor.Of("test"), customer.Draft{Source: "shop", Ref: "2", Name: "Anna"})
		staff := func(name string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_" + name, Name: name, Role: name})
		}
		boss, agent, seller := staff(role.Supervisor), staff(role.Agent), apitest.As(actor.Actor{Tenant: "test", Kind: actor.Key, ID: "key_1", Seller: "s", Scopes: "customer.read customer.tier order.read"})
		stranger := apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "stf_x", Role: role.Administrator})
		sync := apitest.As(actor.Actor{Tenant: "test", Kind: actor.Key, ID: "key_2", Name: "member system", Scopes: "customer.tier"})
		path, tier := "/v1/customers/"+lin.ID, "/v1/customers/"+lin.ID+"/tier"
		put := func(by apitest.Option, body string) []apitest.Option { return []apitest.Option{by, apitest.Body(body)} }
		apitest.Run(t, h, d, []apitest.Scenario{
			{Name: "the newest come first", Method: "GET", Path: "/v1/customers?limit=1", Options: []apitest.Option{agent}, Status: 200, Fields: map[string]any{"items.0.name": "Anna"}},
			{Name: "some are found", Method: "GET", Path: "/v1/customers?q=wei", Options: []apitest.Option{agent}, Status: 200, Fields: map[string]any{"items.0.email": "lin@example.com", "next": ""}},
			{Name: "agents read and do not give tiers", Method: "PUT", Path: tier, Options: put(agent, `{"tier":"gold","reason":"kind"}`), Status: 403, Code: "role.denied"},
			{Name: "why has to be said", Method: "PUT", Path: tier, Options: put(boss, `{"tier":"gold"}`), Status: 422, Code: "customer.tier"},
			{Name: "a tier is given", Method: "PUT", Path: tier, Options: put(boss, `{"tier":"gold","reason":"a good customer","until":"2099-01-01T00:00:00Z"}`), Status: 200,
				Fields: map[string]any{"tier.tier": "gold", "tiers.0.by.name": "supervisor", "tiers.0.reason": "a good customer"}, Events: []string{"customer.tier_set"}},
			{Name: "and read", Method: "GET", Path: path, Options: []apitest.Option{agent}, Status: 200, Fields: map[string]any{"tier.tier": "gold", "name": "Lin Wei"}},
			{Name: "a member system tells many", Method: "POST", Path: "/v1/customers/tiers", Options: put(sync, `{"source":"shop","items":[{"ref":"1","tier":""},{"ref":"2","tier":"88vip"},{"ref":"3","tier":"plus"},{"ref":"2","tier":"88vip"}]}`),
				Status: 200, Fields: map[string]any{"changed": 3.0, "same": 1.0}, Events: []string{"customer.tier_set", "customer.tier_set", "customer.tier_set"}},
			{Name: "gold is gone", Method: "GET", Path: path, Options: []apitest.Option{agent}, Status: 200, Fields: map[string]any{"tier": nil, "tiers.0.source": "shop"}},
			{Name: "one that nobody could know again", Method: "POST", Path: "/v1/customers/tiers", Options: put(sync, `{"source":"shop","items":[{"name":"Lin","tier":"plus"}]}`), Status: 422, Code: "customer.invalid"},
			{Name: "sellers see no customers", Method: "GET", Path: path, Options: []apitest.Option{seller}, Status: 403, Code: "role.denied"},
			{Name: "other shops neither", Method: "GET", Path: path, Options: []apitest.Option{stranger}, Status: 404, Code: "customer.unknown"},
		})
	})
}
