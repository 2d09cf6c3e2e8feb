package calendar

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown = fault.New(fault.Invalid, "calendar.unknown", "There is no calendar of working days with this name.")
	ErrYear    = fault.New(fault.Conflict, "calendar.year", "The working days of that year are not published yet, or lie too far back.")
)

// Calendar knows the working days of a country for some years.
type Calendar struct {
	Name     string
	from, to int             // years known; 0: any
	off      map[string]bool // dates that are not worked
	work     map[string]bool // dates of weekends that are

	about, source string
	days          []Day // all of them, as they were published
}

// Weekdays is the calendar of a place without holidays: Monday to Friday are
// worked, in every year.
var Weekdays = &Calendar{Name: "weekdays"}

//go:embed days/*.txt
var files embed.FS

var published = sync.OnceValue(func() map[string]*Calendar {
	names, err := fs.Glob(files, "days/*.txt")
	if err != nil {
		panic(err)
	}
	all := map[string]*Calendar{}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			panic(err) // embedded: missing only by a bug
		}
		c, err := parse(string(raw))
		if err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		c.Name = strings.TrimSuffix(strings.TrimPrefix(name, "days/"), ".txt")
		all[c.Name] = c
	}
	return all
})

// Load finds the calendar of a country by its ISO 3166 code, or fails with
// ErrUnknown.
func Load(name string) (*Calendar, error) {
	c, ok := published()[name]
	if !ok {
		return nil, ErrUnknown.With("calendar", name).With("known", strings.Join(Names(), " "))
	}
	return c, nil
}

// Names lists the calendars there are.
func Names() []string {
	var names []string
	for name := range published() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Years are the first and the last year that a calendar knows; 0, 0 is any.
func (c *Calendar) Years() (first, last int) { return c.from, c.to }

// WorkingDay reports whether the day of t in the zone is worked. It fails with
// ErrYear where the year is not known.
func (c *Calendar) WorkingDay(t time.Time, zone *time.Location) (bool, error) {
	year, month, day := t.In(zone).Date()
	return c.worked(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// worked takes the date as midnight in UTC, where every day has 24 hours.
func (c *Calendar) worked(date time.Time) (bool, error) {
	if year := date.Year(); c.to != 0 && (year < c.from || year > c.to) {
		return false, ErrYear.With("calendar", c.Name).With("year", year).With("known", fmt.Sprintf("%d-%d", c.from, c.to))
	}
	name := date.Format(time.DateOnly)
	weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
	return c.work[name] || !weekend && !c.off[name], nil
}

// target is the date of the n-th working day after the day of t, which itself
// does not count. For n = 0 it is that day, or where it is not worked the next
// one that is.
func (c *Calendar) target(t time.Time, n int, zone *time.Location) (year int, month time.Month, day int, err error) {
	if n < 0 {
		return 0, 0, 0, fmt.Errorf("%d working days", n)
	}
	year, month, day = t.In(zone).Date()
	date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if n == 0 {
		n = 1
	} else {
		date = date.AddDate(0, 0, 1)
	}
	for ; ; date = date.AddDate(0, 0, 1) {
		worked, err := c.worked(date)
		if err != nil {
			return 0, 0, 0, err
		}
		if worked {
			n--
		}
		if n == 0 {
			year, month, day = date.Date()
			return year, month, day, nil
		}
	}
}

// EndOfWorkingDay returns the last millisecond of the n-th working day after
// the day of t in the zone: a parcel delivered on a Friday has to be looked at
// within one working day until the end of Monday. It fails with ErrYear.
func EndOfWorkingDay(t time.Time, n int, zone *time.Location, cal *Calendar) (time.Time, error) {
	year, month, day, err := cal.target(t, n, zone)
	if err != nil {
		return time.Time{}, err
	}
	return beginning(year, month, day+1, zone).Add(-time.Millisecond).UTC(), nil
}

// AddWorkingDays returns the time that the clock of t shows in the zone, on the
// n-th working day after its day. Where the clocks leave that time out it is
// the moment they jump; where they show it twice, the second time. It fails
// with ErrYear.
func AddWorkingDays(t time.Time, n int, zone *time.Location, cal *Calendar) (time.Time, error) {
	year, month, day, err := cal.target(t, n, zone)
	if err != nil {
		return time.Time{}, err
	}
	return onClock(year, month, day, t.In(zone), zone).UTC(), nil
}

// onClock is the moment of a date at which the clocks of a zone show what they
// showed at another.
func onClock(year int, month time.Month, day int, clock time.Time, zone *time.Location) time.Time {
	wall := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), time.UTC)
	near := time.Date(year, month, day, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), zone)
	var found time.Time
	before, after := near.ZoneBounds()
	for _, period := range []time.Time{before.Add(-time.Millisecond), near, after} {
		_, offset := period.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		_, real := at.In(zone).Zone()
		if real == offset && at.After(found) {
			found = at
		}
	}
	if !found.IsZero() {
		return found
	}
	if !before.IsZero() && near.Sub(before) < longestJump { // left out: the jump is next to it
		return before
	}
	return after
}

// parse reads the published days of a country. A line is a comment (#), the
// years that are known, days off with their name, or weekend days worked.
func parse(text string) (*Calendar, error) {
	c := &Calendar{off: map[string]bool{}, work: map[string]bool{}}
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		var err error
		switch verb {
		case "#":
			c.note(rest)
		case "years":
			first, last, _ := strings.Cut(rest, "-")
			if c.from, err = strconv.Atoi(first); err == nil {
				c.to, err = strconv.Atoi(last)
			}
		case "off":
			days, name, _ := strings.Cut(rest, " ")
			if name == "" {
				err = fmt.Errorf("a day off without a name")
				break
			}
			err = c.add(c.off, days, name)
		case "work":
			for day := range strings.SplitSeq(rest, " ") {
				if err = c.add(c.work, day, ""); err != nil {
					break
				}
			}
		default:
			err = fmt.Errorf("%q is not known", verb)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if c.from == 0 || c.to < c.from {
		return nil, fmt.Errorf("the years are missing")
	}
	return c, nil
}

// add marks one day, or the days from one to another: 2026-10-01..2026-10-07.
func (c *Calendar) add(to map[string]bool, days, name string) error {
	first, last, many := strings.Cut(days, "..")
	if !many {
		last = first
	}
	from, err := time.Parse(time.DateOnly, first)
	if err != nil {
		return err
	}
	until, err := time.Parse(time.DateOnly, last)
	if err != nil {
		return err
	}
	if until.Before(from) || from.Year() < c.from || until.Year() > c.to {
		return fmt.Errorf("%s is not within the years", days)
	}
	for ; !from.After(until); from = from.AddDate(0, 0, 1) {
		date := from.Format(time.DateOnly)
		to[date] = true
		c.days = append(c.days, Day{date, name, name == ""})
	}
	return nil
}
