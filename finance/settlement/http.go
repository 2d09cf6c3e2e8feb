package settlement

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is a payout as staff see it.
type View struct {
	ID        string       `json:"id"`
	Case      string       `json:"case"`
	Order     string       `json:"order"`
	Purpose   string       `json:"purpose" enum:"goods,shipping"`
	Tender    TenderView   `json:"tender"`
	Provider  string       `json:"provider"`
	Amount    money.Amount `json:"amount"`
	State     State        `json:"state" enum:"reserved,submitted,succeeded,failed,manual"`
	Attempts  int          `json:"attempts" doc:"How often it was sent to the provider, always under the payout's id as key"`
	Reference string       `json:"reference,omitempty" doc:"The provider's id of the refund, or what the person who paid wrote down"`
	LastError string       `json:"last_error,omitempty" doc:"Why it failed, or why its outcome is not known"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
	Version   int64        `json:"version"`
	Actions   []Event      `json:"actions" doc:"What a person may do now"`
}

// TenderView names the means of payment.
type TenderView struct {
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"`
}

func view(p Payout) View {
	v := View{
		ID: p.ID, Case: p.Case, Order: p.Order, Purpose: p.Purpose, Tender: TenderView{p.Tender, p.Kind, p.Label}, Provider: p.Provider,
		Amount: p.Money(), State: p.State, Attempts: p.Attempts, Reference: p.ProviderRef, LastError: p.LastError,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Version: p.Version, Actions: []Event{},
	}
	for _, do := range []Event{Retry, MarkPaid} {
		if _, err := next(p.State, do); err == nil {
			v.Actions = append(v.Actions, do)
		}
	}
	return v
}

type listIn struct {
	httpapi.Page
	State State `query:"state" enum:"reserved,submitted,succeeded,failed,manual" doc:"Only payouts in this state"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next"`
	}
}

type oneIn struct {
	ID string `path:"id"`
}

type actIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body struct {
		Action    Event  `json:"action" enum:"retry,mark_paid" doc:"retry: send it again under the same key; mark_paid: it was paid by other means"`
		Reference string `json:"reference,omitempty" maxLength:"200" doc:"Of the payment made by hand; needed for mark_paid"`
	}
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

// Routes adds the payouts.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/payouts", Need: role.PayoutRead, Tag: "payouts",
		Summary: "List payouts, newest first"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/payouts/{id}", Need: role.PayoutRead, Tag: "payouts",
		Summary: "Read a payout", Faults: []*fault.Fault{ErrUnknown}}, s.one)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/payouts/{id}/actions", Need: role.PayoutManage, Tag: "payouts",
		Summary: "Retry a payout or record that it was paid by hand",
		Faults:  []*fault.Fault{ErrUnknown, ErrMove, ErrStale, ErrReference}}, s.act)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	out := &listOut{}
	out.Body.Items = []View{}
	if by.Seller != "" { // payouts are of whole orders, which may have other sellers' lines
		return out, nil
	}
	all, next, err := httpapi.PageByID(in.Page, func(p Payout) string { return p.ID }, func(before string, limit int) ([]Payout, error) {
		return page(ctx, tx, by.Tenant, in.State, before, limit)
	})
	if err != nil {
		return nil, err
	}
	out.Body.Next = next
	for _, p := range all {
		out.Body.Items = append(out.Body.Items, view(p))
	}
	return out, nil
}

func (s *Service) one(ctx context.Context, tx *db.Tx, by actor.Actor, in *oneIn) (*oneOut, error) {
	if by.Seller != "" {
		return nil, ErrUnknown
	}
	p, err := byID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneOut{httpapi.ETag(p.Version), view(p)}, nil
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*oneOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if by.Seller != "" {
		return nil, ErrUnknown
	}
	p, err := s.Act(ctx, tx, by, in.ID, version, in.Body.Action, in.Body.Reference)
	if err != nil {
		return nil, err
	}
	return &oneOut{httpapi.ETag(p.Version), view(p)}, nil
}
