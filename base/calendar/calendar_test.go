package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := calendar.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestTheEndOfADay(t *testing.T) {
	tests := []struct {
		name string
		zone string
		from string // on the wall at that place, or an instant with Z
		days int
		want string // UTC
	}{
		{"seven days after the 1st end with the 8th", "Asia/Shanghai", "2026-03-01 10:00", 7, "2026-03-08T15:59:59.999Z"},
		{"no days end with the day itself", "Asia/Shanghai", "2026-03-01 10:00", 0, "2026-03-01T15:59:59.999Z"},
		{"the first moment of a day belongs to it", "Asia/Shanghai", "2026-03-01 00:00", 1, "2026-03-02T15:59:59.999Z"},
		{"the last minute of a day belongs to it", "Asia/Shanghai", "2026-03-01 23:59", 1, "2026-03-02T15:59:59.999Z"},
		{"a day there that is another day in UTC", "Asia/Shanghai", "2026-02-28T16:00:00Z", 0, "2026-03-01T15:59:59.999Z"},

		{"London: the day with 23 hours", "Europe/London", "2026-03-29 00:30", 0, "2026-03-29T22:59:59.999Z"},
		{"London: over the change to summer time", "Europe/London", "2026-03-28 12:00", 1, "2026-03-29T22:59:59.999Z"},
		{"London: the day with 25 hours", "Europe/London", "2026-10-25 00:30", 0, "2026-10-25T23:59:59.999Z"},
		{"London: from the first 1:30 of two", "Europe/London", "2026-10-25T00:30:00Z", 0, "2026-10-25T23:59:59.999Z"},
		{"London: from the second 1:30 of two", "Europe/London", "2026-10-25T01:30:00Z", 0, "2026-10-25T23:59:59.999Z"},
		{"London: a week over the change back", "Europe/London", "2026-10-20 12:00", 7, "2026-10-27T23:59:59.999Z"},
		{"New York: a week over the change to summer time", "America/New_York", "2026-03-05 20:00", 7, "2026-03-13T03:59:59.999Z"},
		{"New York: a week over the change back", "America/New_York", "2026-10-30 20:00", 7, "2026-11-07T04:59:59.999Z"},
		{"São Paulo: the day before one that began at 01:00", "America/Sao_Paulo", "2018-11-03 12:00", 0, "2018-11-04T02:59:59.999Z"},
		{"São Paulo: the day that began at 01:00", "America/Sao_Paulo", "2018-11-03 12:00", 1, "2018-11-05T01:59:59.999Z"},
		{"São Paulo: the day whose last hour came twice", "America/Sao_Paulo", "2019-02-16 12:00", 0, "2019-02-17T02:59:59.999Z"},
		{"São Paulo: no summer time any more", "America/Sao_Paulo", "2026-11-01 12:00", 7, "2026-11-09T02:59:59.999Z"},

		{"a leap day", "Europe/Berlin", "2024-02-28 12:00", 1, "2024-02-29T22:59:59.999Z"},
		{"over a leap day", "Europe/Berlin", "2024-02-28 12:00", 2, "2024-03-01T22:59:59.999Z"},
		{"from a leap day, a year", "Europe/Berlin", "2024-02-29 12:00", 365, "2025-02-28T22:59:59.999Z"},
		{"no leap day in 2100", "Asia/Shanghai", "2100-02-28 12:00", 1, "2100-03-01T15:59:59.999Z"},
		{"the end of a year", "Asia/Shanghai", "2026-12-31 12:00", 0, "2026-12-31T15:59:59.999Z"},
		{"over the end of a year", "America/New_York", "2026-12-28 12:00", 7, "2027-01-05T04:59:59.999Z"},
		{"over two ends of a year", "UTC", "2026-12-31 12:00", 366, "2028-01-01T23:59:59.999Z"},

		{"Kiritimati is a day ahead", "Pacific/Kiritimati", "2026-03-01T10:00:00Z", 0, "2026-03-02T09:59:59.999Z"},
		{"Kiritimati begins years first", "Pacific/Kiritimati", "2026-12-31T10:00:00Z", 7, "2027-01-08T09:59:59.999Z"},
		{"Pago Pago is last", "Pacific/Pago_Pago", "2026-03-02T10:59:59Z", 0, "2026-03-02T10:59:59.999Z"},
		{"Samoa had no 30 December 2011", "Pacific/Apia", "2011-12-29 12:00", 0, "2011-12-30T09:59:59.999Z"},
		{"Samoa: one day after the 29th is the 31st", "Pacific/Apia", "2011-12-29 12:00", 1, "2011-12-30T09:59:59.999Z"},
		{"Santiago: clocks jump over midnight", "America/Santiago", "2026-09-01 12:00", 4, "2026-09-06T03:59:59.999Z"},
		{"Havana: midnight comes twice", "America/Havana", "2026-10-31 12:00", 0, "2026-11-01T03:59:59.999Z"},
		{"India: half an hour", "Asia/Kolkata", "2026-03-01 23:59", 7, "2026-03-08T18:29:59.999Z"},
		{"Nepal: a quarter", "Asia/Kathmandu", "2026-03-01 00:00", 7, "2026-03-08T18:14:59.999Z"},
		{"Lord Howe: summer time of half an hour", "Australia/Lord_Howe", "2026-04-04 12:00", 1, "2026-04-05T13:29:59.999Z"},
		{"Newfoundland: half an hour and summer time", "America/St_Johns", "2026-03-07 12:00", 1, "2026-03-09T02:29:59.999Z"},

		{"no zone is UTC", "", "2026-03-01 10:00", 7, "2026-03-08T23:59:59.999Z"},
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
			got := calendar.EndOfDay(from, tt.days, z)
			if text := got.Format("2006-01-02T15:04:05.999Z07:00"); text != tt.want || got.Location() != time.UTC {
				t.Errorf("%d days after %v end %s, want %s", tt.days, from, text, tt.want)
			}
		})
	}
}

// Whatever the place and the clock changes of its year, the end of a day is the
// last millisecond with that date.
func TestTheNextMillisecondIsAnotherDay(t *testing.T) {
	for _, name := range []string{
		"Europe/London", "America/New_York", "America/Sao_Paulo", "America/Santiago", "Africa/Cairo", "Asia/Beirut",
		"America/Havana", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Chatham", "Asia/Kathmandu", "Antarctica/Troll",
	} {
		z := zone(t, name)
		for _, year := range []int{2010, 2011, 2017, 2018, 2026} {
			for at := time.Date(year, 1, 1, 11, 30, 0, 0, time.UTC); at.Year() == year; at = at.Add(23 * time.Hour) {
				end := calendar.EndOfDay(at, 0, z)
				today := calendar.Date(at, z)
				if end.Before(at) || calendar.Date(end, z) != today || calendar.Date(end.Add(time.Millisecond), z) == today {
					t.Errorf("%s: the day of %v ends %v", name, at.In(z), end.In(z))
				}
			}
		}
	}
}

func TestADateIsThatOfThePlace(t *testing.T) {
	at := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"": "2026-12-31", "Asia/Shanghai": "2027-01-01", "America/New_York": "2026-12-31", "Pacific/Kiritimati": "2027-01-01", "Asia/Kolkata": "2027-01-01",
	} {
		if got := calendar.Date(at, zone(t, name)); got != want {
			t.Errorf("%v in %q is %s, want %s", at, name, got, want)
		}
	}
}

func TestAnUnknownZoneIsAnError(t *testing.T) {
	for _, name := range []string{"Mars/Olympus", "Asia/", "shanghai", "../etc/passwd", "+08:00"} {
		if z, err := calendar.Zone(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("Zone(%q) = %v, %v", name, z, err)
		}
	}
}
