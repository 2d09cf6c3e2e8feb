package shipment

import (
	"context"
	"net/http"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

var (
	addFaults  = []*fault.Fault{ErrUnknown, ErrMany, ErrAddress, ErrWay, ErrSent}
	actFaults  = []*fault.Fault{ErrUnknown, ErrMethod, ErrSent, ErrSlot, ErrSlotTaken, ErrPoint, ErrCarrier, ErrAddress, ErrNoBooking, ErrNoWish, ErrEarly}
	findFaults = []*fault.Fault{ErrUnknown}
	noLabel    = fault.New(fault.Missing, "shipment.no_label", "This parcel has no label of the shop.")
	labelQuery = map[string]string{"lang": "Language of the words on it"}
)

// caseRoutes are the parcels of a case, for staff and for its customer.
func (s *Service) caseRoutes(a *httpapi.API, at string, need actor.Permission, tag, act string) {
	httpapi.Read(a, httpapi.Op{Route: "GET " + at + "/parcels", Need: need, Tag: tag, Summary: "List the parcels of a case", Faults: findFaults}, s.caseParcels)
	httpapi.Write(a, httpapi.Op{Route: "POST " + at + "/parcels/{parcel}/actions", Need: need, Tag: tag, Summary: act, Faults: actFaults}, s.act)
	httpapi.Plain(a, httpapi.Op{Route: "GET " + at + "/slots", Need: need, Tag: tag, Summary: "List when a parcel can be fetched", Faults: findFaults}, s.caseSlots)
	httpapi.Read(a, httpapi.Op{Route: "GET " + at + "/points", Need: need, Tag: tag, Summary: "List where a parcel can be brought, the nearest first", Faults: findFaults}, s.casePoints)
	httpapi.Stream(a, httpapi.Op{Route: "GET " + at + "/parcels/{parcel}/label.pdf", Need: need, Tag: tag, Summary: "Label of a parcel", Produces: "application/pdf",
		Query: labelQuery, Faults: []*fault.Fault{ErrUnknown, noLabel}}, s.getLabel)
}

// see refuses the parcels of a case that the actor may not see.
func (s *Service) see(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) error {
	if s.CaseOf == nil {
		return ErrUnknown
	}
	_, _, err := s.CaseOf(ctx, tx, by, caseID)
	return err
}

type caseIn struct {
	httpapi.Lang
	ID string `path:"id"`
}

type listOut struct {
	Body struct {
		Items []View `json:"items"`
		Next  string `json:"next"`
	}
}

func (s *Service) caseParcels(ctx context.Context, tx *db.Tx, by actor.Actor, in *caseIn) (*listOut, error) {
	if err := s.see(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	found, err := Of(ctx, tx, by.Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listOut{}
	out.Body.Items = []View{}
	for _, p := range found {
		v, err := s.view(ctx, tx, by, p, in.Language())
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

type actIn struct {
	httpapi.Lang
	ID     string `path:"id"`
	Parcel string `path:"parcel"`
	Body   actBody
}

type actBody struct {
	Action  string    `json:"action" enum:"book,cancel_booking,missed,intercepted,intercept_refused" doc:"book: how it gets to the carrier; missed: a pick-up came to nothing (staff); intercepted, intercept_refused: what the carrier said (staff)"`
	Method  Method    `json:"method,omitempty" enum:"drop_off,pick_up,self_ship"`
	Carrier string    `json:"carrier,omitempty" maxLength:"60" doc:"Of the slot, or from whom to buy the label; empty: the shop's own"`
	Place   string    `json:"place,omitempty" maxLength:"100" doc:"Id of the slot or drop-off point"`
	From    time.Time `json:"from,omitzero" doc:"Of a carrier's slot"`
	To      time.Time `json:"to,omitzero"`
	Address *Address  `json:"address,omitempty" doc:"Where the parcel is fetched, or who sends it; missing for a pick-up: where the last one of the parcel was to be"`
	Reason  string    `json:"reason,omitempty" maxLength:"500"`
}

type oneOut struct {
	ETag string `header:"ETag"`
	Body View
}

func (s *Service) act(ctx context.Context, tx *db.Tx, by actor.Actor, in *actIn) (*oneOut, error) {
	if err := s.see(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	if err := acts(by); err != nil {
		return nil, err
	}
	p, err := ofCase(ctx, tx, by.Tenant, in.ID, in.Parcel)
	if err == nil && by.Kind == actor.Customer && p.Direction != Return {
		err = ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	b := in.Body
	if by.Kind == actor.Customer && b.Action != "book" && b.Action != "cancel_booking" {
		return nil, role.ErrDenied.With("action", b.Action)
	}
	switch b.Action {
	case "book":
		var from Address
		if b.Address != nil {
			from = trimmed(*b.Address)
		}
		p, err = s.Book(ctx, tx, by, in.ID, p.ID, b.Method, Slot{ID: b.Place, Carrier: b.Carrier, From: b.From.UTC(), To: b.To.UTC()}, from)
	case "cancel_booking":
		p, err = s.Unbook(ctx, tx, by, in.ID, p.ID)
	case "missed":
		p, err = s.Missed(ctx, tx, by, in.ID, p.ID, b.Reason)
	default:
		p, err = s.Decide(ctx, tx, by, p.ID, b.Action == "intercepted", b.Reason)
	}
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, tx, by, p, in.Language())
}

// acts refuses staff who neither decide about cases nor handle parcels.
func acts(by actor.Actor) error {
	if by.Kind == actor.Customer || role.Allow(by, role.ParcelScan) == nil {
		return nil
	}
	return role.Allow(by, role.CaseDecide)
}

func (s *Service) answer(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, lang string) (*oneOut, error) {
	v, err := s.view(ctx, tx, by, p, lang)
	return &oneOut{ETag: httpapi.ETag(p.Version), Body: v}, err
}

// getLabel draws the label of a parcel, outside the transaction.
func (s *Service) getLabel(ctx context.Context, by actor.Actor, w http.ResponseWriter, r *http.Request) error {
	var l Label
	err := s.Store.Read(ctx, func(tx *db.Tx) error {
		if err := s.see(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		p, err := ofCase(ctx, tx, by.Tenant, r.PathValue("id"), r.PathValue("parcel"))
		if err != nil {
			return err
		}
		if s.LabelOf == nil || p.Direction == Original || p.State == Planned || p.State == Cancelled {
			return noLabel
		}
		if !p.Labelled(by) {
			return role.ErrDenied.With("permission", string(role.CaseReceive))
		}
		l, err = s.LabelOf(ctx, tx, by, p, r.URL.Query().Get("lang"))
		return err
	})
	if err != nil {
		return err
	}
	l.Language = Printed(l.Language)
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="`+l.CaseNumber+`.pdf"`)
	w.Header().Set("Cache-Control", "private, no-store")
	return Render(w, l)
}
