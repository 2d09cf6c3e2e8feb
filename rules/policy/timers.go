package policy

import (
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

// Waits are the timers that a shop may set besides those that every policy
// names. 0 is the preset's value, and without a preset the default.
type Waits struct {
	OfferHours   int    `json:"offer_hours,omitempty" minimum:"0" maximum:"720" doc:"Hours in which the other side answers an offer, then it lapses; 0: the preset's value or 48"`
	ReplyDays    int    `json:"reply_days,omitempty" minimum:"0" maximum:"90" doc:"Days for the customer to answer what is asked before a decision, then a person decides without; 0: the preset's value or 7"`
	TransitDays  int    `json:"transit_days,omitempty" minimum:"0" maximum:"90" doc:"Days a parcel may be on its way, then the carrier is asked and it counts as lost; 0: the preset's value or 10"`
	EscalateDays int    `json:"escalate_days,omitempty" minimum:"0" maximum:"180" doc:"Days after a refusal or an expiry in which the customer may still object or amend, then the case closes; 0: the preset's value or 7"`
	ConfirmDays  int    `json:"confirm_days,omitempty" minimum:"0" maximum:"90" doc:"Days for the customer to confirm the goods of an exchange or a second delivery, then it counts as confirmed; 0: the preset's value or 7"`
	PaymentHours int    `json:"payment_hours,omitempty" minimum:"0" maximum:"720" doc:"Hours to pay the difference of an exchange, then the goods are paid back instead; 0: the preset's value or 72"`
	AdvanceDays  int    `json:"advance_days,omitempty" minimum:"0" maximum:"180" doc:"Days to give back money that was paid before the goods were seen; 0: the preset's value or 14"`
	LateDays     int    `json:"late_days,omitempty" minimum:"0" maximum:"3650" doc:"Days after completion in which a case may still be complained of; 0: the preset's value or 15"`
	WorkingDays  bool   `json:"working_days,omitempty" doc:"Count these days, and those to ship back, as working days of the calendar; what falls due in hours waits for the end of the next working day"`
	Calendar     string `json:"calendar,omitempty" pattern:"^[A-Z]{2}$" doc:"Calendar of working days, an ISO 3166 country such as CN or DE"`
}

// Timers are how long each side has, in effect: T1 to T10 of the case model,
// and the payment of an exchange's difference.
type Timers struct {
	AnswerHours  int    `json:"answer_hours" doc:"T1: the shop answers the request, else it is approved"`
	OfferHours   int    `json:"offer_hours" doc:"T2: the other side answers an offer, else it lapses"`
	ReplyDays    int    `json:"reply_days" doc:"The customer answers questions, else a person decides without"`
	ShipBackDays int    `json:"ship_back_days" doc:"T3: the customer hands over the parcel, else the case expires"`
	TransitDays  int    `json:"transit_days" doc:"T4: the parcel arrives, else it is traced and counts as lost"`
	InspectHours int    `json:"inspect_hours" doc:"T5: the shop inspects what arrived, else it is accepted"`
	EscalateDays int    `json:"escalate_days" doc:"T6: the customer objects to a refusal or an expiry, else the case closes"`
	ConfirmDays  int    `json:"confirm_days" doc:"T7: the customer confirms replaced goods, else they count as confirmed"`
	PayoutHours  int    `json:"payout_hours" doc:"T8: money leaves, else a person is called"`
	AdvanceDays  int    `json:"advance_days" doc:"T9: money paid in advance is recovered, else a person is called"`
	LateDays     int    `json:"late_days" doc:"T10: a completed case may be complained of"`
	PaymentHours int    `json:"payment_hours" doc:"The difference of an exchange is paid, else the goods are paid back"`
	WorkingDays  bool   `json:"working_days" doc:"Days are working days of the calendar"`
	Calendar     string `json:"calendar" doc:"Calendar of working days; empty: none"`
}

// usual are the defaults of the case model.
var usual = Timers{
	AnswerHours: 48, OfferHours: 48, ReplyDays: 7, ShipBackDays: 7, TransitDays: 10, InspectHours: 72, EscalateDays: 7,
	ConfirmDays: 7, PayoutHours: 24, AdvanceDays: 14, LateDays: 15, PaymentHours: 72,
}

// Clock is how long each side has under these rules: what the rules say, then
// what their preset says, then the defaults.
func (r Rules) Clock() Timers {
	t := usual
	if r.Preset != "" {
		if p, ok := Preset(r.Preset); ok {
			t = p.Timers
		}
	}
	w := r.Timers
	for _, set := range []struct {
		to    *int
		value int
	}{
		{&t.AnswerHours, r.AnswerHours}, {&t.OfferHours, w.OfferHours}, {&t.ReplyDays, w.ReplyDays}, {&t.ShipBackDays, r.ShipBackDays}, {&t.TransitDays, w.TransitDays},
		{&t.InspectHours, r.InspectHours}, {&t.EscalateDays, w.EscalateDays}, {&t.ConfirmDays, w.ConfirmDays}, {&t.PayoutHours, r.PayoutHours},
		{&t.AdvanceDays, w.AdvanceDays}, {&t.LateDays, w.LateDays}, {&t.PaymentHours, w.PaymentHours},
	} {
		if set.value > 0 {
			*set.to = set.value
		}
	}
	t.WorkingDays = w.WorkingDays
	t.Calendar = w.Calendar
	return t
}

// Days is the end of the n-th day after an instant in the zone: a calendar day,
// or a working day where the rules count those. It is not sure where the
// working days of that year are not published yet: then it counts Monday to
// Friday, and whoever waits may ask again later.
func (t Timers) Days(from time.Time, n int, zone *time.Location) (due time.Time, sure bool) {
	if !t.WorkingDays {
		return calendar.EndOfDay(from, n, zone), true
	}
	return t.working(func(cal *calendar.Calendar) (time.Time, error) { return calendar.EndOfWorkingDay(from, n, zone, cal) })
}

// Hours is n hours after an instant. Where the rules count working days and
// that falls on a day that is not worked, it is the end of the next one that
// is. It is not sure where Days is not.
func (t Timers) Hours(from time.Time, n int, zone *time.Location) (due time.Time, sure bool) {
	at := from.Add(time.Duration(n) * time.Hour)
	if !t.WorkingDays {
		return at, true
	}
	return t.working(func(cal *calendar.Calendar) (time.Time, error) {
		worked, err := cal.WorkingDay(at, zone)
		if err != nil || worked {
			return at, err
		}
		return calendar.EndOfWorkingDay(at, 0, zone, cal)
	})
}

func (t Timers) working(ask func(*calendar.Calendar) (time.Time, error)) (due time.Time, sure bool) {
	cal, err := calendar.Load(t.Calendar)
	if err == nil {
		if due, err = ask(cal); err == nil {
			return due, true
		}
	}
	due, _ = ask(calendar.Weekdays) // knows every year
	return due, false
}
