package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The keys of the accounts at the company of the walk.
const (
	goodKey = "sk_live_walk_of_the_shop_0001"
	badKey  = "sk_live_walk_of_nobody_0002"
)

// companyOf answers as Stripe does to one key.
func companyOf(t *testing.T) string {
	t.Helper()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		say := func(status int, v any) { w.WriteHeader(status); _ = json.NewEncoder(w).Encode(v) }
		switch {
		case r.Header.Get("Authorization") != "Bearer "+goodKey:
			say(http.StatusUnauthorized, map[string]any{"error": map[string]string{"type": "invalid_request_error", "message": "Invalid API Key provided"}})
		case r.URL.Path == "/v1/account":
			say(http.StatusOK, map[string]any{"id": "acct_walk"})
		default:
			say(http.StatusOK, map[string]any{"object": "list", "url": r.URL.Path, "data": []any{}})
		}
	}))
	t.Cleanup(h.Close)
	return h.URL
}

func TestAnAdministratorConnectsPaymentAccountsAndCarriers(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := openShop(t, database, "--stripe-endpoint", companyOf(t))
		s.wish["stripe"] = map[string]string{"good": goodKey, "bad": badKey}
		s.walk(t, "accounts")
	})
}
