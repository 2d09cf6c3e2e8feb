// Package calendar answers questions about days: what "seven days" from an
// instant means in a place.
//
// It owns date arithmetic in zones. It does not know holidays yet, and no
// other package adds 24 hours to mean a day.
package calendar

import (
	"fmt"
	"time"
	_ "time/tzdata" // zones work on machines without zone files
)

// Zone finds a zone by its IANA name, such as "Asia/Shanghai". An empty name
// is UTC; an unknown one is an error.
func Zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %q: %w", name, err)
	}
	return loc, nil
}

// EndOfDay returns the last millisecond of the day that lies n days after the
// day of t in the zone. The day of t itself does not count: seven days after
// something delivered on the 1st end with the 8th.
func EndOfDay(t time.Time, n int, zone *time.Location) time.Time {
	local := t.In(zone)
	next := time.Date(local.Year(), local.Month(), local.Day()+n+1, 0, 0, 0, 0, zone)
	return next.Add(-time.Millisecond).UTC()
}

// Date returns the calendar date of t in the zone as YYYY-MM-DD (ISO 8601).
func Date(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(time.DateOnly)
}
