package search_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// Whom an agent looks for, among others that are like them.
var crowd = []struct{ number, name, email, phone, sku, title string }{
	{"SO-2026-10004711", "王小明", "xiaoming.wang@example.com", "+86 138 0013 8000", "SY-X2", "声悦 X2 降噪耳机"},
	{"SO-2026-10004712", "王明", "wm1990@mail.example", "+86 139 1115 5577", "DS-30", "轻量登山背包 30L"},
	{"SO-2026-20008815", "王晓敏", "min@example.com", "139 2222 3333", "BW-500", "保温杯 500 毫升"},
	{"TB-88120045", "Christopher Smith", "c.smith@acme.example", "+44 20 7946 0958", "AF-5", "空氣炸鍋 5L"},
	{"TB-88120046", "Christina Schmidt", "schmidt-christina@web.example", "+49 (0)30 901820", "TM-1", "Travel mug, steel"},
	{"99-1187", "Maria de la Cruz", "mdlc@example.com", "+1 (415) 555-0132", "WS-9", "Wool scarf"},
	{"99-1188", "陳曉雯", "hsiaowen@example.tw", "+886 912 345 678", "DY-2", "电动牙刷"},
}

// What agents type, and what they should be led to first: of a group the number
// of the order, the name, or the number of the article; "" where the group has to
// be empty.
var asked = []struct {
	text  string
	first map[string]string
}{
	// numbers
	{"SO-2026-10004711", map[string]string{"orders": "SO-2026-10004711", "cases": "SO-2026-10004711"}},
	{"so-2026-1000", map[string]string{"orders": "SO-2026-10004712"}},
	{"10004711", map[string]string{"orders": "SO-2026-10004711", "cases": "SO-2026-10004711"}},
	{"8815", map[string]string{"orders": "SO-2026-20008815", "cases": "SO-2026-20008815"}},
	{"TB 8812 0045", map[string]string{"orders": "", "cases": ""}}, // blanks stand for nothing, not for a hyphen
	{"TB-8812 0045", map[string]string{"orders": "TB-88120045", "cases": "TB-88120045"}},
	{"8812 0046", map[string]string{"orders": "TB-88120046", "cases": "TB-88120046"}},
	{"TB-88120054", map[string]string{"orders": "TB-88120045", "cases": "TB-88120045"}},
	{"TB-8812 0054", map[string]string{"orders": "TB-88120045", "cases": "TB-88120045"}},
	{"S0-2026-20008815", map[string]string{"orders": "SO-2026-20008815"}},
	{"SO-2026-99999999", map[string]string{"orders": "", "cases": "", "customers": "", "products": ""}},
	// phones
	{"13800138000", map[string]string{"customers": "王小明", "orders": "SO-2026-10004711", "cases": "SO-2026-10004711"}},
	{"138 0013 8000", map[string]string{"customers": "王小明", "orders": "SO-2026-10004711", "cases": "SO-2026-10004711"}},
	{"+86 138-0013-8000", map[string]string{"customers": "王小明"}},
	{"0086 13800138000", map[string]string{"customers": "王小明"}},
	{"8613800138000", map[string]string{"customers": "王小明"}},
	{"138 0013", map[string]string{"customers": "王小明"}},
	{"5577", map[string]string{"customers": "王明", "orders": "SO-2026-10004712"}},
	{"+86 13922223333", map[string]string{"customers": "王晓敏"}},
	{"030 901820", map[string]string{"customers": "Christina Schmidt"}},
	{"020 7946", map[string]string{"customers": "Christopher Smith"}},
	{"415-555-0132", map[string]string{"customers": "Maria de la Cruz"}},
	{"0912 345 678", map[string]string{"customers": "陳曉雯"}},
	{"13800138009", map[string]string{"customers": ""}},
	// e-mails
	{"xiaoming.wang@", map[string]string{"customers": "王小明"}},
	{"wang@example.com", map[string]string{"customers": "王小明"}},
	{"acme.example", map[string]string{"customers": "Christopher Smith", "orders": "TB-88120045"}},
	{"@acme", map[string]string{"customers": "Christopher Smith"}},
	{"christina@web", map[string]string{"customers": "Christina Schmidt"}},
	// names
	{"王明", map[string]string{"customers": "王明", "orders": "SO-2026-10004712", "cases": "SO-2026-10004712"}},
	{"小明", map[string]string{"customers": "王小明"}},
	{"晓雯", map[string]string{"customers": "陳曉雯", "orders": "99-1188"}},
	{"王晓民", map[string]string{"customers": "王晓敏"}},
	{"wxm", map[string]string{"customers": "王小明"}},
	{"chenxiaowen", map[string]string{"customers": "陳曉雯"}},
	{"Chirstopher", map[string]string{"customers": "Christopher Smith", "cases": "TB-88120045"}},
	{"smiht", map[string]string{"customers": "Christopher Smith"}},
	{"schmitd", map[string]string{"customers": "Christina Schmidt"}},
	{"cruz de la", map[string]string{"customers": "Maria de la Cruz"}},
	// titles
	{"降噪耳机", map[string]string{"products": "NS-JK-M", "cases": "SO-2026-10004711"}},
	{"降燥耳机", map[string]string{"products": "NS-JK-M", "cases": "SO-2026-10004711"}},
	{"声悦耳机", map[string]string{"products": "NS-JK-M", "cases": "SO-2026-10004711"}},
	{"登山被包", map[string]string{"products": "DS-30", "cases": "SO-2026-10004712"}},
	{"空气炸锅", map[string]string{"products": "AF-5", "cases": "TB-88120045"}},
	{"空气炸过", map[string]string{"products": "AF-5", "cases": "TB-88120045"}},
	{"电动牙涮", map[string]string{"products": "DY-2", "cases": "99-1188"}},
	{"保温被", map[string]string{"products": "BW-500"}},
	{"travle mug", map[string]string{"products": "TM-0001", "cases": "TB-88120046"}},
	{"yashua", map[string]string{"products": "DY-2"}},
	{"TM1", map[string]string{"products": ""}},
	{"洗衣机", map[string]string{"products": "", "cases": ""}},
}

func TestAgentsFindWhatTheyMean(t *testing.T) {
	eachShop(t, func(t *testing.T, h http.Handler, d *db.DB, queue *job.Queue) {
		fill(t, d, queue)
		for _, test := range asked {
			got := apitest.Do(t, h, "GET", "/v1/search?q="+url.QueryEscape(test.text), as("main", role.Agent, "")).Want(t, 200, "")
			for group, want := range test.first {
				field := map[string]string{"orders": "number", "cases": "order_number", "customers": "name", "products": "sku"}[group]
				first, _ := got.At(group + ".0." + field).(string)
				if group == "cases" {
					if number, _ := got.At("cases.0.number").(string); number != "" {
						first = orderOf(t, d, number)
					}
				}
				if first != want {
					t.Errorf("%q: first of %s is %q, want %q", test.text, group, first, want)
				}
			}
		}
	})
}

func orderOf(t *testing.T, d *db.DB, caseNumber string) (number string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "select order_number "+"from cases_case where tenant = 'main' and number = $1", caseNumber).Scan(&number)
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// fill adds the crowd: an order, a case and an article for each.
func fill(t *testing.T, d *db.DB, queue *job.Queue) {
	t.Helper()
	orders := order.New(order.Options{Terms: func(context.Context, *db.Tx, string, string) (order.Terms, error) {
		return order.Terms{Zone: "Asia/Shanghai", Policy: policy.Standard, PolicyVer: 1}, nil
	}})
	system, delivered := actor.Of("main"), noon.Add(-14*time.Hour)
	for n, one := range crowd {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			o, _, err := orders.Put(t.Context(), tx, system, order.Draft{
				Source: "shop", Number: one.number, Currency: "CNY", Country: "CN", PlacedAt: delivered.Add(time.Duration(n)*time.Minute - 48*time.Hour), DeliveredAt: &delivered, TaxIncluded: true,
				Customer: &customer.Draft{Ref: one.number, Name: one.name, Email: one.email, Phone: one.phone},
				Lines:    []order.DraftLine{{SKU: one.sku, Title: one.title, Category: "home", Quantity: 1, UnitPrice: 10000}},
				Tenders:  []order.DraftTender{{Kind: "card", Label: "Visa", Provider: "bank", Reference: "pi_" + one.number, Amount: 10000}},
			})
			if err != nil {
				return err
			}
			_, _, err = (&product.Service{}).Put(t.Context(), tx, system, product.Draft{SKU: one.sku, Title: one.title, Price: money.Of(10000, "CNY")}, 0)
			if err != nil {
				return err
			}
			buyer := actor.Actor{Tenant: "main", Kind: actor.Customer, ID: o.Customer}
			_, err = service(d, queue).Open(t.Context(), tx, buyer, cases.Request{Order: o.ID, Language: "en", Items: []cases.Wanted{{Line: 1, Quantity: 1, Reason: "wrong_size"}}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
