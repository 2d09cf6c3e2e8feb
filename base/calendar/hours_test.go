package calendar_test

import (
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
)

// nineToSix is open from Monday to Friday, with an hour for lunch.
func nineToSix(t *testing.T, zone string) *calendar.Hours {
	t.Helper()
	loc, err := calendar.Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	h := &calendar.Hours{Zone: loc, Week: map[time.Weekday][]calendar.Span{}}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []calendar.Span{{9 * 60, 12 * 60}, {13 * 60, 18 * 60}}
	}
	return h
}

func chinese(t *testing.T, h *calendar.Hours) *calendar.Hours {
	t.Helper()
	cn, err := calendar.Load("CN")
	if err != nil {
		t.Fatal(err)
	}
	h.Public = cn
	return h
}

func TestOpenHoursAreAddedOverNightsLunchesAndHolidays(t *testing.T) {
	shop := chinese(t, nineToSix(t, "Asia/Shanghai"))
	tests := []struct {
		name string
		from string
		open time.Duration
		want string
	}{
		{"within a morning", "2026-03-02T10:00:00+08:00", time.Hour, "2026-03-02T11:00:00+08:00"},
		{"over lunch", "2026-03-02T11:30:00+08:00", time.Hour, "2026-03-02T13:30:00+08:00"},
		{"to the minute of closing", "2026-03-02T17:00:00+08:00", time.Hour, "2026-03-02T18:00:00+08:00"},
		{"over a weekend", "2026-03-06T17:00:00+08:00", 2 * time.Hour, "2026-03-09T10:00:00+08:00"},
		{"asked at night", "2026-03-02T23:00:00+08:00", time.Hour, "2026-03-03T10:00:00+08:00"},
		{"a Saturday that is worked has the hours of Monday", "2026-02-13T17:00:00+08:00", 2 * time.Hour, "2026-02-14T10:00:00+08:00"},
		{"over nine days of Spring Festival", "2026-02-14T17:00:00+08:00", 2 * time.Hour, "2026-02-24T10:00:00+08:00"},
		{"48 open hours are six days", "2026-03-02T09:00:00+08:00", 48 * time.Hour, "2026-03-09T18:00:00+08:00"},
		{"a leap day is a day", "2028-02-28T17:00:00+08:00", 2 * time.Hour, "2028-02-29T10:00:00+08:00"},
		{"a year that nobody published has its weekdays", "2030-10-01T17:00:00+08:00", 2 * time.Hour, "2030-10-02T10:00:00+08:00"},
	}
	for _, tt := range tests {
		if got := shop.Add(instant(t, tt.from), tt.open); !got.Equal(instant(t, tt.want)) {
			t.Errorf("%s: %s and %s is %s, want %s", tt.name, tt.from, tt.open, got.In(shop.Zone).Format(time.RFC3339), tt.want)
		}
		if got := shop.Between(instant(t, tt.from), instant(t, tt.want)); got != tt.open {
			t.Errorf("%s: open for %s, want %s", tt.name, got, tt.open)
		}
	}
}

func TestOwnClosuresAndExtraDaysComeBeforeThoseOfTheCountry(t *testing.T) {
	h := chinese(t, nineToSix(t, "Asia/Shanghai"))
	h.Off = map[string]bool{"2026-02-14": true, "2026-03-02": true} // one that China works, and a Monday
	h.Extra = map[string][]calendar.Span{"2026-02-16": nil, "2026-03-07": {{10 * 60, 14 * 60}}}
	for date, want := range map[string]int{
		"2026-02-14": 0, "2026-02-16": 8, "2026-02-17": 0, "2026-02-28": 8, "2026-03-02": 0, "2026-03-03": 8, "2026-03-07": 4, "2026-03-08": 0,
	} {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, s := range h.On(day) {
			got += (s.To - s.From) / 60
		}
		if got != want {
			t.Errorf("%s is open for %d hours, want %d", date, got, want)
		}
	}
}

func TestADayHasTheHoursThatItsClocksGiveIt(t *testing.T) {
	h := nineToSix(t, "Europe/Berlin")
	h.Week = map[time.Weekday][]calendar.Span{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		h.Week[day] = []calendar.Span{{0, 24 * 60}}
	}
	for day, want := range map[string]time.Duration{
		"2026-03-28T00:00:00+01:00": 24 * time.Hour, "2026-03-29T00:00:00+01:00": 23 * time.Hour, "2026-10-25T00:00:00+02:00": 25 * time.Hour,
	} {
		from := instant(t, day)
		if got := h.Between(from, calendar.EndOfDay(from, 0, h.Zone).Add(time.Millisecond)); got != want {
			t.Errorf("%s is open for %s, want %s", day, got, want)
		}
	}
	h.Week = map[time.Weekday][]calendar.Span{time.Sunday: {{2 * 60, 3 * 60}}} // the hour that is left out
	if got, want := h.Add(instant(t, "2026-03-28T12:00:00+01:00"), time.Minute), instant(t, "2026-04-05T02:01:00+02:00"); !got.Equal(want) {
		t.Errorf("an hour that was left out was open: %s, want %s", got, want)
	}
}

func TestWhatFallsDueWhileClosedWaitsForTheEndOfTheNextOpenDay(t *testing.T) {
	h := nineToSix(t, "America/New_York")
	h.Off = map[string]bool{"2026-11-26": true}
	for at, want := range map[string]string{
		"2026-11-24T10:00:00-05:00": "2026-11-24T10:00:00-05:00",
		"2026-11-24T18:00:00-05:00": "2026-11-24T18:00:00-05:00",
		"2026-11-24T18:00:01-05:00": "2026-11-25T18:00:00-05:00",
		"2026-11-24T12:30:00-05:00": "2026-11-24T18:00:00-05:00",
		"2026-11-24T03:00:00-05:00": "2026-11-24T18:00:00-05:00",
		"2026-11-25T20:00:00-05:00": "2026-11-27T18:00:00-05:00",
		"2026-11-27T19:00:00-05:00": "2026-11-30T18:00:00-05:00",
	} {
		if got := h.Wait(instant(t, at)); !got.Equal(instant(t, want)) {
			t.Errorf("%s waits until %s, want %s", at, got.In(h.Zone).Format(time.RFC3339), want)
		}
	}
}

func TestAPlaceThatIsNeverOpenMakesNobodyWaitForEver(t *testing.T) {
	h := &calendar.Hours{Zone: time.UTC}
	from := instant(t, "2026-01-01T10:00:00Z")
	want := instant(t, "2027-01-02T23:59:59.999Z")
	if got := h.Add(from, time.Hour); !got.Equal(want) {
		t.Errorf("adding an hour: %s, want %s", got, want)
	}
	if got := h.Wait(from); !got.Equal(want) {
		t.Errorf("waiting: %s, want %s", got, want)
	}
}

func TestPublishedDaysAreListedWithTheirSource(t *testing.T) {
	for _, name := range calendar.Names() {
		c, err := calendar.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		about, source := c.Notes()
		if about == "" || source == "" {
			t.Errorf("%s: about %q, source %q", name, about, source)
		}
		first, last := c.Years()
		for year := first; year <= last; year++ {
			days, err := c.Days(year)
			if err != nil || len(days) == 0 {
				t.Errorf("%s %d: %d days, %v", name, year, len(days), err)
			}
		}
		if _, err := c.Days(last + 1); err == nil {
			t.Errorf("%s knows %d, which it does not", name, last+1)
		}
	}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
