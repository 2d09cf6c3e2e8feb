package crash_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/policy"
)

const (
	orders       = 40
	unitsPerLine = 60
	unitPrice    = 59900 // above the limit of instant approval: a person or the deadline approves
	dearPrice    = 70000 // of the article that some want in exchange
	advanceLimit = 60000 // one unit is paid at the first scan, two are not
)

// references make the test provider misbehave, each in its own way.
var references = []string{
	"", "", "test:timeout", "test:timeout-once", "test:lost-once", "test:twice", "test:slow-300", "test:slow-1500", "test:unavailable-2", "test:late-700", "test:decline-once",
}

// found makes the key before the first start.
func (w *world) found(t *testing.T) {
	var key struct{ Secret string }
	raw := w.servers[0].tool(t, w, "key", "create", "crash", "--json", "--scope",
		"order.read,case.read,case.open,case.decide,case.receive,parcel.scan,payout.read,payout.manage,charge.read,charge.manage,product.write,policy.read,policy.write,policy.publish,shop.manage")
	if err := json.Unmarshal(raw, &key); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	w.key = key.Secret
}

// sell imports the orders, under the rules of the shop.
func (w *world) sell(t *testing.T, dir string) {
	file := filepath.Join(dir, "orders.jsonl")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	placed, delivered := time.Now().Add(-72*time.Hour).UTC(), time.Now().Add(-24*time.Hour).UTC()
	out := json.NewEncoder(f)
	for i := range orders {
		line := map[string]any{"sku": "SKU1", "title": "Headphones", "quantity": unitsPerLine, "unit_price": unitPrice, "tax": unitPrice * unitsPerLine * 13 / 113}
		goods := unitPrice * unitsPerLine
		gift := goods / 7
		err := out.Encode(map[string]any{
			"number": fmt.Sprintf("K%04d", i), "currency": "CNY", "country": "CN", "placed_at": placed, "delivered_at": delivered, "tax_included": true,
			"customer": map[string]any{"ref": fmt.Sprint("c", i), "name": fmt.Sprint("Customer ", i), "phone": fmt.Sprintf("+86138%08d", i)},
			"lines":    []any{line}, "discounts": []any{map[string]any{"code": "TEN", "amount": goods / 10}}, "shipping": map[string]any{"amount": 1200},
			"tenders": []any{
				map[string]any{"kind": "gift_card", "provider": "test", "reference": references[(i+3)%len(references)], "amount": gift},
				map[string]any{"kind": "card", "provider": "test", "reference": references[i%len(references)], "amount": goods - goods/10 + 1200 - gift},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w.servers[0].tool(t, w, "import", "orders", file)
}

// shop sets the return address, without which nothing can be approved, the
// rules and a dearer article, sells, and learns the ids of the orders.
func (w *world) shop(t *testing.T, dir string) {
	c := w.caller(0)
	_, err := c.write(t.Context(), "PUT", "/v1/shop/settings", "*", map[string]any{
		"name": "Crash", "zone": "Asia/Shanghai", "language": "zh-CN", "currency": "CNY",
		"return_address": map[string]any{"name": "Returns", "lines": []string{"1 Jiangnan Avenue"}, "city": "Hangzhou", "country": "CN"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules := policy.Default()
	rules.PriceProtectionDays, rules.Advance.Max = 30, map[string]int64{"CNY": advanceLimit}
	rules.Silence = policy.SilenceApproves // deadlines of every kind do what they say, and a killed server must not do it twice
	if _, err := c.write(t.Context(), "PUT", "/v1/policies/standard", "*", map[string]any{"name": "Standard", "rules": rules}, nil); err != nil {
		t.Fatal(err)
	}
	_, err = c.write(t.Context(), "PUT", "/v1/products/DEAR", "*", map[string]any{"sku": "DEAR", "title": "Better headphones", "price": map[string]any{"minor": dearPrice, "currency": "CNY"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.sell(t, dir)
	var page struct{ Items []struct{ ID string } }
	if err := c.read(t.Context(), "/v1/orders?limit=200", &page); err != nil {
		t.Fatal(err)
	}
	for _, o := range page.Items {
		w.orders = append(w.orders, o.ID)
	}
	if len(w.orders) != orders {
		t.Fatalf("%d orders, want %d", len(w.orders), orders)
	}
}
