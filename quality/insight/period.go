package insight

import (
	"math"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

// Grain is the length of the periods of a series.
type Grain string

const (
	Day   Grain = "day"
	Week  Grain = "week" // begins on Monday, as ISO 8601 has it
	Month Grain = "month"
)

// most are the periods of one answer.
var most = map[Grain]int{Day: 92, Week: 106, Month: 60}

const dayForm = "2006-01-02"

// start is the first day of the period that a day lies in.
func (g Grain) start(day time.Time) time.Time {
	switch g {
	case Week:
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case Month:
		return day.AddDate(0, 0, 1-day.Day())
	}
	return day
}

func (g Grain) next(start time.Time) time.Time {
	switch g {
	case Week:
		return start.AddDate(0, 0, 7)
	case Month:
		return start.AddDate(0, 1, 0)
	}
	return start.AddDate(0, 0, 1)
}

// startOf is start for a day as text, which the store made.
func (g Grain) startOf(day string) string {
	t, err := time.Parse(dayForm, day)
	if err != nil {
		return day
	}
	return g.start(t).Format(dayForm)
}

// end is the last day of the period that begins on a day.
func (g Grain) end(start string) string {
	t, err := time.Parse(dayForm, start)
	if err != nil {
		return start
	}
	return g.next(t).AddDate(0, 0, -1).Format(dayForm)
}

// months lists the first days of months from one to another.
func months(from, to string) (all []string) {
	at, err := time.Parse(dayForm, from)
	for all = []string{from}; err == nil && all[len(all)-1] < to; {
		at = Month.next(at)
		all = append(all, at.Format(dayForm))
	}
	return all
}

// periods lists the first days of all periods that a query touches. Both ends
// are widened to whole periods.
func (q Query) periods() (all []string, err error) {
	bad := ErrInvalid
	from, err1 := time.Parse(dayForm, q.From)
	to, err2 := time.Parse(dayForm, q.To)
	if err1 != nil {
		bad = bad.At("query.from", "is not a day", "a date such as 2026-03-01")
	}
	if err2 != nil {
		bad = bad.At("query.to", "is not a day", "a date such as 2026-03-31")
	}
	if err1 == nil && err2 == nil && to.Before(from) {
		bad = bad.At("query.to", "is before the first day", "a day at or after "+q.From)
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	for at := q.Grain.start(from); !at.After(to); at = q.Grain.next(at) {
		if all = append(all, at.Format(dayForm)); len(all) > most[q.Grain] {
			return nil, tooLong(bad, q.Grain)
		}
	}
	return all, nil
}

func tooLong(bad *fault.Fault, g Grain) error {
	return bad.At("query.from", "is too long ago for this step", map[Grain]string{Day: "at most 92 days", Week: "at most 106 weeks", Month: "at most 60 months"}[g])
}

// Steps of the scale of durations: each is a tenth longer than the one before.
const growth = 1.1

// step is the place of a duration on the scale.
func step(d time.Duration) int {
	if d <= time.Second {
		return 0
	}
	return int(math.Ceil(math.Log(d.Seconds())/math.Log(growth) - 1e-9))
}

// seconds is the longest duration of a step.
func seconds(step int) int64 {
	if step <= 0 {
		return 1
	}
	return int64(math.Ceil(math.Pow(growth, float64(step)) - 1e-6))
}
