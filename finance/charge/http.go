package charge

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

// View is a charge as it is shown.
type View struct {
	ID        string       `json:"id"`
	Case      string       `json:"case"`
	Order     string       `json:"order,omitempty"`
	Customer  string       `json:"customer,omitempty"`
	Purpose   string       `json:"purpose" enum:"exchange_difference,advance_recovery,adjustment"`
	Amount    money.Amount `json:"amount"`
	State     State        `json:"state" enum:"due,paid,waived,expired,written_off"`
	Due       time.Time    `json:"due" doc:"When it expires"`
	Reference string       `json:"reference,omitempty" doc:"Of the payment"`
	Reason    string       `json:"reason,omitempty" doc:"Why it was given up"`
	Payment   *PaymentView `json:"payment,omitempty" doc:"The latest attempt to pay it"`
	Providers []string     `json:"providers" nullable:"false" doc:"Through whom the customer can pay it now"`
	Actions   []Action     `json:"actions" nullable:"false" doc:"What staff may do now"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
	Version   int64        `json:"version"`
}

// PaymentView is an attempt to pay.
type PaymentView struct {
	Provider string `json:"provider"`
	State    string `json:"state" enum:"open,paid,declined"`
	URL      string `json:"url,omitempty" doc:"Page on which the customer pays"`
	Reason   string `json:"reason,omitempty" doc:"Why it was declined"`
}

func view(c Charge, by actor.Actor, now time.Time, through []string) View {
	v := View{ID: c.ID, Case: c.Case, Order: c.Order, Customer: c.Customer, Purpose: c.Purpose, Amount: c.Amount, State: c.State, Due: c.Due,
		Reference: c.Reference, Reason: c.Reason, Providers: []string{}, Actions: []Action{}, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Version: c.Version}
	if a := c.Attempt; a != nil {
		v.Payment = &PaymentView{a.Provider, a.State, a.URL, a.Reason}
	}
	if c.State == Due && c.Due.After(now) {
		v.Providers = append(v.Providers, through...)
	}
	if by.Kind == actor.Customer {
		v.Reason = "" // is between staff
		return v
	}
	for _, do := range []Action{Pay, Waive, WriteOff} {
		if _, err := next(c, do); err == nil {
			v.Actions = append(v.Actions, do)
		}
	}
	return v
}

type listIn struct {
	httpapi.Page
	State State  `query:"state" enum:"due,paid,waived,expired,written_off" doc:"Only charges in this state"`
	Case  string `query:"case" maxLength:"64" doc:"All charges of this case, in one page; state and cursor are ignored"`
}

type myListIn struct{ httpapi.Page }

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
		Next  string `json:"next"`
	}
}

type oneIn struct {
	ID string `path:"id"`
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

type actIn struct {
	httpapi.IfMatch
	ID   string `path:"id"`
	Body struct {
		Action    Action        `json:"action" enum:"pay,waive,write_off" doc:"pay: the customer has paid another way; waive: it is not owed any more; write_off: it is owed and given up"`
		Amount    *money.Amount `json:"amount,omitempty" doc:"What was paid; needed for pay, and exactly what is owed"`
		Reference string        `json:"reference,omitempty" maxLength:"200" doc:"Of the payment; needed for pay"`
		Reason    string        `json:"reason,omitempty" maxLength:"1000" doc:"Needed for waive and write_off"`
	}
}

type payIn struct {
	ID   string `path:"id"`
	Body struct {
		Provider string `json:"provider" minLength:"1" maxLength:"60" doc:"One of providers"`
		Means    string `json:"means,omitempty" maxLength:"200" doc:"What the customer pays with, in the provider's words"`
		Return   string `json:"return,omitempty" maxLength:"500" pattern:"^https?://[^\\s]+$" doc:"Where the provider's page leads back to: an address of the web; without it, the shop's pages"`
	}
}

// Routes adds the charges for staff and for the customer who owes them.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/charges", Need: role.ChargeRead, Tag: "charges",
		Summary: "List what customers owe, newest first"}, s.list)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/charges/{id}", Need: role.ChargeRead, Tag: "charges",
		Summary: "Read a charge", Faults: []*fault.Fault{ErrUnknown}}, s.one)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/charges/{id}/actions", Need: role.ChargeManage, Tag: "charges",
		Summary: "Record a payment, waive a charge or write it off",
		Faults:  []*fault.Fault{ErrUnknown, ErrMove, ErrStale, ErrReference, ErrAmount, ErrReason, ErrUnderway}}, s.act)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/charges", Need: role.MyMoney, Tag: "customer",
		Summary: "List what the customer owes, newest first"}, s.myList)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/charges/{id}", Need: role.MyMoney, Tag: "customer",
		Summary: "Read a charge", Faults: []*fault.Fault{ErrUnknown}}, s.one)
	httpapi.Plain(a, httpapi.Op{Route: "POST /v1/my/charges/{id}/pay", Need: role.MyMoney, Tag: "customer",
		Summary: "Pay a charge, at once or on the page that the answer names; repeating is harmless",
		Faults:  []*fault.Fault{ErrUnknown, ErrMove, ErrOverdue, ErrProvider, ErrNoAnswer}}, s.pay)
}

func (s *Service) list(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	out := &listOut{}
	out.Body.Items = []View{}
	if by.Seller != "" { // charges are the shop's
		return out, nil
	}
	if in.Case != "" {
		all, err := byCase(ctx, tx, by.Tenant, in.Case)
		if err != nil {
			return nil, err
		}
		through, err := s.through(ctx, tx, by.Tenant)
		for _, c := range all {
			out.Body.Items = append(out.Body.Items, view(c, by, tx.Now, through))
		}
		return out, err
	}
	return s.pageOf(ctx, tx, by, in.Page, "", in.State)
}

func (s *Service) myList(ctx context.Context, tx *db.Tx, by actor.Actor, in *myListIn) (*listOut, error) {
	mine, limited := by.Mine()
	if !limited || mine == "" {
		return nil, role.ErrDenied
	}
	return s.pageOf(ctx, tx, by, in.Page, mine, "")
}

func (s *Service) pageOf(ctx context.Context, tx *db.Tx, by actor.Actor, p httpapi.Page, customer string, state State) (*listOut, error) {
	all, next, err := httpapi.PageByID(p, func(c Charge) string { return c.ID }, func(before string, limit int) ([]Charge, error) {
		return page(ctx, tx, by.Tenant, customer, state, before, limit)
	})
	if err != nil {
		return nil, err
	}
	through, err := s.through(ctx, tx, by.Tenant)
	out := &listOut{}
	out.Body.Items, out.Body.Next = []View{}, next
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, view(c, by, tx.Now, through))
	}
	return out, err
}

func (s *Service) one(ctx context.Context, tx *db.Tx, by actor.Actor, in *oneIn) (*oneOut, error) {
	c, err := ByID(ctx, tx, by, in.ID)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, by, c)
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*oneOut, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	do := Input{Do: in.Body.Action, Reference: in.Body.Reference, Reason: in.Body.Reason}
	if in.Body.Amount != nil {
		do.Amount = *in.Body.Amount
	}
	c, err := s.Act(ctx, tx, by, in.ID, version, do)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, tx, by, c)
}

func (s *Service) pay(ctx context.Context, by actor.Actor, in *payIn) (*oneOut, error) {
	c, err := s.Collect(ctx, by, in.ID, With{in.Body.Provider, in.Body.Means, in.Body.Return})
	if err != nil {
		return nil, err
	}
	var out *oneOut
	err = s.store.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = s.shown(ctx, tx, by, c)
		return err
	})
	return out, err
}

func (s *Service) shown(ctx context.Context, tx *db.Tx, by actor.Actor, c Charge) (*oneOut, error) {
	through, err := s.through(ctx, tx, by.Tenant)
	return &oneOut{httpapi.ETag(c.Version), view(c, by, tx.Now, through)}, err
}
