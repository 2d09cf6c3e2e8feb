package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
)

// scanned is what a scanner reads from a picture or a page that the server gives.
func scanned(t *testing.T, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(string(content), "%PDF") {
		if out, err := exec.Command("pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", file, file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		file += ".png"
	}
	out, err := exec.Command("zbarimg", "-q", file).Output()
	if err != nil {
		t.Fatalf("nothing to scan: %v", err)
	}
	return string(out)
}

// What is printed leads to where the shop is at home: its own host, else the
// address of the installation.
func TestPaperLeadsToTheShopsOwnHost(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		w := openWorld(t, database, "--base-url", "https://care.example:8443")
		p := w.soldByNanshan(t)
		papers := map[string]string{
			"/v1/shop/qr.png?order=NS-1":                 "/?order=NS-1",
			"/v1/cases/" + p.ids["cases"] + "/label.pdf": "/cases/" + p.ids["cases"] + "?order=NS-1",
			outgoing(t, w, p):                            "/cases/" + p.ids["replaced"] + "?order=NS-1",
		}
		for _, one := range []struct{ host, at string }{{"", "https://care.example:8443"}, {"silk.example", "https://silk.example:8443"}} {
			w.must(t, "PUT", "/v1/shop/settings", map[string]any{"name": "Silk", "host": one.host, "zone": "Asia/Shanghai", "language": "zh-CN", "currency": "CNY",
				"return_address": map[string]any{"name": "Depot", "lines": []string{"1 Road"}, "city": "Hangzhou", "country": "CN"}}, p.as(role.Administrator), header("If-Match", "*"))
			for path, want := range papers {
				if got := scanned(t, w.must(t, "GET", path, nil, p.asKey()).body); !strings.Contains(got, "QR-Code:"+one.at+want+"\n") {
					t.Errorf("%s of a shop at %q has %q, want %s%s", path, one.host, got, one.at, want)
				}
			}
		}
		if got := scanned(t, w.must(t, "GET", "/v1/shop/qr.png?order=NS-1", nil, w.second.asKey()).body); !strings.Contains(got, "https://second.example:8443/?order=NS-1\n") {
			t.Errorf("the second shop's slip has %q", got)
		}
		taken := map[string]any{"name": "Second", "zone": "Europe/Berlin", "language": "en", "currency": "EUR", "return_address": map[string]any{"name": "", "lines": []string{}}}
		for host, code := range map[string]string{"silk.example": "tenant.taken", "care.example": "tenant.taken", "": "tenant.host_needed", "https://x.example": "tenant.invalid"} {
			taken["host"] = host
			if got := w.ask(t, "PUT", "/v1/shop/settings", taken, w.second.as(role.Administrator), header("If-Match", "*")); got.field("code") != code {
				t.Errorf("the second shop at %q: %d %s, want %s", host, got.status, got.body, code)
			}
		}
	})
}
