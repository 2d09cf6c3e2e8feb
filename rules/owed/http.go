package owed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// Service answers over HTTP what is owed.
type Service struct{ Book *rights.Book }

// Routes registers "your rights" for staff, customers and everybody.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/orders/{id}/rights", Need: role.OrderRead, Tag: "rights", Summary: "What the customer of an order is owed, line by line, by law and by promise",
		Faults: []*fault.Fault{order.ErrUnknown}}, s.ofOrder)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/orders/{id}/rights", Need: role.MyOrders, Tag: "customer", Summary: "Your rights for an order, line by line, by law and by promise",
		Faults: []*fault.Fault{order.ErrUnknown}}, s.ofMine)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/public/rights", Need: role.Public, Tag: "rights", Summary: "Rights of a buyer before buying, as if the article were bought and arrived today",
		Faults: []*fault.Fault{ErrPlace}}, s.before)
}

type orderIn struct {
	httpapi.Lang
	ID string `path:"id"`
}

type viewOut struct{ Body View }

func (s *Service) ofOrder(ctx context.Context, tx *db.Tx, by actor.Actor, in *orderIn) (*viewOut, error) {
	return s.of(ctx, tx, by, in, true)
}

func (s *Service) ofMine(ctx context.Context, tx *db.Tx, by actor.Actor, in *orderIn) (*viewOut, error) {
	return s.of(ctx, tx, by, in, false)
}

func (s *Service) of(ctx context.Context, tx *db.Tx, by actor.Actor, in *orderIn, staff bool) (*viewOut, error) {
	o, err := order.ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := policy.At(ctx, tx, by.Tenant, o.Policy, o.PolicyVer)
	if err != nil {
		return nil, err
	}
	var who policy.Person
	if AsksWho(&p) {
		if who, err = Who(ctx, tx, by.Tenant, o.Customer, o.PlacedAt, tx.Now); err != nil {
			return nil, err
		}
	}
	return &viewOut{view(s.Book, &p, o, who, tx.Now, in.Language(), staff, o.Seen(by).Lines)}, nil
}

type beforeIn struct {
	httpapi.Lang
	Match    string `header:"If-None-Match"`
	Country  string `query:"country" required:"true" pattern:"^[A-Z]{2}(-[A-Z0-9]{1,3})?$" doc:"Where the buyer lives: ISO 3166 country, with the state where it has a law of its own" example:"US-NY"`
	SKU      string `query:"sku" maxLength:"200" doc:"Article of the catalogue; without it, any article"`
	Category string `query:"category" maxLength:"200" doc:"Category of the shop, where no article is named"`
	Channel  string `query:"channel" enum:"web,live,app,phone,tv,mail,doorstep,store,auction" default:"web"`
	Business bool   `query:"business" doc:"The buyer is a business"`
}

type beforeOut struct {
	Status int
	ETag   string `header:"ETag"`
	Cache  string `header:"Cache-Control"`
	Vary   string `header:"Vary"`
	Body   View
}

// before answers by the day, so that copies stay good: the time of the answer
// is the beginning of the day at the buyer's place.
func (s *Service) before(ctx context.Context, tx *db.Tx, by actor.Actor, in *beforeIn) (*beforeOut, error) {
	w := Want{Country: in.Country, SKU: in.SKU, Category: in.Category, Channel: in.Channel, Business: in.Business}
	o, err := w.order(ctx, tx, by.Tenant, s.Book)
	if err != nil {
		return nil, err
	}
	p, err := policy.Live(ctx, tx, by.Tenant, policy.Standard)
	if err != nil && !errors.Is(err, policy.ErrUnknown) {
		return nil, err
	}
	y, m, d := tx.Now.In(zone(o.Zone)).Date()
	day := time.Date(y, m, d, 12, 0, 0, 0, zone(o.Zone)).UTC()
	o.PlacedAt = day
	v := view(s.Book, &p, o, policy.Person{}, day, in.Language(), false, o.Lines)
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	out := &beforeOut{Status: http.StatusOK, ETag: `"` + hex.EncodeToString(sum[:12]) + `"`, Cache: "public, max-age=300", Vary: "Accept-Language", Body: v}
	if in.Match != "" && strings.Contains(in.Match, out.ETag) {
		out.Status = http.StatusNotModified
	}
	return out, nil
}
