// Package calendar answers questions about days: what "seven days" from an
// instant means in a place, and what "three working days".
//
// It owns date arithmetic in zones and the published days off of countries. It
// does not own deadlines, and no other package adds 24 hours to mean a day. A
// year that is not published is an error, never a guess.
package calendar

import (
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // zones work on machines without zone files
)

// zones are those found before: reading one from the zone files costs more than
// all the arithmetic with it, and what it says does not change while we run.
var zones sync.Map // name → *time.Location

// Zone finds a zone by its IANA name, such as "Asia/Shanghai". An empty name
// is UTC; an unknown one is an error.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", name, err)
	}
	zones.Store(name, loc)
	return loc, nil
}

// EndOfDay returns the last millisecond of the day that lies n days after the
// day of t in the zone. The day of t itself does not count: seven days after
// something delivered on the 1st end with the 8th.
func EndOfDay(t time.Time, n int, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return beginning(year, month, day+n+1, zone).Add(-time.Millisecond).UTC()
}

// beginning is the instant at which a date begins: midnight, or where the
// clocks jump over midnight (Chile and Egypt do), the jump. Where a date comes
// twice because the clocks go back over midnight, it is the second beginning.
func beginning(year int, month time.Month, day int, zone *time.Location) time.Time {
	midnight := time.Date(year, month, day, 0, 0, 0, 0, zone)
	before, after := midnight.ZoneBounds()
	if (before.IsZero() || midnight.Sub(before) > longestJump) && (after.IsZero() || after.Sub(midnight) > longestJump) {
		return midnight
	}
	wall := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	date := Date(wall, time.UTC)
	found := midnight
	possible := []time.Time{before, after}
	for _, period := range []time.Time{before.Add(-time.Millisecond), midnight, after} {
		_, offset := period.In(zone).Zone()
		possible = append(possible, wall.Add(-time.Duration(offset)*time.Second))
	}
	slices.SortFunc(possible, time.Time.Compare)
	for _, at := range possible {
		if Date(at, zone) >= date && Date(at.Add(-time.Millisecond), zone) < date {
			found = at
		}
	}
	return found
}

// longestJump is more than any clock was ever changed by: Samoa left out a day.
const longestJump = 25 * time.Hour

// Date returns the calendar date of t in the zone as YYYY-MM-DD (ISO 8601).
func Date(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(time.DateOnly)
}
