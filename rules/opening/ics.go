package opening

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

// MaxFile is the largest calendar file that is read, in bytes, and maxEvents
// the most entries of one.
const (
	MaxFile   = 256 << 10
	maxEvents = 2000
)

// working marks the days of a file that are extra days, in CATEGORIES.
const working = "WORKING"

// Read is what a calendar file holds for a shop.
type Read struct {
	Closures []Closure `json:"closures" nullable:"false"`
	Extra    []Extra   `json:"extra" nullable:"false"`
	Left     []Left    `json:"left" nullable:"false" doc:"Entries that were not taken, up to 50"`
	LeftOut  int       `json:"left_out" doc:"How many were not taken"`
}

// Left is an entry of a file that was not taken.
type Left struct {
	Name string `json:"name"`
	Why  string `json:"why" enum:"hours,date,past,repeats,long,cancelled,many" doc:"Not a whole day; not a date; over; repeats otherwise than every year; longer than 92 days; cancelled; more than 200"`
}

// ReadFile takes the whole days out of an iCalendar file (RFC 5545): closures,
// and those marked WORKING as extra days. What is over by today is not taken;
// what repeats every year is taken for this year and the two after it. It fails
// with ErrFile.
func ReadFile(text string, today time.Time) (Read, error) {
	r := Read{Closures: []Closure{}, Extra: []Extra{}, Left: []Left{}}
	if len(text) > MaxFile || !utf8.ValidString(text) {
		return r, ErrFile.At("body.content", "is too large, or not UTF-8", "an .ics file of up to 256 KB")
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if !strings.HasPrefix(strings.TrimSpace(text), "BEGIN:VCALENDAR") {
		return r, ErrFile.At("body.content", "does not begin as a calendar", "BEGIN:VCALENDAR")
	}
	if tangled(text) {
		return r, ErrFile.At("body.content", "has lines that are far too long, or too many parts within each other", "an .ics file as calendars export it")
	}
	cal, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		return r, ErrFile.At("body.content", "breaks off, or is not iCalendar", "an .ics file as calendars export it").Because(err.Error())
	}
	events := cal.Events()
	if len(events) > maxEvents {
		return r, ErrFile.At("body.content", "has too many entries", "up to 2000")
	}
	for _, e := range events {
		r.take(e, today)
	}
	slices.SortStableFunc(r.Closures, func(a, b Closure) int { return strings.Compare(a.From, b.From) })
	slices.SortStableFunc(r.Extra, func(a, b Extra) int { return strings.Compare(a.Date, b.Date) })
	return r, nil
}

// How much of a file is copied to read it, and how many parts lie within each
// other, at most. Files that calendars export stay far below.
const (
	maxCopied = 512 << 20
	maxParts  = 8
)

var (
	unfolding = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "")
	parts     = regexp.MustCompile(`^[^A-Za-z0-9-]*(BEGIN|END)[:;]`)
)

// tangled reports a file that nobody's calendar wrote, and that takes its reader
// minutes: it copies a line for each of its parameters, and what it complains of
// for each of the parts that this lies in.
func tangled(text string) bool {
	copied, deep := 0, 0
	for line := range strings.Lines(unfolding.Replace(text)) {
		copied += len(line) * (strings.Count(line, ";") + strings.Count(line, ","))
		switch found := parts.FindStringSubmatch(line); {
		case found == nil:
		case found[1] == "BEGIN":
			deep++
		default:
			deep--
		}
		if copied > maxCopied || deep > maxParts {
			return true
		}
	}
	return false
}

func (r *Read) take(e *ics.VEvent, today time.Time) {
	name := shortened(value(e, ics.ComponentPropertySummary))
	from, to, why := days(e)
	apart := value(e, ics.ComponentPropertyRdate) + value(e, ics.ComponentPropertyExdate)
	switch rule := strings.ToUpper(value(e, ics.ComponentPropertyRrule)); {
	case value(e, ics.ComponentPropertyStatus) == string(ics.ObjectStatusCancelled):
		why = "cancelled"
	case why != "":
	case to.Sub(from) >= maxClosure*24*time.Hour: // both are midnight in UTC
		why = "long"
	case apart != "": // single days more, or fewer
		why = "repeats"
	case rule == "":
		why = r.add(e, name, from, to, today)
	case yearly(rule):
		for year := today.Year() - 1; year < today.Year()+3 && why == ""; year++ { // of last year: what goes on over New Year
			if n := year - from.Year(); n >= 0 && from.AddDate(n, 0, 0).Day() == from.Day() { // a 29th of February is not every year
				if again := r.add(e, name, from.AddDate(n, 0, 0), from.AddDate(n, 0, 0).Add(to.Sub(from)), today); again != "past" {
					why = again
				}
			}
		}
	default:
		why = "repeats"
	}
	if why == "" {
		return
	}
	if r.LeftOut++; len(r.Left) < 50 {
		r.Left = append(r.Left, Left{name, why})
	}
}

// add takes days, whose last is to.
func (r *Read) add(e *ics.VEvent, name string, from, to, today time.Time) (why string) {
	if to.Format(time.DateOnly) < today.Format(time.DateOnly) {
		return "past"
	}
	marked := strings.Split(strings.ToUpper(value(e, ics.ComponentPropertyCategories)), ",")
	if !slices.Contains(marked, working) {
		if len(r.Closures) >= maxDays {
			return "many"
		}
		if name == "" {
			name = from.Format(time.DateOnly)
		}
		r.Closures = append(r.Closures, Closure{from.Format(time.DateOnly), to.Format(time.DateOnly), name})
		return ""
	}
	if len(r.Extra)+int(to.Sub(from)/(24*time.Hour)) >= maxDays {
		return "many"
	}
	for ; !from.After(to); from = from.AddDate(0, 0, 1) {
		r.Extra = append(r.Extra, Extra{Date: from.Format(time.DateOnly), Name: name})
	}
	return ""
}

// yearly reports whether a rule repeats on the same date every year, for ever.
func yearly(rule string) bool {
	parts := strings.Split(rule, ";")
	return slices.Contains(parts, "FREQ=YEARLY") && !slices.ContainsFunc(parts, func(part string) bool {
		return part != "FREQ=YEARLY" && part != "INTERVAL=1" && !strings.HasPrefix(part, "WKST=")
	})
}

// days are the first and the last day of an entry of whole days.
func days(e *ics.VEvent) (from, to time.Time, why string) {
	begin := value(e, ics.ComponentPropertyDtStart)
	if len(begin) != len("20060102") {
		if strings.Contains(begin, "T") {
			return from, to, "hours"
		}
		return from, to, "date"
	}
	from, err := time.Parse("20060102", begin)
	if _, ok := dateOf(from.Format(time.DateOnly)); err != nil || !ok {
		return from, to, "date"
	}
	end := value(e, ics.ComponentPropertyDtEnd)
	if end == "" {
		return lasting(from, value(e, ics.ComponentPropertyDuration))
	}
	to, err = time.Parse("20060102", end)
	if _, ok := dateOf(to.Format(time.DateOnly)); err != nil || !ok || to.Before(from) {
		return from, to, "date"
	}
	if to.After(from) { // the end of an entry is the day after it
		to = to.AddDate(0, 0, -1)
	}
	return from, to, ""
}

// lasting are the days of an entry that tells how long it is; one day where it
// does not.
func lasting(from time.Time, long string) (first, last time.Time, why string) {
	if long == "" {
		return from, from, ""
	}
	if strings.Contains(long, "T") {
		return from, from, "hours"
	}
	n, unit := strings.TrimPrefix(strings.TrimPrefix(long, "+"), "P"), 1
	if weeks, ok := strings.CutSuffix(n, "W"); ok {
		n, unit = weeks+"D", 7
	}
	count, err := strconv.Atoi(strings.TrimSuffix(n, "D"))
	if err != nil || count < 1 || count > 1000 {
		return from, from, "date"
	}
	return from, from.AddDate(0, 0, count*unit-1), ""
}

func value(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

func shortened(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if runes := []rune(name); len(runes) > maxName {
		return string(runes[:maxName-1]) + "…"
	}
	return name
}

// File is a calendar's own days as an iCalendar file. Hours of extra days are
// told in their description only.
func (c Calendar) File(host string, at time.Time) string {
	cal := ics.NewCalendarFor("Aftercare")
	entry := func(kind, from, to, name string) *ics.VEvent {
		first, _ := dateOf(from)
		last, _ := dateOf(to)
		e := cal.AddEvent(kind + "-" + from + "-" + c.Desk + "@" + host)
		e.SetDtStampTime(at)
		e.SetAllDayStartAt(first)
		e.SetAllDayEndAt(last.AddDate(0, 0, 1))
		e.SetSummary(name)
		return e
	}
	for _, x := range c.Closures {
		entry("closed", x.From, x.To, x.Name)
	}
	for _, x := range c.Extra {
		e := entry("extra", x.Date, x.Date, x.Name)
		e.AddCategory(working)
		if x.From != "" {
			e.SetDescription(x.From + "–" + x.To)
		}
	}
	return cal.Serialize(ics.WithNewLineWindows)
}
