package easypost_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aftercare/aftercare/connect/easypost"
)

func TestTryingAnAccountTellsAKeyThatWorksFromOneThatDoesNot(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		switch {
		case r.Method != http.MethodGet || r.URL.Path != "/v2/trackers":
			t.Errorf("%s %s: trying must change nothing", r.Method, r.URL)
		case user != key:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte(`{"trackers":[],"has_more":false}`))
		}
	}))
	defer server.Close()
	try := func(key string) (string, string, error) {
		return easypost.New(easypost.Options{URL: server.URL + "/v2", Key: key}).Check(t.Context())
	}
	if _, no, err := try(key); no != "" || err != nil {
		t.Errorf("a key: %q %v", no, err)
	}
	if _, no, err := try("wrong"); no == "" || err != nil {
		t.Errorf("a wrong key: %q %v, want a refusal", no, err)
	}
}
