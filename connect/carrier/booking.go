package carrier

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
)

type slot struct {
	ID   string    `json:"id"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Left int64     `json:"left"`
}

// Slots lists when a parcel can be fetched.
func (a *Adapter) Slots(ctx context.Context, from shipment.Address, day time.Time) ([]shipment.Slot, error) {
	if a.wire == nil {
		return nil, shipment.ErrNotOffered
	}
	q := url.Values{"day": {day.Format(time.DateOnly)}, "postcode": {from.Postcode}, "city": {from.City}}
	answer, err := a.wire.Call(ctx, http.MethodGet, "/slots?"+q.Encode(), nil, nil)
	if err != nil {
		return nil, err
	}
	switch answer.Status {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusNotImplemented:
		return nil, shipment.ErrNotOffered
	default:
		return nil, answer.Unexpected()
	}
	var body struct {
		Slots []slot `json:"slots"`
	}
	if err := answer.Into(&body); err != nil {
		return nil, err
	}
	all := []shipment.Slot{}
	for _, s := range body.Slots {
		all = append(all, shipment.Slot{ID: s.ID, Carrier: Name, From: s.From.UTC(), To: s.To.UTC(), Left: s.Left})
	}
	return all, nil
}

type booking struct {
	Key    string           `json:"key"`
	Method shipment.Method  `json:"method"`
	Slot   *slot            `json:"slot,omitempty"`
	From   shipment.Address `json:"from"`
	To     shipment.Address `json:"to"`
}

type booked struct {
	Reference string `json:"reference"`
	Carrier   string `json:"carrier"`
	Tracking  string `json:"tracking"`
	LabelURL  string `json:"label_url"`
	Cancelled bool   `json:"cancelled"`
}

func (b booked) ours() shipment.Booked {
	if u, err := url.Parse(b.LabelURL); err != nil || u.Scheme != "https" {
		b.LabelURL = ""
	}
	return shipment.Booked{Reference: b.Reference, Carrier: b.Carrier, Tracking: b.Tracking, Slip: b.LabelURL, Gone: b.Cancelled}
}

// Book asks for a label and, with a slot, for the parcel to be fetched.
func (a *Adapter) Book(ctx context.Context, b shipment.Booking) (shipment.Booked, error) {
	if a.wire == nil {
		return shipment.Booked{}, shipment.ErrNotOffered
	}
	in := booking{Key: b.ID, Method: b.Method, From: b.Sender, To: b.Receiver}
	if b.Method == shipment.PickUp {
		in.Slot = &slot{ID: b.Place, From: b.From, To: b.To}
	}
	answer, err := a.wire.JSON(ctx, http.MethodPost, "/bookings", http.Header{"Idempotency-Key": {b.ID}}, in)
	if err != nil {
		return shipment.Booked{}, err
	}
	switch answer.Status {
	case http.StatusOK, http.StatusCreated:
	case http.StatusNotFound, http.StatusNotImplemented:
		return shipment.Booked{}, shipment.ErrNotOffered
	default:
		return shipment.Booked{}, answer.Refusal()
	}
	var out booked
	err = answer.Into(&out)
	return out.ours(), err
}

// Find asks what became of a key.
func (a *Adapter) Find(ctx context.Context, b shipment.Booking) (shipment.Booked, error) {
	if a.wire == nil {
		return shipment.Booked{}, shipment.ErrNotOffered
	}
	answer, err := a.wire.Call(ctx, http.MethodGet, "/bookings/"+url.PathEscape(b.ID), nil, nil)
	if err != nil {
		return shipment.Booked{}, err
	}
	switch answer.Status {
	case http.StatusOK:
	case http.StatusNotFound:
		return shipment.Booked{}, shipment.ErrAbsent
	default:
		return shipment.Booked{}, answer.Unexpected()
	}
	var out booked
	err = answer.Into(&out)
	return out.ours(), err
}

// Cancel makes a booking void; one that is not there is.
func (a *Adapter) Cancel(ctx context.Context, b shipment.Booking) error {
	if a.wire == nil {
		return shipment.ErrNotOffered
	}
	answer, err := a.wire.Call(ctx, http.MethodDelete, "/bookings/"+url.PathEscape(b.ID), nil, nil)
	if err != nil {
		return err
	}
	switch answer.Status {
	case http.StatusOK, http.StatusNoContent, http.StatusNotFound, http.StatusGone:
		return nil
	}
	return answer.Refusal()
}
