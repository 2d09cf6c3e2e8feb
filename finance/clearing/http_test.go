package clearing_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

func as(r, seller string) apitest.Option {
	return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r, Seller: seller})
}

func TestASellerSeesOwnEntriesOnly(t *testing.T) {
	dbtest.EachAt(t, append([]db.Schema{httpapi.Schema}, schemas...), monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		b := books{t, d, clock}
		for i := range 5 {
			if err := b.book(refund(fmt.Sprint("k", i), fmt.Sprint("sel_", i%2))); err != nil {
				t.Fatal(err)
			}
		}
		a := apitest.New(d, role.Allow)
		(&clearing.Service{Store: d}).Routes(a)
		h := a.Handler()

		pages := func(who apitest.Option, query string) (keys []string) {
			next := ""
			for range 30 {
				got := apitest.Do(t, h, "GET", "/v1/clearing/entries?limit=3"+query+"&cursor="+next, who).Want(t, 200, "")
				for _, item := range got.At("items").([]any) {
					keys = append(keys, item.(map[string]any)["key"].(string))
				}
				if next = got.Text("next"); next == "" {
					return keys
				}
			}
			t.Fatal("the list does not end")
			return nil
		}
		if all := pages(as(role.Supervisor, ""), ""); len(all) != 20 {
			t.Errorf("all: %v", all)
		}
		own := []string{"k1", "k1", "k3", "k3"}
		seller := as(role.Seller, "sel_1")
		for _, query := range []string{"", "&account=seller", "&party=sel_1"} {
			if diff := cmp.Diff(own, pages(seller, query)); diff != "" {
				t.Errorf("%q: %s", query, diff)
			}
		}
		for _, query := range []string{"&party=sel_0", "&case=case_k0", "&account=customer"} {
			if got := pages(seller, query); len(got) != 0 {
				t.Errorf("%q: %v", query, got)
			}
		}
		totals := apitest.Do(t, h, "GET", "/v1/clearing/totals", seller).Want(t, 200, "")
		if totals.At("items.0.amount.minor") != -19000.0 || totals.At("items.1") != nil {
			t.Errorf("%s", totals.Raw)
		}
		file := apitest.Do(t, h, "GET", "/v1/clearing/entries.csv?party=sel_0", seller).Want(t, 200, "")
		if rows := table(t, file); len(rows) != 1 {
			t.Errorf("%v", rows)
		}
		rows := table(t, apitest.Do(t, h, "GET", "/v1/clearing/entries.csv", seller).Want(t, 200, ""))
		if len(rows) != 5 || rows[1][9] != "5.00" || rows[2][9] != "-100.00" {
			t.Errorf("%v", rows)
		}

		apitest.Do(t, h, "GET", "/v1/clearing/entries", as(role.Warehouse, "")).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/clearing/entries?account=bank", as(role.Auditor, "")).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/clearing/entries.csv?from=yesterday", as(role.Auditor, "")).Want(t, 422, "request.invalid")
		other := apitest.As(actor.Actor{Tenant: "other", Kind: actor.Staff, ID: "stf_2", Role: role.Administrator})
		if got := pages(other, ""); len(got) != 0 {
			t.Errorf("another shop sees %v", got)
		}
	})
}

func TestAnExportHasEveryEntryOnce(t *testing.T) {
	dbtest.EachAt(t, append([]db.Schema{httpapi.Schema}, schemas...), monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		b := books{t, d, clock}
		for i := range 300 {
			if err := b.book(refund(fmt.Sprint("k", i), "=sel")); err != nil {
				t.Fatal(err)
			}
		}
		a := apitest.New(d, role.Allow)
		(&clearing.Service{Store: d}).Routes(a)
		rows := table(t, apitest.Do(t, a.Handler(), "GET", "/v1/clearing/entries.csv", as(role.Auditor, "")).Want(t, 200, ""))
		seen := map[string]bool{}
		for _, row := range rows[1:] {
			seen[row[1]+row[2]] = true
		}
		if len(rows) != 1201 || len(seen) != 1200 || rows[3][7] != "'=sel" {
			t.Errorf("%d rows, %d entries, party %q", len(rows), len(seen), rows[3][7])
		}
	})
}

func table(t *testing.T, a apitest.Answer) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(a.Raw))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
