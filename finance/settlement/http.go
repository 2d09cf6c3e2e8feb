package settlement

import (
	"context"
	"slices"
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
	Purpose   string       `json:"purpose" doc:"goods, shipping, compensation, price_protection, freight_reimbursement, advance, adjustment, adjustment_2 …"`
	Tender    TenderView   `json:"tender"`
	Provider  string       `json:"provider"`
	Account   string       `json:"account,omitempty" doc:"The shop's own account that took the payment and pays it back; missing: the installation's"`
	Amount    money.Amount `json:"amount"`
	State     State        `json:"state" enum:"reserved,submitted,blocked,succeeded,failed,manual,reversed"`
	Key       string       `json:"key" doc:"What the provider knows it by: its id; after each redirection another"`
	Unsure    bool         `json:"unsure,omitempty" doc:"Nobody knows whether it was paid: ask the provider, or retry, which asks first"`
	Attempts  int          `json:"attempts" doc:"How often it was sent to the provider"`
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
		ID: p.ID, Case: p.Case, Order: p.Order, Purpose: p.Purpose, Tender: TenderView{p.Tender, p.Kind, p.Label}, Provider: p.Provider, Account: p.Account,
		Amount: p.Money(), State: p.State, Key: p.Key(), Unsure: p.Unsure, Attempts: p.Attempts, Reference: p.ProviderRef, LastError: p.LastError,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Version: p.Version, Actions: []Event{},
	}
	for _, do := range []Event{Retry, MarkPaid, Redirect} {
		if _, err := next(p.State, do); err == nil && !(do == Redirect && p.Unsure) {
			v.Actions = append(v.Actions, do)
		}
	}
	return v
}

type listIn struct {
	httpapi.Page
	State State  `query:"state" enum:"reserved,submitted,blocked,succeeded,failed,manual,reversed" doc:"Only payouts in this state"`
	Order string `query:"order" maxLength:"64" doc:"All payouts of this order, in one page; state and cursor are ignored"`
	Case  string `query:"case" maxLength:"64" doc:"All payouts of this case, in one page; state and cursor are ignored"`
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
		Action    Event   `json:"action" enum:"retry,mark_paid,redirect" doc:"retry: send it again under the same key; mark_paid: it was paid by other means; redirect: pay it to other means, as the customer agreed"`
		Reference string  `json:"reference,omitempty" maxLength:"200" doc:"Of the payment made by hand; needed for mark_paid"`
		To        *ToView `json:"to,omitempty" doc:"Needed for redirect"`
		Consent   string  `json:"consent,omitempty" maxLength:"1000" doc:"How the customer agreed to the other means; needed for redirect"`
	}
}

// ToView names another means of payment.
type ToView struct {
	Kind      string `json:"kind" minLength:"1" maxLength:"60" example:"store_credit"`
	Provider  string `json:"provider" minLength:"1" maxLength:"60" example:"wallet" doc:"Adapter that pays; manual: a person"`
	Reference string `json:"reference,omitempty" maxLength:"200" doc:"What the provider needs to find it"`
	Label     string `json:"label,omitempty" maxLength:"200"`
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
		Summary: "Retry a payout, record that it was paid by hand, or pay it another way",
		Faults:  []*fault.Fault{ErrUnknown, ErrMove, ErrStale, ErrReference, ErrUnsure, ErrWire, ErrBlocked, ErrTarget, ErrConsent}}, s.act)
	s.chargebackRoutes(a)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	out := &listOut{}
	out.Body.Items = []View{}
	if by.Seller != "" { // payouts are of whole orders, which may have other sellers' lines
		return out, nil
	}
	if in.Order != "" || in.Case != "" {
		all, err := belonging(ctx, tx, by.Tenant, in.Order, in.Case)
		for _, p := range all {
			out.Body.Items = append(out.Body.Items, view(p))
		}
		return out, err
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

func belonging(ctx context.Context, tx *db.Tx, tenant, order, caseID string) ([]Payout, error) {
	if order == "" {
		return byCase(ctx, tx, tenant, caseID)
	}
	all, err := byOrder(ctx, tx, tenant, order)
	return slices.DeleteFunc(all, func(p Payout) bool { return caseID != "" && p.Case != caseID }), err
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
	var p Payout
	if in.Body.Action == Redirect {
		var to ToView
		if in.Body.To != nil {
			to = *in.Body.To
		}
		p, err = s.Redirect(ctx, tx, by, in.ID, version, Target(to), in.Body.Consent)
	} else {
		p, err = s.Act(ctx, tx, by, in.ID, version, in.Body.Action, in.Body.Reference)
	}
	if err != nil {
		return nil, err
	}
	return &oneOut{httpapi.ETag(p.Version), view(p)}, nil
}
