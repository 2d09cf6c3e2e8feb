package order

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// ErrParcel refuses news that contradict what is known.
var ErrParcel = fault.New(fault.Conflict, "order.parcel", "The parcel does not fit what is known of the order.")

// Parcel is news of some lines on their way to the customer.
type Parcel struct {
	Lines       []int // empty: all
	Carrier     string
	Tracking    string
	ShippedAt   time.Time // zero: no news of that
	DeliveredAt time.Time
	InstalledAt Day // end of installation by the seller; empty: no news of that
}

// Sent keeps when lines left the shop and when they arrived: it decides what a
// customer may ask for, and for how long. What is known already may be said
// again, but not differently; then it refuses with ErrParcel, as with a day
// before the purchase or in the future. The order arrived with its last line.
// Money is not touched.
func (s *Service) Sent(ctx context.Context, tx *db.Tx, by actor.Actor, orderID string, p Parcel) (Order, error) {
	o, err := ByID(ctx, tx, by, orderID)
	if err != nil {
		return Order{}, err
	}
	if err := p.check(o, by, tx.Now); err != nil {
		return Order{}, err
	}
	var changed []Line
	for i := range o.Lines {
		l := &o.Lines[i]
		if !Touches(p.Lines, l.No) || by.Seller != "" && l.Seller != by.Seller {
			continue
		}
		news, err := p.tell(l)
		if err != nil {
			return Order{}, err
		}
		if news {
			changed = append(changed, *l)
		}
	}
	if len(changed) == 0 {
		return o, nil
	}
	o.arrive()
	if err := saveParcel(ctx, tx, &o, changed); err != nil {
		return Order{}, fmt.Errorf("parcel of order %s: %w", o.ID, err)
	}
	fact := Sent{Carrier: p.Carrier, Tracking: p.Tracking, ShippedAt: known(instant(&p.ShippedAt)), DeliveredAt: known(instant(&p.DeliveredAt)), InstalledAt: p.InstalledAt}
	for _, l := range changed {
		fact.Lines = append(fact.Lines, l.No)
	}
	return o, event.Append(ctx, tx, by, event.About{Stream: "order", Subject: o.ID, Version: o.Version}, fact)
}

func (p Parcel) check(o Order, by actor.Actor, now time.Time) error {
	if p.ShippedAt.IsZero() && p.DeliveredAt.IsZero() && p.InstalledAt == "" {
		return ErrInvalid.At("shipped_at", "is missing", "when it was shipped or delivered")
	}
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"shipped_at", p.ShippedAt}, {"delivered_at", p.DeliveredAt}} {
		if t.at.IsZero() {
			continue
		}
		if wrong := checkTime(t.field, t.at, o.PlacedAt, now); wrong != nil {
			return invalid(wrong)
		}
	}
	if !p.ShippedAt.IsZero() && !p.DeliveredAt.IsZero() && p.DeliveredAt.Before(p.ShippedAt) {
		return ErrInvalid.At("delivered_at", "is before it was shipped", "")
	}
	if wrong := checkDay("installed_at", p.InstalledAt); wrong != nil {
		return invalid(wrong)
	}
	if p.InstalledAt != "" && (string(p.InstalledAt) < o.PlacedAt.AddDate(0, 0, -1).Format(time.DateOnly) || string(p.InstalledAt) > now.AddDate(0, 0, 1).Format(time.DateOnly)) {
		return ErrInvalid.At("installed_at", "is before the order was placed, or in the future", "")
	}
	for _, text := range []struct{ field, text string }{{"carrier", p.Carrier}, {"tracking", p.Tracking}} {
		if wrong := checkText(text.field, text.text, 0, 100); wrong != nil {
			return invalid(wrong)
		}
	}
	for i, no := range p.Lines {
		l, ok := o.Line(no)
		if !ok || by.Seller != "" && l.Seller != by.Seller {
			return invalid(&Problem{at("lines", i, ""), "no such line", strconv.Itoa(no)})
		}
	}
	return nil
}

// tell fills in what the line does not know yet.
func (p Parcel) tell(l *Line) (news bool, err error) {
	moment := func(field string, has *time.Time, at time.Time) {
		at = instant(&at)
		switch {
		case at.IsZero() || at.Equal(*has):
		case has.IsZero():
			*has, news = at, true
		default:
			err = ErrParcel.With("line", l.No).With("known", has.Format(time.RFC3339)).At(field, "is known to be another time", "")
		}
	}
	text := func(field string, has *string, is string) {
		switch {
		case is == "" || is == *has:
		case *has == "":
			*has, news = is, true
		default:
			err = ErrParcel.With("line", l.No).With("known", *has).At(field, "is known to be another", "")
		}
	}
	moment("shipped_at", &l.ShippedAt, p.ShippedAt)
	moment("delivered_at", &l.DeliveredAt, p.DeliveredAt)
	text("carrier", &l.Carrier, p.Carrier)
	text("tracking", &l.Tracking, p.Tracking)
	text("installed_at", (*string)(&l.InstalledAt), string(p.InstalledAt))
	return news, err
}

// arrive lets the order have arrived with its last line.
func (o *Order) arrive() {
	if !o.DeliveredAt.IsZero() || slices.ContainsFunc(o.Lines, func(l Line) bool { return l.DeliveredAt.IsZero() }) {
		return
	}
	for _, l := range o.Lines {
		if l.DeliveredAt.After(o.DeliveredAt) {
			o.DeliveredAt = l.DeliveredAt
		}
	}
}
