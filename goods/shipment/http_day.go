package shipment

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/httpapi"
)

// PickUpView is one booking of a day: who waits with a parcel, and for whom.
type PickUpView struct {
	BookingView
	Parcel string       `json:"parcel" doc:"Id of the parcel"`
	Number string       `json:"tracking"`
	Case   FoundCase    `json:"case"`
	Sender Address      `json:"sender" doc:"Where it is fetched"`
	Is     State        `json:"parcel_state" enum:"planned,label_issued,pickup_booked,cancelled,handed_over,in_transit,refused,intercepted,lost,delivered,returned,received" doc:"How far the parcel is: from handed_over on it was fetched, or went off otherwise"`
	Now    *BookingView `json:"now,omitempty" doc:"What is booked for the parcel instead"`
}

type pickUpsIn struct {
	httpapi.Page
	httpapi.Lang
	Day   string       `query:"day" required:"true" format:"date" doc:"In the shop's zone"`
	State BookingState `query:"state" enum:"requested,booked,declined,cancelling,cancelled,missed,stuck" doc:"Only bookings in this state"`
}

type pickUpsOut struct {
	Body struct {
		Items []PickUpView `json:"items" nullable:"false"`
		Next  string       `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

// pickUpsOf leaves out the cases that the actor may not see; a page may then be
// shorter, and still have a next one.
func (s *Service) pickUpsOf(ctx context.Context, tx *db.Tx, by actor.Actor, in *pickUpsIn) (*pickUpsOut, error) {
	day, err := shopDay(ctx, tx, by.Tenant, in.Day)
	if err != nil {
		return nil, err
	}
	f := PickUps{From: day, To: day.AddDate(0, 0, 1), State: in.State, Limit: in.Limit + 1}
	var at int64
	if err := httpapi.DecodeCursor(in.Cursor, &at, &f.After.ID); err != nil {
		return nil, err
	}
	if in.Cursor != "" {
		f.After.At = db.Time(at)
	}
	found, err := PickUpsOf(ctx, tx, by.Tenant, f)
	if err != nil {
		return nil, err
	}
	out := &pickUpsOut{}
	out.Body.Items = []PickUpView{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		last := found[in.Limit-1]
		out.Body.Next = httpapi.EncodeCursor(db.Millis(last.From), last.ID)
	}
	for _, b := range found {
		c, visible, err := s.about(ctx, tx, by, b.Case)
		if err != nil {
			return nil, err
		}
		if !visible {
			continue
		}
		p, err := byID(ctx, tx, by.Tenant, b.Parcel)
		if err != nil {
			return nil, err
		}
		v := PickUpView{BookingView: bookingView(b, in.Language()), Parcel: p.ID, Number: p.Tracking, Case: c, Sender: b.Sender.seenBy(by), Is: p.State}
		v.Reason = said(by, v.Reason)
		if v.Sender.Lines == nil {
			v.Sender.Lines = []string{}
		}
		if v.Now, err = instead(ctx, tx, b, in.Language()); err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, v)
	}
	return out, nil
}

// instead is what was booked after a booking that does not hold any more.
func instead(ctx context.Context, tx *db.Tx, b Booking, lang string) (*BookingView, error) {
	if b.State == BookBooked || b.State == BookRequested {
		return nil, nil
	}
	last, err := lastBooking(ctx, tx, b.Tenant, b.Parcel)
	if err != nil || last.ID == b.ID || last.State != BookBooked && last.State != BookRequested {
		return nil, err
	}
	v := bookingView(last, lang)
	return &v, nil
}

// about names a case, if the actor may see it.
func (s *Service) about(ctx context.Context, tx *db.Tx, by actor.Actor, caseID string) (FoundCase, bool, error) {
	if s.CaseOf == nil {
		return FoundCase{}, false, nil
	}
	number, state, err := s.CaseOf(ctx, tx, by, caseID)
	if f, ok := errors.AsType[*fault.Fault](err); ok && (f.Kind == fault.Missing || f.Kind == fault.Denied) {
		return FoundCase{}, false, nil
	}
	return FoundCase{ID: caseID, Number: number, State: state}, err == nil, err
}

func bookingView(b Booking, lang string) BookingView {
	v := BookingView{ID: b.ID, Method: b.Method, State: b.State, Text: locale.Text(lang, "booking."+string(b.State), nil), Carrier: b.Carrier, Place: b.Place, Reason: b.Reason,
		Addressed: b.Method == PickUp && !b.Sender.nowhere()}
	if !b.From.IsZero() {
		v.From, v.To = &b.From, &b.To
	}
	return v
}

// StoppedView is a parcel that somebody wants, or wanted, to have stopped.
type StoppedView struct {
	View
	About FoundCase `json:"about" doc:"Its case"`
}

type tasksIn struct {
	httpapi.Page
	httpapi.Lang
	Wish Wish `query:"wish" enum:"intercept_requested,intercept_accepted,intercept_refused,intercepted,lost" doc:"What became of it; the newest first. Missing: those that somebody has to have stopped, the oldest first"`
}

type tasksOut struct {
	Body struct {
		Items []StoppedView `json:"items" nullable:"false"`
		Next  string        `json:"next" doc:"Cursor of the next page; empty at the end"`
	}
}

// tasks leaves out the parcels of cases that the actor may not see.
func (s *Service) tasks(ctx context.Context, tx *db.Tx, by actor.Actor, in *tasksIn) (*tasksOut, error) {
	found, next, err := httpapi.PageByID(in.Page, func(p Parcel) string { return p.ID }, func(after string, limit int) ([]Parcel, error) {
		if in.Wish != "" {
			return Stopping(ctx, tx, by.Tenant, in.Wish, after, limit)
		}
		return Tasks(ctx, tx, by.Tenant, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &tasksOut{}
	out.Body.Items, out.Body.Next = []StoppedView{}, next
	for _, p := range found {
		c, visible, err := s.about(ctx, tx, by, p.Case)
		if err != nil {
			return nil, err
		}
		if !visible {
			continue
		}
		v, err := s.view(ctx, tx, by, p, in.Language())
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, StoppedView{v, c})
	}
	return out, nil
}
