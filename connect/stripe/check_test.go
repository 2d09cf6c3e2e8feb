package stripe_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/connect/stripe"
)

func TestTryingAnAccountTellsAKeyThatWorksFromOneThatDoesNot(t *testing.T) {
	whose := http.StatusOK
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodGet:
			t.Errorf("%s %s: trying must change nothing", r.Method, r.URL)
		case r.Header.Get("Authorization") != "Bearer "+key:
			problem(w, http.StatusUnauthorized, "invalid_request_error", "", "Invalid API Key provided: sk_test_****")
		case r.URL.Path == "/v1/refunds" && r.URL.Query().Get("limit") == "1":
			reply(w, http.StatusOK, map[string]any{"object": "list", "url": "/v1/refunds", "data": []any{}})
		case r.URL.Path == "/v1/account" && whose == http.StatusOK:
			reply(w, http.StatusOK, map[string]any{"id": "acct_1", "object": "account"})
		default:
			problem(w, http.StatusForbidden, "invalid_request_error", "", "The provided key does not have the required permissions")
		}
	}))
	defer h.Close()
	try := func(key string) (string, string, error) {
		p, err := stripe.New(stripe.Options{Key: key, Endpoint: h.URL})
		if err != nil {
			t.Fatal(err)
		}
		return p.Check(t.Context())
	}
	if who, no, err := try(key); who != "acct_1" || no != "" || err != nil {
		t.Errorf("a key: %q %q %v", who, no, err)
	}
	whose = http.StatusForbidden
	if who, no, err := try(key); who != "" || no != "" || err != nil {
		t.Errorf("a restricted key that may read refunds only: %q %q %v", who, no, err)
	}
	if _, no, err := try("sk_test_other"); !strings.HasPrefix(no, "Invalid API Key") || err != nil {
		t.Errorf("a wrong key: %q %v, want a refusal", no, err)
	}
	h.Close()
	if _, no, err := try(key); no != "" || err == nil {
		t.Errorf("nobody there: %q %v, want an error", no, err)
	}
}
