package calendar

import (
	"slices"
	"strings"
	"time"
)

// Day is one published day that is not as its weekday says.
type Day struct {
	Date string // YYYY-MM-DD
	Name string // of a day off, as its country calls it; empty for a weekend day that is worked
	Work bool   // a weekend day that is worked
}

// Notes is what the published file says about itself: what it holds, and its
// source.
func (c *Calendar) Notes() (about, source string) { return c.about, c.source }

// Days are those of a year, in order. It fails with ErrYear where the year is
// not known.
func (c *Calendar) Days(year int) ([]Day, error) {
	if _, err := c.worked(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		return nil, err
	}
	var days []Day
	for _, d := range c.days {
		if strings.HasPrefix(d.Date, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006-")) {
			days = append(days, d)
		}
	}
	slices.SortFunc(days, func(a, b Day) int { return strings.Compare(a.Date, b.Date) })
	return days, nil
}

// note keeps a comment of the file: the source, or what it is about.
func (c *Calendar) note(text string) {
	if source, ok := strings.CutPrefix(text, "Source: "); ok {
		c.source = source
		return
	}
	c.about = strings.TrimSpace(c.about + " " + text)
}
