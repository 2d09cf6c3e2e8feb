package opening

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
)

// complaint gathers what is wrong, each with a stable code.
type complaint struct{ f *fault.Fault }

func (c *complaint) that(wrong bool, field, code, message, expected string) bool {
	if wrong && len(c.f.Fields) < 50 {
		c.f = c.f.AtField(fault.Field{Field: "body." + field, Message: message, Expected: expected, Code: code})
	}
	return wrong
}

// normal returns the calendar as it is stored, or all that is wrong with it.
func (c Calendar) normal() (Calendar, error) {
	bad := &complaint{ErrInvalid}
	c.Zone, c.Country = strings.TrimSpace(c.Zone), strings.ToUpper(strings.TrimSpace(c.Country))
	_, err := calendar.Zone(c.Zone)
	bad.that(c.Zone == "" || err != nil || c.Zone == "Local", "zone", "zone", "is not a zone", "an IANA name such as Asia/Shanghai")
	bad.that(!slices.Contains(Modes, c.Mode), "mode", "mode", "is not known", strings.Join(Modes, ", "))
	bad.that(c.Country != "" && !slices.Contains(calendar.Names(), c.Country), "country", "country", "has no published calendar", strings.Join(calendar.Names(), ", "))
	c.Week = slices.Clone(c.Week)
	c.checkWeek(bad)
	c.Closures, c.Extra = slices.Clone(c.Closures), slices.Clone(c.Extra)
	c.checkDays(bad)
	bad.checkLimits(c.Sellers, c.Desk, c.Seller)
	if len(bad.f.Fields) > 0 {
		return c, bad.f
	}
	slices.SortFunc(c.Week, func(a, b Span) int { return strings.Compare(fmt.Sprint(a.Day, a.From), fmt.Sprint(b.Day, b.From)) })
	slices.SortStableFunc(c.Closures, func(a, b Closure) int { return strings.Compare(a.From, b.From) })
	slices.SortStableFunc(c.Extra, func(a, b Extra) int { return strings.Compare(a.Date, b.Date) })
	return c, nil
}

func (c Calendar) checkWeek(bad *complaint) {
	if bad.that(len(c.Week) > maxSpans, "week", "many", "has too many parts", fmt.Sprintf("up to %d", maxSpans)) {
		return
	}
	open := 0
	for i, s := range c.Week {
		at := fmt.Sprintf("week[%d]", i)
		wrong := bad.that(s.Day < 1 || s.Day > 7, at+".day", "day", "is not a day of the week", "1 for Monday to 7 for Sunday")
		if bad.hours(at, s.From, s.To) || wrong {
			continue
		}
		mine := spanOf(s.From, s.To)
		open += mine.To - mine.From
		for _, other := range c.Week[:i] {
			if theirs := spanOf(other.From, other.To); other.Day == s.Day && mine.From < theirs.To && theirs.From < mine.To {
				bad.that(true, at+".from", "overlap", "is within another part of the day", "parts that do not overlap")
				break
			}
		}
	}
	bad.that(open < leastWeekly*60, "week", "short", "is hardly ever open", fmt.Sprintf("at least %d hours a week", leastWeekly))
}

// hours complains of a part of a day.
func (c *complaint) hours(at, from, to string) bool {
	first, ok := minutes(from)
	wrong := c.that(!ok || first == 24*60, at+".from", "time", "is not a time", "00:00 to 23:59")
	last, ok := minutes(to)
	wrong = c.that(!ok, at+".to", "time", "is not a time", "00:01 to 24:00") || wrong
	return wrong || c.that(last <= first, at+".to", "order", "is not later than the beginning", "a later time of the same day")
}

func (c *Calendar) checkDays(bad *complaint) {
	bad.that(len(c.Closures) > maxDays, "closures", "many", "are too many", fmt.Sprintf("up to %d", maxDays))
	bad.that(len(c.Extra) > maxDays, "extra", "many", "are too many", fmt.Sprintf("up to %d", maxDays))
	if len(bad.f.Fields) > 0 && (len(c.Closures) > maxDays || len(c.Extra) > maxDays) {
		return
	}
	closed := map[string]bool{}
	for i := range c.Closures {
		x, at := &c.Closures[i], fmt.Sprintf("closures[%d]", i)
		bad.named(at, &x.Name, true)
		from, ok := dateOf(x.From)
		wrong := bad.that(!ok, at+".from", "date", "is not a date", "2027-02-05")
		to, ok := dateOf(x.To)
		if bad.that(!ok, at+".to", "date", "is not a date", "2027-02-12") || wrong {
			continue
		}
		if bad.that(to.Before(from), at+".to", "order", "is before the first day", "that day or a later one") ||
			bad.that(to.After(from.AddDate(0, 0, maxClosure-1)), at+".to", "long", "makes the closure too long", fmt.Sprintf("up to %d days", maxClosure)) {
			continue
		}
		twice := false
		for date := range x.dates() {
			twice = twice || closed[date]
			closed[date] = true
		}
		bad.that(twice, at+".from", "overlap", "is within another closure", "closures that do not overlap")
	}
	seen := map[string]bool{}
	for i := range c.Extra {
		x, at := &c.Extra[i], fmt.Sprintf("extra[%d]", i)
		bad.named(at, &x.Name, false)
		_, ok := dateOf(x.Date)
		bad.that(!ok, at+".date", "date", "is not a date", "2027-02-14")
		bad.that(seen[x.Date], at+".date", "twice", "is there twice", "each day once")
		bad.that(closed[x.Date], at+".date", "closed", "is within a closure", "a day that is not closed")
		seen[x.Date] = true
		if x.From != "" || x.To != "" {
			bad.hours(at, x.From, x.To)
		}
	}
}

func (c *complaint) named(at string, name *string, must bool) {
	*name = strings.TrimSpace(*name)
	c.that(must && *name == "", at+".name", "name", "is empty", "what the days are called")
	c.that(utf8.RuneCountInString(*name) > maxName || strings.ContainsAny(*name, "\r\n"), at+".name", "name_long", "is too long", fmt.Sprintf("one line of up to %d characters", maxName))
}

// dateOf reads a date of this time; everybody's mistyped years are outside it.
func dateOf(text string) (time.Time, bool) {
	date, err := time.Parse(time.DateOnly, text)
	return date, err == nil && date.Year() >= 2000 && date.Year() < 2100
}

// minutes reads a time of the day; 24:00 is its end.
func minutes(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil && len(text) == 5
}

// spanOf reads what was checked.
func spanOf(from, to string) calendar.Span {
	first, _ := minutes(from)
	last, _ := minutes(to)
	return calendar.Span{From: first, To: last}
}

// dates are those of a closure, which is sound or empty.
func (x Closure) dates() iter.Seq[string] {
	return func(yield func(string) bool) {
		from, fine := dateOf(x.From)
		to, ok := dateOf(x.To)
		for ; fine && ok && !from.After(to); from = from.AddDate(0, 0, 1) {
			if !yield(from.Format(time.DateOnly)) {
				return
			}
		}
	}
}
