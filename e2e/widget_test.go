package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func TestThePortalIsAWidgetOnTheSitesOfTheShop(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		openShop(t, database).walk(t, "widget")
	})
}

func TestFilesAndPaymentsLeaveTheFrame(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		company := newTill(t)
		s := openShop(t, database, "--stripe-endpoint", company.URL, "--stripe-key", goodKey, "--stripe-webhook-secret", hookSecret)
		company.shop = s.url
		s.run(t, "", "import", "products", writeFile(t, "products.jsonl", []byte(`{"sku":"POT","title":"茶壶","price":{"minor":15000,"currency":"CNY"},"tax":1726}`+"\n")))
		s.wish["till"] = company.URL
		s.walk(t, "widget-out")
	})
}

// The headers that a browser sends decide: a page of the frame itself, the site
// around it, and others.
func TestAFrameIsSignedInForItsSiteAlone(t *testing.T) {
	each(t, func(t *testing.T, database string) {
		s := installation(t, database)
		s.run(t, "", "import", "orders", writeOrders(t, buyers))
		key := bearer(s.key(t, "walk", "shop.manage", "order.read"))
		s.start(t)
		made := s.must(t, "POST", "/v1/shop/keys", map[string]any{"name": "site"}, key)
		claims := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"order": buyers["widget"].Number, "exp": time.Now().Add(time.Hour).Unix()})
		claims.Header["kid"] = made.field("id")
		signed, err := claims.SignedString([]byte(made.field("secret")))
		if err != nil {
			t.Fatal(err)
		}
		ask := func(framed bool, headers ...credentials) answer {
			t.Helper()
			return s.ask(t, "POST", "/v1/my/session", map[string]any{"token": signed, "framed": framed}, headers...)
		}
		ours := header("Sec-Fetch-Site", "same-origin")
		if got := ask(true, ours); got.status != http.StatusForbidden || got.field("code") != "proof.no_frame" {
			t.Errorf("a shop without a widget: %d %s", got.status, got.body)
		}
		for path, want := range map[string]string{"/widget": "'none'", "/console": "'none'"} {
			if got := s.ask(t, "GET", path, nil); !strings.Contains(got.header.Get("Content-Security-Policy"), "frame-ancestors "+want) {
				t.Errorf("%s before a site is listed: %s", path, got.header.Get("Content-Security-Policy"))
			}
		}
		s.must(t, "PUT", "/v1/shop/widget", map[string]any{"origins": []string{"https://Silk.example/"}}, key, header("If-Match", "*"))
		for path, want := range map[string]string{
			"/widget": "https://silk.example", "/widget/orders/ord_1": "https://silk.example", "/": "'none'", "/orders": "'none'", "/console": "'none'", "/console/widget": "'none'", "/v1/shop": "'none'", "/widget.js": "'none'", "/verify": "'none'",
		} {
			if got := s.ask(t, "GET", path, nil); !strings.Contains(got.header.Get("Content-Security-Policy")+";", "frame-ancestors "+want+";") || got.header.Get("X-Frame-Options") != "" {
				t.Errorf("%s: %s", path, got.header.Get("Content-Security-Policy"))
			}
		}

		usual := ask(false, ours).header.Values("Set-Cookie")
		if len(usual) != 1 || !strings.HasPrefix(usual[0], "aftercare_customer=") || !strings.Contains(usual[0], "SameSite=Lax") {
			t.Errorf("a page of its own: %q", usual)
		}
		framed := ask(true, ours).header.Values("Set-Cookie")
		if len(framed) != 1 || !strings.HasPrefix(framed[0], "__Host-aftercare_frame=") || !strings.HasSuffix(framed[0], "; HttpOnly; Secure; SameSite=None; Partitioned") {
			t.Fatalf("a frame: %q", framed)
		}
		token, _, _ := strings.Cut(strings.TrimPrefix(framed[0], "__Host-aftercare_frame="), ";")
		frame := cookie("__Host-aftercare_frame", token)
		for name, tt := range map[string]struct {
			method, path string
			as           []credentials
			want         int
		}{
			"the frame reads":                {"GET", "/v1/my/orders", []credentials{frame, ours}, 200},
			"the site around it reads":       {"GET", "/v1/my/orders", []credentials{frame, header("Sec-Fetch-Site", "cross-site")}, 401},
			"a neighbour reads":              {"GET", "/v1/my/orders", []credentials{frame, header("Sec-Fetch-Site", "same-site")}, 401},
			"nobody says who reads":          {"GET", "/v1/my/orders", []credentials{frame}, 401},
			"the site around it changes":     {"DELETE", "/v1/my/session", []credentials{frame, header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://silk.example")}, 403},
			"an old browser's other site":    {"DELETE", "/v1/my/session", []credentials{frame, header("Origin", "https://silk.example")}, 403},
			"it is nothing for staff":        {"GET", "/v1/session", []credentials{frame, ours}, 401},
			"it is nothing as a page's own":  {"GET", "/v1/orders", []credentials{cookie("aftercare_staff", token), ours}, 401},
			"the frame signs out at the end": {"GET", "/v1/my/session", []credentials{frame, ours}, 200},
		} {
			if got := s.ask(t, tt.method, tt.path, nil, tt.as...); got.status != tt.want {
				t.Errorf("%s: %d %s, want %d", name, got.status, got.body, tt.want)
			}
		}
		gone := s.ask(t, "DELETE", "/v1/my/session", nil, frame, ours)
		if all := strings.Join(gone.header.Values("Set-Cookie"), "\n"); gone.status != http.StatusNoContent || !strings.Contains(all, "__Host-aftercare_frame=;") || !strings.Contains(all, "Partitioned") {
			t.Errorf("signed out: %d %q", gone.status, all)
		}
		if got := s.ask(t, "GET", "/v1/my/orders", nil, frame, ours); got.status != http.StatusUnauthorized {
			t.Errorf("after signing out: %d", got.status)
		}
		s.must(t, "PUT", "/v1/shop/widget", map[string]any{"origins": []string{}}, key, header("If-Match", "*"))
		if got := ask(true, ours); got.status != http.StatusForbidden {
			t.Errorf("no site any more: %d", got.status)
		}
	})
}
