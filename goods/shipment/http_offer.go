package shipment

import (
	"context"
	"errors"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

type pointsIn struct {
	ID        string  `path:"id"`
	Latitude  float64 `query:"latitude" minimum:"-90" maximum:"90" doc:"With longitude: the nearest come first"`
	Longitude float64 `query:"longitude" minimum:"-180" maximum:"180"`
	Limit     int     `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type pointsOut struct {
	Body struct {
		Items []PointView `json:"items"`
		Next  string      `json:"next"`
	}
}

func (s *Service) casePoints(ctx context.Context, tx *db.Tx, by actor.Actor, in *pointsIn) (*pointsOut, error) {
	if err := s.see(ctx, tx, by, in.ID); err != nil {
		return nil, err
	}
	found, err := Points(ctx, tx, by.Tenant)
	if err != nil {
		return nil, err
	}
	far := in.Latitude != 0 || in.Longitude != 0 // nobody lives where both are zero
	if far {
		found = Near(found, in.Latitude, in.Longitude)
	}
	out := &pointsOut{}
	out.Body.Items = []PointView{}
	for _, p := range found[:min(len(found), in.Limit)] {
		out.Body.Items = append(out.Body.Items, pointView(p, far))
	}
	return out, nil
}

type slotsIn struct {
	ID       string `path:"id"`
	Day      string `query:"day" required:"true" format:"date" doc:"In the shop's zone"`
	Carrier  string `query:"carrier" maxLength:"60" doc:"Only slots of this carrier; empty: all"`
	Postcode string `query:"postcode" maxLength:"20"`
	City     string `query:"city" maxLength:"120"`
}

type slotsOut struct {
	Body struct {
		Items []SlotView `json:"items"`
		Next  string     `json:"next"`
	}
}

// caseSlots asks the adapters outside the transaction. One that does not answer
// has no slots this time.
func (s *Service) caseSlots(ctx context.Context, by actor.Actor, in *slotsIn) (*slotsOut, error) {
	var found []Slot
	var adapters []Owned
	var day, now time.Time
	err := s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		if err = s.see(ctx, tx, by, in.ID); err != nil {
			return err
		}
		if day, err = shopDay(ctx, tx, by.Tenant, in.Day); err != nil {
			return err
		}
		now = tx.Now
		if adapters, err = s.offered(ctx, tx, by.Tenant); err != nil {
			return err
		}
		found, err = OwnSlots(ctx, tx, by.Tenant, later(day, tx.Now), day.AddDate(0, 0, 1))
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.Carrier != "" {
		found = nil
	}
	for _, adapter := range adapters {
		if in.Carrier != "" && adapter.Name() != in.Carrier || s.Queue == nil {
			continue
		}
		offered, err := offers(ctx, adapter, Address{Postcode: in.Postcode, City: in.City}, day)
		if err != nil && !errors.Is(err, ErrNotOffered) && s.Log != nil {
			s.Log.WarnContext(ctx, "carrier does not tell its slots", "carrier", adapter.Name(), "err", err)
		}
		for _, slot := range offered {
			if slot.From.After(now) {
				found = append(found, slot)
			}
		}
	}
	out := &slotsOut{}
	out.Body.Items = slotViews(found)
	return out, nil
}

func offers(ctx context.Context, adapter Carrier, from Address, day time.Time) ([]Slot, error) {
	ctx, cancel := context.WithTimeout(ctx, pollCall)
	defer cancel()
	return adapter.Slots(ctx, from, day)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
