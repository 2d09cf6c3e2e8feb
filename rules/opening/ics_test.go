package opening_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aftercare/aftercare/rules/opening"
)

var today = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\nUID:" + e[:4] + "@x\r\nDTSTAMP:20260101T000000Z\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return b.String() + "END:VCALENDAR\r\n"
}

func TestWholeDaysOfAFileBecomeClosures(t *testing.T) {
	got, err := opening.ReadFile(file(
		"SUMMARY:春节\nDTSTART;VALUE=DATE:20270204\nDTEND;VALUE=DATE:20270212",
		"SUMMARY:One day\\, without an end\nDTSTART;VALUE=DATE:20261224",
		"SUMMARY:Every year\nDTSTART;VALUE=DATE:20200501\nDTEND;VALUE=DATE:20200503\nRRULE:FREQ=YEARLY",
		"SUMMARY:Leap\nDTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY",
		"SUMMARY:Extra\nDTSTART;VALUE=DATE:20270214\nCATEGORIES:Work,WORKING",
		"SUMMARY:Over\nDTSTART;VALUE=DATE:20200101",
		"SUMMARY:A meeting\nDTSTART:20270101T100000Z\nDTEND:20270101T110000Z",
		"SUMMARY:Fridays\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=WEEKLY;BYDAY=FR",
		"SUMMARY:Off\nDTSTART;VALUE=DATE:20270301\nSTATUS:CANCELLED",
		"SUMMARY:For ever\nDTSTART;VALUE=DATE:20270101\nDTEND;VALUE=DATE:20990101",
		"SUMMARY:Wrong\nDTSTART;VALUE=DATE:20271301",
		"SUMMARY:Backwards\nDTSTART;VALUE=DATE:20270105\nDTEND;VALUE=DATE:20270101",
	), today)
	if err != nil {
		t.Fatal(err)
	}
	want := opening.Read{
		Closures: []opening.Closure{
			{From: "2026-12-24", To: "2026-12-24", Name: "One day, without an end"},
			{From: "2027-02-04", To: "2027-02-11", Name: "春节"},
			{From: "2027-05-01", To: "2027-05-02", Name: "Every year"},
			{From: "2028-02-29", To: "2028-02-29", Name: "Leap"},
			{From: "2028-05-01", To: "2028-05-02", Name: "Every year"},
		},
		Extra: []opening.Extra{{Date: "2027-02-14", Name: "Extra"}},
		Left: []opening.Left{
			{Name: "Over", Why: "past"}, {Name: "A meeting", Why: "hours"}, {Name: "Fridays", Why: "repeats"}, {Name: "Off", Why: "cancelled"},
			{Name: "For ever", Why: "long"}, {Name: "Wrong", Why: "date"}, {Name: "Backwards", Why: "date"},
		},
		LeftOut: 7,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoCalendarIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "a page": "<html>", "breaks off": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY", "too large": "BEGIN:VCALENDAR" + strings.Repeat(" ", opening.MaxFile),
		"not UTF-8": "BEGIN:VCALENDAR\xff", "too many entries": file(strings.Split(strings.Repeat("SUMMARY:x|", 2001)[:20009], "|")...),
	} {
		if _, err := opening.ReadFile(text, today); len(fieldsOf(err)) != 1 || fieldsOf(err)[0] != "body.content" {
			t.Errorf("%s: %v", name, err)
		}
	}
	var many []string
	for range 201 {
		many = append(many, "SUMMARY:x\nDTSTART;VALUE=DATE:20270105")
	}
	got, err := opening.ReadFile(file(many...), today)
	if err != nil || len(got.Closures) != 200 || got.LeftOut != 1 || got.Left[0].Why != "many" {
		t.Errorf("201 entries: %d, %v, %v", len(got.Closures), got.Left, err)
	}
}

func TestEntriesTellInMoreThanOneWayHowLongTheyAre(t *testing.T) {
	got, err := opening.ReadFile(file(
		"SUMMARY:Over New Year\nDTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20210104\nRRULE:FREQ=YEARLY",
		"SUMMARY:A week\nDTSTART;VALUE=DATE:20270801\nDURATION:P1W",
		"SUMMARY:Three days\nDTSTART;VALUE=DATE:20270901\nDURATION:P3D",
		"SUMMARY:Some hours\nDTSTART;VALUE=DATE:20270903\nDURATION:PT3H",
		"SUMMARY:No time\nDTSTART;VALUE=DATE:20270903\nDURATION:P-3D",
		"SUMMARY:But for one year\nDTSTART;VALUE=DATE:20200903\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270903",
	), time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	want := opening.Read{
		Closures: []opening.Closure{
			{From: "2026-12-25", To: "2027-01-03", Name: "Over New Year"},
			{From: "2027-08-01", To: "2027-08-07", Name: "A week"},
			{From: "2027-09-01", To: "2027-09-03", Name: "Three days"},
			{From: "2027-12-25", To: "2028-01-03", Name: "Over New Year"},
			{From: "2028-12-25", To: "2029-01-03", Name: "Over New Year"},
			{From: "2029-12-25", To: "2030-01-03", Name: "Over New Year"},
		},
		Extra:   []opening.Extra{},
		Left:    []opening.Left{{Name: "Some hours", Why: "hours"}, {Name: "No time", Why: "date"}, {Name: "But for one year", Why: "repeats"}},
		LeftOut: 3,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFileIsNotReadForMinutes(t *testing.T) {
	for name, text := range map[string]string{
		"many parameters":             "BEGIN:VCALENDAR\r\nX" + strings.Repeat(";a=b", 64_000) + ":x\r\nEND:VCALENDAR\r\n",
		"the same, folded":            "BEGIN:VCALENDAR\r\nX" + strings.Repeat(";a=b\r\n ", 32_000) + ":x\r\nEND:VCALENDAR\r\n",
		"many values":                 "BEGIN:VCALENDAR\r\nX;a=" + strings.Repeat(",", 250_000) + ":x\r\nEND:VCALENDAR\r\n",
		"parts within each other":     "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:VEVENT\r\n", 18_000),
		"the same, written otherwise": "BEGIN:VCALENDAR\r\n" + strings.Repeat("*BEGIN;a=b:VEVENT\r\n", 12_000),
	} {
		began := time.Now()
		if _, err := opening.ReadFile(text, today); len(fieldsOf(err)) != 1 || time.Since(began) > 30*time.Second || len(err.Error()) > 1000 {
			t.Errorf("%s: %.200v after %v", name, err, time.Since(began))
		}
	}
	long := "SUMMARY:Inventory\nDTSTART;VALUE=DATE:20270105\nX-ALT-DESC;FMTTYPE=text/html:" + strings.Repeat("<p>Closed&nbsp;all day\\, sorry</p>", 800)
	if got, err := opening.ReadFile(file(long, long, long, long, long, long, long), today); err != nil || len(got.Closures) != 7 {
		t.Errorf("entries with long texts: %v, %v", got, err)
	}
}

func TestExtraDaysOfAFileStayWithinTheLimit(t *testing.T) {
	long := "SUMMARY:Season\nDTSTART;VALUE=DATE:20270901\nDURATION:P90D\nCATEGORIES:WORKING"
	got, err := opening.ReadFile(file(long, long, long), today)
	if err != nil || len(got.Extra) != 180 || got.LeftOut != 1 || got.Left[0].Why != "many" {
		t.Errorf("270 days: %d, %v, %v", len(got.Extra), got.Left, err)
	}
}

func TestAFileThatIsWrittenIsReadAgain(t *testing.T) {
	c := opening.Calendar{Desk: opening.AtService, Zone: "Asia/Shanghai",
		Closures: []opening.Closure{{From: "2027-02-04", To: "2027-02-11", Name: "春节; eight days, and more than seventy-five bytes of a name that has to be folded"}, {From: "2027-05-01", To: "2027-05-01", Name: "May"}},
		Extra:    []opening.Extra{{Date: "2027-02-14", From: "10:00", To: "16:00", Name: "调休"}}}
	text := c.File("main", today)
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
	got, err := opening.ReadFile(text, today)
	if err != nil {
		t.Fatal(err)
	}
	want := opening.Read{Closures: c.Closures, Extra: []opening.Extra{{Date: "2027-02-14", Name: "调休"}}, Left: []opening.Left{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n%s", diff, text)
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add(file("SUMMARY:x\nDTSTART;VALUE=DATE:20270105\nRRULE:FREQ=YEARLY"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;:\n \nEND:VEVENT\nEND:VCALENDAR")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := opening.ReadFile(text, today)
		if err == nil && (len(r.Closures) > 201 || len(r.Left) > 50) {
			t.Errorf("%d closures, %d left", len(r.Closures), len(r.Left))
		}
	})
}
