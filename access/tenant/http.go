package tenant

import (
	"context"

	"github.com/aftercare/aftercare/access/role"
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
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/shop/settings", Need: role.ShopManage, Tag: "Shop", Summary: "Read the shop's settings"}, s.settings)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/shop/settings", Need: role.ShopManage, Tag: "Shop", Summary: "Change the shop's settings",
		Faults: []*fault.Fault{ErrInvalid, ErrTaken, ErrHost, ErrStale}}, s.change)
}

// Settings is what an administrator says of the shop.
type Settings struct {
	Name          string        `json:"name" minLength:"1" maxLength:"120"`
	Host          string        `json:"host,omitempty" maxLength:"253" doc:"Host name of the shop's own, such as returns.shop.example: customers are led there, and requests there mean this shop. Without it they are led to the address of the installation"`
	Zone          string        `json:"zone" example:"Asia/Shanghai" doc:"IANA zone in which the shop counts days"`
	Language      string        `json:"language" enum:"zh-CN,zh-TW,en"`
	Currency      string        `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217 code"`
	SupportEmail  string        `json:"support_email,omitempty" maxLength:"254"`
	ReturnAddress ReturnAddress `json:"return_address" doc:"Where parcels come back to; without it no return can be approved"`
}

// ReturnAddress is printed on return labels.
type ReturnAddress struct {
	Name     string   `json:"name" maxLength:"120"`
	Lines    []string `json:"lines" maxItems:"6"`
	City     string   `json:"city,omitempty" maxLength:"120"`
	Postcode string   `json:"postcode,omitempty" maxLength:"20"`
	Country  string   `json:"country,omitempty" pattern:"^([A-Z]{2})?$" doc:"ISO 3166-1 alpha-2 code"`
	Phone    string   `json:"phone,omitempty" maxLength:"40"`
}

type settingsAnswer struct {
	ETag string `header:"ETag"`
	Body Settings
}

type changeIn struct {
	httpapi.IfMatch
	Body Settings
}

func settingsOf(t Tenant) *settingsAnswer {
	r := t.Return
	lines := r.Lines
	if lines == nil {
		lines = []string{}
	}
	return &settingsAnswer{ETag: httpapi.ETag(t.Version), Body: Settings{
		Name: t.Name, Host: t.Host, Zone: t.Zone, Language: t.Language, Currency: t.Currency, SupportEmail: t.SupportEmail,
		ReturnAddress: ReturnAddress{r.Name, lines, r.City, r.Postcode, r.Country, r.Phone},
	}}
}

func (s *Service) settings(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*settingsAnswer, error) {
	t, err := ByID(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	return settingsOf(t), nil
}

func (s *Service) change(ctx context.Context, tx *db.Tx, by actor.Actor, in *changeIn) (*settingsAnswer, error) {
	t, err := ByID(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	seen, err := in.Version()
	if err != nil {
		return nil, err
	}
	if seen != 0 {
		t.Version = seen
	}
	b, r := in.Body, in.Body.ReturnAddress
	t.Name, t.Host, t.Zone, t.Language, t.Currency, t.SupportEmail = b.Name, b.Host, b.Zone, b.Language, b.Currency, b.SupportEmail
	t.Return = Address(r)
	if err := Apart(ctx, tx, t, s.Base); err != nil {
		return nil, err
	}
	if t, err = Update(ctx, tx, by, t); err != nil {
		return nil, err
	}
	return settingsOf(t), nil
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
