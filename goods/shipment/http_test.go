package shipment_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var errNoCase = fault.New(fault.Missing, "test.no_case", "There is no such case.")

func TestAScannedNumberFindsItsCase(t *testing.T) {
	s := &shipment.Service{CaseOf: func(_ context.Context, _ *db.Tx, by actor.Actor, caseID string) (string, string, error) {
		if by.Seller != "" {
			return "", "", errNoCase
		}
		return "R-7K2M-9QXP", "returning", nil
	}}
	routes := func(a *httpapi.API, _ *db.DB) { s.Routes(a) }
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		var p shipment.Parcel
		err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if p, err = s.Issue(t.Context(), tx, actor.Of("t1"), "case_1", depot); err == nil {
				p, err = s.HandOver(t.Context(), tx, customer, "case_1", "", "YTO", "YT-0001")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, tracking := range []string{p.Label, "yt 0001"} {
			got := apitest.Do(t, h, "GET", "/v1/parcels?tracking="+url.QueryEscape(tracking), apitest.As(warehouse)).Want(t, 200, "")
			if got.Text("items.0.tracking") != "YT0001" || got.Text("items.0.state") != "handed_over" || got.Text("items.0.case.number") != "R-7K2M-9QXP" {
				t.Errorf("%s: %s", tracking, got.Raw)
			}
		}
		seller, far := warehouse, warehouse
		seller.Seller, far.Tenant = "sel_1", "t2"
		for name, by := range map[string]actor.Actor{"a seller who may not see the case": seller, "another tenant": far} {
			got := apitest.Do(t, h, "GET", "/v1/parcels?tracking="+p.Label, apitest.As(by)).Want(t, 200, "")
			if items, ok := got.At("items").([]any); !ok || len(items) != 0 {
				t.Errorf("%s: %s", name, got.Raw)
			}
		}
		got := apitest.Do(t, h, "GET", "/v1/parcels?tracking=unknown", apitest.As(warehouse)).Want(t, 200, "")
		if items, ok := got.At("items").([]any); !ok || len(items) != 0 {
			t.Errorf("unknown number: %s", got.Raw)
		}
		if got := apitest.Do(t, h, "GET", "/v1/parcels", apitest.As(warehouse)); got.Status != 422 {
			t.Errorf("no number: %d", got.Status)
		}
	})
}

func TestACustomerBooksForTheOwnCaseOnly(t *testing.T) {
	s := &shipment.Service{CaseOf: func(_ context.Context, _ *db.Tx, by actor.Actor, caseID string) (string, string, error) {
		if by.Kind == actor.Customer && by.ID != customer.ID || caseID != "case_1" {
			return "", "", errNoCase
		}
		return "R-7K2M-9QXP", "await_return", nil
	}}
	s.LabelOf = func(_ context.Context, _ *db.Tx, _ actor.Actor, p shipment.Parcel, lang string) (shipment.Label, error) {
		return shipment.Label{Language: lang, Tracking: p.Tracking, CaseNumber: "R-7K2M-9QXP", To: p.To, Outgoing: !p.Direction.Incoming()}, nil
	}
	routes := func(a *httpapi.API, d *db.DB) { s.Store = d; s.Routes(a) }
	manager, clerk := warehouse, warehouse
	manager.Role, clerk.Role = role.Administrator, role.Auditor
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		x := &box{T: t, d: d, s: *s}
		if err := x.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := tenant.Create(ctx, tx, tenant.Tenant{ID: "t1", Name: "Shop", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		p := x.issue("case_1")
		at := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Hour)
		slot := apitest.Do(t, h, "POST", "/v1/slots", apitest.As(manager), apitest.Body(map[string]any{"from": at, "to": at.Add(time.Hour), "capacity": 1})).Want(t, 200, "")
		point := apitest.Do(t, h, "POST", "/v1/points", apitest.As(manager),
			apitest.Body(`{"name":"菜鸟驿站","address":"星湖街 1 号","city":"苏州","hours":"9-21","latitude":31.3,"longitude":120.7}`)).Want(t, 201, "")
		near := apitest.Do(t, h, "GET", "/v1/my/cases/case_1/points?latitude=31.3&longitude=120.71", apitest.As(customer)).Want(t, 200, "")
		if m, _ := near.At("items.0.metres").(float64); m < 900 || m > 1000 {
			t.Errorf("the point is %v metres away: %s", m, near.Raw)
		}
		zone, _ := time.LoadLocation("Asia/Shanghai")
		day := at.In(zone).Format(time.DateOnly)
		if got := apitest.Do(t, h, "GET", "/v1/my/cases/case_1/slots?day="+day, apitest.As(customer)).Want(t, 200, ""); got.Text("items.0.id") != slot.Text("id") {
			t.Errorf("slots of %s: %s", day, got.Raw)
		}
		actions := "/v1/my/cases/case_1/parcels/" + p.ID + "/actions"
		book := apitest.Body(map[string]any{"action": "book", "method": "pick_up", "place": slot.Text("id"), "address": map[string]any{"name": "欧阳", "lines": []string{"星湖街 328 号"}}})
		got := apitest.Do(t, h, "POST", actions, apitest.As(customer), book, apitest.Header("Accept-Language", "en")).Want(t, 200, "")
		if got.Text("state") != "pickup_booked" || got.Text("state_text") != "Pick-up booked" || got.Text("booking.state") != "booked" {
			t.Errorf("booked: %s", got.Raw)
		}
		apitest.Do(t, h, "POST", actions, apitest.As(customer), book).Want(t, 200, "") // the same one again
		apitest.Do(t, h, "POST", actions, apitest.As(customer), apitest.Body(`{"action":"book","method":"drop_off","place":"`+point.Text("id")+`"}`)).Want(t, 200, "")
		apitest.Do(t, h, "POST", actions, apitest.As(customer), apitest.Body(`{"action":"intercepted"}`)).Want(t, 403, "role.denied")
		second := apitest.Do(t, h, "POST", "/v1/my/cases/case_1/parcels", apitest.As(customer)).Want(t, 201, "")
		if second.Text("direction") != "return" || second.Text("id") == p.ID {
			t.Errorf("another parcel: %s", second.Raw)
		}
		stranger := customer
		stranger.ID = "cus_2"
		for _, route := range []string{"GET /v1/my/cases/case_1/parcels", "GET /v1/my/cases/case_1/slots?day=" + day, "GET /v1/my/cases/case_1/points", "POST /v1/my/cases/case_1/parcels",
			"GET /v1/my/cases/case_1/parcels/" + p.ID + "/label.pdf"} {
			method, path, _ := strings.Cut(route, " ")
			apitest.Do(t, h, method, path, apitest.As(stranger)).Want(t, 404, "test.no_case")
		}
		apitest.Do(t, h, "POST", actions, apitest.As(stranger), book).Want(t, 404, "test.no_case")
		staff := "/v1/cases/case_1/parcels"
		apitest.Do(t, h, "POST", staff, apitest.As(clerk), apitest.Body(`{"direction":"return"}`)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", staff, apitest.As(manager), apitest.Body(`{"direction":"back"}`)).Want(t, 422, "shipment.address")
		out := apitest.Do(t, h, "POST", staff, apitest.As(manager), apitest.Body(`{"direction":"back","to":{"name":"Zoë","lines":["1 Main St"],"city":"Austin","region":"TX","postcode":"78701","iso":"US"}}`)).Want(t, 201, "")
		apitest.Do(t, h, "POST", "/v1/my/cases/case_1/parcels/"+out.Text("id")+"/actions", apitest.As(customer), book).Want(t, 404, "shipment.unknown")
		label := apitest.Do(t, h, "GET", out.Text("label_url")+"?lang=en", apitest.As(manager))
		if shipment.FontReady() == nil && (label.Status != 200 || !strings.HasPrefix(string(label.Raw), "%PDF")) {
			t.Errorf("label of a parcel to the customer: %d", label.Status)
		}
		mine := apitest.Do(t, h, "GET", "/v1/my/cases/case_1/parcels", apitest.As(customer)).Want(t, 200, "")
		if all, _ := mine.At("items").([]any); len(all) != 3 {
			t.Errorf("%d parcels: %s", len(all), mine.Raw)
		}
		apitest.Do(t, h, "POST", "/v1/hooks/carriers/nobody/t1", apitest.Raw("application/json", []byte(`{}`))).Want(t, 404, "shipment.carrier_unknown")
	})
}
