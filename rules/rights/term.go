package rights

import (
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

// set is a set of facts by their place in the vocabulary.
type set [maxWords / 64]uint64

func (s *set) add(i int) { s[i/64] |= 1 << (i % 64) }
func (s *set) join(o set) {
	for i := range s {
		s[i] |= o[i]
	}
}
func (s *set) empty() bool { return *s == set{} }

// run is one question under one pack.
type run struct {
	reader
	pack *law
	asOf int64
	read set // facts that the rule has looked at

	ends    [4]written // the last days that were written: many rights end together
	written int
	grounds []Used // room for the facts of all decisions
	raw     []byte // and for their values
}

// written is a day with its text.
type written struct {
	day, strict int64
	text        *Deadline
}

func (r *run) fact(i int) value {
	r.read.add(i)
	return r.facts[i]
}

// num is a compiled Number.
type num struct {
	n     int64
	fact  int // -1: constant
	table map[string]int64
	isSet bool
}

// of gives the number. A row that a table lacks is unknown without a fact that
// would help.
func (x *num) of(r *run, missing *set) (int64, bool) {
	if x.fact < 0 {
		return x.n, true
	}
	v := r.fact(x.fact)
	if !v.known {
		missing.add(x.fact)
		return 0, false
	}
	if x.table != nil {
		n, ok := x.table[v.s]
		return n, ok
	}
	return v.n, true
}

// day is a reckoned day. strict is the day before it rolled over days off.
type day struct {
	n, strict  int64
	known      bool
	disputed   bool // whether it rolls is disputed
	unverified bool // whether it rolls nobody has verified
	noCalendar bool // the year is missing: it may be later
}

// unit is what a term counts.
type unit byte

const (
	days unit = iota
	workingDays
	months
	years
)

type term struct {
	fact     int // -1: none
	fixed    int64
	isFixed  bool
	n        num
	unit     unit
	incl     bool
	from     *term
	roll     string
	many     []*term
	latest   bool
	branches []branch
}

type branch struct {
	when *cond
	then *term
}

// longest keeps a promise of a billion days from running for ever.
const longest = 100_000

// day reckons. Facts that are missing are added to missing.
func (t *term) day(r *run, missing *set) day {
	switch {
	case t.isFixed:
		return day{n: t.fixed, strict: t.fixed, known: true}
	case t.fact >= 0:
		v := r.fact(t.fact)
		if !v.known {
			missing.add(t.fact)
		}
		return day{n: v.n, strict: v.n, known: v.known}
	case t.branches != nil:
		for i := range t.branches {
			switch is, lacks := t.branches[i].when.eval(r); is {
			case yes:
				return t.branches[i].then.day(r, missing)
			case unsure:
				missing.join(lacks)
				return day{}
			}
		}
		return day{}
	case t.many != nil:
		return t.pick(r, missing)
	}
	from := t.from.day(r, missing)
	n, ok := t.n.of(r, missing)
	if !from.known || !ok {
		return day{}
	}
	n = max(0, min(n, longest))
	d := day{known: true}
	if t.unit == workingDays {
		d.n, d.noCalendar = r.working(from.n, n)
		if t.incl {
			d.n, d.noCalendar = r.working(from.n-1, n)
		}
	} else {
		d.n = t.add(from.n, n)
	}
	d.strict = d.n
	r.rolled(&d, t.roll)
	return d
}

func (t *term) add(from, n int64) int64 {
	switch t.unit {
	case months:
		from = addMonths(from, n)
	case years:
		from = addMonths(from, 12*n)
	default:
		from += n
	}
	if t.incl {
		from--
	}
	return from
}

// pick takes the earliest or latest of the days that are known. Only when none
// is are facts missing.
func (t *term) pick(r *run, missing *set) day {
	var best day
	var lacks set
	for _, one := range t.many {
		d := one.day(r, &lacks)
		if d.known && (!best.known || t.latest == (d.n > best.n) && d.n != best.n) {
			best = d
		}
	}
	if !best.known {
		missing.join(lacks)
	}
	return best
}

// rolled moves a day off to the next day that is worked.
func (r *run) rolled(d *day, how string) {
	if how == "" || how == "none" {
		return
	}
	to, unknown := r.nextWorked(d.n)
	d.noCalendar = d.noCalendar || unknown
	if to == d.n && !unknown {
		return
	}
	d.n = to
	d.disputed, d.unverified = how == "disputed", how == "unverified"
}

// nextWorked is the day itself, or the first worked one after it. Where the
// year is missing it is the first that may be one.
func (r *run) nextWorked(n int64) (_ int64, unknown bool) {
	for range 40 {
		worked, err := r.pack.calendar.WorkingDay(midnight(n), time.UTC)
		if err != nil {
			return n, true
		}
		if worked {
			return n, false
		}
		n++
	}
	return n, true
}

// working is the n-th working day after a day. Years that are missing count
// Monday to Friday, and are said to be missing.
func (r *run) working(from, n int64) (_ int64, unknown bool) {
	for n > 0 {
		from++
		worked, err := r.pack.calendar.WorkingDay(midnight(from), time.UTC)
		if err != nil {
			unknown = true
			worked, _ = calendar.Weekdays.WorkingDay(midnight(from), time.UTC)
		}
		if worked {
			n--
		}
	}
	return from, unknown
}

// addMonths goes to the corresponding day, or to the end of a month without it.
func addMonths(from, n int64) int64 {
	y, m, d := midnight(from).Date()
	months := int64(y)*12 + int64(m-time.January) + n
	year, month := int(floor(months, 12)), time.January+time.Month(months-floor(months, 12)*12)
	return daysOf(year, month, min(d, lastOf(year, month)))
}

// lastOf is the number of days of a month.
func lastOf(year int, month time.Month) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

func monthsBetween(from, to int64) int64 {
	y, m, _ := midnight(from).Date()
	y2, m2, _ := midnight(to).Date()
	n := int64(y2-y)*12 + int64(m2-m)
	for n > 0 && addMonths(from, n) > to {
		n--
	}
	return n
}

// written24 is t.Format(lastMoment) of an instant in UTC.
func written24(t time.Time) string {
	unix := t.Unix()
	day, rest := unix/86400, unix%86400
	if milli := t.Nanosecond() / 1e6; unix > 0 && milli == 999 {
		var b [24]byte
		copy(b[:10], dateOf(day))
		for at, n := range [3]int64{rest / 3600, rest / 60 % 60, rest % 60} {
			b[10+at*3], b[11+at*3], b[12+at*3] = "T::"[at], byte('0'+n/10), byte('0'+n%10)
		}
		copy(b[19:], ".999Z")
		return string(b[:])
	}
	return t.Format(lastMoment)
}

// deadline writes a day for people and programs.
func (r *run) deadline(d day) *Deadline {
	for i := range min(r.written, len(r.ends)) {
		if w := &r.ends[i]; w.day == d.n && w.strict == d.strict {
			return w.text
		}
	}
	end := &Deadline{Date: dateOf(d.n)}
	y, m, date := midnight(d.n).Date()
	noon := time.Date(y, m, date, 12, 0, 0, 0, r.zone)
	end.end = calendar.EndOfDay(noon, 0, r.zone)
	end.At = written24(end.end)
	if d.strict != d.n {
		end.Strict = dateOf(d.strict)
	}
	r.ends[r.written%len(r.ends)] = written{d.n, d.strict, end}
	r.written++
	return end
}
