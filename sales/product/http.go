package product

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is an article as staff see it.
type View struct {
	SKU       string       `json:"sku"`
	Title     string       `json:"title"`
	Variant   string       `json:"variant,omitempty"`
	Group     string       `json:"group,omitempty" doc:"Shared by the variants of one thing"`
	Category  string       `json:"category,omitempty"`
	ImageURL  string       `json:"image_url,omitempty"`
	Seller    string       `json:"seller,omitempty"`
	Price     money.Amount `json:"price" doc:"Of one unit, with tax"`
	Tax       int64        `json:"tax" doc:"Inside the price, in minor units"`
	Stock     *int64       `json:"stock,omitempty" doc:"Missing: not known"`
	Active    bool         `json:"active" doc:"Whether it is sold at present"`
	Version   int64        `json:"version"`
	UpdatedAt time.Time    `json:"updated_at"`
	Law
}

// MyView is an article as customers see it.
type MyView struct {
	SKU       string       `json:"sku"`
	Title     string       `json:"title"`
	Variant   string       `json:"variant,omitempty"`
	ImageURL  string       `json:"image_url,omitempty"`
	Price     money.Amount `json:"price" doc:"Of one unit, with tax"`
	Available bool         `json:"available" doc:"Whether it can be had now"`
}

func view(p Product) View {
	v := View{p.SKU, p.Title, p.Variant, p.Group, p.Category, p.ImageURL, p.Seller, p.Price, p.Tax, nil, p.Active, p.Version, p.UpdatedAt, p.Law}
	if p.Stock != Untold {
		v.Stock = &p.Stock
	}
	return v
}

type listIn struct {
	httpapi.Page
	Q      string `query:"q" maxLength:"200" doc:"Part of the number, the title or the variant"`
	Group  string `query:"group" maxLength:"200" doc:"Only variants of this group"`
	Active bool   `query:"active" doc:"Only what is sold at present"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
		Next  string `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

type getIn struct {
	SKU string `path:"sku" maxLength:"200"`
}

type productOut struct {
	Status int
	ETag   string `header:"ETag"`
	Body   View
}

type putIn struct {
	httpapi.IfMatch
	SKU  string `path:"sku" maxLength:"200"`
	Body Draft
}

type mineIn struct {
	SKU string `query:"sku" required:"true" minLength:"1" maxLength:"200" doc:"The article that shall be exchanged"`
}

type mineOut struct {
	Body struct {
		Items []MyView `json:"items" nullable:"false"`
		Next  string   `json:"next" doc:"Always empty: at most 200 variants"`
	}
}

// Routes adds the catalogue. A seller sees own articles only.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/products", Need: role.ProductRead, Tag: "products", Summary: "List or search products"}, list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/products/{sku}", Need: role.ProductRead, Tag: "products",
		Summary: "Read a product", Faults: []*fault.Fault{ErrUnknown}}, get)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/products/{sku}", Need: role.ProductWrite, Tag: "products",
		Summary: "Store a product as it is sold now; If-Match: * stores it whatever there was", Faults: []*fault.Fault{ErrInvalid, ErrStale, ErrUnknown}}, s.put)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/products", Need: role.MyOrders, Tag: "my",
		Summary: "List what an article may be exchanged for: the variants of its group that are sold; none where the catalogue does not have it"}, mine)
}

func list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	q := Query{Text: in.Q, Group: in.Group, Active: in.Active, Limit: in.Limit}
	if err := httpapi.DecodeCursor(in.Cursor, &q.After); err != nil {
		return nil, err
	}
	found, next, err := Page(ctx, tx, by, q)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	if next != "" {
		out.Body.Next = httpapi.EncodeCursor(next)
	}
	for _, p := range found {
		out.Body.Items = append(out.Body.Items, view(p))
	}
	return out, nil
}

func get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*productOut, error) {
	p, err := BySKU(ctx, tx, by.Tenant, in.SKU)
	if err == nil && by.Seller != "" && p.Seller != by.Seller {
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	return &productOut{Status: http.StatusOK, ETag: httpapi.ETag(p.Version), Body: view(p)}, nil
}

func (s *Service) put(ctx context.Context, tx *db.Tx, by actor.Actor, in *putIn) (*productOut, error) {
	seen, err := in.IfMatch.Version()
	if err != nil {
		return nil, err
	}
	if in.Body.SKU != in.SKU {
		return nil, ErrInvalid.At("body.sku", "is not that of the address", in.SKU)
	}
	p, changed, err := s.Put(ctx, tx, by, in.Body, seen)
	if err != nil {
		return nil, err
	}
	out := &productOut{Status: http.StatusOK, ETag: httpapi.ETag(p.Version), Body: view(p)}
	if changed && p.Version == 1 {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func mine(ctx context.Context, tx *db.Tx, by actor.Actor, in *mineIn) (*mineOut, error) {
	found, err := Variants(ctx, tx, by.Tenant, in.SKU)
	if err != nil && !errors.Is(err, ErrUnknown) { // a shop need not have a catalogue
		return nil, err
	}
	out := &mineOut{}
	out.Body.Items = []MyView{}
	for _, p := range found {
		out.Body.Items = append(out.Body.Items, MyView{p.SKU, p.Title, p.Variant, p.ImageURL, p.Price, p.Has(1)})
	}
	return out, nil
}
