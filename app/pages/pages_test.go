package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/app/pages"
)

var build = fstest.MapFS{
	"portal.html":              {Data: []byte(`<!doctype html><html lang="zh-CN"><body>portal</body></html>`)},
	"portal.html.br":           {Data: []byte(`wrong language`)},
	"console.html":             {Data: []byte(`<!doctype html><html lang="zh-CN"><body>console</body></html>`)},
	"favicon.svg":              {Data: []byte(`<svg/>`)},
	"assets/portal-1a2b.js":    {Data: []byte(`plain`)},
	"assets/portal-1a2b.js.br": {Data: []byte(`brotli`)},
	"assets/portal-1a2b.js.gz": {Data: []byte(`gzip`)},
	".vite/manifest.json":      {Data: []byte(`{}`)},
}

func get(t *testing.T, path string, headers ...string) *http.Response {
	t.Helper()
	p, err := pages.New(build)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

func TestEachPathGetsItsPage(t *testing.T) {
	tests := []struct {
		path   string
		status int
		want   string
	}{
		{"/", 200, "portal"}, {"/orders", 200, "portal"}, {"/orders/ord_1", 200, "portal"}, {"/return/ord_1", 200, "portal"},
		{"/cases/case_1", 200, "portal"}, {"/link/abc.def", 200, "portal"}, {"/console", 200, "console"}, {"/console/", 200, "console"},
		{"/console/cases/case_1", 200, "console"}, {"/rights", 200, "portal"}, {"/rights/a", 404, "portal"}, {"/nowhere", 404, "portal"}, {"/orders/a/b", 404, "portal"}, {"/portal.html", 404, "portal"},
		{"/favicon.svg", 200, "<svg/>"}, {"/assets/old.js", 404, "no such file"}, {"/assets/../web.go", 404, ""}, {"/.vite/manifest.json", 404, ""},
	}
	for _, tt := range tests {
		r := get(t, tt.path)
		if got := body(t, r); r.StatusCode != tt.status || !strings.Contains(got, tt.want) {
			t.Errorf("GET %s: %d %q, want %d and %q in it", tt.path, r.StatusCode, got, tt.status, tt.want)
		}
	}
}

func TestOnlyRightsBeforeBuyingMayBeShownInsideOtherSites(t *testing.T) {
	p, err := pages.New(build)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/rights": "default-src 'self'; frame-ancestors *; script-src 'self'", "/orders": "default-src 'self'; frame-ancestors 'none'; script-src 'self'", "/console/rights": "default-src 'self'; frame-ancestors 'none'; script-src 'self' 'wasm-unsafe-eval'"} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if got, _, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), " 'sha256-"); got != want {
			t.Errorf("GET %s: %q, want %q", path, got, want)
		}
	}
}

func TestAPageCanOnlyBeRead(t *testing.T) {
	p, err := pages.New(build)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/orders", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestThePageIsInTheReadersLanguage(t *testing.T) {
	for accept, want := range map[string]string{"": `lang="zh-CN" dir="ltr"`, "en-GB,en;q=0.9": `lang="en"`, "zh-HK": `lang="zh-TW"`, "ar-EG": `lang="ar" dir="rtl"`, "de": `lang="de"`} {
		r := get(t, "/", "Accept-Language", accept, "Accept-Encoding", "br")
		if got := body(t, r); !strings.Contains(got, want) || r.Header.Get("Vary") != "Accept-Language, Cookie" || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("for %q: %q, headers %v", accept, got, r.Header)
		}
	}
}

func TestTheLanguageChosenBeforeComesFirst(t *testing.T) {
	tests := []struct{ name, path, cookie, want string }{
		{"chosen", "/", "lang=ar", `lang="ar" dir="rtl"`},
		{"asked by the link", "/?lang=ja", "lang=ar", `lang="ja"`},
		{"neither is known", "/?lang=xx", "lang=yy", `lang="fr"`},
		{"staff have fewer", "/console/", "lang=ar", `lang="en" dir="ltr"`},
	}
	for _, tt := range tests {
		if got := body(t, get(t, tt.path, "Cookie", tt.cookie, "Accept-Language", "fr")); !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %s in it", tt.name, got, tt.want)
		}
	}
}

func TestAnAssetIsCompressedAndCachedForEver(t *testing.T) {
	for accept, want := range map[string]string{"": "plain", "gzip, deflate, br": "brotli", "gzip": "gzip", "br;q=0, gzip": "gzip", "BR": "brotli", "identity": "plain"} {
		r := get(t, "/assets/portal-1a2b.js", "Accept-Encoding", accept)
		if got := body(t, r); got != want || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("Accept-Encoding %q: %q, headers %v", accept, got, r.Header)
		}
	}
}

func TestWhatTheBrowserHasIsNotSentAgain(t *testing.T) {
	tag := get(t, "/").Header.Get("Etag")
	if r := get(t, "/", "If-None-Match", tag); tag == "" || r.StatusCode != http.StatusNotModified {
		t.Errorf("tag %q: %d", tag, r.StatusCode)
	}
	if r := get(t, "/", "If-None-Match", tag, "Accept-Language", "en"); r.StatusCode != http.StatusOK {
		t.Errorf("another language: %d", r.StatusCode)
	}
}

func TestWithoutABuildThePageSaysSo(t *testing.T) {
	p, err := pages.New(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/console/", nil))
	if !strings.Contains(w.Body.String(), "make web") {
		t.Errorf("%q", w.Body.String())
	}
}
