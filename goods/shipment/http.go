package shipment

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// Routes registers the look-up of a parcel by the number on it, the parcels of
// cases, the points and slots of the shop, and the webhooks of carriers.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{
		Route: "GET /v1/parcels", Need: role.CaseRead, Tag: "Parcels",
		Summary: "Find the parcel with a tracking number, ours or the carrier's, and its case",
	}, s.getParcels)
	s.caseRoutes(a, "/v1/cases/{id}", role.CaseRead, "Parcels", "Book or cancel how a parcel gets to the carrier, or record what the carrier said")
	s.caseRoutes(a, "/v1/my/cases/{id}", role.MyCases, "customer", "Book or cancel how a parcel gets to the carrier")
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/cases/{id}/parcels", Need: role.CaseRead, Tag: "Parcels", Status: 201,
		Summary: "Prepare another parcel: from the customer, or to the customer", Faults: addFaults}, s.addParcel)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/my/cases/{id}/parcels", Need: role.MyCases, Tag: "customer", Status: 201,
		Summary: "Ask for another return parcel with a label of its own", Faults: addFaults}, s.addMine)
	s.shopRoutes(a)
	s.hookRoute(a)
}

type addIn struct {
	httpapi.Lang
	ID   string `path:"id"`
	Body struct {
		Direction Direction `json:"direction" enum:"return,replacement,back"`
		To        *Address  `json:"to,omitempty" doc:"Where it goes; missing: where the case says that the replacement goes"`
	}
}

func (s *Service) addParcel(ctx context.Context, tx *db.Tx, by actor.Actor, in *addIn) (*oneOut, error) {
	if err := s.see(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	if err := acts(by); err != nil {
		return nil, err
	}
	if in.Body.Direction == Return {
		return s.another(ctx, tx, by, in.ID, in.Language())
	}
	var to Address
	var err error
	switch {
	case in.Body.To != nil:
		to = trimmed(*in.Body.To)
	case s.Destination != nil:
		if to, err = s.Destination(ctx, tx, by, in.ID); err != nil {
			return nil, err
		}
	}
	p, err := s.Prepare(ctx, tx, by, in.ID, in.Body.Direction, to)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, p, in.Language())
}

func (s *Service) addMine(ctx context.Context, tx *db.Tx, by actor.Actor, in *caseIn) (*oneOut, error) {
	if err := s.see(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	return s.another(ctx, tx, by, in.ID, in.Language())
}

// another adds a return parcel while the first one has not arrived and was not
// given up: before there is a first the case is not approved, after that it is
// too late.
func (s *Service) another(ctx context.Context, tx *db.Tx, by actor.Actor, caseID, lang string) (*oneOut, error) {
	first, err := ofCase(ctx, tx, by.Tenant, caseID, "")
	if err != nil {
		return nil, err
	}
	if first.State == Cancelled || first.State == Received {
		return nil, ErrSent.With("state", first.State)
	}
	var p Parcel
	if s.Another != nil {
		p, err = s.Another(ctx, tx, by, caseID)
	} else {
		p, err = s.Add(ctx, tx, by, caseID, first.To)
	}
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, p, lang)
}

type parcelsInput struct {
	Tracking string `query:"tracking" required:"true" maxLength:"100" doc:"As scanned or typed; blanks and dashes do not matter"`
}

type parcelsOutput struct {
	Body struct {
		Items []Found `json:"items"`
		Next  string  `json:"next"`
	}
}

// Found is a parcel in a list.
type Found struct {
	ID       string    `json:"id"`
	Tracking string    `json:"tracking"`
	Label    string    `json:"label" doc:"Number on our label; the same as tracking unless the customer chose another carrier"`
	Carrier  string    `json:"carrier"`
	Way      Direction `json:"direction" enum:"return,replacement,back,original"`
	State    State     `json:"state" enum:"planned,label_issued,pickup_booked,cancelled,handed_over,in_transit,refused,intercepted,lost,delivered,returned,received"`
	Case     FoundCase `json:"case"`
}

// FoundCase is the case of a parcel in a list.
type FoundCase struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	State  string `json:"state"`
}

// getParcels answers with an empty list where there is no parcel, or none that
// the actor may see.
func (s *Service) getParcels(ctx context.Context, tx *db.Tx, by actor.Actor, in *parcelsInput) (*parcelsOutput, error) {
	out := &parcelsOutput{}
	out.Body.Items = []Found{}
	p, err := ByTracking(ctx, tx, by.Tenant, in.Tracking)
	if errors.Is(err, ErrUnknown) || err == nil && s.CaseOf == nil {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	number, state, err := s.CaseOf(ctx, tx, by, p.Case)
	if f, ok := errors.AsType[*fault.Fault](err); ok && (f.Kind == fault.Missing || f.Kind == fault.Denied) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Body.Items = append(out.Body.Items, Found{
		ID: p.ID, Tracking: p.Tracking, Label: p.Label, Carrier: p.Carrier, Way: p.Direction, State: p.State,
		Case: FoundCase{ID: p.Case, Number: number, State: state},
	})
	return out, nil
}
