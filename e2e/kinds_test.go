package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// shopOrders writes an order that was not sent yet, and one that arrived.
func shopOrders(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	now := time.Now().UTC()
	for number, delivered := range map[string]*time.Time{"KIND-1": nil, "KIND-2": new(now.AddDate(0, 0, -1)), "KIND-3": new(now.AddDate(0, 0, -1))} {
		draft := map[string]any{
			"number": number, "currency": "CNY", "country": "CN", "zone": "Asia/Shanghai", "tax_included": true, "placed_at": now.AddDate(0, 0, -3),
			"customer": map[string]any{"name": "林晓雯", "email": "lin@" + number + ".example", "language": "zh-CN"},
			"lines":    []map[string]any{{"sku": "CUP", "title": "杯子", "quantity": 2, "unit_price": 10000, "tax": 2301}},
			"shipping": map[string]any{"amount": 1000},
			"tenders":  []map[string]any{{"kind": "alipay", "provider": "test", "reference": "pay-" + number, "amount": 21000}},
		}
		if delivered != nil {
			draft["delivered_at"] = delivered
		}
		if err := json.NewEncoder(&b).Encode(draft); err != nil {
			t.Fatal(err)
		}
	}
	return writeFile(t, "kinds.jsonl", b.Bytes())
}

// act takes a step of a case at its present version.
func (s *server) act(t *testing.T, id string, body map[string]any, who func(*http.Request)) answer {
	t.Helper()
	now := s.must(t, "GET", "/v1/cases/"+id, nil, who)
	return s.must(t, "POST", "/v1/cases/"+id+"/actions", body, who, header("If-Match", now.header.Get("ETag")))
}

// becomes waits for a state of a case.
func (s *server) becomes(t *testing.T, id, state string, who func(*http.Request)) (got answer) {
	t.Helper()
	eventually(t, "case "+state, func() bool {
		got = s.must(t, "GET", "/v1/cases/"+id, nil, who)
		return got.field("state") == state
	})
	return got
}

func TestEveryKindOfCaseRunsInTheProgram(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.start(t)
		s.run(t, "", "import", "orders", shopOrders(t))
		s.run(t, "", "import", "products", writeFile(t, "products.jsonl", []byte(
			`{"sku":"CUP","title":"杯子","price":{"minor":9000,"currency":"CNY"}}`+"\n"+
				`{"sku":"POT","title":"茶壶","price":{"minor":15000,"currency":"CNY"},"tax":1726}`+"\n")))
		all := []string{"shop.manage", "order.read", "case.open", "case.read", "case.decide", "case.receive", "case.note", "charge.read", "charge.manage", "payout.read", "policy.read", "policy.write", "policy.publish"}
		me, other := bearer(s.key(t, "one", all...)), bearer(s.key(t, "two", all...))
		s.returnAddress(t, me)
		order := func(number string) string {
			return s.must(t, "GET", "/v1/orders?q="+number, nil, me).field("items.0.id")
		}
		open := func(order, kind, reason string, item map[string]any) answer {
			line := map[string]any{"line": 1, "quantity": 1, "reason": reason}
			for k, v := range item {
				line[k] = v
			}
			return s.must(t, "POST", "/v1/cases", map[string]any{"order": order, "kind": kind, "items": []map[string]any{line}}, me)
		}

		// Not sent yet: the money goes back at once, the unit with its share of nothing else.
		early := open(order("KIND-1"), "refund_only", "no_longer_needed", nil)
		if early.field("phase") != "pre_ship" {
			t.Errorf("phase %s", early.field("phase"))
		}
		if done := s.becomes(t, early.field("id"), "completed", me); done.field("money.paid.minor") != "10000" {
			t.Errorf("paid %s", done.field("money.paid.minor"))
		}

		// Exchanged for something dearer: the difference first, then the article, then the customer's word.
		swap := open(order("KIND-2"), "exchange", "not_as_described", map[string]any{"sku": "POT"})
		id := swap.field("id")
		if swap.field("state") != "await_return" {
			t.Fatalf("exchange: %s", swap.body)
		}
		s.act(t, id, map[string]any{"action": "receive", "items": []map[string]any{{"line": 1, "quantity": 1}}}, me)
		held := s.act(t, id, map[string]any{"action": "grade", "items": []map[string]any{{"line": 1, "count": 1, "grade": "A", "disposition": "restock"}}}, me)
		if held.field("exchange.state") != "held_for_payment" || held.field("exchange.due.minor") != "5000" || held.field("timers.0.name") != "payment" {
			t.Fatalf("exchange after inspection: %s", held.body)
		}
		charge := held.field("exchange.charge")
		due := s.must(t, "GET", "/v1/charges/"+charge, nil, me)
		s.must(t, "POST", "/v1/charges/"+charge+"/actions", map[string]any{"action": "pay", "reference": "till 7", "amount": map[string]any{"minor": 5000, "currency": "CNY"}},
			me, header("If-Match", due.header.Get("ETag")))
		eventually(t, "the difference is known", func() bool {
			return s.must(t, "GET", "/v1/cases/"+id, nil, me).field("exchange.state") == "allocated"
		})
		sent := s.act(t, id, map[string]any{"action": "ship", "carrier": "SF", "tracking": "SF1029384756"}, me)
		if sent.field("state") != "await_confirm" || sent.field("exchange.order") == "" {
			t.Fatalf("exchange sent: %s", sent.body)
		}
		if done := s.act(t, id, map[string]any{"action": "confirm"}, me); done.field("state") != "completed" || done.field("final") != "true" {
			t.Errorf("exchange confirmed: %s", done.body)
		}
		again := s.must(t, "POST", "/v1/quotes", map[string]any{"order": sent.field("exchange.order"), "items": []map[string]any{{"line": 1, "quantity": 1, "reason": "not_as_described"}}}, me)
		if again.field("total.minor") != "15000" {
			t.Errorf("the new article would give back %s", again.body)
		}

		// A price that fell, checked by a person; then the rest comes back for what is left of it.
		rules := s.must(t, "GET", "/v1/policies/standard", nil, me)
		var policy struct {
			Name  string         `json:"name"`
			Rules map[string]any `json:"rules"`
		}
		if err := json.Unmarshal(rules.body, &policy); err != nil {
			t.Fatal(err)
		}
		policy.Rules["price_protection_days"] = 30
		s.must(t, "PUT", "/v1/policies/standard", policy, me, header("If-Match", rules.header.Get("ETag")))
		before := s.ask(t, "POST", "/v1/cases", map[string]any{"order": order("KIND-3"), "kind": "price_protection", "items": []map[string]any{{"line": 1, "quantity": 2, "lower": 9000}}}, me)
		if before.field("state") != "rejected" { // the policy of the purchase did not offer it
			t.Errorf("price protection under a later policy: %s", before.body)
		}

		// Closed by the customer's wish, taken up again by two.
		closed := open(order("KIND-3"), "return_refund", "no_longer_needed", nil)
		id = closed.field("id")
		s.act(t, id, map[string]any{"action": "withdraw"}, me)
		s.act(t, id, map[string]any{"action": "reopen", "comment": "by mistake"}, me)
		now := s.must(t, "GET", "/v1/cases/"+id, nil, me)
		if got := s.ask(t, "POST", "/v1/cases/"+id+"/actions", map[string]any{"action": "reopen"}, me, header("If-Match", now.header.Get("ETag"))); got.field("code") != "cases.second_person" {
			t.Errorf("the same person twice: %s", got.body)
		}
		if open := s.act(t, id, map[string]any{"action": "reopen"}, other); open.field("state") != "submitted" {
			t.Errorf("reopened by two: %s", open.body)
		}
	})
}
