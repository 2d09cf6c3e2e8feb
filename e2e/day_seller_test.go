package e2e

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// withMarket adds a seller with three orders, whose commission the shop keeps.
func (s *shop) withMarket(t *testing.T) {
	t.Helper()
	const seller = "sel_tea"
	var lines [][]byte
	var numbers []string
	placed, delivered := time.Now().AddDate(0, 0, -4).UTC(), time.Now().AddDate(0, 0, -2).UTC()
	for n := range 3 {
		number := fmt.Sprintf("TEA-%d", 3001+n)
		order, err := json.Marshal(map[string]any{
			"number": number, "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": placed, "delivered_at": delivered,
			"customer": map[string]any{"name": "陈静", "email": "chen.jing@example.com", "language": "zh-CN"},
			"lines":    []map[string]any{{"sku": "LJ-250", "title": "龙井茶 250 g", "category": "food", "seller": seller, "quantity": 1, "unit_price": 16800, "commission": 1344}},
			"tenders":  []map[string]any{{"kind": "alipay", "label": "支付宝", "provider": "test", "reference": "pay-" + number, "amount": 16800}},
		})
		if err != nil {
			t.Fatal(err)
		}
		lines, numbers = append(lines, order), append(numbers, number)
	}
	s.run(t, "", "import", "orders", writeFile(t, "tea.jsonl", append(append(append(lines[0], '\n'), append(lines[1], '\n')...), lines[2]...)))
	s.run(t, password+"\n", "user", "create", "tea@shop.example", "--name", "龙井茶行", "--role", "seller", "--seller", seller, "--password-stdin")
	s.wish["staff"].(map[string]any)["seller"] = map[string]string{"email": "tea@shop.example", "password": password, "name": "龙井茶行"}
	s.wish["sold"], s.wish["sellerId"] = numbers, seller
	key := bearer(s.server.key(t, "catalogue", "product.write"))
	for _, one := range []map[string]any{
		{"sku": "SY-X2", "title": "声悦 X2 降噪耳机", "price": map[string]any{"minor": 89900, "currency": "CNY"}},
		{"sku": "LJ-250", "title": "龙井茶 250 g", "seller": seller, "price": map[string]any{"minor": 16800, "currency": "CNY"}},
	} {
		s.must(t, "PUT", "/v1/products/"+one["sku"].(string), one, key, header("If-Match", "*"))
	}
}

func TestTheDayOfASeller(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withMarket(t)
		s.walk(t, "day-seller")
	})
}
