package alipay_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aftercare/aftercare/connect/alipay/alipaytest"
	"github.com/aftercare/aftercare/connect/paytest"
)

const app = "2021000000000001"

// The keys of the application, of Alipay and of a forger.
var applicationKey, alipayKey, forgerKey = paytest.NewKey(), paytest.NewKey(), alipaytest.Forger

// server is an Alipay of our own.
type server struct {
	alipaytest.Application
	URL string
}

func newServer(t *testing.T) *server {
	s := &server{Application: alipaytest.Application{Books: paytest.NewBooks(), ID: app, Own: applicationKey, Theirs: alipayKey}}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL + "/gateway.do"
	return s
}
