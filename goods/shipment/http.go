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

// Routes registers the look-up of a parcel by the number on it.
func (s *Service) Routes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{
		Route: "GET /v1/parcels", Need: role.CaseRead, Tag: "Parcels",
		Summary: "Find the parcel with a tracking number, ours or the carrier's, and its case",
	}, s.getParcels)
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
