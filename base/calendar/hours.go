package calendar

import (
	"iter"
	"slices"
	"time"
)

// LongestWait is how far ahead Hours looks for open time, in days: a place that
// is never open again makes nobody wait longer.
const LongestWait = 366

// Span is a part of a day on the clock at the wall, in minutes since midnight;
// 1440 is the end of the day.
type Span struct{ From, To int }

// Hours is when one place is open: every week, save on the days off of its
// country and its own closures, and on extra days. What is extra is open
// whatever else says closed.
type Hours struct {
	Zone   *time.Location
	Week   map[time.Weekday][]Span
	Public *Calendar         // days off, and weekend days worked; nil: none. A year it does not know has none
	Off    map[string]bool   // own closures, by date
	Extra  map[string][]Span // own extra days, by date; without spans those of an ordinary day
}

// On is when the place is open on a date, in order.
func (h *Hours) On(date time.Time) []Span {
	name := date.Format(time.DateOnly)
	usual := h.Week[date.Weekday()]
	if spans, extra := h.Extra[name]; extra {
		if len(spans) > 0 {
			return spans
		}
		return h.ordinary(usual)
	}
	switch {
	case h.Off[name]:
		return nil
	case h.Public == nil:
		return usual
	case h.Public.work[name]:
		return h.ordinary(usual)
	case h.Public.off[name]:
		return nil
	}
	return usual
}

// ordinary are the hours of a weekday that is worked, for one that is usually
// not: those of the first open day from Monday.
func (h *Hours) ordinary(usual []Span) []Span {
	for day := time.Monday; len(usual) == 0 && day <= time.Saturday; day++ {
		usual = h.Week[day]
	}
	if len(usual) == 0 {
		return h.Week[time.Sunday]
	}
	return usual
}

// day is one day of a place: when it is open, as instants.
type day []struct{ open, shut time.Time }

// days are those from the day of t on. A span that the clocks leave out is not
// there; of a time that they show twice the second counts.
func (h *Hours) days(t time.Time) iter.Seq[day] {
	year, month, first := t.In(h.Zone).Date()
	return func(yield func(day) bool) {
		for n := range LongestWait + 1 {
			var d day
			for _, s := range h.On(time.Date(year, month, first+n, 0, 0, 0, 0, time.UTC)) {
				open, shut := h.at(year, month, first+n, s.From), h.at(year, month, first+n, s.To)
				if shut.After(open) {
					d = append(d, struct{ open, shut time.Time }{open, shut})
				}
			}
			if !yield(d) {
				return
			}
		}
	}
}

func (h *Hours) at(year int, month time.Month, day, minutes int) time.Time {
	if minutes == 0 || minutes == 24*60 {
		return beginning(year, month, day+minutes/(24*60), h.Zone)
	}
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC) // the 32nd is the 1st
	year, month, day = date.Date()
	return onClock(year, month, day, time.Date(year, month, day, minutes/60, minutes%60, 0, 0, time.UTC), h.Zone)
}

// last is the end of the day after which nobody looks on.
func (h *Hours) last(t time.Time) time.Time { return EndOfDay(t, LongestWait, h.Zone) }

// Open reports whether the place is open at t. The moment of closing counts as
// open: what is due then can still be done.
func (h *Hours) Open(t time.Time) bool {
	for d := range h.days(t) {
		return slices.ContainsFunc(d, func(s struct{ open, shut time.Time }) bool { return !t.Before(s.open) && !t.After(s.shut) })
	}
	return false
}

// Wait is t where the place is open then, and else the time it closes on the
// first day, from that of t, on which it still does.
func (h *Hours) Wait(t time.Time) time.Time {
	if h.Open(t) {
		return t
	}
	for d := range h.days(t) {
		if n := len(d); n > 0 && d[n-1].shut.After(t) {
			return d[n-1].shut.UTC()
		}
	}
	return h.last(t)
}

// Add is when the place will have been open for so long since t.
func (h *Hours) Add(t time.Time, long time.Duration) time.Time {
	for d := range h.days(t) {
		for _, s := range d {
			from := s.open
			if t.After(from) {
				from = t
			}
			there := s.shut.Sub(from)
			if there <= 0 {
				continue
			}
			if long <= there {
				return from.Add(long).UTC()
			}
			long -= there
		}
	}
	return h.last(t)
}

// Between is how long the place is open from one instant to another.
func (h *Hours) Between(from, to time.Time) (long time.Duration) {
	for d := range h.days(from) {
		for _, s := range d {
			open, shut := s.open, s.shut
			if from.After(open) {
				open = from
			}
			if to.Before(shut) {
				shut = to
			}
			if shut.After(open) {
				long += shut.Sub(open)
			}
			if s.open.After(to) {
				return long
			}
		}
	}
	return long
}
