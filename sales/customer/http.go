package customer

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// View is a customer for staff.
type View struct {
	ID       string    `json:"id"`
	Source   string    `json:"source" doc:"That named the customer first"`
	Ref      string    `json:"ref,omitempty" doc:"Its own id of the customer"`
	Name     string    `json:"name"`
	Email    string    `json:"email,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	Language string    `json:"language,omitempty"`
	Tier     *TierView `json:"tier,omitempty" doc:"The tier now; missing: none"`
}

// TierView is a tier that holds, or once did.
type TierView struct {
	Tier   string     `json:"tier" doc:"Empty: none from here on"`
	From   time.Time  `json:"from"`
	Until  *time.Time `json:"until,omitempty" doc:"First moment without it; missing: until another is told"`
	Reason string     `json:"reason,omitempty"`
	Source string     `json:"source,omitempty" doc:"Of the order or the member system that told it"`
	By     ByView     `json:"by"`
	ToldAt time.Time  `json:"told_at"`
}

// ByView is who told it.
type ByView struct {
	Kind actor.Kind `json:"kind"`
	ID   string     `json:"id,omitempty"`
	Name string     `json:"name,omitempty"`
}

// Detail is a customer with all that was ever told about the tier.
type Detail struct {
	View
	Tiers []TierView `json:"tiers" nullable:"false" doc:"The latest beginning first"`
}

func tierView(s Standing) TierView {
	v := TierView{Tier: s.Tier, From: s.From, Reason: s.Reason, Source: s.Source, By: ByView{s.By.Kind, s.By.ID, s.By.Name}, ToldAt: s.ToldAt}
	if !s.Until.IsZero() {
		v.Until = &s.Until
	}
	return v
}

func view(c Customer, told []Standing, now time.Time) View {
	v := View{ID: c.ID, Source: c.Source, Ref: c.Ref, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language}
	if s := standingAt(told, now); s.Tier != "" {
		t := tierView(s)
		v.Tier = &t
	}
	return v
}

// Routes registers customers and their tiers. Customers are the shop's:
// somebody who works for one seller of a marketplace sees none.
func Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/customers", Need: role.CustomerRead, Tag: "customers", Summary: "List or search customers, the newest first"}, listAll)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/customers/{id}", Need: role.CustomerRead, Tag: "customers", Summary: "Read a customer with what was told about the tier",
		Faults: []*fault.Fault{ErrUnknown}}, getOne)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/customers/{id}/tier", Need: role.CustomerTier, Tag: "customers", Summary: "Give a customer a tier, or take it away",
		Faults: []*fault.Fault{ErrUnknown, ErrTier}}, putTier)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/customers/tiers", Need: role.CustomerTier, Tag: "customers", Summary: "Take over the tiers of a member system",
		Faults: []*fault.Fault{ErrInvalid, ErrTier}}, postTiers)
}

type listIn struct {
	httpapi.Page
	Q string `query:"q" maxLength:"200" doc:"Beginning of a name, of a later word of it, of an e-mail address or a phone number"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items" nullable:"false"`
		Next  string `json:"next" doc:"Cursor of the next page; empty at the end. A search has one page"`
	}
}

func listAll(ctx context.Context, tx *db.Tx, by actor.Actor, in *listIn) (*listOut, error) {
	out := &listOut{}
	out.Body.Items = []View{}
	if by.Seller != "" {
		return out, nil
	}
	var after string
	if err := httpapi.DecodeCursor(in.Cursor, &after); err != nil {
		return nil, err
	}
	var all []Customer
	var err error
	if in.Q != "" {
		all, err = Find(ctx, tx, by.Tenant, in.Q, in.Limit)
	} else if all, err = newest(ctx, tx, by.Tenant, after, in.Limit+1); len(all) > in.Limit {
		all = all[:in.Limit]
		out.Body.Next = httpapi.EncodeCursor(all[in.Limit-1].ID)
	}
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	told, err := Standings(ctx, tx, by.Tenant, ids)
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, view(c, told[c.ID], tx.Now))
	}
	return out, err
}

type oneIn struct {
	ID string `path:"id"`
}

type oneOut struct{ Body Detail }

func getOne(ctx context.Context, tx *db.Tx, by actor.Actor, in *oneIn) (*oneOut, error) {
	if by.Seller != "" {
		return nil, ErrUnknown
	}
	c, err := ByID(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	told, err := Standings(ctx, tx, by.Tenant, []string{c.ID})
	out := &oneOut{Detail{View: view(c, told[c.ID], tx.Now), Tiers: []TierView{}}}
	for _, s := range told[c.ID] {
		out.Body.Tiers = append(out.Body.Tiers, tierView(s))
	}
	return out, err
}

type tierIn struct {
	ID   string `path:"id"`
	Body struct {
		Tier   string    `json:"tier" maxLength:"40" pattern:"^([a-z0-9][a-z0-9_-]*)?$" doc:"As policies name it; empty: none any more" example:"gold"`
		Until  time.Time `json:"until,omitempty" doc:"First moment without it; left out: until another is told"`
		Reason string    `json:"reason,omitempty" maxLength:"2000" doc:"Why; staff have to say it"`
	}
}

func putTier(ctx context.Context, tx *db.Tx, by actor.Actor, in *tierIn) (*oneOut, error) {
	if by.Seller != "" {
		return nil, ErrUnknown
	}
	_, err := SetTier(ctx, tx, by, in.ID, Told{Tier: in.Body.Tier, Until: in.Body.Until, Reason: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return getOne(ctx, tx, by, &oneIn{in.ID})
}

type member struct {
	Ref   string    `json:"ref,omitempty" maxLength:"200" doc:"The source's own id of the customer"`
	Email string    `json:"email,omitempty" maxLength:"254"`
	Phone string    `json:"phone,omitempty" maxLength:"40"`
	Name  string    `json:"name,omitempty" maxLength:"200"`
	Tier  string    `json:"tier" maxLength:"40" pattern:"^([a-z0-9][a-z0-9_-]*)?$" doc:"Empty: none any more" example:"gold"`
	Until time.Time `json:"until,omitempty"`
}

type tiersIn struct {
	Body struct {
		Source string   `json:"source" minLength:"1" maxLength:"40" pattern:"^[a-z0-9_-]+$" doc:"The shop system whose ids the references are, as orders name it" example:"shop"`
		Items  []member `json:"items" minItems:"1" maxItems:"200" doc:"Each found as a customer of an order is: by reference, else e-mail, else phone. Who is not known yet is added, so that the tier is there with the first order"`
	}
}

type tiersOut struct {
	Body struct {
		Changed int `json:"changed"`
		Same    int `json:"same" doc:"Of those that had just this tier already"`
	}
}

func postTiers(ctx context.Context, tx *db.Tx, by actor.Actor, in *tiersIn) (*tiersOut, error) {
	out := &tiersOut{}
	if by.Seller != "" {
		return nil, role.ErrDenied
	}
	for _, m := range in.Body.Items {
		c, err := Upsert(ctx, tx, by, Draft{Source: in.Body.Source, Ref: m.Ref, Email: m.Email, Phone: m.Phone, Name: m.Name})
		if err != nil {
			return nil, err
		}
		changed, err := tell(ctx, tx, by, c.ID, Told{Tier: m.Tier, Until: m.Until, Source: in.Body.Source})
		if err != nil {
			return nil, err
		}
		if changed {
			out.Body.Changed++
		} else {
			out.Body.Same++
		}
	}
	return out, nil
}
