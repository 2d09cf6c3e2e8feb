package kuaidi100_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/connect/kuaidi100"
)

func TestTryingAnAccountTellsAKeyThatWorksFromOneThatDoesNot(t *testing.T) {
	b, a := newBureau(t)
	if who, no, err := a.Check(t.Context()); who != customer || no != "" || err != nil {
		t.Errorf("a key: %q %q %v", who, no, err)
	}
	server := httptest.NewServer(b)
	defer server.Close()
	wrong := kuaidi100.New(kuaidi100.Options{URL: server.URL, Customer: customer, Key: "wrong"})
	if _, no, err := wrong.Check(t.Context()); !strings.Contains(no, "503") || err != nil {
		t.Errorf("a wrong key: %q %v, want a refusal", no, err)
	}
	b.refuse = "700"
	if _, no, err := a.Check(t.Context()); no != "" || err == nil {
		t.Errorf("another answer: %q %v, want an error", no, err)
	}
}
