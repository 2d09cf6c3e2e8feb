package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/app/pages"
)

func TestOnlyThePortalWearsTheLookOfItsShop(t *testing.T) {
	p, err := pages.New(fstest.MapFS{
		"portal.html":  {Data: []byte(`<html lang="en"><head><link rel="icon" href="/favicon.svg" type="image/svg+xml" /></head><body>portal</body></html>`)},
		"console.html": {Data: []byte(`<html lang="en"><head></head><body>console</body></html>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Look = func(r *http.Request) pages.Look {
		if r.Host == "plain.example" {
			return pages.Look{}
		}
		return pages.Look{Style: "html:root{--accent:#0a7d55}", Data: []byte(`{"links":[]}`), Icon: "/v1/shop/pictures/a.png"}
	}
	get := func(url string) (string, http.Header) {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
		return w.Body.String(), w.Header()
	}
	dressed, h := get("http://silk.example/orders")
	for _, want := range []string{"<style>html:root{--accent:#0a7d55}</style>", `<script type="application/json" id="brand">{"links":[]}</script></head>`, `<link rel="icon" href="/v1/shop/pictures/a.png" type="image/png">`} {
		if !strings.Contains(dressed, want) {
			t.Errorf("%s is not in %s", want, dressed)
		}
	}
	if strings.Contains(dressed, "favicon") || !strings.HasSuffix(h.Get("Content-Security-Policy"), "; style-src 'self' 'sha256-0vFd4b3FGVu+gvmyPk0PJu9ito+o8Y9oCU6lFDDga9M='") {
		t.Errorf("%s\n%v", dressed, h)
	}
	for _, url := range []string{"http://plain.example/orders", "http://silk.example/console"} {
		if page, h := get(url); strings.Contains(page, "accent") || h.Get("Content-Security-Policy") == "" || strings.Contains(h.Get("Content-Security-Policy"), "style-src") {
			t.Errorf("%s: %s %v", url, page, h)
		}
	}
	if lost, h := get("http://silk.example/nowhere"); !strings.Contains(lost, "accent") || h.Get("Etag") != "" {
		t.Errorf("%s %v", lost, h)
	}
}
