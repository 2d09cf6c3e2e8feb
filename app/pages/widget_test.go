package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/app/pages"
)

func widgetPages(t *testing.T, origins ...string) *pages.Pages {
	t.Helper()
	p, err := pages.New(fstest.MapFS{
		"portal.html":  {Data: []byte(`<html lang="en"><head></head><body>portal</body></html>`)},
		"console.html": {Data: []byte(`<html lang="en"><head></head><body>console</body></html>`)},
		"widget.js":    {Data: []byte(`(look=>{})(/*look*/{})`)},
		"widget.js.br": {Data: []byte(`knows no look`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Look = func(r *http.Request) pages.Look {
		if r.Host != "silk.example" {
			return pages.Look{}
		}
		return pages.Look{Origins: origins, Accents: [2]string{"#0a7d55", "#4ecb9b"}}
	}
	return p
}

func ask(p *pages.Pages, url string, headers ...string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	p.ServeHTTP(w, r)
	return w
}

// ancestors is who may show a page inside theirs.
func ancestors(w *httptest.ResponseRecorder) string {
	var all []string
	for directive := range strings.SplitSeq(w.Header().Get("Content-Security-Policy"), ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(directive), "frame-ancestors "); ok {
			all = append(all, value)
		}
	}
	return strings.Join(all, " and ")
}

func TestOnlyTheWidgetIsShownInsideTheSitesOfItsShop(t *testing.T) {
	listed := widgetPages(t, "https://a.example", "https://b.example:8443")
	none := widgetPages(t)
	const both = "https://a.example https://b.example:8443"
	tests := []struct {
		path, want string
		status     int
	}{
		{"/widget", both, 200}, {"/widget/", both, 200}, {"/widget/orders", both, 200}, {"/widget/orders/ord_1", both, 200}, {"/widget/return/ord_1", both, 200}, {"/widget/cases/case_1", both, 200},
		{"/widget?lang=ar&host=https%3A%2F%2Fevil.example", both, 200},
		{"/", "'none'", 200}, {"/orders", "'none'", 200}, {"/orders/ord_1", "'none'", 200}, {"/return/ord_1", "'none'", 200}, {"/cases/case_1", "'none'", 200}, {"/link/abc", "'none'", 200},
		{"/widget/link/abc", "'none'", 404}, {"/widget/console", "'none'", 404}, {"/widget/rights", "'none'", 404}, {"/widgets", "'none'", 404}, {"/widget/orders/a/b", "'none'", 404},
		{"/console", "'none'", 200}, {"/console/", "'none'", 200}, {"/console/widget", "'none'", 200}, {"/console/../widget/orders", "'none'", 200}, {"/rights", "*", 200},
	}
	for _, tt := range tests {
		got := ask(listed, "http://silk.example"+tt.path)
		if ancestors(got) != tt.want || got.Code != tt.status {
			t.Errorf("%s: %d for %s, want %d for %s", tt.path, got.Code, ancestors(got), tt.status, tt.want)
		}
		want := tt.want
		if want == both {
			want = "'none'"
		}
		for name, alone := range map[string]*httptest.ResponseRecorder{"a shop without a widget": ask(none, "http://silk.example"+tt.path), "another shop": ask(listed, "http://plain.example"+tt.path)} {
			if ancestors(alone) != want {
				t.Errorf("%s of %s: for %s, want %s", tt.path, name, ancestors(alone), want)
			}
		}
	}
	page := ask(listed, "http://silk.example/widget")
	if !strings.Contains(page.Body.String(), `<script type="application/json" id="widget">["https://a.example","https://b.example:8443"]</script></head>`) {
		t.Errorf("the page does not know the sites: %s", page.Body)
	}
	if page.Header().Get("Etag") == ask(none, "http://silk.example/widget").Header().Get("Etag") {
		t.Error("a page for other sites has the same tag")
	}
	if strings.Contains(ask(listed, "http://silk.example/orders").Body.String(), "b.example") {
		t.Error("a page of its own tells the sites")
	}
}

func TestTheScriptOfTheWidgetIsTheSameForEverybodyAndHasTheColoursOfItsShop(t *testing.T) {
	p := widgetPages(t, "https://a.example")
	got := ask(p, "http://silk.example/widget.js", "Accept-Encoding", "br", "Accept-Language", "ar", "Cookie", "lang=fr")
	h := got.Header()
	if got.Code != 200 || got.Body.String() != `(look=>{})({accent:["#0a7d55","#4ecb9b"]})` {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400", "Cross-Origin-Resource-Policy": "cross-origin",
		"Vary": "", "Link": "", "Content-Encoding": "", "Set-Cookie": "",
	} {
		if h.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, h.Get(name), want)
		}
	}
	if again := ask(p, "http://silk.example/widget.js", "If-None-Match", h.Get("Etag")); h.Get("Etag") == "" || again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
	if plain := ask(p, "http://plain.example/widget.js"); plain.Body.String() != `(look=>{})(/*look*/{})` || plain.Header().Get("Etag") == h.Get("Etag") {
		t.Errorf("a shop without colours: %s", plain.Body)
	}
}
