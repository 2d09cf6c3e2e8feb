package e2e

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// withSent adds two orders that are on their way.
func (s *shop) withSent(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	all := []buyer{{"E2E-3001", "on.theway@example.com", "方圆", "zh-CN"}, {"E2E-3002", "still.going@example.com", "路远", "zh-CN"}}
	placed := time.Now().AddDate(0, 0, -1).UTC()
	for _, who := range all {
		err := json.NewEncoder(&b).Encode(map[string]any{
			"number": who.Number, "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": placed,
			"customer": map[string]any{"name": who.Name, "email": who.Contact, "language": who.lang},
			"lines":    []map[string]any{{"sku": "SY-X2", "title": "声悦 X2 降噪耳机 SoundJoy X2", "quantity": 1, "unit_price": 89900, "shipped_at": placed, "carrier": "顺丰", "tracking": "SF" + who.Number[4:] + "0001"}},
			"tenders":  []map[string]any{{"kind": "alipay", "label": "支付宝", "provider": "test", "reference": "pay-" + who.Number, "amount": 89900}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.run(t, "", "import", "orders", writeFile(t, "sent.jsonl", b.Bytes()))
	s.wish["sent"] = all
}

func TestParcelsToCustomersAreStopped(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withSent(t)
		s.walk(t, "parcels")
	})
}
