package e2e

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A program that waits for one thing asks the live stream for nothing else.
func TestTheLiveStreamTellsOnlyTheTypesThatWereAskedFor(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.start(t)
		s.run(t, "", "import", "orders", writeOrders(t, buyers))
		secret := s.key(t, "setup", "shop.manage", "order.read", "case.open", "case.read", "case.decide", "event.read")
		key := bearer(secret)
		s.returnAddress(t, key)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, "GET", s.url+"/v1/live?type=case.approved&type=case.withdrawn", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		stream, err := http.DefaultClient.Do(r)
		if err != nil || stream.StatusCode != http.StatusOK {
			t.Fatalf("%v %v", err, stream)
		}
		defer stream.Body.Close()
		order := s.must(t, "GET", "/v1/orders?q="+buyers["whole"].Number, nil, key).field("items.0.id")
		c := s.must(t, "POST", "/v1/cases", map[string]any{"order": order, "items": []map[string]any{{"line": 1, "quantity": 1, "reason": "no_longer_needed"}}}, key)
		for _, action := range []string{"approve", "withdraw"} {
			s.must(t, "POST", "/v1/cases/"+c.field("id")+"/actions", map[string]any{"action": action}, key, header("If-Match", "*"))
		}
		var told []string
		lines := bufio.NewScanner(stream.Body)
		for len(told) < 2 && lines.Scan() {
			if data, found := strings.CutPrefix(lines.Text(), "data: {"); found {
				told = append(told, data)
			}
		}
		if len(told) != 2 || !strings.Contains(told[0], "case.approved") || !strings.Contains(told[1], "case.withdrawn") {
			t.Errorf("told %q (%v), want the approval and the withdrawal only", told, lines.Err())
		}
	})
}
