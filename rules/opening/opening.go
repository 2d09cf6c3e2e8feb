// Package opening keeps when a shop's own people work, and those of its sellers
// who answer: the hours of each desk in its week, its closures, and the extra
// days it works.
//
// It owns these calendars, all their versions, and what a deadline of the
// shop's own side becomes by them. It does not own the arithmetic of days (base
// calendar), how long a side has (package policy), or the law, which has a
// calendar of its own: no calendar of a shop moves a day that the law set. A
// version never changes, and a deadline that runs keeps the time it was given.
package opening

import (
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrInvalid = fault.New(fault.Invalid, "opening.invalid", "The calendar cannot be used.")
	ErrStale   = fault.New(fault.Stale, "opening.stale", "The calendar has changed since you read it.")
	ErrFile    = fault.New(fault.Invalid, "opening.file", "The file is not a calendar that can be read.")
	ErrDesk    = fault.New(fault.Missing, "opening.desk", "A shop has no such calendar.")
)

// Desks are the places of a shop that have hours of their own.
const (
	AtService   = "service"   // answers requests and sends money
	AtWarehouse = "warehouse" // inspects what arrived
)

// Desks lists them.
var Desks = []string{AtService, AtWarehouse}

// governed are the deadlines of the shop's own side, by the desk that keeps
// them. Those of customers are in no calendar of a shop.
var governed = map[string]string{"answer": AtService, "payout": AtService, "inspect": AtWarehouse}

// Timers are the deadlines that a desk keeps, in order.
func Timers(desk string) (names []string) {
	for _, name := range []string{"answer", "payout", "inspect"} {
		if governed[name] == desk {
			names = append(names, name)
		}
	}
	return names
}

// Modes are how a deadline counts the hours of a desk.
const (
	Clock  = "clock"  // not at all: hours of the clock
	Wait   = "wait"   // hours of the clock; what falls due while closed waits for the end of the next open day
	Worked = "worked" // only hours in which the desk is open
)

// Modes lists them.
var Modes = []string{Clock, Wait, Worked}

// Limits of what a calendar holds.
const (
	maxSpans    = 28  // in a week
	maxDays     = 200 // closures, and extra days
	maxClosure  = 92  // days of one closure
	maxName     = 80  // characters
	leastWeekly = 10  // hours open in a week
)

// Calendar is when one desk works. Its zero value, with a desk, is what every
// shop starts with: the deadlines count hours of the clock.
type Calendar struct {
	Desk     string    `json:"-"`
	Seller   string    `json:"-"` // whose it is; empty: the shop's
	Own      bool      `json:"-"` // of a seller: not the shop's, which is kept without one
	Version  int64     `json:"-"`
	Mode     string    `json:"mode"`
	Zone     string    `json:"zone"`
	Country  string    `json:"country,omitempty"` // whose published days off are kept; empty: none
	Week     []Span    `json:"week"`
	Closures []Closure `json:"closures"`
	Extra    []Extra   `json:"extra"`
	Sellers  *Limits   `json:"sellers,omitempty"` // of the shop's desk that answers; nil: the usual ones
	Shops    bool      `json:"shops,omitempty"`   // from this version on the seller keeps the shop's calendar again
}

// Span is when the desk is open on one day of the week.
type Span struct {
	Day  int    `json:"day" minimum:"1" maximum:"7" doc:"1 is Monday, 7 Sunday"`
	From string `json:"from" maxLength:"5" example:"09:00" doc:"On the clock of the zone"`
	To   string `json:"to" maxLength:"5" example:"18:00" doc:"24:00 is the end of the day"`
}

// Closure is some days on which the desk does not work.
type Closure struct {
	From string `json:"from" maxLength:"10" example:"2027-02-05"`
	To   string `json:"to" maxLength:"10" example:"2027-02-12" doc:"The last day, which is closed too"`
	Name string `json:"name" maxLength:"320" example:"Spring Festival"`
}

// Extra is a day on which the desk works though its week or its country says
// otherwise.
type Extra struct {
	Date string `json:"date" maxLength:"10" example:"2027-02-14"`
	From string `json:"from,omitempty" maxLength:"5" doc:"Empty, with to: the hours of an ordinary day"`
	To   string `json:"to,omitempty" maxLength:"5"`
	Name string `json:"name,omitempty" maxLength:"320"`
}

// blank is the calendar of a desk that never had one: the usual office week, of
// which no deadline knows.
func blank(desk, zone string) Calendar {
	c := Calendar{Desk: desk, Mode: Clock, Zone: zone, Closures: []Closure{}, Extra: []Extra{}}
	for day := 1; day <= 5; day++ {
		c.Week = append(c.Week, Span{day, "09:00", "18:00"})
	}
	return c
}

// Hours is the calendar for arithmetic. Stored calendars are sound.
func (c Calendar) Hours() (*calendar.Hours, error) {
	zone, err := calendar.Zone(c.Zone)
	if err != nil {
		return nil, err
	}
	h := &calendar.Hours{Zone: zone, Week: map[time.Weekday][]calendar.Span{}, Off: map[string]bool{}, Extra: map[string][]calendar.Span{}}
	if c.Country != "" {
		if h.Public, err = calendar.Load(c.Country); err != nil {
			return nil, err
		}
	}
	for _, s := range c.Week {
		day := time.Weekday(s.Day % 7)
		h.Week[day] = append(h.Week[day], spanOf(s.From, s.To))
	}
	for _, off := range c.Closures {
		for date := range off.dates() {
			h.Off[date] = true
		}
	}
	for _, x := range c.Extra {
		h.Extra[x.Date] = nil
		if x.From != "" {
			h.Extra[x.Date] = []calendar.Span{spanOf(x.From, x.To)}
		}
	}
	return h, nil
}

// due is n hours after an instant, as the desk counts them.
func (c Calendar) due(from time.Time, n int) (time.Time, error) {
	return c.After(from, time.Duration(n)*time.Hour)
}

// After is when so much time of the desk has passed.
func (c Calendar) After(from time.Time, long time.Duration) (time.Time, error) {
	h, err := c.Hours()
	switch {
	case err != nil || c.Mode == Clock:
		return from.Add(long), err
	case c.Mode == Worked:
		return h.Add(from, long), nil
	}
	return h.Wait(from.Add(long)), nil
}

// Left is how much time of the desk there is from one instant to another: what
// After adds.
func (c Calendar) Left(from, to time.Time) (time.Duration, error) {
	if c.Mode != Worked {
		return to.Sub(from), nil
	}
	h, err := c.Hours()
	if err != nil {
		return 0, err
	}
	return h.Between(from, to), nil
}

// differ lists what is not the same in two calendars.
func differ(a, b Calendar) (parts []string) {
	for _, part := range []struct {
		name string
		same bool
	}{
		{"mode", a.Mode == b.Mode}, {"zone", a.Zone == b.Zone}, {"country", a.Country == b.Country},
		{"week", slices.Equal(a.Week, b.Week)}, {"closures", slices.Equal(a.Closures, b.Closures)}, {"extra", slices.Equal(a.Extra, b.Extra)},
		{"sellers", a.limits() == b.limits()}, {"own", a.Shops == b.Shops},
	} {
		if !part.same {
			parts = append(parts, part.name)
		}
	}
	return parts
}

// without are the closures of one list that are not in another.
func without(all, known []Closure) []Closure {
	return slices.DeleteFunc(append([]Closure{}, all...), func(c Closure) bool { return slices.Contains(known, c) })
}
