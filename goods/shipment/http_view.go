package shipment

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// View is a parcel of a case.
type View struct {
	ID        string       `json:"id"`
	Case      string       `json:"case"`
	Direction Direction    `json:"direction" enum:"return,replacement,back,original"`
	Seq       int64        `json:"seq" doc:"Place among the parcels of the case in this direction, from 1"`
	Carrier   string       `json:"carrier" doc:"own: it travels with the shop's label"`
	Tracking  string       `json:"tracking"`
	State     State        `json:"state" enum:"planned,label_issued,pickup_booked,cancelled,handed_over,in_transit,refused,intercepted,lost,delivered,returned,received"`
	StateText string       `json:"state_text"`
	Method    Method       `json:"method,omitempty" enum:"drop_off,pick_up,self_ship"`
	Wish      Wish         `json:"wish,omitempty" enum:"intercept_requested,intercept_accepted,intercept_refused,intercepted" doc:"What became of the wish to stop it"`
	WishText  string       `json:"wish_text,omitempty"`
	To        Address      `json:"to"`
	LabelURL  string       `json:"label_url,omitempty" doc:"Label to print: the carrier's where one was bought, else the shop's"`
	Booking   *BookingView `json:"booking,omitempty" doc:"The newest"`
	Scans     []ScanView   `json:"scans" doc:"Oldest first"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
	Version   int64        `json:"version"`
}

// ScanView is a carrier's report.
type ScanView struct {
	At     time.Time `json:"at"`
	Status State     `json:"status" enum:"handed_over,in_transit,out_for_delivery,delivered,refused,intercepted,returned,lost,exception"`
	Text   string    `json:"text"`
	Place  string    `json:"place,omitempty"`
	Note   string    `json:"note,omitempty" doc:"The carrier's own words"`
}

// BookingView is how a parcel gets to the carrier.
type BookingView struct {
	ID      string       `json:"id"`
	Method  Method       `json:"method" enum:"drop_off,pick_up,self_ship"`
	State   BookingState `json:"state" enum:"requested,booked,declined,cancelling,cancelled,missed,stuck"`
	Text    string       `json:"text"`
	Carrier string       `json:"carrier,omitempty"`
	Place   string       `json:"place,omitempty" doc:"Slot or drop-off point"`
	From    *time.Time   `json:"from,omitempty"`
	To      *time.Time   `json:"to,omitempty"`
	Reason  string       `json:"reason,omitempty" doc:"Why it was declined or missed, or is not known"`
	// Whether a pick-up can be booked again without telling where.
	Addressed bool `json:"addressed" doc:"It is known where the parcel is fetched: booking another pick-up needs no address"`
}

func (s *Service) view(ctx context.Context, tx *db.Tx, by actor.Actor, p Parcel, lang string) (View, error) {
	v := View{
		ID: p.ID, Case: p.Case, Direction: p.Direction, Seq: p.Seq, Carrier: p.Carrier, Tracking: p.Tracking, State: p.State,
		StateText: locale.Text(lang, "parcel."+string(p.State), nil), Method: p.Method, Wish: p.Wish, To: p.GoesTo(by), Scans: []ScanView{},
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Version: p.Version,
	}
	if v.To.Lines == nil {
		v.To.Lines = []string{}
	}
	if p.Wish != "" {
		v.WishText = locale.Text(lang, "parcel."+string(p.Wish), nil)
	}
	switch {
	case p.Slip != "" && customer.SightOf(by).Addresses(): // the carrier prints both addresses
		v.LabelURL = p.Slip
	case s.LabelOf != nil && p.Labelled(by) && p.Direction != Original && p.State != Planned && p.State != Cancelled:
		v.LabelURL = base(by) + "/cases/" + p.Case + "/parcels/" + p.ID + "/label.pdf"
	}
	for _, sc := range p.Scans {
		v.Scans = append(v.Scans, ScanView{At: sc.At, Status: sc.Status, Text: locale.Text(lang, "scan."+string(sc.Status), nil), Place: said(by, sc.Place), Note: said(by, sc.Note)})
	}
	if p.Method == "" && p.State.Sent() {
		return v, nil
	}
	b, err := lastBooking(ctx, tx, p.Tenant, p.ID)
	if errors.Is(err, ErrNoBooking) {
		return v, nil
	}
	one := bookingView(b, lang)
	one.Reason = said(by, one.Reason)
	v.Booking = &one
	if by.Kind == actor.Customer && b.State != BookDeclined && b.State != BookMissed {
		v.Booking.Reason = ""
	}
	return v, err
}

// said are a carrier's words, without contacts where the actor may not see them.
func said(by actor.Actor, words string) string {
	return customer.SightOf(by).Text(words, customer.Customer{})
}

// base is the reader's part of the API.
func base(by actor.Actor) string {
	if by.Kind == actor.Customer {
		return "/v1/my"
	}
	return "/v1"
}

// PointView is where parcels can be brought.
type PointView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Address   string   `json:"address"`
	City      string   `json:"city,omitempty"`
	Hours     string   `json:"hours,omitempty"`
	Latitude  *float64 `json:"latitude,omitempty"`
	Longitude *float64 `json:"longitude,omitempty"`
	Metres    *int64   `json:"metres,omitempty" doc:"How far it is, where a place was given"`
}

func pointView(p Point, far bool) PointView {
	v := PointView{ID: p.ID, Name: p.Name, Address: p.Address, City: p.City, Hours: p.Hours}
	if p.Located {
		v.Latitude, v.Longitude = &p.Latitude, &p.Longitude
		if far {
			metres := int64(p.Distance * 1000)
			v.Metres = &metres
		}
	}
	return v
}

// SlotView is a time in which a parcel can be fetched.
type SlotView struct {
	ID      string    `json:"id"`
	Carrier string    `json:"carrier,omitempty" doc:"Empty: the shop's own"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Left    int64     `json:"left" doc:"How many parcels it has room for"`
}

func slotViews(all []Slot) []SlotView {
	out := []SlotView{}
	for _, s := range all {
		out = append(out, SlotView(s))
	}
	return out
}

func trimmed(a Address) Address {
	a.Name, a.City, a.Region, a.Postcode = strings.TrimSpace(a.Name), strings.TrimSpace(a.City), strings.TrimSpace(a.Region), strings.TrimSpace(a.Postcode)
	return a
}
