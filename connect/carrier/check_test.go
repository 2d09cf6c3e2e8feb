package carrier_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aftercare/aftercare/connect/carrier"
)

func TestTryingACarrierTellsATokenThatWorksFromOneThatDoesNot(t *testing.T) {
	status := http.StatusNotFound
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s: trying must change nothing", r.Method, r.URL)
		}
		if r.Header.Get("Authorization") != "Bearer t0ken" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	try := func(url, token string) (string, error) {
		a, err := carrier.New(carrier.Options{URL: url, Token: token})
		if err != nil {
			t.Fatal(err)
		}
		_, no, err := a.Check(t.Context())
		return no, err
	}
	if no, err := try(server.URL, "t0ken"); no != "" || err != nil {
		t.Errorf("a token: %q %v", no, err)
	}
	if no, err := try(server.URL, "wrong"); no == "" || err != nil {
		t.Errorf("a wrong token: %q %v, want a refusal", no, err)
	}
	if no, err := try("", ""); no != "" || err != nil {
		t.Errorf("without an address: %q %v, want nothing to ask", no, err)
	}
	status = http.StatusBadGateway
	if no, err := try(server.URL, "t0ken"); no != "" || err == nil {
		t.Errorf("no answer of the protocol: %q %v, want an error", no, err)
	}
}
