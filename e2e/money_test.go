package e2e

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"
)

// TestMoneyOfExchangesOfExchangesAddsUp takes everything of an order back in the
// end: what was exchanged, what that was exchanged for, and what was kept. Not a
// minor unit is lost or given twice.
func TestMoneyOfExchangesOfExchangesAddsUp(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.start(t)
		now := time.Now().UTC()
		draft, err := json.Marshal(map[string]any{
			"number": "SUM-1", "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": now.AddDate(0, 0, -3), "delivered_at": now.AddDate(0, 0, -1),
			"customer": map[string]any{"name": "林晓雯", "email": "lin@sum.example", "language": "zh-CN"},
			"lines": []map[string]any{
				{"sku": "CUP", "title": "杯子", "quantity": 3, "unit_price": 9000, "tax": 3106}, {"sku": "LID", "title": "盖子", "quantity": 2, "unit_price": 4000, "tax": 920}},
			"discounts": []map[string]any{{"code": "OFF", "amount": 3001}}, "shipping": map[string]any{"amount": 1000},
			"tenders": []map[string]any{{"kind": "alipay", "provider": "test", "reference": "pay-SUM-1", "amount": 3*9000 + 2*4000 - 3001 + 1000}},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.run(t, "", "import", "orders", writeFile(t, "sum.jsonl", append(draft, '\n')))
		s.run(t, "", "import", "products", writeFile(t, "products.jsonl", []byte(
			`{"sku":"POT","title":"茶壶","price":{"minor":15000,"currency":"CNY"},"tax":1726}`+"\n"+`{"sku":"MUG","title":"马克杯","price":{"minor":8000,"currency":"CNY"},"tax":920}`+"\n")))
		me := bearer(s.key(t, "sum", "shop.manage", "order.read", "case.open", "case.read", "case.decide", "case.receive", "charge.read", "charge.manage", "payout.read", "payout.manage"))
		s.returnAddress(t, me)
		paid := int64(3*9000 + 2*4000 - 3001 + 1000)

		line := func(no, quantity int64, more ...string) map[string]any {
			l := map[string]any{"line": no, "quantity": quantity, "reason": "not_as_described"}
			if len(more) > 0 {
				l["sku"] = more[0]
			}
			return l
		}
		grade := func(no, count int64, accepted bool) map[string]any {
			if !accepted {
				return map[string]any{"line": no, "count": count, "grade": "D", "disposition": "return_to_customer"}
			}
			return map[string]any{"line": no, "count": count, "grade": "A", "disposition": "restock"}
		}
		back := func(order, kind string, items []map[string]any, received, grades []map[string]any) string {
			id := s.must(t, "POST", "/v1/cases", map[string]any{"order": order, "kind": kind, "items": items}, me).field("id")
			if s.must(t, "GET", "/v1/cases/"+id, nil, me).field("state") == "submitted" {
				s.act(t, id, map[string]any{"action": "approve"}, me)
			}
			s.act(t, id, map[string]any{"action": "receive", "items": received}, me)
			s.act(t, id, map[string]any{"action": "grade", "items": grades}, me)
			return id
		}
		settled := func(id, state string) (out int64) { // what no provider can pay is paid by hand
			eventually(t, "case "+id+" "+state, func() bool {
				got := s.must(t, "GET", "/v1/cases/"+id, nil, me)
				for i := 0; got.field("money.payouts."+strconv.Itoa(i)+".id") != ""; i++ {
					at := "money.payouts." + strconv.Itoa(i)
					if got.field(at+".state") == "manual" {
						p := s.must(t, "GET", "/v1/payouts/"+got.field(at+".id"), nil, me)
						s.ask(t, "POST", "/v1/payouts/"+got.field(at+".id")+"/actions", map[string]any{"action": "mark_paid", "reference": "till"}, me, header("If-Match", p.header.Get("ETag")))
					}
				}
				out, _ = strconv.ParseInt(got.field("money.paid.minor"), 10, 64)
				return got.field("state") == state
			})
			return out
		}
		rest := func(order string) int64 { // all that is still with the customer
			var open struct {
				Lines []struct {
					No         int64
					Returnable struct{ Count int64 }
				}
			}
			if err := json.Unmarshal(s.must(t, "GET", "/v1/orders/"+order+"/options", nil, me).body, &open); err != nil {
				t.Fatal(err)
			}
			var items, grades []map[string]any
			for _, l := range open.Lines {
				if l.Returnable.Count > 0 {
					items, grades = append(items, line(l.No, l.Returnable.Count)), append(grades, grade(l.No, l.Returnable.Count, true))
				}
			}
			received := make([]map[string]any, len(items))
			for i, it := range items {
				received[i] = map[string]any{"line": it["line"], "quantity": it["quantity"]}
			}
			return settled(back(order, "return_refund", items, received, grades), "completed")
		}

		// Five units for others: two do not come, one of each line is refused.
		first := s.must(t, "GET", "/v1/orders?q=SUM-1", nil, me).field("items.0.id")
		swap := back(first, "exchange", []map[string]any{line(1, 3, "POT"), line(2, 2)},
			[]map[string]any{{"line": 1, "quantity": 2}, {"line": 2, "quantity": 2}}, []map[string]any{grade(1, 1, true), grade(1, 1, false), grade(2, 1, true), grade(2, 1, false)})
		held := s.must(t, "GET", "/v1/cases/"+swap, nil, me)
		due, _ := strconv.ParseInt(held.field("exchange.due.minor"), 10, 64)
		charge := s.must(t, "GET", "/v1/charges/"+held.field("exchange.charge"), nil, me)
		s.must(t, "POST", "/v1/charges/"+held.field("exchange.charge")+"/actions", map[string]any{"action": "pay", "reference": "till 7", "amount": map[string]any{"minor": due, "currency": "CNY"}},
			me, header("If-Match", charge.header.Get("ETag")))
		eventually(t, "the difference is known", func() bool {
			return s.must(t, "GET", "/v1/cases/"+swap, nil, me).field("exchange.state") == "allocated"
		})
		s.act(t, swap, map[string]any{"action": "ship", "carrier": "SF", "tracking": "SF1029384756"}, me)
		second := s.act(t, swap, map[string]any{"action": "confirm"}, me).field("exchange.order")
		if s.must(t, "GET", "/v1/orders/"+second+"/options", nil, me).field("lines.0.phase") != "after_receipt" {
			t.Error("the customer has the new units, their order does not know")
		}

		// The dearer one for a cheaper one: now money goes back.
		again := back(second, "exchange", []map[string]any{line(1, 1, "MUG")}, []map[string]any{{"line": 1, "quantity": 1}}, []map[string]any{grade(1, 1, true)})
		s.act(t, again, map[string]any{"action": "ship", "carrier": "SF", "tracking": "SF1029384757"}, me)
		out := settled(again, "await_confirm")
		third := s.act(t, again, map[string]any{"action": "confirm"}, me).field("exchange.order")

		for _, order := range []string{first, second, third} {
			out += rest(order)
		}
		if out != paid+due {
			t.Errorf("%d paid in, %d paid back", paid+due, out)
		}
	})
}
