package shipment

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// shopRoutes are the shop's own points and slots.
func (s *Service) shopRoutes(a *httpapi.API) {
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/points", Need: role.CaseRead, Tag: "Parcels", Summary: "List the drop-off points"}, s.listPoints)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/points", Need: role.ShopManage, Tag: "Parcels", Status: 201, Summary: "Add a drop-off point", Faults: []*fault.Fault{ErrPlace}}, s.addPoint)
	httpapi.Write(a, httpapi.Op{Route: "PUT /v1/points/{id}", Need: role.ShopManage, Tag: "Parcels", Summary: "Change a drop-off point", Faults: []*fault.Fault{ErrPoint, ErrPlace}}, s.putPoint)
	httpapi.Write(a, httpapi.Op{Route: "DELETE /v1/points/{id}", Need: role.ShopManage, Tag: "Parcels", Summary: "Remove a drop-off point", Faults: []*fault.Fault{ErrPoint}}, s.dropPoint)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/slots", Need: role.CaseRead, Tag: "Parcels", Summary: "List the shop's pick-up slots of a day"}, s.listSlots)
	httpapi.Write(a, httpapi.Op{Route: "POST /v1/slots", Need: role.ShopManage, Tag: "Parcels", Summary: "Offer a pick-up slot, or change how many parcels it has room for",
		Faults: []*fault.Fault{ErrPlace}}, s.openSlot)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/interceptions", Need: role.CaseRead, Tag: "Parcels", Summary: "List the parcels that somebody wants to have stopped, and what became of it"}, s.tasks)
	httpapi.Read(a, httpapi.Op{Route: "GET /v1/pickups", Need: role.CaseRead, Tag: "Parcels", Summary: "List the pick-ups of a day, the earliest first", Faults: []*fault.Fault{ErrSlot}}, s.pickUpsOf)
}

type pointBody struct {
	Name      string   `json:"name" maxLength:"120"`
	Address   string   `json:"address" maxLength:"300"`
	City      string   `json:"city,omitempty" maxLength:"120"`
	Hours     string   `json:"hours,omitempty" maxLength:"200"`
	Latitude  *float64 `json:"latitude,omitempty" minimum:"-90" maximum:"90"`
	Longitude *float64 `json:"longitude,omitempty" minimum:"-180" maximum:"180"`
}

func (b pointBody) point(id string) Point {
	p := Point{ID: id, Name: b.Name, Address: b.Address, City: b.City, Hours: b.Hours}
	if p.Located = b.Latitude != nil && b.Longitude != nil; p.Located {
		p.Latitude, p.Longitude = *b.Latitude, *b.Longitude
	}
	return p
}

type addPointIn struct{ Body pointBody }

type putPointIn struct {
	ID   string `path:"id"`
	Body pointBody
}

type pointOut struct{ Body PointView }

type pointIn struct {
	ID string `path:"id"`
}

type none struct{}

func (s *Service) listPoints(ctx context.Context, tx *db.Tx, by actor.Actor, _ *struct{}) (*pointsOut, error) {
	found, err := Points(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	out := &pointsOut{}
	out.Body.Items = []PointView{}
	for _, p := range found {
		out.Body.Items = append(out.Body.Items, pointView(p, false))
	}
	return out, nil
}

func (s *Service) addPoint(ctx context.Context, tx *db.Tx, by actor.Actor, in *addPointIn) (*pointOut, error) {
	p, err := s.SavePoint(ctx, tx, by, in.Body.point(""))
	return &pointOut{Body: pointView(p, false)}, err
}

func (s *Service) putPoint(ctx context.Context, tx *db.Tx, by actor.Actor, in *putPointIn) (*pointOut, error) {
	if err := hasPoint(ctx, tx, by.Tenant, in.ID); err != nil {
		return nil, err
	}
	p, err := s.SavePoint(ctx, tx, by, in.Body.point(in.ID))
	return &pointOut{Body: pointView(p, false)}, err
}

func (s *Service) dropPoint(ctx context.Context, tx *db.Tx, by actor.Actor, in *pointIn) (*none, error) {
	return &none{}, s.DropPoint(ctx, tx, by, in.ID)
}

type shopSlotsIn struct {
	Day string `query:"day" required:"true" format:"date" doc:"In the shop's zone"`
}

func (s *Service) listSlots(ctx context.Context, tx *db.Tx, by actor.Actor, in *shopSlotsIn) (*slotsOut, error) {
	day, err := shopDay(ctx, tx, by.Tenant, in.Day)
	if err != nil {
		return nil, err
	}
	found, err := OwnSlots(ctx, tx, by.Tenant, day, day.AddDate(0, 0, 1))
	out := &slotsOut{}
	out.Body.Items = slotViews(found)
	return out, err
}

type openSlotIn struct {
	Body struct {
		From     time.Time `json:"from"`
		To       time.Time `json:"to"`
		Capacity int64     `json:"capacity" minimum:"0" maximum:"100000" doc:"How many parcels; what is booked already stays booked"`
	}
}

type slotOut struct{ Body SlotView }

func (s *Service) openSlot(ctx context.Context, tx *db.Tx, by actor.Actor, in *openSlotIn) (*slotOut, error) {
	slot, err := s.OpenSlot(ctx, tx, by, in.Body.From.UTC(), in.Body.To.UTC(), in.Body.Capacity)
	return &slotOut{Body: SlotView{slot.ID, "", slot.From, slot.To, slot.Left}}, err
}

// shopDay is midnight of a day where the shop is.
func shopDay(ctx context.Context, tx *db.Tx, tenantID, day string) (time.Time, error) {
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := calendar.Zone(shop.Zone)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}, ErrSlot.At("day", "is not a day", "2026-03-01")
	}
	return at, nil
}
