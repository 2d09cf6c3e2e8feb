package shipment_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestTheDaySaysWhoWaitsForAPickUpAndWhatBecameOfStoppedParcels(t *testing.T) {
	s := &shipment.Service{CaseOf: func(_ context.Context, _ *db.Tx, by actor.Actor, caseID string) (string, string, error) {
		if by.Seller != "" {
			return "", "", errNoCase
		}
		return "R-" + caseID, "await_return", nil
	}}
	routes := func(a *httpapi.API, _ *db.DB) { s.Routes(a) }
	apitest.Each(t, schemas, routes, func(t *testing.T, h http.Handler, d *db.DB) {
		day := time.Now().UTC().AddDate(0, 0, 2).Truncate(24 * time.Hour)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "t1", Name: "T", Zone: "UTC", Language: "en", Currency: "CNY"}); err != nil {
				return err
			}
			for n, id := range []string{"case_1", "case_2", "case_3"} {
				p, err := s.Issue(t.Context(), tx, actor.Of("t1"), id, depot)
				if err != nil {
					return err
				}
				from := day.Add(time.Duration(9+n) * time.Hour)
				slot, err := s.OpenSlot(t.Context(), tx, actor.Of("t1"), from, from.Add(2*time.Hour), 4)
				if err != nil {
					return err
				}
				if _, err := s.Book(t.Context(), tx, actor.Of("t1"), id, p.ID, shipment.PickUp, slot, depot); err != nil {
					return err
				}
				q, err := s.Intercept(t.Context(), tx, actor.Of("t1"), id, "SF", "SF900"+id[5:]+"77")
				if err != nil {
					return err
				}
				if n > 0 {
					if _, err := s.Decide(t.Context(), tx, actor.Of("t1"), q.ID, n == 1, ""); err != nil {
						return err
					}
				}
			}
			_, err := s.Unbook(t.Context(), tx, actor.Of("t1"), "case_3", "")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		at := "/v1/pickups?day=" + day.Format(time.DateOnly)
		first := apitest.Do(t, h, "GET", at+"&limit=2", apitest.As(warehouse)).Want(t, 200, "")
		if first.Text("items.0.case.number") != "R-case_1" || first.Text("items.1.case.number") != "R-case_2" || first.Text("items.0.sender.name") == "" || first.Text("next") == "" {
			t.Errorf("%s", first.Raw)
		}
		rest := apitest.Do(t, h, "GET", at+"&limit=2&cursor="+first.Text("next"), apitest.As(warehouse)).Want(t, 200, "")
		if rest.Text("items.0.case.number") != "R-case_3" || rest.Text("items.0.state") != "cancelled" || rest.Text("next") != "" {
			t.Errorf("%s", rest.Raw)
		}
		if got := apitest.Do(t, h, "GET", at+"&state=cancelled", apitest.As(warehouse)).Want(t, 200, ""); got.Text("items.0.case.id") != "case_3" || got.At("items.1") != nil {
			t.Errorf("%s", got.Raw)
		}
		for wish, number := range map[string]string{"": "R-case_1", "&wish=intercept_requested": "R-case_1", "&wish=intercepted": "R-case_2", "&wish=intercept_refused": "R-case_3"} {
			got := apitest.Do(t, h, "GET", "/v1/interceptions?limit=5"+wish, apitest.As(warehouse)).Want(t, 200, "")
			if got.Text("items.0.about.number") != number || got.At("items.1") != nil {
				t.Errorf("%q: %s", wish, got.Raw)
			}
		}
		if got := apitest.Do(t, h, "GET", "/v1/interceptions?wish=lost", apitest.As(warehouse)).Want(t, 200, ""); got.At("items.0") != nil {
			t.Errorf("lost: %s", got.Raw)
		}
		seller := warehouse
		seller.Seller = "sel_1"
		for _, path := range []string{at, "/v1/interceptions", "/v1/interceptions?wish=intercepted"} {
			if got := apitest.Do(t, h, "GET", path, apitest.As(seller)).Want(t, 200, ""); got.At("items.0") != nil {
				t.Errorf("a seller reads in %s of cases of others: %s", path, got.Raw)
			}
		}
		apitest.Do(t, h, "GET", "/v1/pickups", apitest.As(warehouse)).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/pickups?day=2026-13-41", apitest.As(warehouse)).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", at+"&cursor=x", apitest.As(warehouse)).Want(t, 422, "request.cursor")
		apitest.Do(t, h, "GET", "/v1/interceptions?wish=none", apitest.As(warehouse)).Want(t, 422, "request.invalid")
	})
}
