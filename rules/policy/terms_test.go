package policy_test

import (
	"context"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// A seller reads what applies to the own goods, and changes nothing.
func TestASellerReadsTheTermsOfTheOwnGoods(t *testing.T) {
	schemas := []db.Schema{event.Schema, httpapi.Schema, customer.Schema, order.Schema, policy.Schema}
	noon := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		a := apitest.New(d, role.Allow)
		policy.New(nil, policy.Alone).Routes(a)
		h := a.Handler()
		admin := apitest.As(actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_1", Name: "Boss", Role: role.Administrator})
		staff := func(seller string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "t", Kind: actor.Staff, ID: "stf_" + seller, Role: role.Seller, Seller: seller})
		}
		for _, one := range []struct{ id, match string }{{"standard", "*"}, {"standard", `"1"`}, {"vip", "*"}, {"secret", "*"}} {
			rules := policy.Default()
			if one.match != "*" {
				rules.WindowDays++
			}
			apitest.Do(t, h, "PUT", "/v1/policies/"+one.id, admin, apitest.Header("If-Match", one.match), apitest.Body(map[string]any{"name": one.id, "rules": rules})).Want(t, 200, "")
		}
		bought(t, d, "tea", "vip", 1)
		bought(t, d, "tea", "standard", 1)
		bought(t, d, "pots", "secret", 1)

		list := apitest.Do(t, h, "GET", "/v1/policies", staff("tea")).Want(t, 200, "")
		if list.At("items.0.id") != "standard" && list.At("items.1.id") != "standard" || len(list.At("items").([]any)) != 2 {
			t.Errorf("the seller is shown %s", list.Raw)
		}
		if list.At("items.0.author.name") != nil || list.At("items.0.steps") != nil {
			t.Errorf("the seller is told who wrote it: %s", list.Raw)
		}
		versions := apitest.Do(t, h, "GET", "/v1/policies/standard/versions", staff("tea")).Want(t, 200, "")
		if len(versions.At("items").([]any)) != 2 {
			t.Errorf("the live version and the one of an order: %s", versions.Raw)
		}
		if one := apitest.Do(t, h, "GET", "/v1/policies/standard/versions", staff("pots")).Want(t, 200, ""); len(one.At("items").([]any)) != 1 || one.At("items.0.state") != "live" {
			t.Errorf("who sold nothing by the old version is shown %s", one.Raw)
		}
		apitest.Do(t, h, "GET", "/v1/policies/vip", staff("tea")).Want(t, 200, "")
		apitest.Do(t, h, "GET", "/v1/policies/secret", staff("tea")).Want(t, 404, "policy.unknown")
		apitest.Do(t, h, "GET", "/v1/policies/secret/versions", staff("tea")).Want(t, 404, "policy.unknown")
		apitest.Do(t, h, "GET", "/v1/policies/standard?version=1", staff("pots")).Want(t, 404, "policy.unknown")
		for _, path := range []string{"/v1/policies/standard/diff?from=1&to=2", "/v1/policy-presets", "/v1/policy-words"} {
			apitest.Do(t, h, "GET", path, staff("tea")).Want(t, 403, "role.denied")
		}
		apitest.Do(t, h, "PUT", "/v1/policies/standard", staff("tea"), apitest.Header("If-Match", `"2"`), apitest.Body(map[string]any{"name": "Mine", "rules": policy.Default()})).Want(t, 403, "role.denied")

		old := apitest.As(actor.Actor{Tenant: "t", Kind: actor.Key, Scopes: "policy.read"})
		apitest.Do(t, h, "GET", "/v1/policies/secret", old).Want(t, 200, "") // a key from before there were two permissions
		apitest.Do(t, h, "GET", "/v1/policies", apitest.As(actor.Actor{Tenant: "t", Kind: actor.Key, Scopes: "case.read"})).Want(t, 403, "role.denied")
	})
}

// bought stores an order of a seller's goods by a version of a policy.
func bought(t *testing.T, d *db.DB, seller, id string, version int64) {
	t.Helper()
	orders := order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
		return order.Terms{Zone: "UTC", Policy: id, PolicyVer: version}, nil
	}})
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, _, err := orders.Put(t.Context(), tx, actor.Of("t"), order.Draft{
			Number: seller + "-" + id, Source: "shop", Currency: "CNY", PlacedAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
			Lines:   []order.DraftLine{{SKU: "a", Title: "A", Seller: seller, Quantity: 1, UnitPrice: 100}},
			Tenders: []order.DraftTender{{Kind: "card", Amount: 100}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
