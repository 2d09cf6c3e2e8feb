package charge_test

import (
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestACustomerReadsAndPaysOwnChargesAndStaffManageThem(t *testing.T) {
	each(t, func(t *testing.T, f till) {
		c := f.owed(charge.New{})
		a := apitest.New(f.d, role.Allow)
		s, _ := f.process()
		s.Routes(a)
		h := a.Handler()
		staff := func(r, seller string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r, Seller: seller})
		}
		mine, other := apitest.As(buyer), apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: "cus_2"})

		got := apitest.Do(t, h, "GET", "/v1/my/charges/"+c.ID, mine).Want(t, 200, "")
		if got.At("amount.minor") != 2500.0 || got.Text("purpose") != "exchange_difference" || got.Text("due") != "2026-03-05T09:00:00Z" ||
			got.Text("providers.0") != "desk" || got.At("actions.0") != nil {
			t.Errorf("%s", got.Raw)
		}
		if list := apitest.Do(t, h, "GET", "/v1/my/charges", mine).Want(t, 200, ""); list.Text("items.0.id") != c.ID {
			t.Errorf("%s", list.Raw)
		}
		if list := apitest.Do(t, h, "GET", "/v1/my/charges", other).Want(t, 200, ""); list.At("items.0") != nil {
			t.Errorf("%s", list.Raw)
		}
		pay := apitest.Body(`{"provider":"desk","means":"page"}`)
		apitest.Do(t, h, "GET", "/v1/my/charges/"+c.ID, other).Want(t, 404, "charge.unknown")
		apitest.Do(t, h, "POST", "/v1/my/charges/"+c.ID+"/pay", other, pay).Want(t, 404, "charge.unknown")
		apitest.Do(t, h, "POST", "/v1/my/charges/"+c.ID+"/pay", staff(role.Administrator, ""), pay).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", "/v1/my/charges/"+c.ID+"/pay", mine, apitest.Body(`{"provider":"nobody"}`)).Want(t, 422, "charge.provider")
		apitest.Do(t, h, "POST", "/v1/my/charges/"+c.ID+"/pay", mine, apitest.Body(`{"provider":"desk","return":"javascript:alert(1)"}`)).Want(t, 422, "request.invalid")
		if page := apitest.Do(t, h, "POST", "/v1/my/charges/"+c.ID+"/pay", mine, pay).Want(t, 200, ""); page.Text("payment.url") == "" {
			t.Errorf("%s", page.Raw)
		}

		seller := staff(role.Supervisor, "sel_1")
		if list := apitest.Do(t, h, "GET", "/v1/charges", seller).Want(t, 200, ""); list.At("items.0") != nil {
			t.Errorf("a seller sees %s", list.Raw)
		}
		apitest.Do(t, h, "GET", "/v1/charges/"+c.ID, seller).Want(t, 404, "charge.unknown")
		for _, query := range []string{"?state=due", "?case=case_1", ""} {
			if list := apitest.Do(t, h, "GET", "/v1/charges"+query, staff(role.Agent, "")).Want(t, 200, ""); list.Text("items.0.actions.2") != "write_off" {
				t.Errorf("%s: %s", query, list.Raw)
			}
		}
		path := "/v1/charges/" + c.ID + "/actions"
		waive := apitest.Body(`{"action":"waive","reason":"goodwill"}`)
		apitest.Do(t, h, "POST", path, staff(role.Agent, ""), apitest.IfMatch(1), waive).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", path, seller, apitest.IfMatch(1), waive).Want(t, 404, "charge.unknown")
		apitest.Do(t, h, "POST", path, staff(role.Supervisor, ""), apitest.IfMatch(7), waive).Want(t, 412, "charge.stale")
		apitest.Do(t, h, "POST", path, staff(role.Supervisor, ""), apitest.IfMatch(1), apitest.Body(`{"action":"pay","reference":"x"}`)).Want(t, 422, "charge.amount")
		apitest.Do(t, h, "POST", path, staff(role.Supervisor, ""), apitest.IfMatch(1), waive).Want(t, 200, "")
		got = apitest.Do(t, h, "GET", "/v1/my/charges/"+c.ID, mine).Want(t, 200, "")
		if got.Text("state") != "waived" || got.At("reason") != nil || got.At("providers.0") != nil {
			t.Errorf("%s", got.Raw)
		}
	})
}
