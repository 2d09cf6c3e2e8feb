package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/aftercare/aftercare/platform/db"
)

// The desk at work: one inbox with ten thousand cases, and two people who meet
// at one case.
func TestAnInboxOfTenThousandCases(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database)
		s.crowd(t, database, 10_000)
		r := s.walk(t, "inbox")
		t.Logf("%s rows, a key takes %s, %s elements", r.Facts["rows"], r.Facts["key_ms"], r.Facts["nodes"])
	})
}

func TestTwoAgentsAtOneCase(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "together")
	})
}

// crowd copies one real case many times, as lists see it: opened earlier and
// earlier, in the same state; of every four hundredth the customer waits for an
// answer.
func (s *shop) crowd(t *testing.T, database string, n int) {
	t.Helper()
	var orders struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(s.must(t, "GET", "/v1/orders?q="+buyers["crowd"].Number, nil, bearer(s.key)).body, &orders); err != nil || len(orders.Items) != 1 {
		t.Fatalf("orders %v, %v", orders, err)
	}
	var one struct{ ID string }
	made := s.must(t, "POST", "/v1/cases", map[string]any{"kind": "refund_only", "order": orders.Items[0].ID,
		"items": []map[string]any{{"line": 2, "quantity": 1, "reason": "not_as_described"}}}, bearer(s.key))
	if err := json.Unmarshal(made.body, &one); err != nil || one.ID == "" {
		t.Fatalf("case %s, %v", made.body, err)
	}
	if database == "" {
		database = "sqlite:" + s.data + "/aftercare.db"
	}
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const columns = `kind, state, closed_as, version, order_id, order_number, customer, name, seller, currency, quoted, refunded, title, quantity, reason,
		language, comment, items, decision, policy, policy_version, terms, quote, timer, deadline, tracking, updated_at, assignee, phase, detail`
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `
			with recursive many(i) as (select 1 union all select i + 1 from many where i < `+fmt.Sprint(n)+`)
			insert into cases_case (tenant, id, number, opened_at, unread, wrote_at, `+columns+`)
			select tenant, 'case_copy' || (100000 + i), 'R-COPY-' || (100000 + i), opened_at - i * 1000,
				case when i % 400 = 0 then i / 400 % 3 else 0 end, case when i % 400 = 0 then opened_at - i * 7919 % 86400 * 1000 else 0 end, `+columns+`
			from cases_case, many where id = $1`, one.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
