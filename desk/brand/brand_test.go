package brand_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/desk/brand"
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
)

func each(t *testing.T, test func(t *testing.T, h http.Handler, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, []db.Schema{event.Schema, httpapi.Schema, brand.Schema}, func(t *testing.T, d *db.DB) {
		a := apitest.New(d, role.Allow)
		brand.Routes(a, d)
		test(t, a.Handler(), d)
	})
}

func do(t *testing.T, h http.Handler, by actor.Actor, method, path, match string, body any) apitest.Answer {
	t.Helper()
	options := []apitest.Option{apitest.As(by)}
	if match != "" {
		options = append(options, apitest.Header("If-Match", match))
	}
	if body != nil {
		options = append(options, apitest.Body(body))
	}
	return apitest.Do(t, h, method, path, options...)
}

func pngOf(t *testing.T, w, h int) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(0, 0, color.NRGBA{1, 2, 3, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// huge is a small file that says it has far more pixels than are taken.
func huge(t *testing.T) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(pngOf(t, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint32(raw[16:], 50_000)
	binary.BigEndian.PutUint32(raw[20:], 50_000)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return base64.StdEncoding.EncodeToString(raw)
}

func TestAShopLooksLikeItself(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, d *db.DB) {
		events := apitest.Events(t, d)
		plain := do(t, h, actor.Actor{Tenant: "main"}, "GET", "/v1/shop/brand", "", nil).Want(t, 200, "")
		if plain.At("version") != 0.0 || plain.Text("accent") != "" || plain.At("light") != nil {
			t.Fatalf("%s", plain.Raw)
		}
		look := map[string]any{
			"accent": "#0A7D55", "texts": map[string]any{"en": map[string]any{"title": " Returns at Silk ", "intro": "Thirty days."}, "ja": map[string]any{"title": " "}},
			"links": []any{map[string]any{"kind": "terms", "url": "https://silk.example/terms"}, map[string]any{"kind": "contact", "url": "mailto:care@silk.example"}},
		}
		saved := do(t, h, admin, "PUT", "/v1/shop/brand", "*", look).Want(t, 200, "")
		if saved.Text("accent") != "#0a7d55" || saved.Text("texts.en.title") != "Returns at Silk" || saved.At("texts.ja") != nil || saved.Text("light.accent") != "#0a7d55" {
			t.Errorf("%s", saved.Raw)
		}
		do(t, h, admin, "PUT", "/v1/shop/brand", `"7"`, look).Want(t, 412, "brand.stale")
		do(t, h, agent, "PUT", "/v1/shop/brand", "*", look).Want(t, 403, "role.denied")
		if far := do(t, h, other, "GET", "/v1/shop/brand", "", nil); far.At("version") != 0.0 {
			t.Errorf("another shop looks like it: %s", far.Raw)
		}

		logo := do(t, h, admin, "PUT", "/v1/shop/brand/logo", `"1"`, map[string]any{"content": pngOf(t, 960, 96)}).Want(t, 200, "")
		if logo.At("logo.width") != 480.0 || logo.At("logo.height") != 48.0 || logo.Text("accent") != "#0a7d55" {
			t.Errorf("%s", logo.Raw)
		}
		icon := do(t, h, admin, "PUT", "/v1/shop/brand/icon", `"2"`, map[string]any{"content": pngOf(t, 200, 200)}).Want(t, 200, "")
		for path, side := range map[string]int{icon.Text("icon.url"): 512, icon.Text("icon.url") + "?side=192": 192} {
			got := do(t, h, actor.Actor{Tenant: "main"}, "GET", path, "", nil).Want(t, 200, "")
			m, err := png.Decode(bytes.NewReader(got.Raw))
			if err != nil || m.Bounds().Dx() != side || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %v %v %v", path, err, m.Bounds(), got.Header)
			}
		}
		do(t, h, actor.Actor{Tenant: "second"}, "GET", icon.Text("icon.url"), "", nil).Want(t, 404, "brand.unknown")
		gone := do(t, h, admin, "DELETE", "/v1/shop/brand/logo", `"3"`, nil).Want(t, 200, "")
		if gone.At("logo") != nil || gone.At("icon") == nil {
			t.Errorf("%s", gone.Raw)
		}
		do(t, h, admin, "GET", logo.Text("logo.url"), "", nil).Want(t, 404, "brand.unknown")
		if got := fmt.Sprint(events()); got != "[brand.changed brand.changed brand.changed brand.changed]" {
			t.Error(got)
		}
	})
}

func TestWhatCannotBeShownIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h http.Handler, _ *db.DB) {
		pale := do(t, h, admin, "PUT", "/v1/shop/brand", "*", map[string]any{"accent": "#ffd54f"}).Want(t, 422, "brand.pale")
		suggestion := pale.Text("suggestion")
		do(t, h, admin, "PUT", "/v1/shop/brand", "*", map[string]any{"accent": suggestion}).Want(t, 200, "")
		for name, body := range map[string]map[string]any{
			"no colour":          {"accent": "red"},
			"a language of none": {"texts": map[string]any{"xx": map[string]any{"title": "x"}}},
			"two lines":          {"texts": map[string]any{"en": map[string]any{"title": "a\nb"}}},
			"too long":           {"texts": map[string]any{"en": map[string]any{"intro": strings.Repeat("长", 301)}}},
			"a program":          {"links": []any{map[string]any{"kind": "terms", "url": "javascript:alert(1)"}}},
			"a password":         {"links": []any{map[string]any{"kind": "terms", "url": "https://a:b@shop.example"}}},
			"another kind":       {"links": []any{map[string]any{"kind": "shop", "url": "https://shop.example"}}},
		} {
			t.Run(name, func(t *testing.T) { do(t, h, admin, "PUT", "/v1/shop/brand", "*", body).Want(t, 422, "brand.invalid") })
		}
		svg := base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))
		for name, picture := range map[string][2]string{
			"a drawing": {"logo", svg}, "not square": {"icon", pngOf(t, 300, 200)}, "too small": {"icon", pngOf(t, 100, 100)}, "too many pixels": {"logo", huge(t)},
		} {
			t.Run(name, func(t *testing.T) {
				do(t, h, admin, "PUT", "/v1/shop/brand/"+picture[0], "*", map[string]any{"content": picture[1]}).Want(t, 422, "brand.picture")
			})
		}
	})
}
