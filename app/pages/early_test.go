package pages_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aftercare/aftercare/app/pages"
)

// What a page shows first is asked for by the page itself, by a script that the
// policy of the page names.
func TestAPageAsksForWhatItShowsFirst(t *testing.T) {
	p, err := pages.New(fstest.MapFS{
		"portal.html":  {Data: []byte(`<html lang="en"><head></head><body></body></html>`)},
		"console.html": {Data: []byte(`<html lang="en"><head></head><body></body></html>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/return/ord_1": `get("my/orders/" + page[2])`, "/console/cases": `get("cases?limit=50")`,
	} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		p.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		_, rest, _ := strings.Cut(w.Body.String(), "<head><script>")
		script, _, found := strings.Cut(rest, "</script>")
		sum := sha256.Sum256([]byte(script))
		named := " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if policy := w.Header().Get("Content-Security-Policy"); !found || !strings.Contains(script, want) || !strings.Contains(policy, "script-src 'self'") || !strings.Contains(policy, named) {
			t.Errorf("%s: policy %s of %s", path, policy, script)
		}
	}
}
