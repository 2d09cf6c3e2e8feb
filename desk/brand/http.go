package brand

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the look of a shop.
func Routes(a *httpapi.API, store *db.DB) {
	op := func(route, summary string, faults ...*fault.Fault) httpapi.Op {
		return httpapi.Op{Route: route, Need: role.ShopManage, Tag: "Shop", Summary: summary, Faults: faults}
	}
	read := op("GET /v1/shop/brand", "How the shop looks to its customers")
	read.Need = httpapi.Public
	httpapi.Read(a, read, get)
	httpapi.Write(a, op("PUT /v1/shop/brand", "Change the shop's colour, words and links", ErrInvalid, ErrPale, ErrStale), save)
	httpapi.Read(a, op("GET /v1/shop/brand/colours", "What an accent would give", ErrInvalid, ErrPale), colours)
	upload := op("PUT /v1/shop/brand/{picture}", "Give the shop a logo or an icon", ErrPicture, ErrStale)
	upload.MaxBody = MaxBytes*4/3 + 1<<10 // as base64, in JSON
	httpapi.Plain(a, upload, func(ctx context.Context, by actor.Actor, in *pictureIn) (*viewOut, error) {
		return show(ctx, store, by, in)
	})
	httpapi.Write(a, op("DELETE /v1/shop/brand/{picture}", "Take the logo or the icon away", ErrStale), remove)
	picture := op("GET /v1/shop/pictures/{name}", "The shop's logo or icon", ErrUnknown)
	picture.Need, picture.Produces = httpapi.Public, "image/png"
	picture.Query = map[string]string{"side": "Of an icon: 192 or 512 pixels"}
	httpapi.Stream(a, picture, func(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
		return serve(ctx, store, by, w, r)
	})
}

// View is the look of a shop as anybody may see it.
type View struct {
	Version int64           `json:"version" doc:"0: never changed; then If-Match is *"`
	Accent  string          `json:"accent" example:"#0a7d55" doc:"sRGB as #rrggbb; empty: the accent that every shop starts with"`
	Light   *Palette        `json:"light,omitempty" doc:"Colours made from the accent"`
	Dark    *Palette        `json:"dark,omitempty"`
	Texts   map[string]Text `json:"texts" nullable:"false" doc:"By language (BCP 47); a language without words has the standard ones"`
	Links   []Link          `json:"links" nullable:"false"`
	Logo    *Shown          `json:"logo,omitempty"`
	Icon    *Shown          `json:"icon,omitempty"`
}

// Shown is a picture as a page shows it.
type Shown struct {
	URL    string `json:"url"`
	Width  int    `json:"width" doc:"Pixels"`
	Height int    `json:"height" doc:"Pixels"`
}

func shownOf(p Picture) *Shown {
	if p.Digest == "" {
		return nil
	}
	return &Shown{p.URL(), p.Width, p.Height}
}

// URL is where the picture is, relative to the shop's host; it never changes.
func (p Picture) URL() string { return "/v1/shop/pictures/" + p.Digest + ".png" }

// View is the brand as the API tells it.
func (b Brand) View() View {
	v := View{Version: b.Version, Accent: b.Accent, Texts: b.Texts, Links: b.Links, Logo: shownOf(b.Logo), Icon: shownOf(b.Icon)}
	if b.Accent != "" {
		light, dark := Palettes(b.Accent)
		v.Light, v.Dark = &light, &dark
	}
	if v.Texts == nil {
		v.Texts = map[string]Text{}
	}
	if v.Links == nil {
		v.Links = []Link{}
	}
	return v
}

type viewOut struct {
	ETag string `header:"ETag"`
	Body View
}

func answer(b Brand, err error) (*viewOut, error) {
	if err != nil {
		return nil, err
	}
	return &viewOut{httpapi.ETag(b.Version), b.View()}, nil
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*viewOut, error) {
	return answer(Of(ctx, tx, by.Tenant))
}

type saveIn struct {
	httpapi.IfMatch
	Body struct {
		Accent string          `json:"accent,omitempty" maxLength:"20" doc:"sRGB as #rrggbb; white text on it needs a contrast of 4.5; empty: the standard one"`
		Texts  map[string]Text `json:"texts,omitempty"`
		Links  []Link          `json:"links,omitempty" maxItems:"6"`
	}
}

func save(ctx context.Context, tx *db.Tx, by actor.Actor, in *saveIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return answer(Save(ctx, tx, by, Brand{Version: version, Accent: in.Body.Accent, Texts: in.Body.Texts, Links: in.Body.Links}))
}

type coloursIn struct {
	Accent string `query:"accent" maxLength:"20" doc:"#rrggbb"`
}

type coloursOut struct {
	Body struct {
		Light Palette `json:"light"`
		Dark  Palette `json:"dark"`
	}
}

func colours(_ context.Context, _ *db.Tx, _ actor.Actor, in *coloursIn) (*coloursOut, error) {
	accent, err := readable(in.Accent)
	if err != nil {
		return nil, err
	}
	out := &coloursOut{}
	out.Body.Light, out.Body.Dark = Palettes(accent)
	return out, nil
}

// Which names a picture of the look.
type Which struct {
	Picture string `path:"picture" enum:"logo,icon"`
}

func (w Which) icon() bool { return w.Picture == "icon" }

type pictureIn struct {
	httpapi.IfMatch
	Which
	Body struct {
		Content []byte `json:"content" doc:"PNG, JPEG, WebP or GIF of up to 512 KB, in base64; it is drawn anew as PNG. An icon is a square of at least 192 pixels"`
	}
}

// show draws before the transaction: a large picture takes a while, and writers
// wait for each other.
func show(ctx context.Context, store *db.DB, by actor.Actor, in *pictureIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	content, p, err := drawn(in.Body.Content, in.icon())
	if err != nil {
		return nil, err
	}
	var out *viewOut
	err = store.Write(ctx, func(tx *db.Tx) (err error) {
		if out, err = answer(Show(ctx, tx, by, version, in.icon(), p, content)); err != nil {
			return err
		}
		return httpapi.Keep(ctx, tx, out)
	})
	return out, err
}

type removeIn struct {
	httpapi.IfMatch
	Which
}

func remove(ctx context.Context, tx *db.Tx, by actor.Actor, in *removeIn) (*viewOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return answer(Show(ctx, tx, by, version, in.icon(), Picture{}, nil))
}

// serve sends a picture, which its name stands for, so that it is kept for ever.
func serve(ctx context.Context, store *db.DB, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	digest, isPNG := strings.CutSuffix(r.PathValue("name"), ".png")
	if !isPNG {
		return ErrUnknown
	}
	side := iconSide
	if r.URL.Query().Get("side") == "192" {
		side = iconLeast
	}
	var raw []byte
	err := store.Read(ctx, func(tx *db.Tx) (err error) {
		raw, err = content(ctx, tx, by.Tenant, digest)
		return err
	})
	if err == nil && side != iconSide {
		raw, err = smaller(raw, side)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // readers of e-mail show it as well
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
	return nil
}
