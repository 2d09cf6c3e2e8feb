package easypost

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"time"

	"github.com/aftercare/aftercare/goods/shipment"
)

type parcel struct {
	ID      string `json:"id"`
	Code    string `json:"tracking_code"`
	Refund  string `json:"refund_status"`
	Rates   []rate `json:"rates"`
	Chosen  *rate  `json:"selected_rate"`
	Postage *struct {
		URL string `json:"label_url"`
	} `json:"postage_label"`
}

type rate struct {
	ID      string `json:"id"`
	Carrier string `json:"carrier"`
	Service string `json:"service"`
	Rate    string `json:"rate"`
}

type pickup struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Rates  []rate `json:"pickup_rates"`
}

const gramsPerOunce = 28.349523125

// Slots are the halves of a day: EasyPost takes any time, and the carrier says
// yes or no.
func (a *Adapter) Slots(_ context.Context, _ shipment.Address, day time.Time) ([]shipment.Slot, error) {
	at := func(hour int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
	}
	return []shipment.Slot{
		{ID: "morning", Carrier: Name, From: at(9), To: at(13), Left: 1},
		{ID: "afternoon", Carrier: Name, From: at(13), To: at(18), Left: 1},
	}, nil
}

// Book buys the cheapest label and, for a pick-up, the cheapest pick-up of the
// same carrier. What an earlier try has bought is used.
func (a *Adapter) Book(ctx context.Context, b shipment.Booking) (shipment.Booked, error) {
	p, err := a.parcel(ctx, b)
	if err != nil {
		return shipment.Booked{}, err
	}
	if p.Postage == nil {
		best, ok := cheapest(p.Rates, "")
		if !ok {
			return shipment.Booked{}, &shipment.Declined{Reason: "No carrier offers a label for this parcel."}
		}
		if err := a.send(ctx, "/shipments/"+url.PathEscape(p.ID)+"/buy", map[string]any{"rate": map[string]string{"id": best.ID}}, &p); err != nil {
			return shipment.Booked{}, known(err)
		}
	}
	out := p.booked()
	if out.Gone {
		return shipment.Booked{}, &shipment.Declined{Reason: "The label was given back."}
	}
	if b.Method != shipment.PickUp {
		return out, nil
	}
	u, err := a.fetch(ctx, b, p)
	if no, ok := errors.AsType[*shipment.Declined](err); ok { // a label alone is of no use
		if err := a.Cancel(ctx, shipment.Booking{Reference: p.ID}); err != nil {
			return shipment.Booked{}, fmt.Errorf("giving back the label of %s: %w", b.ID, err)
		}
		return shipment.Booked{}, no
	}
	if err != nil {
		return shipment.Booked{}, err
	}
	out.Reference += " " + u.ID
	return out, nil
}

// fetch has the parcel fetched.
func (a *Adapter) fetch(ctx context.Context, b shipment.Booking, p parcel) (pickup, error) {
	u, err := a.pickup(ctx, b, p)
	if err != nil || u.Status == "scheduled" {
		return u, err
	}
	best, ok := cheapest(u.Rates, p.booked().Carrier)
	if !ok {
		return u, &shipment.Declined{Reason: "The carrier does not come at this time."}
	}
	return u, known(a.send(ctx, "/pickups/"+url.PathEscape(u.ID)+"/buy", map[string]string{"carrier": best.Carrier, "service": best.Service}, &u))
}

// parcel finds the label of a booking, bought or not, or has one quoted.
func (a *Adapter) parcel(ctx context.Context, b shipment.Booking) (p parcel, err error) {
	if err = a.get(ctx, "/shipments/"+url.PathEscape(b.ID), &p); !errors.Is(err, shipment.ErrAbsent) {
		return p, err
	}
	err = a.send(ctx, "/shipments", map[string]any{"shipment": map[string]any{
		"reference": b.ID, "is_return": b.Direction == shipment.Return,
		"from_address": address(b.Sender), "to_address": address(b.Receiver),
		"parcel": map[string]any{"weight": float64(a.o.Grams) / gramsPerOunce},
	}}, &p)
	return p, known(err)
}

func (a *Adapter) pickup(ctx context.Context, b shipment.Booking, p parcel) (u pickup, err error) {
	if err = a.get(ctx, "/pickups/"+url.PathEscape(b.ID), &u); !errors.Is(err, shipment.ErrAbsent) {
		return u, err
	}
	err = a.send(ctx, "/pickups", map[string]any{"pickup": map[string]any{
		"reference": b.ID, "shipment": map[string]string{"id": p.ID}, "address": address(b.Sender), "is_account_address": false,
		"min_datetime": b.From.UTC().Format(time.RFC3339), "max_datetime": b.To.UTC().Format(time.RFC3339),
	}}, &u)
	return u, known(err)
}

// known keeps an unheard-of path from being taken for an unheard-of booking.
func known(err error) error {
	if errors.Is(err, shipment.ErrAbsent) {
		return &shipment.Declined{Reason: "EasyPost does not know what was asked for."}
	}
	return err
}

func (p parcel) booked() shipment.Booked {
	out := shipment.Booked{Reference: p.ID, Tracking: p.Code, Gone: p.Refund == "submitted" || p.Refund == "refunded"}
	if p.Chosen != nil {
		out.Carrier = p.Chosen.Carrier
	}
	if p.Postage != nil && strings.HasPrefix(p.Postage.URL, "https://") {
		out.Slip = p.Postage.URL
	}
	return out
}

// Find tells whether everything of a booking was bought. What was bought by
// half is not booked: Book goes on from there.
func (a *Adapter) Find(ctx context.Context, b shipment.Booking) (shipment.Booked, error) {
	var p parcel
	if err := a.get(ctx, "/shipments/"+url.PathEscape(b.ID), &p); err != nil {
		return shipment.Booked{}, err
	}
	out := p.booked()
	if p.Postage == nil {
		return shipment.Booked{}, shipment.ErrAbsent
	}
	if b.Method != shipment.PickUp {
		return out, nil
	}
	var u pickup
	if err := a.get(ctx, "/pickups/"+url.PathEscape(b.ID), &u); err != nil && !errors.Is(err, shipment.ErrAbsent) {
		return shipment.Booked{}, err
	}
	switch {
	case u.Status == "scheduled" || u.Status == "canceled":
		out.Reference += " " + u.ID
		return out, nil
	case b.State == shipment.BookUndoing: // the label is to be given back
		return out, nil
	}
	return shipment.Booked{}, shipment.ErrAbsent
}

// Cancel has nobody come and gives the label back.
func (a *Adapter) Cancel(ctx context.Context, b shipment.Booking) error {
	label, fetch, _ := strings.Cut(b.Reference, " ")
	if fetch != "" {
		var u pickup
		if err := a.get(ctx, "/pickups/"+url.PathEscape(fetch), &u); err != nil {
			return known(err)
		}
		if u.Status != "canceled" {
			if err := a.send(ctx, "/pickups/"+url.PathEscape(fetch)+"/cancel", map[string]any{}, &u); err != nil {
				return known(err)
			}
		}
	}
	var p parcel
	if err := a.get(ctx, "/shipments/"+url.PathEscape(label), &p); err != nil {
		return known(err)
	}
	if p.booked().Gone {
		return nil
	}
	if err := a.send(ctx, "/shipments/"+url.PathEscape(label)+"/refund", map[string]any{}, &p); err != nil {
		return known(err)
	}
	if !p.booked().Gone {
		return &shipment.Declined{Reason: "The label is not paid back: " + p.Refund}
	}
	return nil
}

// cheapest is the lowest rate, of one carrier if it is named.
func cheapest(all []rate, of string) (best rate, ok bool) {
	var least *big.Rat
	for _, r := range all {
		price, valid := new(big.Rat).SetString(r.Rate)
		if valid && (of == "" || strings.EqualFold(r.Carrier, of)) && (least == nil || price.Cmp(least) < 0) {
			best, least = r, price
		}
	}
	return best, least != nil
}

func address(a shipment.Address) map[string]string {
	out := map[string]string{"name": a.Name, "city": a.City, "state": a.Region, "zip": a.Postcode, "country": a.ISO, "phone": a.Phone}
	for i, line := range a.Lines {
		switch i {
		case 0:
			out["street1"] = line
		case 1:
			out["street2"] = line
		default:
			out["street2"] += ", " + line
		}
	}
	return out
}
