package app

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/desk/brand"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// manifest is what a phone needs to know to install the portal: its members are
// those of the W3C's web application manifest.
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	Lang       string         `json:"lang"`
	Dir        string         `json:"dir"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifestRoute serves the manifest of the shop whose host is asked.
func (h *House) manifestRoute(a *httpapi.API) {
	op := httpapi.Op{Route: "GET /v1/shop/manifest", Need: httpapi.Public, Tag: "Shop", Produces: "application/manifest+json",
		Summary: "Let a phone install the portal: a web application manifest with the shop's name"}
	httpapi.Stream(a, op, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
		var shop tenant.Tenant
		var look brand.Brand
		err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if shop, err = tenant.ByID(ctx, tx, by.Tenant); err != nil {
				return err
			}
			look, err = brand.Of(ctx, tx, by.Tenant)
			return err
		})
		if err != nil {
			return err
		}
		short := []rune(shop.Name)
		m := manifest{
			ID: "/", Name: shop.Name, ShortName: string(short[:min(len(short), 12)]), Lang: shop.Language, Dir: locale.Direction(shop.Language),
			StartURL: "/orders", Scope: "/", Display: "standalone", Theme: "#ffffff", Background: "#ffffff",
			Icons: []manifestIcon{
				{"/icon-192.png", "192x192", "image/png", "any"},
				{"/icon-512.png", "512x512", "image/png", "any"},
				{"/icon-maskable-512.png", "512x512", "image/png", "maskable"},
			},
		}
		if look.Icon.Digest != "" {
			url := look.Icon.URL()
			m.Icons = []manifestIcon{{url + "?side=192", "192x192", "image/png", "any"}, {url, "512x512", "image/png", "any"}}
		}
		w.Header().Set("Content-Type", "application/manifest+json")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		return json.NewEncoder(w).Encode(m)
	})
}
