package order_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/sales/order"
)

const body = `{"number":"A-1","currency":"CNY","placed_at":"2026-03-01T10:00:00Z","customer":{"email":"lin@example.com","name":"Lin Wei","phone":"+8613800138000"},
	"lines":[{"sku":"MUG","title":"Mug","quantity":2,"unit_price":5000}],"discounts":[{"code":"TEN","amount":1000}],"shipping":{"amount":500},
	"tenders":[{"kind":"card","label":"Visa 4242","amount":9500}]}`

func TestOrdersOverHTTP(t *testing.T) {
	routes := func(a *httpapi.API, _ *db.DB) { order.New(order.Options{}).Routes(a) }
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		as := apitest.As(shop)
		var path string
		apitest.Run(t, h, d, []apitest.Scenario{
			{Name: "an order is stored", Method: "POST", Path: "/v1/orders", Options: []apitest.Option{as, apitest.Body(body)}, Status: 201, Events: []string{"order.imported"},
				Fields: map[string]any{"number": "A-1", "source": "shop", "paid.minor": 9500.0, "paid.currency": "CNY", "lines.0.paid.minor": 9000.0, "lines.0.discounts.0.order": true,
					"shipping.paid.minor": 500.0, "tenders.0.label": "Visa 4242", "customer.name": "Lin Wei", "customer.phone": "***8000"},
				After: func(t *testing.T, a apitest.Answer) { path = "/v1/orders/" + a.At("id").(string) }},
			{Name: "the same order again is known", Method: "POST", Path: "/v1/orders", Options: []apitest.Option{as, apitest.Body(body)}, Status: 200},
			{Name: "another order under its number is refused", Method: "POST", Path: "/v1/orders", Options: []apitest.Option{as, apitest.Body(strings.ReplaceAll(body, "Mug", "Cup"))}, Status: 409, Code: "order.differs"},
			{Name: "sums that differ are refused", Method: "POST", Path: "/v1/orders", Options: []apitest.Option{as, apitest.Body(strings.ReplaceAll(body, "9500", "9400"))}, Status: 422, Code: "order.invalid",
				Fields: map[string]any{"value": "paid 9400, price 9500", "errors.0.field": "tenders"}},
			{Name: "an unknown field is refused", Method: "POST", Path: "/v1/orders", Options: []apitest.Option{as, apitest.Body(strings.ReplaceAll(body, `"sku"`, `"colour":"red","sku"`))}, Status: 422, Code: "request.invalid"},
			{Name: "the list finds a name", Method: "GET", Path: "/v1/orders?q=lin+wei", Options: []apitest.Option{as}, Status: 200,
				Fields: map[string]any{"items.0.number": "A-1", "items.0.customer_name": "Lin Wei", "items.0.total.minor": 9500.0, "next": ""}},
			{Name: "a cursor nobody gave is refused", Method: "GET", Path: "/v1/orders?cursor=abc", Options: []apitest.Option{as}, Status: 422, Code: "request.cursor"},
			{Name: "an unknown order is not found", Method: "GET", Path: "/v1/orders/ord_x", Options: []apitest.Option{as}, Status: 404, Code: "order.unknown"},
		})
		apitest.Run(t, h, d, []apitest.Scenario{
			{Name: "an order is read", Method: "GET", Path: path, Options: []apitest.Option{as}, Status: 200, Fields: map[string]any{"lines.0.sku": "MUG"}},
			{Name: "its parcel arrived", Method: "POST", Path: path + "/parcels", Options: []apitest.Option{as, apitest.Body(`{"carrier":"sf","tracking":"SF1","shipped_at":"2026-03-02T10:00:00Z","delivered_at":"2026-03-04T10:00:00Z"}`)},
				Status: 200, Events: []string{"order.sent"}, Fields: map[string]any{"lines.0.tracking": "SF1", "delivered_at": "2026-03-04T10:00:00Z"}},
			{Name: "it was installed", Method: "POST", Path: path + "/parcels", Options: []apitest.Option{as, apitest.Body(`{"installed_at":"2026-03-05"}`)}, Status: 200, Events: []string{"order.sent"}, Fields: map[string]any{"lines.0.installed_at": "2026-03-05"}},
			{Name: "it was installed before it was bought", Method: "POST", Path: path + "/parcels", Options: []apitest.Option{as, apitest.Body(`{"installed_at":"2026-01-05"}`)}, Status: 422, Code: "order.invalid"},
			{Name: "it was installed on another day", Method: "POST", Path: path + "/parcels", Options: []apitest.Option{as, apitest.Body(`{"installed_at":"2026-03-06"}`)}, Status: 409, Code: "order.parcel"},
			{Name: "it arrived another day", Method: "POST", Path: path + "/parcels", Options: []apitest.Option{as, apitest.Body(`{"delivered_at":"2026-03-05T10:00:00Z"}`)}, Status: 409, Code: "order.parcel"},
			{Name: "another shop does not see it", Method: "GET", Path: path, Options: []apitest.Option{apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "x"})}, Status: 404, Code: "order.unknown"},
		})
	})
}
