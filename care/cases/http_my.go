package cases

import (
	"context"
	"strings"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/order"
)

func (s *Service) myRoutes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/orders", Need: role.MyOrders, Tag: "customer", Summary: "List the customer's orders"}, s.myOrders)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/orders/{id}", Need: role.MyOrders, Tag: "customer", Summary: "Read an order with what can go back", Faults: []*fault.Fault{order.ErrUnknown}}, s.myOrder)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/my/quotes", Need: role.MyCases, Tag: "customer", Summary: "Compute what a return would give", Faults: openFaults}, s.myQuote)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/cases", Need: role.MyCases, Tag: "customer", Summary: "List the customer's cases"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/orders/{id}/options", Need: role.CaseOpen, Tag: "cases", Summary: "Read an order with what its customer could ask for", Faults: []*fault.Fault{order.ErrUnknown}}, s.myOrder)
	httpapi.Read(a, httpapi.Op{Route: "POST /v1/quotes", Need: role.CaseOpen, Tag: "cases", Summary: "Compute what a request would give its customer", Faults: openFaults}, s.myQuote)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/my/cases", Need: role.MyCases, Tag: "customer", Status: 201, Summary: "Ask for a return", Faults: openFaults}, s.open)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/cases/{id}", Need: role.MyCases, Tag: "customer", Summary: "Read a case", Faults: []*fault.Fault{ErrUnknown}}, s.get)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/my/cases/{id}/actions", Need: role.MyCases, Tag: "customer", Summary: "Do something to an own case", Faults: actFaults}, s.myPost)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/my/cases/{id}/label.pdf", Need: role.MyCases, Tag: "customer", Summary: "Return label", Produces: "application/pdf",
		Query: map[string]string{"lang": "Language of the instructions"}, Faults: []*fault.Fault{ErrUnknown, ErrLabel}}, s.label)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/my/live", Need: role.MyCases, Tag: "customer", Summary: "Hear of changes of one case (server-sent events)", Produces: "text/event-stream",
		Query: map[string]string{"case": "The case, required"}, Faults: []*fault.Fault{ErrUnknown}}, s.live)
}

type myOrdersIn struct {
	httpapi.Page
	httpapi.Lang
}

type myOrdersOut struct {
	Body struct {
		Items []MyOrderSummary `json:"items"`
		Next  string           `json:"next"`
	}
}

func (s *Service) myOrders(ctx context.Context, tx *db.Tx, by actor.Actor, in *myOrdersIn) (*myOrdersOut, error) {
	q := order.Query{Limit: in.Limit}
	if in.Cursor != "" {
		if err := httpapi.DecodeCursor(in.Cursor, &q.After.At, &q.After.ID); err != nil {
			return nil, err
		}
	}
	list, next, err := order.Page(ctx, tx, by, q)
	if err != nil {
		return nil, err
	}
	open, err := openByOrder(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out := &myOrdersOut{}
	out.Body.Items = []MyOrderSummary{}
	if next.ID != "" {
		out.Body.Next = httpapi.EncodeCursor(next.At, next.ID)
	}
	for _, o := range list {
		out.Body.Items = append(out.Body.Items, myOrderSummary(o, open[o.ID]))
	}
	return out, nil
}

type myOrderOut struct {
	ETag string `header:"ETag"`
	Body MyOrder
}

func (s *Service) myOrder(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*myOrderOut, error) {
	v, version, err := s.MyOrder(ctx, tx, by, in.ID, in.Language())
	return &myOrderOut{ETag: httpapi.ETag(version), Body: v}, err
}

type myQuoteIn struct {
	httpapi.Lang
	Body struct {
		Kind  string     `json:"kind,omitempty" enum:"return_refund,refund_only,exchange,reship,price_protection,compensation" doc:"Missing: return_refund"`
		Order string     `json:"order"`
		Items []wantedIn `json:"items" minItems:"1" maxItems:"100"`
		Ask
	}
}

type myQuoteOut struct {
	Body Estimate
}

func (s *Service) myQuote(ctx context.Context, tx *db.Tx, by actor.Actor, in *myQuoteIn) (*myQuoteOut, error) {
	b := in.Body
	r := Request{Kind: b.Kind, Order: b.Order, Language: in.Language(), Intercept: b.Intercept, Credit: b.Credit, Basis: b.Basis, Amount: b.Amount}
	for _, w := range b.Items {
		w.Photos = nil
		r.Items = append(r.Items, Wanted(w))
	}
	o, p, err := s.Preview(ctx, tx, by, r)
	if err != nil {
		return nil, err
	}
	return &myQuoteOut{Body: estimate(o, by, p, in.Language())}, nil
}

type myPostIn struct {
	httpapi.Lang
	httpapi.IfMatch
	ID     string `path:"id"`
	Prefer string `header:"Prefer"`
	Body   myActionIn
}

type myActionIn struct {
	Action   Action            `json:"action" enum:"answer,withdraw,hand_over,add_parcel,offer,accept,decline,amend,convert,confirm,address"`
	Parcel   string            `json:"parcel,omitempty" maxLength:"60" doc:"hand_over: which parcel; missing: the first"`
	Carrier  string            `json:"carrier,omitempty" maxLength:"60"`
	Tracking string            `json:"tracking,omitempty" maxLength:"60"`
	Comment  string            `json:"comment,omitempty" maxLength:"2000"`
	Address  *shipment.Address `json:"address,omitempty" doc:"address: where the replacement goes; missing: the present one is right"`
	AnswerIn
	OfferIn
	Again
}

func (s *Service) myPost(ctx context.Context, tx *db.Tx, by actor.Actor, in *myPostIn) (*caseOut, error) {
	seen, err := in.Version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	do := Input{Action: b.Action, Comment: strings.TrimSpace(b.Comment), Carrier: b.Carrier, Tracking: b.Tracking, Parcel: b.Parcel, Address: b.Address}
	do.offer(b.OfferIn)
	do.Facts, do.Photos = b.Facts, b.Photos
	do.Request = b.Again.request(b.Comment, b.Amount)
	c, err := s.Act(ctx, tx, by, in.ID, seen, do)
	if err != nil {
		return nil, because(ctx, tx, by, in.ID, b.Action, in.Language(), err)
	}
	return s.answer(ctx, tx, by, c, in.Language(), in.Prefer)
}
