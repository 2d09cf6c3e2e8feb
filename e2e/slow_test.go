package e2e

import (
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"testing"
	"time"
)

// slowly puts a slow line before a server where AFTERCARE_TEST_SLOW is a
// number above 1: each answer comes up to that many tenths of a second later,
// and so in another order than it was asked for. The browser's processor is
// slowed by the same factor (web/e2e/browser.mjs). A walk that fails then
// reads something before it is there.
func slowly(t *testing.T, server string) string {
	t.Helper()
	factor, err := strconv.ParseFloat(os.Getenv("AFTERCARE_TEST_SLOW"), 64)
	if err != nil || factor <= 1 {
		return server
	}
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	line := &httputil.ReverseProxy{FlushInterval: -1, ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(at)
		r.Out.Host = r.In.Host
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			time.Sleep(time.Duration(rand.Float64() * factor * float64(100*time.Millisecond)))
		}
		line.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		front.CloseClientConnections()
		front.Close()
	})
	return front.URL
}
