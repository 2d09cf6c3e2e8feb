package olist_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/connect/olist"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

var (
	schemas = []db.Schema{event.Schema, customer.Schema, order.Schema}
	by      = actor.Of("main")
)

// The tables are invented, in the shape of the published ones.
var tables = map[string]string{
	"olist_orders_dataset.csv": `order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
aaa1,k1,delivered,2018-03-01 10:00:00,2018-03-01 10:10:00,2018-03-02 09:00:00,2018-03-07 18:30:00,2018-03-20 00:00:00
aaa2,k2,unavailable,2018-03-02 10:00:00,,,,2018-03-20 00:00:00
aaa3,k3,delivered,2018-03-03 10:00:00,,,2018-03-09 18:30:00,2018-03-20 00:00:00
aaa4,k1,shipped,2018-03-04 10:00:00,,,,2018-03-20 00:00:00
aaa5,k9,shipped,2018-03-05 10:00:00,,,,2018-03-20 00:00:00
aaa6,k2,shipped,05/03/2018,,,,2018-03-20 00:00:00
`,
	"olist_order_items_dataset.csv": `order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
aaa4,1,p3,s1,2018-03-10 00:00:00,10.0,1.0
aaa1,2,p2,s2,2018-03-10 00:00:00,20.05,5.5
aaa3,1,p1,s1,2018-03-10 00:00:00,99.9,10.0
aaa1,1,p1,s1,2018-03-10 00:00:00,99.9,10.0
aaa1,3,p1,s1,2018-03-10 00:00:00,99.9,10.0
aaa5,1,p1,s1,2018-03-10 00:00:00,1.0,0.0
aaa6,1,p1,s1,2018-03-10 00:00:00,1.0,0.0
`,
	"olist_order_payments_dataset.csv": `order_id,payment_sequential,payment_type,payment_installments,payment_value
aaa1,2,voucher,1,45.35
aaa1,1,credit_card,3,200.0
aaa1,3,voucher,1,0.0
aaa3,1,boleto,1,109.89
aaa4,1,debit_card,1,11.0
aaa5,1,boleto,1,1.0
aaa6,1,boleto,1,1.0
`,
	"olist_customers_dataset.csv": `customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
k1,u1,01000,sao paulo,SP
k2,u2,01000,"sao paulo, centro",SP
k3,u1,01000,sao paulo,SP
`,
	"olist_products_dataset.csv": `product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm
p1,beleza_saude,10,20,1,250,10,10,10
p2,,,,,,,,
`,
	"product_category_name_translation.csv": "\xef\xbb\xbfproduct_category_name,product_category_name_english\nbeleza_saude,health_beauty\n",
}

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tables {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTablesBecomeOrders(t *testing.T) {
	dbtest.Each(t, schemas, func(t *testing.T, d *db.DB) {
		dir := folder(t)
		var report bytes.Buffer
		s, err := order.New(order.Options{}).Import(t.Context(), d, by, olist.New(dir), order.ImportOptions{Report: &report})
		if err != nil {
			t.Fatal(err)
		}
		want := order.ImportSummary{Orders: 2, Lines: 3, Rejected: 4, Reasons: map[string]int64{
			"order without items": 1, "payments do not add up to the price": 1, "no such customer": 1, "not a time such as 2018-01-31 10:00:00": 1,
		}}
		if diff := cmp.Diff(want, s, cmpopts.IgnoreFields(order.ImportSummary{}, "Elapsed")); diff != "" {
			t.Error(diff)
		}
		for _, part := range []string{`"order":"aaa2"`, `"value":"unavailable"`, `"value":"paid 10989, price 10990"`} {
			if !strings.Contains(report.String(), part) {
				t.Errorf("report lacks %s: %s", part, report.String())
			}
		}
		checkOrders(t, d)
		again, err := order.New(order.Options{}).Import(t.Context(), d, by, olist.New(dir), order.ImportOptions{})
		if err != nil || again.Skipped != 2 || again.Orders != 0 || again.Rejected != 4 {
			t.Errorf("second time: %+v, %v", again, err)
		}
	})
}

func checkOrders(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		first, err := order.ByNumber(t.Context(), tx, "main", "aaa1")
		if err != nil || len(first) != 1 {
			t.Fatal(first, err)
		}
		o := first[0]
		c, err := customer.ByID(t.Context(), tx, "main", o.Customer)
		if err != nil || c.Ref != "u1" {
			t.Errorf("customer %+v, %v", c, err)
		}
		delivered := time.Date(2018, 3, 7, 21, 30, 0, 0, time.UTC) // three hours behind UTC
		want := order.Order{
			ID: o.ID, Tenant: "main", Source: "olist", Number: "aaa1", Customer: o.Customer, Currency: "BRL", Country: "BR", Zone: "America/Sao_Paulo",
			PlacedAt: time.Date(2018, 3, 1, 13, 0, 0, 0, time.UTC), DeliveredAt: delivered, TaxIncluded: true, Policy: "default", PolicyVer: 1, Version: 1,
			Lines: []order.Line{
				{No: 1, SKU: "p1", Title: "Health beauty", Category: "health_beauty", Seller: "s1", Quantity: 2, UnitPrice: 9990, WeightGrams: 250, DeliveredAt: delivered,
					Ledger: order.Ledger{List: 19980, Paid: 19980, Tenders: []int64{16287, 3693}}},
				{No: 2, SKU: "p2", Title: "Product", Seller: "s2", Quantity: 1, UnitPrice: 2005, DeliveredAt: delivered, Ledger: order.Ledger{List: 2005, Paid: 2005, Tenders: []int64{1634, 371}}},
			},
			Shipping: order.Shipping{List: 2550, Paid: 2550, Tenders: []int64{2079, 471}},
			Tenders:  []order.Tender{{ID: "t1", Kind: "card", Label: "Credit card", Provider: "manual", Amount: 20000}, {ID: "t2", Kind: "voucher", Label: "Voucher", Provider: "manual", Amount: 4535}},
		}
		if diff := cmp.Diff(want, o); diff != "" {
			t.Error(diff)
		}
		open, err := order.ByNumber(t.Context(), tx, "main", "aaa4")
		if err == nil && (len(open) != 1 || !open[0].DeliveredAt.IsZero() || open[0].Customer != o.Customer) {
			t.Errorf("%+v", open)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadingGoesOnAtAPosition(t *testing.T) {
	src := olist.New(folder(t))
	var positions []order.Position
	var numbers []string
	for item, err := range src.Items(t.Context(), order.Position{}) {
		if err != nil {
			t.Fatal(err)
		}
		positions = append(positions, item.Next)
		numbers = append(numbers, name(item))
	}
	for i, p := range positions {
		var rest []string
		for item, err := range src.Items(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			rest = append(rest, name(item))
		}
		if diff := cmp.Diff(numbers[i+1:], rest, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("after %s: %s", numbers[i], diff)
		}
	}
}

func name(item order.Item) string {
	if item.Draft != nil {
		return item.Draft.Number
	}
	return item.Rejected[0].Order
}

func TestAMissingTableOrColumnIsAnError(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "olist_order_payments_dataset.csv")
	if err := os.WriteFile(path, []byte("order_id,value\naaa1,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range olist.New(dir).Items(t.Context(), order.Position{}) {
		if err == nil || !strings.Contains(err.Error(), "has no column") {
			t.Errorf("without a column: %v", err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := olist.New(dir).Fingerprint(); err == nil {
		t.Error("a missing table has a fingerprint")
	}
}
