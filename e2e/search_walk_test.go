package e2e

import (
	"encoding/json"
	"testing"
	"time"
)

// withSeller adds a seller with an order, an article and somebody who works there.
func (s *shop) withSeller(t *testing.T) {
	t.Helper()
	const seller = "sel_mugs"
	sold := buyer{"E2E-2001", "maria.cruz@example.com", "Maria Cruz", "en"}
	placed, delivered := time.Now().AddDate(0, 0, -4).UTC(), time.Now().AddDate(0, 0, -2).UTC()
	order, err := json.Marshal(map[string]any{
		"number": sold.Number, "currency": "CNY", "country": "SG", "zone": "Asia/Singapore", "tax_included": true, "placed_at": placed, "delivered_at": delivered,
		"customer": map[string]any{"name": sold.Name, "email": sold.Contact, "language": sold.lang},
		"lines":    []map[string]any{{"sku": "TM-0001", "title": "Travel mug 旅行杯", "category": "kitchen", "seller": seller, "quantity": 1, "unit_price": 12900}},
		"tenders":  []map[string]any{{"kind": "alipay", "label": "支付宝", "provider": "test", "reference": "pay-" + sold.Number, "amount": 12900}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.run(t, "", "import", "orders", writeFile(t, "seller.jsonl", order))
	s.run(t, password+"\n", "user", "create", "seller@shop.example", "--name", "Mug Co", "--role", "seller", "--seller", seller, "--password-stdin")
	s.wish["staff"].(map[string]any)["seller"] = map[string]string{"email": "seller@shop.example", "password": password, "name": "Mug Co"}
	s.wish["seller"] = sold
	key := bearer(s.server.key(t, "catalogue", "product.write"))
	for _, one := range []map[string]any{
		{"sku": "SY-X2", "title": "声悦 X2 降噪耳机 SoundJoy X2", "variant": "曜石黑", "price": map[string]any{"minor": 89900, "currency": "CNY"}},
		{"sku": "YM-TS", "title": "云麦 长绒棉 T 恤 Cotton T-shirt", "price": map[string]any{"minor": 9900, "currency": "CNY"}},
		{"sku": "TM-0001", "title": "Travel mug 旅行杯", "seller": seller, "price": map[string]any{"minor": 12900, "currency": "CNY"}},
	} {
		s.must(t, "PUT", "/v1/products/"+one["sku"].(string), one, key, header("If-Match", "*"))
	}
}

func TestEverybodySearchesByKeysAndFindsWhatIsTheirs(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withSeller(t)
		s.wish["writer"] = s.server.key(t, "writer", "order.read", "case.read", "case.note", "message.write")
		s.walk(t, "search")
	})
}

func TestFiguresLeadToTheCasesBehindThem(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withSeller(t)
		s.wish["figures"] = s.server.key(t, "figures", "insight.read")
		s.walk(t, "dashboards")
	})
}
