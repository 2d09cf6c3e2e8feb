package settlement

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// ChargebackView is a chargeback as staff see it.
type ChargebackView struct {
	ID        string     `json:"id"`
	Order     string     `json:"order,omitempty"`
	Tender    string     `json:"tender,omitempty"`
	Provider  string     `json:"provider,omitempty"`
	Payment   string     `json:"payment,omitempty"`
	Reference string     `json:"reference,omitempty"`
	Reason    string     `json:"reason"`
	State     Standing   `json:"state" enum:"open,won,withdrawn,lost"`
	OpenedAt  time.Time  `json:"opened_at"`
	ClosedAt  *time.Time `json:"closed_at,omitempty"`
	Version   int64      `json:"version"`
}

func chargebackView(c Chargeback) ChargebackView {
	v := ChargebackView{c.ID, c.Order, c.Tender, c.Provider, c.Payment, c.Reference, c.Reason, c.State, c.OpenedAt, nil, c.Version}
	if !c.ClosedAt.IsZero() {
		v.ClosedAt = &c.ClosedAt
	}
	return v
}

type chargebacksIn struct {
	httpapi.Page
	State Standing `query:"state" enum:"open,won,withdrawn,lost" doc:"Only chargebacks that stand so"`
}

type chargebacksOut struct {
	Body struct {
		Items []ChargebackView `json:"items" nullable:"false"`
		Next  string           `json:"next"`
	}
}

type chargebackIn struct {
	Body struct {
		Order     string `json:"order,omitempty" maxLength:"64" doc:"The order whose payment is taken back"`
		Tender    string `json:"tender,omitempty" maxLength:"64" doc:"Which means of payment of the order; empty: all"`
		Provider  string `json:"provider,omitempty" maxLength:"60" doc:"With payment, instead of an order"`
		Payment   string `json:"payment,omitempty" maxLength:"200" doc:"The provider's id of the original payment"`
		Reference string `json:"reference,omitempty" maxLength:"200" doc:"The provider's id of the chargeback"`
		Reason    string `json:"reason" minLength:"1" maxLength:"1000"`
	}
}

type closeIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body struct {
		Action  string   `json:"action" enum:"close"`
		Outcome Standing `json:"outcome" enum:"won,withdrawn,lost" doc:"won, withdrawn: payouts that waited are sent; lost: they go to a person"`
	}
}

type chargebackOut struct {
	ETag string `header:"ETag"`
	Body ChargebackView
}

func (s *Service) chargebackRoutes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/chargebacks", Need: role.PayoutRead, Tag: "payouts",
		Summary: "List chargebacks, newest first"}, s.listChargebacks)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/chargebacks/{id}", Need: role.PayoutRead, Tag: "payouts",
		Summary: "Read a chargeback", Faults: []*fault.Fault{ErrNoChargeback}}, s.oneChargeback)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/chargebacks", Need: role.PayoutManage, Tag: "payouts", Status: 201,
		Summary: "Block what is still to be paid back to a payment", Faults: []*fault.Fault{ErrAgainst}}, s.postChargeback)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/chargebacks/{id}/actions", Need: role.PayoutManage, Tag: "payouts",
		Summary: "End a chargeback", Faults: []*fault.Fault{ErrNoChargeback, ErrClosed, ErrStale}}, s.closeChargeback)
}

func (s *Service) listChargebacks(ctx context.Context, tx *db.Tx, by actor.Actor, in *chargebacksIn) (*chargebacksOut, error) {
	out := &chargebacksOut{}
	out.Body.Items = []ChargebackView{}
	if by.Seller != "" {
		return out, nil
	}
	all, next, err := httpapi.PageByID(in.Page, func(c Chargeback) string { return c.ID }, func(before string, limit int) ([]Chargeback, error) {
		return pageChargebacks(ctx, tx, by.Tenant, in.State, before, limit)
	})
	if err != nil {
		return nil, err
	}
	out.Body.Next = next
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, chargebackView(c))
	}
	return out, nil
}

func (s *Service) oneChargeback(ctx context.Context, tx *db.Tx, by actor.Actor, in *oneIn) (*chargebackOut, error) {
	if by.Seller != "" {
		return nil, ErrNoChargeback
	}
	c, err := chargebackByID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &chargebackOut{httpapi.ETag(c.Version), chargebackView(c)}, nil
}

func (s *Service) postChargeback(ctx context.Context, tx *db.Tx, by actor.Actor, in *chargebackIn) (*chargebackOut, error) {
	if by.Seller != "" {
		return nil, ErrAgainst
	}
	b := in.Body
	if b.Order != "" && s.Known != nil {
		if err := s.Known(ctx, tx, by, b.Order); err != nil {
			return nil, err
		}
	}
	c, err := s.Block(ctx, tx, by, Against{b.Order, b.Tender, b.Provider, b.Payment, b.Reference}, b.Reason)
	if err != nil {
		return nil, err
	}
	return &chargebackOut{httpapi.ETag(c.Version), chargebackView(c)}, nil
}

func (s *Service) closeChargeback(ctx context.Context, tx *db.Tx, by actor.Actor, in *closeIn) (*chargebackOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if by.Seller != "" {
		return nil, ErrNoChargeback
	}
	c, err := s.Unblock(ctx, tx, by, in.ID, version, in.Body.Outcome)
	if err != nil {
		return nil, err
	}
	return &chargebackOut{httpapi.ETag(c.Version), chargebackView(c)}, nil
}
