package calendar_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

func days(t *testing.T, name string) *calendar.Calendar {
	t.Helper()
	if name == "weekdays" {
		return calendar.Weekdays
	}
	c, err := calendar.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhichDaysAreWorked(t *testing.T) {
	tests := []struct {
		calendar, zone, day string
		worked              bool
	}{
		{"CN", "Asia/Shanghai", "2025-09-30", true},
		{"CN", "Asia/Shanghai", "2025-10-01", false}, // National Day and Mid-Autumn: eight days
		{"CN", "Asia/Shanghai", "2025-10-08", false},
		{"CN", "Asia/Shanghai", "2025-10-09", true},
		{"CN", "Asia/Shanghai", "2025-09-28", true}, // a Sunday worked for them
		{"CN", "Asia/Shanghai", "2025-10-11", true}, // and a Saturday
		{"CN", "Asia/Shanghai", "2025-10-12", false},
		{"CN", "Asia/Shanghai", "2024-02-18", true},
		{"CN", "Asia/Shanghai", "2026-02-14", true},
		{"CN", "Asia/Shanghai", "2026-02-23", false},
		{"CN", "Asia/Shanghai", "2026-12-25", true},
		{"TW", "Asia/Taipei", "2025-02-08", true},
		{"TW", "Asia/Taipei", "2026-09-28", false},
		{"DE", "Europe/Berlin", "2026-05-14", false}, // Ascension Day
		{"DE", "Europe/Berlin", "2026-01-06", true},  // a holiday in three states only
		{"FR", "Europe/Paris", "2026-07-14", false},
		{"ES", "Europe/Madrid", "2026-10-12", false},
		{"PT", "Europe/Lisbon", "2026-06-10", false},
		{"SE", "Europe/Stockholm", "2026-06-19", false}, // Midsummer Eve
		{"GB", "Europe/London", "2026-12-28", false},    // Boxing Day was a Saturday
		{"US", "America/New_York", "2026-07-03", false}, // the 4th is a Saturday
		{"US", "America/New_York", "2027-12-31", false}, // New Year's Day 2028 is one
		{"JP", "Asia/Tokyo", "2026-09-22", false},       // between two holidays
		{"JP", "Asia/Tokyo", "2027-03-22", false},
		{"KR", "Asia/Seoul", "2026-07-17", false},
		{"KR", "Asia/Seoul", "2025-01-27", false},
		{"SG", "Asia/Singapore", "2026-11-09", false},
		{"BR", "America/Sao_Paulo", "2026-11-20", false},
		{"AU", "Australia/Sydney", "2027-12-28", false},
		{"IT", "Europe/Rome", "2025-10-04", false}, // a Saturday
		{"IT", "Europe/Rome", "2027-10-04", false}, // a holiday since 2026
		{"weekdays", "UTC", "1999-12-31", true},
		{"weekdays", "UTC", "2100-01-02", false},
	}
	for _, tt := range tests {
		z := zone(t, tt.zone)
		noon, err := time.ParseInLocation("2006-01-02 15:04", tt.day+" 12:00", z)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{noon.Add(-12 * time.Hour), noon, noon.Add(12*time.Hour - time.Millisecond)} {
			got, err := days(t, tt.calendar).WorkingDay(at.UTC(), z)
			if err != nil || got != tt.worked {
				t.Errorf("%s %v: worked %v, %v; want %v", tt.calendar, at, got, err, tt.worked)
			}
		}
	}
}

func TestWorkingDaysAreCounted(t *testing.T) {
	tests := []struct {
		name, calendar, zone, from string
		n                          int
		end, same                  string // the end of the day, the same time on it; both in UTC
	}{
		{"Friday and one is Monday", "DE", "Europe/Berlin", "2026-03-06 15:00", 1, "2026-03-09T22:59:59.999Z", "2026-03-09T14:00:00Z"},
		{"none on a working day is that day", "DE", "Europe/Berlin", "2026-03-06 15:00", 0, "2026-03-06T22:59:59.999Z", "2026-03-06T14:00:00Z"},
		{"none on a Saturday is Monday", "DE", "Europe/Berlin", "2026-03-07 15:00", 0, "2026-03-09T22:59:59.999Z", "2026-03-09T14:00:00Z"},
		{"Saturday and one is Monday too", "DE", "Europe/Berlin", "2026-03-07 15:00", 1, "2026-03-09T22:59:59.999Z", "2026-03-09T14:00:00Z"},
		{"over the eight days of 2025", "CN", "Asia/Shanghai", "2025-09-30 10:00", 1, "2025-10-09T15:59:59.999Z", "2025-10-09T02:00:00Z"},
		{"over the eight days and the Saturday worked for them", "CN", "Asia/Shanghai", "2025-09-30 10:00", 3, "2025-10-11T15:59:59.999Z", "2025-10-11T02:00:00Z"},
		{"from within the eight days", "CN", "Asia/Shanghai", "2025-10-03 10:00", 2, "2025-10-10T15:59:59.999Z", "2025-10-10T02:00:00Z"},
		{"a Sunday worked", "CN", "Asia/Shanghai", "2025-09-26 10:00", 1, "2025-09-28T15:59:59.999Z", "2025-09-28T02:00:00Z"},
		{"a day there that is another in UTC", "CN", "Asia/Shanghai", "2025-09-29T17:00:00Z", 1, "2025-10-09T15:59:59.999Z", "2025-10-08T17:00:00Z"},
		{"onto a leap day", "CN", "Asia/Shanghai", "2024-02-28 09:00", 1, "2024-02-29T15:59:59.999Z", "2024-02-29T01:00:00Z"},
		{"over a leap day", "US", "America/New_York", "2024-02-28 09:00", 2, "2024-03-02T04:59:59.999Z", "2024-03-01T14:00:00Z"},
		{"over Christmas and New Year", "SE", "Europe/Stockholm", "2026-12-23 12:00", 3, "2026-12-30T22:59:59.999Z", "2026-12-30T11:00:00Z"},
		{"over the end of a year", "GB", "Europe/London", "2026-12-31 12:00", 1, "2027-01-04T23:59:59.999Z", "2027-01-04T12:00:00Z"},
		{"over the change to summer time", "DE", "Europe/Berlin", "2026-03-27 15:00", 1, "2026-03-30T21:59:59.999Z", "2026-03-30T13:00:00Z"},
		{"over the change back", "DE", "Europe/Berlin", "2026-10-23 15:00", 1, "2026-10-26T22:59:59.999Z", "2026-10-26T14:00:00Z"},
		{"a time that the clocks leave out", "weekdays", "Africa/Cairo", "2026-04-23 00:30", 1, "2026-04-24T20:59:59.999Z", "2026-04-23T22:00:00Z"},
		{"a time that comes twice", "weekdays", "Africa/Cairo", "2026-10-28 23:30", 1, "2026-10-29T21:59:59.999Z", "2026-10-29T21:30:00Z"},
		{"very many days", "weekdays", "UTC", "2026-03-02 08:00", 2600, "2036-02-18T23:59:59.999Z", "2036-02-18T08:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			z := zone(t, tt.zone)
			from, err := time.Parse(time.RFC3339, tt.from)
			if err != nil {
				if from, err = time.ParseInLocation("2006-01-02 15:04", tt.from, z); err != nil {
					t.Fatal(err)
				}
			}
			cal := days(t, tt.calendar)
			end, err := calendar.EndOfWorkingDay(from, tt.n, z, cal)
			if text := end.Format("2006-01-02T15:04:05.999Z07:00"); err != nil || text != tt.end {
				t.Errorf("%d working days after %v end %s, %v; want %s", tt.n, from, text, err, tt.end)
			}
			same, err := calendar.AddWorkingDays(from, tt.n, z, cal)
			if text := same.Format(time.RFC3339); err != nil || text != tt.same {
				t.Errorf("%v and %d working days is %s, %v; want %s", from, tt.n, text, err, tt.same)
			}
			if same.After(end) {
				t.Errorf("%v is after the end of its day, %v", same, end)
			}
		})
	}
}

func TestAYearThatIsNotPublishedIsAnError(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	at := func(text string) time.Time {
		when, err := time.ParseInLocation(time.DateOnly, text, z)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	cn := days(t, "CN")
	if _, err := cn.WorkingDay(at("2023-12-31"), z); !errors.Is(err, calendar.ErrYear) {
		t.Errorf("before: %v", err)
	}
	_, last := cn.Years()
	end := at("2000-12-31").AddDate(last-2000, 0, 0)
	if end.Year() != last {
		t.Fatal(end)
	}
	if _, err := calendar.EndOfWorkingDay(end.AddDate(0, 0, -20), 1, z, cn); err != nil {
		t.Errorf("within the last year: %v", err)
	}
	for _, f := range []func(time.Time, int, *time.Location, *calendar.Calendar) (time.Time, error){calendar.EndOfWorkingDay, calendar.AddWorkingDays} {
		if got, err := f(end, 1, z, cn); !errors.Is(err, calendar.ErrYear) || !got.IsZero() {
			t.Errorf("into the next year: %v, %v", got, err)
		}
		if _, err := f(end, -1, z, cn); err == nil {
			t.Error("days back were counted")
		}
	}
}

func TestEveryCalendarIsWellFormed(t *testing.T) {
	for _, name := range calendar.Names() {
		c := days(t, name)
		first, last := c.Years()
		if first > 2024 || last < 2026 {
			t.Errorf("%s knows %d to %d", name, first, last)
		}
		for year := first; year <= last; year++ {
			n := 0
			for day := time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
				worked, err := c.WorkingDay(day, time.UTC)
				if err != nil {
					t.Fatal(err)
				}
				if worked {
					n++
				}
			}
			if n < 236 || n > 256 {
				t.Errorf("%s: %d working days in %d", name, n, year)
			}
			if worked, _ := c.WorkingDay(time.Date(year, 1, 1, 12, 0, 0, 0, time.UTC), time.UTC); worked {
				t.Errorf("%s: the first day of %d is worked", name, year)
			}
		}
	}
	for _, name := range strings.Fields("AT AU BE BR CN DE ES FR GB IT JP KR PL PT SE SG TW US") {
		if !slices.Contains(calendar.Names(), name) {
			t.Errorf("there is no calendar %s", name)
		}
	}
	for _, name := range []string{"", "cn", "XX", "../CN", "weekdays"} {
		if _, err := calendar.Load(name); !errors.Is(err, calendar.ErrUnknown) {
			t.Errorf("Load(%q): %v", name, err)
		}
	}
}

// easter is Gauss's rule, as the witness of what the files say.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	day := (h + l - 7*m + 33*month + 19) % 32
	return time.Date(year, time.Month(month), day, 12, 0, 0, 0, time.UTC)
}

func TestDaysThatFollowEasterAreRight(t *testing.T) {
	after := map[int]string{ // days after Easter Sunday, and who does not work then
		-2: "AU BR DE ES GB PT SE SG", 1: "AT AU BE DE FR GB IT PL SE", 39: "AT BE DE FR SE", 50: "AT BE DE FR", 60: "AT PL PT",
	}
	for year := 2024; year <= 2027; year++ {
		sunday := easter(year)
		if sunday.Weekday() != time.Sunday {
			t.Fatal(sunday)
		}
		for distance, names := range after {
			for name := range strings.FieldsSeq(names) {
				c := days(t, name)
				if _, last := c.Years(); year > last {
					continue
				}
				if worked, err := c.WorkingDay(sunday.AddDate(0, 0, distance), time.UTC); worked || err != nil {
					t.Errorf("%s works on %v, %d days after Easter: %v", name, sunday.AddDate(0, 0, distance), distance, err)
				}
			}
		}
		if worked, _ := days(t, "FR").WorkingDay(sunday.AddDate(0, 0, -2), time.UTC); !worked {
			t.Errorf("France does not work on Good Friday %d", year)
		}
	}
}
