package product_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/sales/product"
)

var (
	schemas = []db.Schema{event.Schema, httpapi.Schema, product.Schema}
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	shop    = actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: role.Administrator}
)

func jacket(size string) product.Draft {
	stock := int64(3)
	return product.Draft{SKU: "NS-JK-" + size, Title: "南山户外 冲锋衣 Nanshan jacket", Variant: "深海蓝 / " + size, Group: "NS-JK", Category: "clothing",
		Price: money.Of(69900, "CNY"), Tax: 8042, Stock: &stock}
}

type box struct {
	*testing.T
	d     *db.DB
	clock *dbtest.Clock
}

func each(t *testing.T, test func(t *testing.T, x box)) {
	dbtest.EachAt(t, schemas, monday, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { test(t, box{t, d, clock}) })
}

func (x box) put(d product.Draft, seen int64) (p product.Product, changed bool, err error) {
	err = x.d.Write(x.Context(), func(tx *db.Tx) (err error) {
		p, changed, err = (&product.Service{}).Put(x.Context(), tx, shop, d, seen)
		return err
	})
	return p, changed, err
}

func (x box) read(f func(ctx context.Context, tx *db.Tx) error) {
	x.Helper()
	if err := x.d.Read(x.Context(), func(tx *db.Tx) error { return f(x.Context(), tx) }); err != nil {
		x.Error(err)
	}
}

func (x box) facts(sku string) (n int) {
	x.read(func(ctx context.Context, tx *db.Tx) error {
		all, err := event.History(ctx, tx, "shop", "product", sku)
		n = len(all)
		return err
	})
	return n
}

func TestAProductIsWhatTheShopSaidLast(t *testing.T) {
	each(t, func(t *testing.T, x box) {
		first, changed, err := x.put(jacket("M"), 0)
		want := jacket("M").Product()
		want.Version, want.CreatedAt, want.UpdatedAt = 1, monday, monday
		if diff := cmp.Diff(want, first); diff != "" || !changed || err != nil {
			t.Fatalf("%v, %v: %s", changed, err, diff)
		}
		x.clock.Add(time.Hour)
		again, changed, err := x.put(jacket("M"), 0)
		if diff := cmp.Diff(first, again); diff != "" || changed || err != nil || x.facts("NS-JK-M") != 1 {
			t.Errorf("the same again: %v, %v, %d facts: %s", changed, err, x.facts("NS-JK-M"), diff)
		}
		for i, change := range []func(*product.Draft){
			func(d *product.Draft) { d.Price.Minor-- }, func(d *product.Draft) { d.Stock = nil }, func(d *product.Draft) { d.Active = new(bool) },
			func(d *product.Draft) { d.Tax = 0 }, func(d *product.Draft) { d.Group = "" }, func(d *product.Draft) { d.Price.Currency = "TWD" },
			func(d *product.Draft) { d.Title += "!" }, func(d *product.Draft) { d.ImageURL = "https://x.example/1.png" }, func(d *product.Draft) { d.Seller = "nanshan" },
		} {
			d := jacket("M")
			change(&d)
			got, changed, err := x.put(d, 0)
			if err != nil || !changed || got.Version != int64(i+2) || !got.CreatedAt.Equal(monday) || !got.UpdatedAt.Equal(monday.Add(time.Hour)) {
				t.Errorf("change %d: %+v, %v, %v", i, got, changed, err)
			}
			x.read(func(ctx context.Context, tx *db.Tx) error {
				stored, err := product.BySKU(ctx, tx, "shop", "NS-JK-M")
				if diff := cmp.Diff(got, stored); diff != "" {
					t.Errorf("change %d: %s", i, diff)
				}
				if _, err := product.BySKU(ctx, tx, "other", "NS-JK-M"); !errors.Is(err, product.ErrUnknown) {
					t.Errorf("another shop's: %v", err)
				}
				return err
			})
		}
		if n := x.facts("NS-JK-M"); n != 10 {
			t.Errorf("%d facts", n)
		}
	})
}

func TestNobodyOverwritesAnother(t *testing.T) {
	each(t, func(t *testing.T, x box) {
		if _, _, err := x.put(jacket("M"), 1); !errors.Is(err, product.ErrUnknown) {
			t.Errorf("a version of nothing: %v", err)
		}
		if _, _, err := x.put(jacket("M"), 0); err != nil {
			t.Fatal(err)
		}
		dearer := jacket("M")
		dearer.Price.Minor++
		if p, changed, err := x.put(dearer, 1); err != nil || !changed || p.Version != 2 {
			t.Errorf("%+v, %v, %v", p, changed, err)
		}
		if _, _, err := x.put(jacket("M"), 1); !errors.Is(err, product.ErrStale) {
			t.Errorf("a stale author: %v", err)
		}
		if _, _, err := x.put(dearer, 1); !errors.Is(err, product.ErrStale) {
			t.Errorf("a stale author who says the same: %v", err)
		}
	})
}

func TestProductsThatCannotBeAreRefused(t *testing.T) {
	minus := int64(-1)
	tests := map[string]func(*product.Draft){
		"sku":            func(d *product.Draft) { d.SKU = "" },
		"sku ":           func(d *product.Draft) { d.SKU = " NS" },
		"sku  ":          func(d *product.Draft) { d.SKU = "a\x00" },
		"title":          func(d *product.Draft) { d.Title = "  " },
		"title ":         func(d *product.Draft) { d.Title = strings.Repeat("题", 501) },
		"variant":        func(d *product.Draft) { d.Variant = "\xff" },
		"price.currency": func(d *product.Draft) { d.Price.Currency = "cny" },
		"price.minor":    func(d *product.Draft) { d.Price.Minor = -1 },
		"price.minor ":   func(d *product.Draft) { d.Price.Minor = 1 << 62 },
		"tax":            func(d *product.Draft) { d.Tax = -1 },
		"tax ":           func(d *product.Draft) { d.Tax = 69901 },
		"stock":          func(d *product.Draft) { d.Stock = &minus },
	}
	each(t, func(t *testing.T, x box) {
		for field, spoil := range tests {
			d := jacket("M")
			spoil(&d)
			_, _, err := x.put(d, 0)
			f, _ := errors.AsType[*fault.Fault](err)
			if !errors.Is(err, product.ErrInvalid) || len(f.Fields) != 1 || f.Fields[0].Field != strings.TrimSpace(field) {
				t.Errorf("%q: %+v", field, err)
			}
		}
	})
}

func TestVariantsAreWhatIsSoldOfTheGroup(t *testing.T) {
	each(t, func(t *testing.T, x box) {
		gone, other, dollars, seller, alone := jacket("S"), jacket("X"), jacket("U"), jacket("V"), jacket("Z")
		gone.Active = new(bool)
		other.Group = "NS-BT"
		dollars.Price.Currency = "USD"
		seller.Seller = "sel_1"
		alone.Group = ""
		for _, d := range []product.Draft{jacket("M"), jacket("L"), gone, other, dollars, seller, alone} {
			if _, _, err := x.put(d, 0); err != nil {
				t.Fatal(err)
			}
		}
		x.read(func(ctx context.Context, tx *db.Tx) error {
			for sku, want := range map[string]string{
				"NS-JK-M": "NS-JK-L NS-JK-M", "NS-JK-S": "NS-JK-L NS-JK-M", "NS-JK-X": "NS-JK-X", "NS-JK-U": "NS-JK-U", "NS-JK-V": "NS-JK-V", "NS-JK-Z": "NS-JK-Z",
			} {
				found, err := product.Variants(ctx, tx, "shop", sku)
				var got []string
				for _, p := range found {
					got = append(got, p.SKU)
				}
				if err != nil || strings.Join(got, " ") != want {
					t.Errorf("variants of %s: %v, %v; want %s", sku, got, err, want)
				}
			}
			return nil
		})
		p := jacket("M").Product()
		if !p.Has(3) || p.Has(4) || gone.Product().Has(1) {
			t.Error("what can be had is wrong")
		}
		p.Stock = product.Untold
		if !p.Has(1000) {
			t.Error("an untold stock counts as none")
		}
	})
}

func TestStaffAndCustomersSeeTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, x box) {
		a := apitest.New(x.d, role.Allow)
		(&product.Service{}).Routes(a)
		h := a.Handler()
		as := func(r, seller string) apitest.Option {
			return apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Staff, ID: "stf_1", Role: r, Seller: seller})
		}
		admin, agent := as(role.Administrator, ""), as(role.Agent, "")
		buyer := apitest.As(actor.Actor{Tenant: "shop", Kind: actor.Customer, ID: "cus_1"})
		put := func(sku, body, match string, who apitest.Option) apitest.Answer {
			return apitest.Do(t, h, "PUT", "/v1/products/"+sku, who, apitest.Raw("application/json", []byte(body)), apitest.Header("If-Match", match))
		}
		m := `{"sku":"A/1","title":"100% 棉 Shirt","group":"A","price":{"minor":9900,"currency":"CNY"},"tax":1139,"stock":0,"seller":"sel_1"}`
		l := `{"sku":"A_2","title":"Shirt","variant":"L","group":"A","price":{"minor":9900,"currency":"CNY"},"seller":"sel_1"}`
		put("A%2F1", m, "*", admin).Want(t, 201, "")
		put("A_2", l, "*", admin).Want(t, 201, "")
		put("A_2", l, `"1"`, admin).Want(t, 200, "")
		put("A_2", l, `"7"`, admin).Want(t, 412, "product.stale")
		put("A_2", m, "*", admin).Want(t, 422, "product.invalid")
		put("A_2", l, "*", agent).Want(t, 403, "role.denied")
		put("A_2", strings.Replace(l, `"variant"`, `"colour"`, 1), "*", admin).Want(t, 422, "request.invalid")

		for query, want := range map[string]int{"": 2, "?q=shirt": 2, "?q=100%25": 1, "?q=a_2": 1, "?q=%25": 1, "?q=棉": 1, "?group=A": 2, "?group=B": 0, "?active=true": 2, "?q=\\": 0} {
			if got := len(apitest.Do(t, h, "GET", "/v1/products"+query, agent).Want(t, 200, "").At("items").([]any)); got != want {
				t.Errorf("%q: %d products, want %d", query, got, want)
			}
		}
		page := apitest.Do(t, h, "GET", "/v1/products?limit=1", agent).Want(t, 200, "")
		if rest := apitest.Do(t, h, "GET", "/v1/products?limit=1&cursor="+page.Text("next"), agent).Want(t, 200, ""); rest.Text("items.0.sku") != "A_2" || rest.Text("next") != "" {
			t.Errorf("second page %s", rest.Raw)
		}
		if got := len(apitest.Do(t, h, "GET", "/v1/products", as(role.Seller, "sel_2")).Want(t, 200, "").At("items").([]any)); got != 0 {
			t.Errorf("another seller sees %d", got)
		}
		apitest.Do(t, h, "GET", "/v1/products/A_2", as(role.Seller, "sel_2")).Want(t, 404, "product.unknown")
		one := apitest.Do(t, h, "GET", "/v1/products/A%2F1", as(role.Seller, "sel_1")).Want(t, 200, "")
		if one.At("stock") != 0.0 || one.At("price.minor") != 9900.0 || one.At("version") != 1.0 {
			t.Errorf("%s", one.Raw)
		}
		mine := apitest.Do(t, h, "GET", "/v1/my/products?sku=A_2", buyer).Want(t, 200, "")
		if mine.At("items.0.available") != false || mine.At("items.1.available") != true || mine.At("items.0.stock") != nil {
			t.Errorf("%s", mine.Raw)
		}
		if none := apitest.Do(t, h, "GET", "/v1/my/products?sku=NO", buyer).Want(t, 200, ""); len(none.At("items").([]any)) != 0 {
			t.Errorf("%s", none.Raw)
		}
		apitest.Do(t, h, "GET", "/v1/my/products", buyer).Want(t, 422, "request.invalid")
		apitest.Do(t, h, "GET", "/v1/products", buyer).Want(t, 403, "role.denied")
	})
}
