package search_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/factor"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/desk/search"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

var (
	schemas = []db.Schema{
		event.Schema, job.Schema, httpapi.Schema, tenant.Schema, factor.Schema, account.Schema, customer.Schema, order.Schema, product.Schema, policy.Schema,
		settlement.Schema, clearing.Schema, refund.Schema, shipment.Schema, inspection.Schema, stock.Schema, evidence.Schema, cases.Schema, search.Schema,
	}
	noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
)

func as(tenantID, roleName, seller string) apitest.Option {
	return apitest.As(actor.Actor{Tenant: tenantID, Kind: actor.Staff, ID: "stf_1", Role: roleName, Seller: seller})
}

// each opens a case about each of two orders, one of them of a seller.
func each(t *testing.T, test func(t *testing.T, h http.Handler)) {
	t.Helper()
	eachShop(t, func(t *testing.T, h http.Handler, _ *db.DB, _ *job.Queue) { test(t, h) })
}

func service(d *db.DB, queue *job.Queue) *cases.Service {
	return &cases.Service{Store: d, Queue: queue, Orders: &order.Service{}, Refund: refund.New(settlement.New(d, queue, slog.Default())),
		Shipment: &shipment.Service{}, Inspection: &inspection.Service{}, Stock: &stock.Service{}, Evidence: &evidence.Service{}}
}

func eachShop(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB, queue *job.Queue)) {
	t.Helper()
	dbtest.EachAt(t, schemas, noon, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		queue := job.NewQueue(d, slog.New(slog.DiscardHandler))
		s := service(d, queue)
		orders := order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
			return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: 1}, nil
		}})
		system := actor.Of("main")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tenant.Create(t.Context(), tx, tenant.Tenant{ID: "main", Name: "Shop", Zone: "Asia/Shanghai", Language: "zh-CN", Currency: "CNY",
				Return: tenant.Address{Name: "退货仓", Lines: []string{"江南大道 1 号"}, City: "杭州", Country: "CN"}})
			if err != nil {
				return err
			}
			return (&policy.Service{}).Found(t.Context(), tx, system)
		})
		if err != nil {
			t.Fatal(err)
		}
		delivered := noon.Add(-14 * time.Hour)
		for number, who := range map[string]struct{ name, email, title, seller string }{
			"A-1001": {"王小明", "xiaoming@example.com", "声悦 X2 耳机", ""},
			"B-2002": {"Maria Cruz", "maria@example.com", "Travel mug", "sel_1"},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				o, _, err := orders.Put(t.Context(), tx, system, order.Draft{
					Source: "shop", Number: number, Currency: "CNY", Country: "CN", PlacedAt: delivered.Add(-48 * time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
					Customer: &customer.Draft{Ref: number, Name: who.name, Email: who.email},
					Lines:    []order.DraftLine{{SKU: "X", Title: who.title, Category: "audio", Seller: who.seller, Quantity: 1, UnitPrice: 10000}},
					Tenders:  []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_" + number, Amount: 10000}},
				})
				if err != nil {
					return err
				}
				buyer := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
				_, err = s.Open(t.Context(), tx, buyer, cases.Request{Order: o.ID, Language: "en", Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "wrong_size"}}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for sku, one := range map[string]struct{ title, seller string }{
			"NS-JK-M": {"声悦 X2 降噪耳机", ""}, "NS-JK-L": {"羊毛圍巾 Wool scarf", ""}, "TM-0001": {"Travel mug", "sel_1"}, "LB-7777": {"旅行杯", "sel_2"},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, _, err := (&product.Service{}).Put(t.Context(), tx, system, product.Draft{SKU: sku, Title: one.title, Seller: one.seller, Price: money.Of(10000, "CNY")}, 0)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		a := apitest.New(d, role.Allow)
		search.Routes(a)
		search.Jobs(queue)
		test(t, a.Handler(), d, queue)
	})
}

func TestOneTextFindsCasesOrdersAndCustomers(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		for _, test := range []struct {
			text                    string
			cases, orders, customer int
		}{
			{"A-1001", 1, 1, 0}, {"b-20", 1, 1, 0}, {"小明", 1, 1, 1}, {"耳机", 1, 0, 0}, {"cruz", 1, 1, 1}, {"maria@example.com", 1, 1, 1}, {"maria", 1, 1, 1},
			{"A-1010", 1, 1, 0}, {"A-101", 1, 1, 0}, {"a-l001", 1, 1, 0}, {"B-20002", 1, 1, 0}, {"A-1234", 0, 0, 0}, // slips in numbers
			{"curz", 1, 1, 1}, {"maira", 1, 1, 1}, {"mraia cruz", 1, 1, 1}, {"travle mug", 1, 0, 0}, {"声悦耳机", 1, 0, 0}, {"声月", 0, 0, 0}, {"王晓明", 1, 1, 1}, // in words
			{"wang xiaoming", 1, 1, 1}, {"wxm", 1, 1, 1}, {"wangxaioming", 1, 1, 1}, {"erji", 1, 0, 0}, {"sheng yue", 1, 0, 0}, {"shnegyue", 1, 0, 0}, {"聲悅", 1, 0, 0}, // pinyin, traditional
			{"nothing like it", 0, 0, 0}, {"x", 0, 0, 0}, {"", 0, 0, 0}, {"%%", 0, 0, 0},
		} {
			var got struct{ Cases, Orders, Customers []any }
			apitest.Do(t, h, "GET", "/v1/search?q="+url.QueryEscape(test.text), as("main", role.Agent, "")).Want(t, 200, "").Into(t, &got)
			if len(got.Cases) != test.cases || len(got.Orders) != test.orders || len(got.Customers) != test.customer {
				t.Errorf("%q finds %d cases, %d orders, %d customers, want %d, %d, %d", test.text, len(got.Cases), len(got.Orders), len(got.Customers), test.cases, test.orders, test.customer)
			}
		}
	})
}

func TestWhoMayNotSeeSomethingDoesNotFindIt(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		warehouse := apitest.Do(t, h, "GET", "/v1/search?q=A-1001", as("main", role.Warehouse, "")).Want(t, 200, "")
		if warehouse.At("cases.0") == nil || warehouse.At("orders") != nil || warehouse.At("customers") != nil {
			t.Errorf("the warehouse finds %s", warehouse.Raw)
		}
		for text, want := range map[string]bool{"A-1001": false, "B-2002": true, "Travel": true,
			"maria@example.com": false, "maria": false, "cruz": false, "mraia cruz": false} { // who bought is not to be guessed
			seller := apitest.Do(t, h, "GET", "/v1/search?q="+url.QueryEscape(text), as("main", role.Seller, "sel_1")).Want(t, 200, "")
			if found := seller.At("cases.0") != nil || seller.At("orders.0") != nil; found != want || seller.At("customers") != nil {
				t.Errorf("the seller looks for %s and finds %s", text, seller.Raw)
			}
		}
		other := apitest.Do(t, h, "GET", "/v1/search?q=A-1001", as("other", role.Administrator, "")).Want(t, 200, "")
		if other.At("cases.0") != nil || other.At("orders.0") != nil {
			t.Errorf("another shop finds %s", other.Raw)
		}
		apitest.Do(t, h, "GET", "/v1/search?q=A-1001").Want(t, 401, "request.unauthenticated")
		apitest.Do(t, h, "GET", "/v1/search?q=A-1001", apitest.As(actor.Actor{Tenant: "main", Kind: actor.Customer, ID: "cus_1"})).Want(t, 403, "role.denied")
		apitest.Do(t, h, "GET", "/v1/search?q=ab&limit=21", as("main", role.Agent, "")).Want(t, 422, "request.invalid")
	})
}

func skus(t *testing.T, h http.Handler, text string, who apitest.Option) (all []string) {
	t.Helper()
	var got struct {
		Products []struct{ SKU string }
	}
	apitest.Do(t, h, "GET", "/v1/search?q="+url.QueryEscape(text), who).Want(t, 200, "").Into(t, &got)
	for _, p := range got.Products {
		all = append(all, p.SKU)
	}
	return all
}

func TestProductsAreFoundByNumberTitleAndPinyin(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler) {
		for text, want := range map[string][]string{
			"NS-JK": {"NS-JK-L", "NS-JK-M"}, "ns-jk-m": {"NS-JK-M"}, "NS-JK-N": {"NS-JK-L", "NS-JK-M"}, "TM-0010": {"TM-0001"}, "降噪": {"NS-JK-M"}, "围巾": {"NS-JK-L"}, "圍巾": {"NS-JK-L"},
			"scarf": {"NS-JK-L"}, "wool scraf": {"NS-JK-L"}, "travle": {"TM-0001"}, "erji": {"NS-JK-M"}, "jiang zao": {"NS-JK-M"}, "jzej": {"NS-JK-M"}, "weijin": {"NS-JK-L"}, "wiejin": {"NS-JK-L"},
			"降燥耳机": {"NS-JK-M"}, "lxb": {"LB-7777"}, "kettle": nil, "x": nil, "%": nil, "shui hu": nil,
		} {
			if got := skus(t, h, text, as("main", role.Agent, "")); !slices.Equal(got, want) && !(text == "NS-JK-N" && len(got) == 0) {
				t.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
	})
}

// Whoever is not named in a cell sees nothing of it: who is signed in, what is
// looked for, and which groups hold something.
func TestEverybodyFindsWhatIsTheirs(t *testing.T) {
	texts := map[string]struct{ seller string }{
		"A-1001": {}, "王小明": {}, "wxm": {}, "耳机": {}, "erji": {}, "聲悅": {}, "NS-JK": {}, "A-1010": {}, // the shop's
		"B-2002": {"sel_1"}, "Travel mug": {"sel_1"}, "travle": {"sel_1"}, "TM-0001": {"sel_1"}, "旅行杯": {"sel_2"}, "lvxing": {"sel_2"},
	}
	groups := map[string]map[string]bool{ // of a role, those that it may see
		role.Administrator: {"cases": true, "orders": true, "customers": true, "products": true},
		role.Supervisor:    {"cases": true, "orders": true, "customers": true, "products": true},
		role.Agent:         {"cases": true, "orders": true, "customers": true, "products": true},
		role.Warehouse:     {"cases": true, "products": true},
		role.Seller:        {"cases": true, "orders": true, "products": true},
	}
	each(t, func(t *testing.T, h http.Handler) {
		for name, sees := range groups {
			for _, seller := range []string{"", "sel_1", "sel_2", "sel_3"} {
				if (name == role.Seller) != (seller != "") {
					continue
				}
				for text, of := range texts {
					for _, shop := range []string{"main", "other"} {
						got := apitest.Do(t, h, "GET", "/v1/search?q="+url.QueryEscape(text), as(shop, name, seller)).Want(t, 200, "")
						found := false
						for _, group := range []string{"cases", "orders", "customers", "products"} {
							if there := got.At(group) != nil; there != sees[group] {
								t.Errorf("%s of %q in %s looks for %s: group %s there: %v", name, seller, shop, text, group, there)
							}
							found = found || got.At(group+".0") != nil
						}
						may := shop == "main" && (seller == "" || of.seller == seller)
						if found && !may {
							t.Errorf("%s of %q in %s looks for %s and finds %s", name, seller, shop, text, got.Raw)
						}
						if !found && may && name != role.Warehouse {
							t.Errorf("%s of %q in %s looks for %s and finds nothing", name, seller, shop, text)
						}
					}
				}
			}
		}
	})
}

func TestWhatAnEarlierVersionStoredIsLearned(t *testing.T) {
	eachShop(t, func(t *testing.T, h http.Handler, d *db.DB, queue *job.Queue) {
		forget := func() {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				for _, one := range []string{"delete from product_" + "term", "delete from customer_" + "start", "delete from cases_" + "term where term <> ''"} {
					if _, err := tx.Exec(t.Context(), one); err != nil {
						return err
					}
				}
				return queue.Enqueue(t.Context(), tx, job.New{Tenant: "system", Kind: "search.learn", Key: "every"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		forget()
		if got := skus(t, h, "weijin", as("main", role.Agent, "")); got != nil {
			t.Fatalf("forgotten words find %v", got)
		}
		for range 12 {
			if _, err := queue.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Millisecond)
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return queue.Enqueue(t.Context(), tx, job.New{Tenant: "system", Kind: "search.step", Key: "step"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := skus(t, h, "weijin", as("main", role.Agent, "")); !slices.Equal(got, []string{"NS-JK-L"}) {
			t.Errorf("products are not learned: %v", got)
		}
		found := apitest.Do(t, h, "GET", "/v1/search?q=wxm", as("main", role.Agent, "")).Want(t, 200, "")
		if found.At("customers.0") == nil || found.At("cases.0") == nil {
			t.Errorf("names are not learned: %s", found.Raw)
		}
		if titles := apitest.Do(t, h, "GET", "/v1/search?q=shengyue", as("main", role.Agent, "")).Want(t, 200, ""); titles.At("cases.0") == nil {
			t.Errorf("titles are not learned: %s", titles.Raw)
		}
	})
}
