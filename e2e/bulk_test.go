package e2e

import (
	"net/http"
	"testing"
)

// Approving many cases needs the password once more; each case then stands for
// itself, and who did it is on record.
func TestManyCasesAreApprovedAfterThePasswordOnceMore(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.start(t)
		s.run(t, "", "import", "orders", writeOrders(t, buyers))
		key := bearer(s.key(t, "setup", "shop.manage", "order.read", "case.open", "case.read"))
		s.returnAddress(t, key)
		var ids []string
		for _, who := range []string{"whole", "english", "taiwan"} {
			order := s.must(t, "GET", "/v1/orders?q="+buyers[who].Number, nil, key).field("items.0.id")
			c := s.must(t, "POST", "/v1/cases", map[string]any{"order": order, "items": []map[string]any{{"line": 1, "quantity": 1, "reason": "no_longer_needed"}}}, key)
			if c.field("state") != "submitted" {
				t.Fatalf("the case is %s", c.field("state"))
			}
			ids = append(ids, c.field("id"))
		}
		signed := s.must(t, "POST", "/v1/session", map[string]any{"email": s.staff(t, "supervisor", "Su Qing"), "password": password}, header("Sec-Fetch-Site", "same-origin"))
		me := func(r *http.Request) {
			r.Header.Set("Cookie", signed.header.Get("Set-Cookie"))
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		bulk := func() answer {
			return s.ask(t, "POST", "/v1/cases/bulk", map[string]any{"action": "approve", "cases": []map[string]any{
				{"id": ids[0], "version": 1}, {"id": ids[1], "version": 7}, {"id": "case_06gzze38pxy1xe5dt981807gzm", "version": 1}, {"id": ids[2], "version": 1}}}, me)
		}
		if got := bulk(); got.status != http.StatusForbidden || got.field("code") != "session.step_up_required" {
			t.Fatalf("without the password: %d %s", got.status, got.body)
		}
		if got := s.ask(t, "POST", "/v1/session/step-up", map[string]any{"password": "wrong"}, me); got.status != http.StatusUnauthorized {
			t.Errorf("a wrong password: %d %s", got.status, got.body)
		}
		if got := s.ask(t, "POST", "/v1/session/step-up", map[string]any{"password": password}, me); got.status != http.StatusOK || got.field("confirmed_until") == "" {
			t.Fatalf("the password: %d %s", got.status, got.body)
		}
		got := bulk()
		want := []string{"", "cases.stale", "cases.unknown", ""}
		for i, code := range []string{"items.0.problem.code", "items.1.problem.code", "items.2.problem.code", "items.3.problem.code"} {
			if got.field(code) != want[i] {
				t.Errorf("%s is %q, want %q", code, got.field(code), want[i])
			}
		}
		if got.field("done") != "2" || got.field("failed") != "2" || got.field("items.0.state") != "await_return" {
			t.Errorf("%d %s", got.status, got.body)
		}
		var trail answer
		eventually(t, "the events have their places in the log, a moment after the commit on PostgreSQL", func() bool {
			trail = s.must(t, "GET", "/v1/audit?actor_kind=staff&type=case.approved,session.confirmed", nil, me)
			return trail.field("items.2.type") != ""
		})
		if trail.field("items.0.type") != "case.approved" || trail.field("items.2.type") != "session.confirmed" || trail.field("items.0.actor.name") != "Su Qing" {
			t.Errorf("audit: %s", trail.body)
		}
	})
}
