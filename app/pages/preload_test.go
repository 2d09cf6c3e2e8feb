package pages_test

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/app/pages"
)

func TestAPageSaysAtOnceWhatItNeeds(t *testing.T) {
	p, err := pages.New(fstest.MapFS{
		"portal.html":  {Data: []byte(`<html lang="en"><head></head><body></body></html>`)},
		"console.html": {Data: []byte(`<html lang="en"><head></head><body></body></html>`)},
		".vite/manifest.json": {Data: []byte(`{
			"portal.html": {"file": "assets/portal.js", "imports": ["_parts.js"]},
			"console.html": {"file": "assets/console.js"},
			"_parts.js": {"file": "assets/parts.js"},
			"_money.js": {"file": "assets/money.js", "imports": ["_parts.js"]},
			"src/i18n/shared.de.json": {"file": "assets/shared.de.js"},
			"src/i18n/shared.en.json": {"file": "assets/shared.en.js"},
			"src/i18n/portal.en.json": {"file": "assets/portal.en.js"},
			"src/portal/pages/OrderPage.vue": {"file": "assets/OrderPage.js", "imports": ["_money.js", "_parts.js"], "css": ["assets/order.css"]},
			"src/portal/pages/LookupPage.vue": {"file": "assets/LookupPage.js"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/":                  {"</assets/LookupPage.js>; rel=modulepreload"},
		"/orders/ord_1":      {"</assets/OrderPage.js>; rel=modulepreload", "</assets/order.css>; rel=preload; as=style", "</assets/money.js>; rel=modulepreload"},
		"/rights":            nil,
		"/console/elsewhere": nil,
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Accept-Language", "en")
		p.ServeHTTP(w, r)
		if got := w.Header().Values("Link"); !slices.Equal(got, want) {
			t.Errorf("%s: Link %q, want %q", path, got, want)
		}
		face := strings.HasPrefix(path, "/console")
		for text, there := range map[string]bool{`<link rel="modulepreload" href="/assets/shared.en.js">`: true, "shared.de": false, "portal.en": !face} {
			if strings.Contains(w.Body.String(), text) != there {
				t.Errorf("%s has %s: %v\n%s", path, text, !there, w.Body)
			}
		}
	}
}
