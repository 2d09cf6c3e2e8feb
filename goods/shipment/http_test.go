package shipment_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

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
