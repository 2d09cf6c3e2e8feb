package e2e

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// withKept adds orders of customers who are to be called on at home, and of one
// who paid a part with what the shop owed her.
func (s *shop) withKept(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	all := []buyer{
		{"E2E-3101", "at.home@example.com", "安然", "zh-CN"}, {"E2E-3102", "at.work@example.com", "溫婷", "zh-TW"},
		{"E2E-3103", "olga.out@example.com", "Olga Out", "en"}, {"E2E-3104", "kept.money@example.com", "钱多", "zh-CN"},
	}
	placed, delivered := time.Now().AddDate(0, 0, -3).UTC(), time.Now().AddDate(0, 0, -2).UTC()
	for _, who := range all {
		tenders := []map[string]any{{"kind": "alipay", "label": "支付宝", "provider": "test", "reference": "pay-" + who.Number, "amount": 69900}}
		if who.Number == "E2E-3104" {
			tenders = append(tenders, map[string]any{"kind": "store_credit", "provider": "wallet", "amount": 20000})
		} else {
			tenders[0]["amount"] = 89900
		}
		err := json.NewEncoder(&b).Encode(map[string]any{
			"number": who.Number, "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": placed, "delivered_at": delivered,
			"customer": map[string]any{"name": who.Name, "email": who.Contact, "language": who.lang},
			"lines":    []map[string]any{{"sku": "SY-X2", "title": "声悦 X2 降噪耳机 SoundJoy X2", "quantity": 1, "unit_price": 89900}},
			"tenders":  tenders,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.run(t, "", "import", "orders", writeFile(t, "kept.jsonl", b.Bytes()))
	s.wish["kept"] = all
	s.wish["till"] = s.server.key(t, "till", "wallet.read", "wallet.manage")
}

func TestAPickUpIsBookedMovedMissedAndFetched(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withKept(t)
		s.walk(t, "pickups")
	})
}

func TestAWalletIsFilledChangedAndSpent(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.withKept(t)
		s.walk(t, "wallet")
	})
}
