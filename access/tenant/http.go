package tenant

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers what everybody may know about the shop.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/shop", Need: httpapi.Public, Tag: "Shop", Summary: "Which shop this is",
		Faults: []*fault.Fault{ErrUnknown}}, s.shop)
}

// Shop is what everybody may know.
type Shop struct {
	ID              string      `json:"id"`
	Name            string      `json:"name"`
	SupportEmail    string      `json:"support_email"`
	Languages       []string    `json:"languages"`
	DefaultLanguage string      `json:"default_language"`
	Zone            string      `json:"zone" doc:"IANA zone in which the shop counts days."`
	Currency        string      `json:"currency"`
	Demo            bool        `json:"demo" doc:"Only for looking: sign-ins are public and no money moves."`
	DemoOrders      []DemoOrder `json:"demo_orders,omitempty"`
	DemoStaff       []DemoStaff `json:"demo_staff,omitempty"`
}

type shopAnswer struct{ Body Shop }

func (s *Service) shop(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*shopAnswer, error) {
	t, err := ByID(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	out := Shop{
		ID: t.ID, Name: t.Name, SupportEmail: t.SupportEmail, Languages: locale.Languages, DefaultLanguage: t.Language,
		Zone: t.Zone, Currency: t.Currency, Demo: s.demo != nil,
	}
	if s.demo != nil {
		out.DemoOrders, out.DemoStaff = s.demo.Orders, s.demo.Staff
	}
	return &shopAnswer{Body: out}, nil
}
