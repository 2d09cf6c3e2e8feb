package app

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/app/pages"
	"github.com/aftercare/aftercare/desk/brand"
	"github.com/aftercare/aftercare/desk/widget"
	"github.com/aftercare/aftercare/platform/db"
)

// brands lets shops look like themselves: on their pages and in their e-mails.
func (h *House) brands(s *services, shown *pages.Pages) {
	brand.Routes(s.api, h.DB)
	widget.Routes(s.api, h.portal)
	shown.Look = h.look
	s.notices.Look = func(ctx context.Context, tx *db.Tx, shop string) (accent, logo string, height int, err error) {
		b, err := brand.Of(ctx, tx, shop)
		if err != nil || b.Logo.Digest == "" {
			return b.Accent, "", 0, err
		}
		return b.Accent, b.Logo.URL(), min(b.Logo.Height, 48), nil
	}
}

// portal is where a shop's customers find it; empty where no address was set.
func (h *House) portal(ctx context.Context, tx *db.Tx, shop string) (string, error) {
	t, err := tenant.ByID(ctx, tx, shop)
	if err != nil || t.Host == "" && h.Config.BaseURL == "" {
		return "", err
	}
	return t.At(h.base()), nil
}

// look is how the shop of a request looks. A page that cannot be dressed is
// served plain: its own requests say what is wrong.
func (h *House) look(r *http.Request) (look pages.Look) {
	var b brand.Brand
	var shown widget.Widget
	err := h.DB.Read(r.Context(), func(tx *db.Tx) error {
		shop, err := tenant.ByHost(r.Context(), tx, r.Host)
		if err != nil {
			return err
		}
		if shown, err = widget.Of(r.Context(), tx, shop.ID); err != nil {
			return err
		}
		b, err = brand.Of(r.Context(), tx, shop.ID)
		return err
	})
	if err != nil {
		return look
	}
	look.Origins = shown.Origins
	if b.Version == 0 {
		return look
	}
	if b.Accent != "" {
		light, dark := brand.Palettes(b.Accent)
		look.Accents = [2]string{light.Accent, dark.Accent}
	}
	look.Style = brand.Style(b.Accent)
	if b.Icon.Digest != "" {
		look.Icon = b.Icon.URL() + "?side=192"
	}
	v := b.View()
	if look.Data, err = json.Marshal(map[string]any{"texts": v.Texts, "links": v.Links, "logo": v.Logo}); err != nil {
		return pages.Look{}
	}
	return look
}

// framed reports whether a shop shows its portal inside other sites.
func framed(ctx context.Context, tx *db.Tx, shop string) (bool, error) {
	w, err := widget.Of(ctx, tx, shop)
	return w.On(), err
}
