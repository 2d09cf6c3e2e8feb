package widget_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/widget"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/db/dbtest"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/platform/httpapi/apitest"
)

var (
	admin = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_1", Name: "Su Qing", Role: role.Administrator}
	other = actor.Actor{Tenant: "second", Kind: actor.Staff, ID: "stf_2", Name: "Li Na", Role: role.Administrator}
	agent = actor.Actor{Tenant: "main", Kind: actor.Staff, ID: "stf_3", Name: "Wang Wu", Role: role.Agent}
	buyer = actor.Actor{Tenant: "main", Kind: actor.Customer, ID: "cus_1"}
)

func each(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{event.Schema, httpapi.Schema, widget.Schema}, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		widget.Routes(a, func(_ context.Context, _ *db.Tx, shop string) (string, error) {
			return "https://" + shop + ".example", nil
		})
		test(t, a.Handler(), d)
	})
}

func save(t *testing.T, h http.Handler, by actor.Actor, match string, origins ...string) apitest.Answer {
	t.Helper()
	return apitest.Do(t, h, "PUT", "/v1/shop/widget", apitest.As(by), apitest.Header("If-Match", match), apitest.Body(map[string]any{"origins": append([]string{}, origins...)}))
}

func read(t *testing.T, h http.Handler, by actor.Actor) apitest.Answer {
	t.Helper()
	return apitest.Do(t, h, "GET", "/v1/shop/widget", apitest.As(by))
}

func TestTheScriptIsWhereTheShopsCustomersAre(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		for _, by := range []actor.Actor{admin, other} {
			for _, got := range []apitest.Answer{read(t, h, by), save(t, h, by, "*", "https://www.example")} {
				if want := `"portal":"https://` + by.Tenant + `.example"`; !strings.Contains(string(got.Raw), want) {
					t.Errorf("%s, want %s", got.Raw, want)
				}
			}
		}
	})
}

func TestASiteIsKeptAsABrowserWritesIt(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		for typed, want := range map[string]string{
			"https://shop.example":        "https://shop.example",
			" HTTPS://WWW.Shop.Example/ ": "https://www.shop.example",
			"https://shop.example:443":    "https://shop.example",
			"https://shop.example:8443":   "https://shop.example:8443",
			"https://Bücher.example":      "https://xn--bcher-kva.example",
			"https://商店.example":          "https://xn--czrs0t.example",
			"https://192.0.2.7":           "https://192.0.2.7",
			"https://[2001:DB8::1]:8443":  "https://[2001:db8::1]:8443",
			"http://localhost:3000":       "http://localhost:3000",
			"http://shop.localhost:80":    "http://shop.localhost",
			"http://127.0.0.1:8080":       "http://127.0.0.1:8080",
			"http://[::1]:8080":           "http://[::1]:8080",
		} {
			got := save(t, h, admin, "*", typed).Want(t, 200, "")
			if diff := cmp.Diff([]any{want}, got.At("origins")); diff != "" {
				t.Errorf("%q (-want +got):\n%s", typed, diff)
			}
		}
	})
}

func TestWhatIsNoSiteIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		for _, typed := range []string{
			"", "*", "null", "shop.example", "https://", "https://*.shop.example", "https://shop.example/path", "https://shop.example?x", "https://shop.example?", "https://shop.example#",
			"https://a:b@shop.example", "http://shop.example", "http://192.0.2.7", "ftp://shop.example", "javascript:alert(1)", "data:text/html,x", "https://shop.example:0", "https://shop.example:70000",
			"https://shop.example:", "https://shop .example", "https://shop.example;script-src *", "https://shop.example,https://evil.example", "https://shop_1.example", "https://-shop.example",
			"https://shop..example", "https://10.1", "https://[fe80::1%25eth0]", "https://shop.example\r\nX: y", "https://'self'", "'self'", "https://" + strings.Repeat("a", 300) + ".example",
		} {
			got := save(t, h, admin, "*", "https://right.example", typed)
			if got.Status != 422 || got.Text("code") != "widget.invalid" || got.Text("errors.0.field") != "body.origins[1]" {
				t.Errorf("%q: %d %s", typed, got.Status, got.Raw)
			}
		}
		if now := read(t, h, admin).Want(t, 200, ""); now.At("version") != 0.0 {
			t.Errorf("something was kept: %s", now.Raw)
		}
	})
}

func TestTheSitesOfAShopAreItsOwn(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		events := apitest.Events(t, d)
		if none := read(t, h, admin).Want(t, 200, ""); none.At("version") != 0.0 || len(none.At("origins").([]any)) != 0 {
			t.Fatalf("%s", none.Raw)
		}
		first := save(t, h, admin, "*", "https://b.example", "https://a.example", "https://A.example/").Want(t, 200, "")
		if diff := cmp.Diff([]any{"https://a.example", "https://b.example"}, first.At("origins")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		save(t, h, admin, `"1"`, "https://b.example", "https://a.example").Want(t, 200, "") // the same: no change
		save(t, h, admin, `"7"`, "https://c.example").Want(t, 412, "widget.stale")
		save(t, h, admin, `"1"`).Want(t, 200, "")
		if far := read(t, h, other).Want(t, 200, ""); far.At("version") != 0.0 {
			t.Errorf("another shop has them: %s", far.Raw)
		}
		if got := fmt.Sprint(events()); got != "[widget.changed widget.changed]" {
			t.Error(got)
		}
	})
}

func TestOnlyWhoManagesTheShopSeesAndChangesItsSites(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		for by, status := range map[string]struct {
			who  actor.Actor
			want int
		}{"agent": {agent, 403}, "customer": {buyer, 403}, "nobody": {actor.Actor{Tenant: "main", Kind: actor.Nobody}, 401}} {
			if got := read(t, h, status.who); got.Status != status.want {
				t.Errorf("%s reads: %d, want %d", by, got.Status, status.want)
			}
			if got := save(t, h, status.who, "*", "https://evil.example"); got.Status != status.want {
				t.Errorf("%s changes: %d, want %d", by, got.Status, status.want)
			}
		}
		many := make([]string, widget.Most+1)
		for i := range many {
			many[i] = fmt.Sprintf("https://s%d.example", i)
		}
		if got := save(t, h, admin, "*", many...); got.Status != 422 {
			t.Errorf("%d sites: %d %s", len(many), got.Status, got.Raw)
		}
	})
}
