package wallet_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/wallet"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func TestACustomerSeesOwnBalancesAndStaffChangeThem(t *testing.T) {
	each(t, func(t *testing.T, p purse) {
		o := p.bought("A-1", lin)
		a := apitest.New(p.d, role.Allow)
		p.s.Routes(a)
		h := a.Handler()
		staff := func(r, seller string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r, Seller: seller})
		}
		buyer := func(id string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: id})
		}
		path := "/v1/customers/" + o.Customer + "/wallet"
		add := `{"action":"adjust","kind":"store_credit","unit":"CNY","amount":1250,"reason":"=sorry","expires_at":"2026-04-01T00:00:00Z"}`
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Agent, ""), apitest.Body(add)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Supervisor, "sel_1"), apitest.Body(add)).Want(t, 404, "customer.unknown")
		apitest.Do(t, h, "POST", "/v1/customers/cus_none/wallet/entries", staff(role.Supervisor, ""), apitest.Body(add)).Want(t, 404, "customer.unknown")
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Supervisor, ""), apitest.Body(`{"action":"adjust","kind":"points","amount":20000,"reason":"x"}`)).
			Want(t, 403, "wallet.limit")
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Administrator, ""), apitest.Body(`{"action":"adjust","kind":"points","amount":20000,"reason":"x"}`)).
			Want(t, 201, "")
		key := apitest.Key("once")
		for range 2 {
			apitest.Do(t, h, "POST", path+"/entries", staff(role.Supervisor, ""), key, apitest.Body(add)).Want(t, 201, "")
		}
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Supervisor, ""), apitest.Body(`{"action":"spend","kind":"store_credit","unit":"CNY","amount":9999}`)).
			Want(t, 409, "wallet.not_enough")
		apitest.Do(t, h, "POST", path+"/entries", staff(role.Supervisor, ""), apitest.Body(`{"action":"spend","kind":"store_credit","unit":"CNY","amount":250}`)).
			Want(t, 201, "")

		mine := apitest.Do(t, h, "GET", "/v1/my/wallet", buyer(o.Customer)).Want(t, 200, "")
		if mine.At("items.0.points") != 20000.0 || mine.At("items.1.balance.minor") != 1000.0 || mine.At("items.1.expires.0.amount") != 1000.0 ||
			mine.At("items.1.entries.1.reason") != nil {
			t.Errorf("%s", mine.Raw)
		}
		if got := apitest.Do(t, h, "GET", "/v1/my/wallet", buyer("cus_2")).Want(t, 200, ""); got.At("items.0") != nil {
			t.Errorf("another customer sees %s", got.Raw)
		}
		apitest.Do(t, h, "GET", path, buyer(o.Customer)).Want(t, 403, "role.denied")
		theirs := apitest.Do(t, h, "GET", path, staff(role.Agent, "")).Want(t, 200, "")
		if theirs.Text("items.1.entries.1.reason") != "=sorry" {
			t.Errorf("%s", theirs.Raw)
		}
		apitest.Do(t, h, "GET", path, staff(role.Supervisor, "sel_1")).Want(t, 404, "customer.unknown")

		account := theirs.Text("items.1.id")
		file := apitest.Do(t, h, "GET", path+"/statement.csv?account="+account, staff(role.Auditor, "")).Want(t, 200, "")
		rows, err := csv.NewReader(strings.NewReader(string(file.Raw))).ReadAll()
		if err != nil || len(rows) != 3 || rows[1][3] != "-2.50" || rows[2][4] != "12.50" || rows[2][8] != "'=sorry" {
			t.Errorf("%v %v", rows, err)
		}
		page := path + "/entries?account=" + account
		one := apitest.Do(t, h, "GET", page+"&limit=1", staff(role.Agent, "")).Want(t, 200, "")
		two := apitest.Do(t, h, "GET", page+"&limit=1&cursor="+one.Text("next"), staff(role.Agent, "")).Want(t, 200, "")
		if one.Text("items.0.kind") != "spent" || two.Text("items.0.kind") != "adjusted" || two.Text("next") != "" {
			t.Errorf("%s, then %s", one.Raw, two.Raw)
		}
		if got := apitest.Do(t, h, "GET", page+"&kind=spent", staff(role.Agent, "")).Want(t, 200, ""); got.At("items.0.amount") != -250.0 || got.At("items.1") != nil {
			t.Errorf("%s", got.Raw)
		}
		for query, found := range map[string]bool{"&since=2020-01-01T00:00:00Z": true, "&before=2020-01-01T00:00:00Z": false} {
			if got := apitest.Do(t, h, "GET", page+query, staff(role.Agent, "")).Want(t, 200, ""); (got.At("items.0") != nil) != found {
				t.Errorf("%s: %s", query, got.Raw)
			}
		}
		apitest.Do(t, h, "GET", page, staff(role.Supervisor, "sel_1")).Want(t, 404, "customer.unknown")
		apitest.Do(t, h, "GET", page, buyer(o.Customer)).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", path+"/entries?account=wal_none", staff(role.Agent, "")).Want(t, 404, "wallet.unknown")
		apitest.Do(t, h, "GET", path+"/entries", staff(role.Agent, "")).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", path+"/statement.csv?account=wal_none", staff(role.Auditor, "")).Want(t, 404, "wallet.unknown")

		p.clock.Set(monday.AddDate(0, 2, 0)) // expired, though no job ran yet
		if got := apitest.Do(t, h, "GET", "/v1/my/wallet", buyer(o.Customer)).Want(t, 200, ""); got.At("items.1.balance.minor") != 0.0 {
			t.Errorf("%s", got.Raw)
		}
		p.expire()
		for _, one := range p.accounts(o.Customer) {
			if one.Kind == wallet.StoreCredit && one.Balance != 0 {
				t.Errorf("%+v", one)
			}
		}
	})
}
