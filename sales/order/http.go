package order

import (
	"context"
	"errors"
	"net/http"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// Routes registers what staff and programs do with orders.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/orders", Need: role.OrderRead, Tag: "orders", Summary: "List or search orders"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/orders/{id}", Need: role.OrderRead, Tag: "orders", Summary: "Read an order", Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Write(a, httpapi.Op{
		Route: "POST /v1/orders", Need: role.OrderWrite, Tag: "orders", Status: http.StatusCreated, MaxBody: 4 << 20,
		Summary: "Store an order; one that is stored already with the same content is answered with 200", Faults: []*fault.Fault{ErrInvalid, ErrDiffers},
	}, s.post)
	s.parcelRoutes(a)
}

type listIn struct {
	httpapi.Page
	Q       string `query:"q" maxLength:"200" doc:"Start of an order number, or exactly a customer's name, e-mail or phone for who may see those"`
	Channel string `query:"channel" maxLength:"40" doc:"Only contracts made this way; - for orders that name none" example:"live"`
}

type listOut struct {
	Body struct {
		Items []SummaryView `json:"items" nullable:"false"`
		Next  string        `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	q := Query{Text: in.Q, Channel: in.Channel, Limit: in.Limit}
	if err := httpapi.DecodeCursor(in.Cursor, &q.After.At, &q.After.ID); err != nil {
		return nil, err
	}
	items, next, err := Page(ctx, tx, by, q)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = make([]SummaryView, len(items))
	for i, one := range items {
		c, err := buyer(ctx, tx, by, one.Customer)
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = summaryView(one, c.Name)
	}
	if next.ID != "" {
		out.Body.Next = httpapi.EncodeCursor(next.At, next.ID)
	}
	return out, nil
}

type getIn struct {
	httpapi.Lang
	ID string `path:"id"`
}

type orderOut struct {
	Status int
	ETag   string `header:"ETag"`
	Body   OrderView
}

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*orderOut, error) {
	o, err := ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(ctx, tx, by, o, in.Language(), http.StatusOK)
}

type postIn struct {
	httpapi.Lang
	Body Draft
}

// post takes orders of a shop's own program; its source is "shop" where the
// draft names none.
func (s *Service) post(ctx context.Context, tx *db.Tx, by actor.Actor, in *postIn) (*orderOut, error) {
	if in.Body.Source == "" {
		in.Body.Source = "shop"
	}
	o, created, err := s.Put(ctx, tx, by, in.Body)
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return answer(ctx, tx, by, o, in.Language(), status)
}

func answer(ctx context.Context, tx *db.Tx, by actor.Actor, o Order, lang string, status int) (*orderOut, error) {
	c, err := buyer(ctx, tx, by, o.Customer)
	if err != nil {
		return nil, err
	}
	v := View(o.Seen(by), lang)
	if !customer.SightOf(by).Contacts() { // labels of payments name people
		for i := range v.Tenders {
			v.Tenders[i].Label = ""
		}
	}
	if c.ID != "" {
		v.Customer = customerView(c)
	}
	if customer.SightOf(by).Addresses() {
		a, known, err := AddressOf(ctx, tx, by.Tenant, o.ID)
		if err != nil {
			return nil, err
		}
		if masked := a.Masked(); known {
			v.ShipTo = &masked
		}
	}
	return &orderOut{Status: status, ETag: httpapi.ETag(o.Version), Body: v}, nil
}

// buyer finds the customer of an order; none is not an error, and who may not see
// contacts is told of none: an order without a case needs no name.
func buyer(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (customer.Customer, error) {
	if id == "" || !customer.SightOf(by).Contacts() {
		return customer.Customer{}, nil
	}
	c, err := customer.ByID(ctx, tx, by.Tenant, id)
	if errors.Is(err, customer.ErrUnknown) {
		return customer.Customer{}, nil
	}
	return c, err
}
