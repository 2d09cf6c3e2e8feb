package owed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

const sold = `{"number":"DE-1","currency":"EUR","country":"DE","zone":"Europe/Berlin","channel":"web","placed_at":"2026-03-01T10:00:00Z","delivered_at":"2026-03-04T10:00:00Z",
	"customer":{"email":"a@example.com","name":"Anna"},"tenders":[{"kind":"card","amount":8000}],
	"lines":[{"sku":"MUG","title":"Mug","quantity":1,"unit_price":3000},{"sku":"RING","title":"Ring","quantity":1,"unit_price":5000,"traits":["custom"]}]}`

func TestRightsOverHTTP(t *testing.T) {
	dbtest.Each(t, []db.Schema{httpapi.Schema, event.Schema, customer.Schema, order.Schema, product.Schema, policy.Schema}, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		book := law(t)
		book.Routes(a)
		(&owed.Service{Book: book}).Routes(a)
		h := a.Handler()
		by := actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_1", Role: role.Administrator}
		var o order.Order
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if err := policy.New(nil, policy.Alone).Found(t.Context(), tx, by); err != nil {
				return err
			}
			draft := product.Draft{SKU: "FISH", Title: "Fish", Price: money.Of(900, "EUR"), Law: product.Law{Traits: []string{"perishable"}}}
			if _, _, err := (&product.Service{}).Put(t.Context(), tx, by, draft, 0); err != nil {
				return err
			}
			terms := func(_ ctx, _ *db.Tx, _, _ string) (order.Terms, error) {
				return order.Terms{Zone: "Europe/Berlin", Policy: policy.Standard, PolicyVer: 1}, nil
			}
			var made order.Draft
			decode(t, sold, &made)
			made.Source = "shop"
			o, _, err = order.New(order.Options{Terms: terms}).Put(t.Context(), tx, by, made)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		staff, en := apitest.As(by), apitest.Header("Accept-Language", "en")
		anna := apitest.As(actor.Actor{Tenant: "test", Kind: actor.Customer, ID: o.Customer})
		other := apitest.As(actor.Actor{Tenant: "test", Kind: actor.Customer, ID: "cus_x"})
		warehouse := apitest.As(actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_2", Role: role.Warehouse})
		seller := apitest.As(actor.Actor{Tenant: "test", Kind: actor.Staff, ID: "stf_3", Role: role.Seller, Seller: "other"})
		var tag string
		apitest.Run(t, h, d, []apitest.Scenario{
			{Name: "the laws are listed", Method: "GET", Path: "/v1/rights/packs", Options: []apitest.Option{staff, en}, Status: 200},
			{Name: "a law is read", Method: "GET", Path: "/v1/rights/packs/FR", Options: []apitest.Option{staff, en}, Status: 200,
				Fields: map[string]any{"jurisdiction": "FR", "name": "France", "zone": "Europe/Paris", "currency": "EUR"},
				After: func(t *testing.T, a apitest.Answer) {
					for _, want := range []string{"FR-WD", "Code de la consommation", "L221", `"n":"14"`, "It spoils quickly."} {
						if !strings.Contains(string(a.Raw), want) {
							t.Errorf("the law of France lacks %q", want)
						}
					}
				}},
			{Name: "a law that nobody wrote is missing", Method: "GET", Path: "/v1/rights/packs/ZZ", Options: []apitest.Option{staff}, Status: 404, Code: "rights.no_pack"},
			{Name: "a version that never was is missing", Method: "GET", Path: "/v1/rights/packs/FR?version=99", Options: []apitest.Option{staff}, Status: 404, Code: "rights.no_pack"},
			{Name: "the law answers", Method: "POST", Path: "/v1/rights/decide", Options: []apitest.Option{staff, en, apitest.Body(`{"facts":{"as_of":"2026-11-05","buyer":{"residence":"CN"},"channel":"web","delivery":{"at":"2026-11-03"}}}`)},
				Status: 200, Fields: map[string]any{"answer.law.jurisdiction": "CN", "remedies.0.rule": "CN-WD", "remedies.0.outcome": "entitled", "remedies.0.until": "2026-11-10", "law.name": "China, mainland"}},
			{Name: "facts that are none are refused", Method: "POST", Path: "/v1/rights/decide", Options: []apitest.Option{staff, apitest.Body(`{"facts":{"as_of":"yesterday"}}`)}, Status: 422, Code: "rights.facts"},
			{Name: "customers do not browse laws", Method: "GET", Path: "/v1/rights/packs", Options: []apitest.Option{anna}, Status: 403, Code: "role.denied"},
			{Name: "a stranger must sign in", Method: "GET", Path: "/v1/orders/" + o.ID + "/rights", Status: 401, Code: "request.unauthenticated"},
			{Name: "staff see rules", Method: "GET", Path: "/v1/orders/" + o.ID + "/rights", Options: []apitest.Option{staff, en}, Status: 200,
				Fields: map[string]any{"country": "DE", "law.name": "Germany", "policy.id": "standard", "lines.0.ways.0.claim": "change_of_mind"}},
			{Name: "who packs parcels may read laws", Method: "GET", Path: "/v1/rights/packs/CN", Options: []apitest.Option{warehouse}, Status: 200},
			{Name: "and no orders", Method: "GET", Path: "/v1/orders/" + o.ID + "/rights", Options: []apitest.Option{warehouse}, Status: 403, Code: "role.denied"},
			{Name: "a seller does not see an order of others", Method: "GET", Path: "/v1/orders/" + o.ID + "/rights", Options: []apitest.Option{seller}, Status: 404, Code: "order.unknown"},
			{Name: "the customer sees own rights", Method: "GET", Path: "/v1/my/orders/" + o.ID + "/rights", Options: []apitest.Option{anna, apitest.Header("Accept-Language", "zh-CN")}, Status: 200,
				Fields: map[string]any{"law.name": "德国", "lines.0.ways.0.name": "无理由退货"}},
			{Name: "and nobody else's", Method: "GET", Path: "/v1/my/orders/" + o.ID + "/rights", Options: []apitest.Option{other}, Status: 404, Code: "order.unknown"},
			{Name: "everybody asks before buying", Method: "GET", Path: "/v1/public/rights?country=FR", Options: []apitest.Option{en}, Status: 200,
				Fields: map[string]any{"law.name": "France", "lines.0.ways.0.outcome": "approve", "lines.0.ways.0.law.rule": "FR-WD"},
				After: func(t *testing.T, a apitest.Answer) {
					tag = a.Header.Get("ETag")
					if tag == "" || !strings.Contains(a.Header.Get("Cache-Control"), "public") {
						t.Errorf("not cacheable: %v", a.Header)
					}
				}},
			{Name: "what spoils has no withdrawal", Method: "GET", Path: "/v1/public/rights?country=FR&sku=FISH", Options: []apitest.Option{en}, Status: 200,
				Fields: map[string]any{"lines.0.title": "Fish", "lines.0.ways.0.law.says": "Return without a reason: No. It spoils quickly."}},
			{Name: "no country that exists", Method: "GET", Path: "/v1/public/rights?country=XX", Status: 422, Code: "owed.place"},
			{Name: "no country at all", Method: "GET", Path: "/v1/public/rights", Status: 422, Code: "request.invalid"},
			{Name: "a country without a pack says so", Method: "GET", Path: "/v1/public/rights?country=ZA", Options: []apitest.Option{en}, Status: 200},
		})
		again := apitest.Do(t, h, "GET", "/v1/public/rights?country=FR", en, apitest.Header("If-None-Match", tag))
		if again.Status != http.StatusNotModified || len(again.Raw) != 0 {
			t.Errorf("the same again is %d with %d bytes, want 304 and none", again.Status, len(again.Raw))
		}
	})
}
