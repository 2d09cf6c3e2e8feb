package wallet

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
	"github.com/aftercare/aftercare/sales/customer"
)

// View is an account as it is shown. Points have a count instead of money.
type View struct {
	ID        string        `json:"id"`
	Kind      Kind          `json:"kind" enum:"store_credit,gift_card,points"`
	Reference string        `json:"reference,omitempty" doc:"The last four characters of the gift card's number"`
	Balance   *money.Amount `json:"balance,omitempty"`
	Points    *int64        `json:"points,omitempty"`
	Expires   []LotView     `json:"expires" nullable:"false" doc:"What of it expires when, the first first; what never does is not listed"`
	Entries   []EntryView   `json:"entries" nullable:"false" doc:"The latest changes"`
}

// LotView is a part of a balance that expires.
type LotView struct {
	Amount int64     `json:"amount" doc:"Minor units, or points"`
	At     time.Time `json:"at"`
}

// EntryView is one change of a balance.
type EntryView struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind" enum:"refunded,adjusted,spent,expired"`
	Amount  int64     `json:"amount" doc:"Minor units, or points; negative: taken off"`
	Balance int64     `json:"balance" doc:"After it"`
	Case    string    `json:"case,omitempty"`
	Order   string    `json:"order,omitempty"`
	Reason  string    `json:"reason,omitempty" doc:"Only for staff"`
	At      time.Time `json:"at"`
}

func entryView(e Entry, staff bool) EntryView {
	v := EntryView{ID: e.ID, Kind: e.Kind, Amount: e.Amount, Balance: e.Balance, Case: e.Case, Order: e.Order, At: e.At}
	if staff {
		v.Reason = e.Reason
	}
	return v
}

func view(a Account, entries []Entry, now time.Time, staff bool) View {
	v := View{ID: a.ID, Kind: a.Kind, Expires: []LotView{}, Entries: []EntryView{}}
	if n := len(a.Reference); n > 0 {
		v.Reference = a.Reference[max(0, n-4):]
	}
	for _, l := range a.Lots {
		switch {
		case l.ExpiresAt.IsZero():
		case l.ExpiresAt.After(now):
			v.Expires = append(v.Expires, LotView{l.Rest, l.ExpiresAt})
		default:
			a.Balance -= l.Rest // is taken off as soon as the job runs
		}
	}
	if a.Kind == Points {
		v.Points = &a.Balance
	} else {
		balance := money.Of(a.Balance, a.Unit)
		v.Balance = &balance
	}
	for _, e := range entries {
		v.Entries = append(v.Entries, entryView(e, staff))
	}
	return v
}

type none struct{}

type customerIn struct {
	ID string `path:"id"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
	}
}

type changeIn struct {
	ID   string `path:"id"`
	Body struct {
		Action    string    `json:"action" enum:"adjust,spend" doc:"adjust: add or take off by hand; spend: the customer pays with it"`
		Kind      Kind      `json:"kind" enum:"store_credit,gift_card,points"`
		Unit      string    `json:"unit,omitempty" maxLength:"3" doc:"Currency; none for points" example:"CNY"`
		Reference string    `json:"reference,omitempty" maxLength:"60" doc:"Number of the gift card"`
		Amount    int64     `json:"amount" doc:"Minor units, or points; negative takes off when adjusting"`
		Reason    string    `json:"reason,omitempty" maxLength:"500" doc:"Needed to adjust"`
		Case      string    `json:"case,omitempty" maxLength:"64"`
		Order     string    `json:"order,omitempty" maxLength:"64"`
		ExpiresAt time.Time `json:"expires_at,omitempty" doc:"Of what is added; none: never"`
	}
}

type changeOut struct {
	Body EntryView
}

// Routes adds the customer's wallet and what staff do with it. Wallets are the
// shop's: somebody who works for one seller sees none.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/my/wallet", Need: role.MyMoney, Tag: "customer",
		Summary: "Read the customer's store credit, gift cards and points"}, mine)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/customers/{id}/wallet", Need: role.WalletRead, Tag: "wallets",
		Summary: "Read a customer's wallet", Faults: []*fault.Fault{customer.ErrUnknown}}, theirs)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/customers/{id}/wallet/entries", Need: role.WalletRead, Tag: "wallets",
		Summary: "List the changes of an account, newest first", Faults: []*fault.Fault{customer.ErrUnknown, ErrUnknown}}, entries)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/customers/{id}/wallet/entries", Need: role.WalletManage, Tag: "wallets", Status: 201,
		Summary: "Change a balance by hand", Faults: []*fault.Fault{customer.ErrUnknown, ErrInvalid, ErrReason, ErrLimit, ErrNotSo}}, s.change)
	httpapi.Stream(a, httpapi.Op{Route: "GET /v1/customers/{id}/wallet/statement.csv", Need: role.WalletRead, Tag: "wallets", Produces: "text/csv",
		Summary: "Export all entries of an account, newest first", Query: map[string]string{"account": "Which account, required"},
		Faults: []*fault.Fault{ErrUnknown}}, s.statement)
}

func mine(ctx context.Context, tx *db.Tx, by actor.Actor, _ *none) (*listOut, error) {
	id, limited := by.Mine()
	if !limited || id == "" {
		return nil, role.ErrDenied
	}
	return list(ctx, tx, by.Tenant, id, false)
}

func theirs(ctx context.Context, tx *db.Tx, by actor.Actor, in *customerIn) (*listOut, error) {
	if err := known(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	return list(ctx, tx, by.Tenant, in.ID, true)
}

func known(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	if by.Seller != "" {
		return customer.ErrUnknown
	}
	_, err := customer.ByID(ctx, tx, by.Tenant, id)
	return err
}

func list(ctx context.Context, tx *db.Tx, tenant, customerID string, staff bool) (*listOut, error) {
	all, err := ByCustomer(ctx, tx, tenant, customerID)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	for _, a := range all {
		latest, err := statement(ctx, tx, tenant, a.ID, "", 20)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, view(a, latest, tx.Now, staff))
	}
	return out, nil
}

func (s *Service) change(ctx context.Context, tx *db.Tx, by actor.Actor, in *changeIn) (*changeOut, error) {
	if err := known(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	b := in.Body
	c := Change{Customer: in.ID, Kind: b.Kind, Unit: b.Unit, Reference: b.Reference, Amount: b.Amount, Reason: b.Reason, Case: b.Case, Order: b.Order, ExpiresAt: b.ExpiresAt}
	do := s.Adjust
	if b.Action == "spend" {
		do = s.Spend
	}
	e, err := do(ctx, tx, by, c)
	if err != nil {
		return nil, err
	}
	return &changeOut{entryView(e, true)}, nil
}
