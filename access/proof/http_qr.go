package proof

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/boombuler/barcode/qr"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// LookupLink is where a customer proves an order to be his, with its number
// filled in, at the host of its shop. It opens nothing by itself, so it may be
// printed on a parcel.
func (s *Service) LookupLink(shop tenant.Tenant, number string) string {
	return shop.At(s.o.Base) + "/?order=" + url.QueryEscape(number)
}

func (s *Service) qrRoute(a *httpapi.API) {
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/shop/qr.png", Need: role.OrderRead, Tag: "Shop", Produces: "image/png",
		Summary: "QR code for a packing slip: leads to the look-up of an order, whose holder still has to prove it",
		Query:   map[string]string{"order": "Number of the order"}}, s.getQR)
}

const (
	module   = 8 // pixels of a QR module: 4 cm wide at 300 dpi, and scales down without loss
	quiet    = 4 // modules of white around it, as ISO 18004 wants
	mostSlip = 128
)

func (s *Service) getQR(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	order := number(r.URL.Query().Get("order"))
	if order == "" || utf8.RuneCountInString(order) > mostSlip {
		return httpapi.ErrInvalid.At("order", "is missing or too long", fmt.Sprintf("1 to %d characters", mostSlip))
	}
	var shop tenant.Tenant
	err := s.o.Store.Read(ctx, func(tx *db.Tx) (err error) {
		shop, err = tenant.ByID(ctx, tx, by.Tenant)
		return err
	})
	if err != nil {
		return err
	}
	code, err := qr.Encode(s.LookupLink(shop, order), qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	size := code.Bounds().Dx()
	picture := image.NewPaletted(image.Rect(0, 0, (size+2*quiet)*module, (size+2*quiet)*module), color.Palette{color.White, color.Black})
	for y := range size {
		for x := range size {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark == 0 {
				at := image.Rect(0, 0, module, module).Add(image.Pt(x+quiet, y+quiet).Mul(module))
				draw.Draw(picture, at, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	w.Header().Set("Content-Type", "image/png")
	return png.Encode(w, picture)
}
