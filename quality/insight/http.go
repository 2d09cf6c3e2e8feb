package insight

import (
	"context"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes adds the figures.
func (s *Service) Routes(a *httpapi.API) {
	faults := []*fault.Fault{ErrInvalid}
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/insight", Need: role.InsightRead, Tag: "insight", Summary: "Read the figures of a period", Faults: faults}, s.get)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/insight/open", Need: role.InsightRead, Tag: "insight", Summary: "Count what is open now"}, s.open)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/insight/choices", Need: role.InsightRead, Tag: "insight", Summary: "List what figures can be narrowed to"}, s.choices)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/insight/rebuild", Need: role.ShopManage, Tag: "insight", Status: 202, Summary: "Count all figures anew"}, s.postRebuild)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/insight.csv", Need: role.InsightRead, Tag: "insight", Summary: "Export one figure as a table", Produces: "text/csv",
		Query: map[string]string{"figure": "cases, reasons, money, refund_time, answers, products or open", "from": "First day", "to": "Last day", "grain": "day, week or month",
			"kind": "Only this kind", "channel": "Only this channel", "market": "Only this country", "seller": "Only this seller"}, Faults: append(faults, ErrFigure)}, s.csv)
}

// Narrow is the filter that all figures share.
type Narrow struct {
	Kind    string `query:"kind" maxLength:"40" doc:"Only cases of this kind"`
	Channel string `query:"channel" maxLength:"40" doc:"Only orders of this channel; - for those that name none"`
	Market  string `query:"market" maxLength:"2" doc:"Only orders to this country; - for those that name none"`
	Seller  string `query:"seller" maxLength:"100" doc:"Only goods of this seller"`
}

func (in Narrow) filter() Filter { return Filter(in) }

type getIn struct {
	Narrow
	From  string `query:"from" maxLength:"10" doc:"First day, in the shop's zone; widened to a whole period. Missing: 30 days, 12 weeks or 12 months ago" example:"2026-03-01"`
	To    string `query:"to" maxLength:"10" doc:"Last day. Missing: today" example:"2026-03-31"`
	Grain Grain  `query:"grain" enum:"day,week,month" default:"week" doc:"Length of the periods"`
}

type getOut struct{ Body Answer }

func (s *Service) get(ctx context.Context, tx *db.Tx, by actor.Actor, in *getIn) (*getOut, error) {
	a, err := Ask(ctx, tx, by, Query{Filter: in.filter(), From: in.From, To: in.To, Grain: in.Grain})
	return &getOut{a}, err
}

type openIn struct{ Narrow }

type openOut struct{ Body Waiting }

func (s *Service) open(ctx context.Context, tx *db.Tx, by actor.Actor, in *openIn) (*openOut, error) {
	w, err := Now(ctx, tx, by, in.filter())
	return &openOut{w}, err
}

type choicesOut struct{ Body Choices }

func (s *Service) choices(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*choicesOut, error) {
	c, err := Offered(ctx, tx, by)
	return &choicesOut{c}, err
}

type rebuildOut struct {
	Body struct {
		State string `json:"state" enum:"started"`
	}
}

func (s *Service) postRebuild(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*rebuildOut, error) {
	out := &rebuildOut{}
	out.Body.State = "started"
	return out, s.Rebuild(ctx, tx, by.Tenant)
}
