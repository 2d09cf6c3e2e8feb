package owed_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// A last day in a year whose days off nobody has published is said to be
// uncertain, in words, and a person looks; within the strict day nothing hangs
// on it.
func TestAYearWithoutACalendarIsSaidInWords(t *testing.T) {
	book := law(t)
	none := shop(func(r *policy.Rules) { r.WindowDays = 0 })
	for _, place := range [][3]string{{"CN", "CNY", "Asia/Shanghai"}, {"TW", "TWD", "Asia/Taipei"}} {
		delivered := time.Date(2026, 12, 28, 4, 0, 0, 0, time.UTC)
		o := bought(place[0], place[1], place[2], delivered)
		late := owed.Decide(book, none, asks(o, policy.ReturnRefund, "no_longer_needed", delivered.AddDate(0, 0, 8)))
		if late.Outcome != policy.Review {
			t.Errorf("%s, after the strict day: %s %v", place[0], late.Outcome, codes(late.Grounds))
		}
		for lang, want := range map[string]string{"en": "The days off of that year are not known here", "zh-CN": "该年度休假日历未知", "zh-TW": "該年度休假日曆未知"} {
			said := ""
			for _, g := range late.Grounds {
				said += g.Text(lang)
			}
			if !strings.Contains(said, want) {
				t.Errorf("%s in %s: %q", place[0], lang, said)
			}
		}
		if in := owed.Decide(book, none, asks(o, policy.ReturnRefund, "no_longer_needed", delivered.AddDate(0, 0, 7))); in.Outcome == policy.Refuse {
			t.Errorf("%s, on the strict day: %s %v", place[0], in.Outcome, codes(in.Grounds))
		}
		known := bought(place[0], place[1], place[2], delivered.AddDate(-1, 0, 0))
		if d := owed.Decide(book, none, asks(known, policy.ReturnRefund, "no_longer_needed", delivered.AddDate(-1, 0, 20))); d.Outcome != policy.Refuse {
			t.Errorf("%s, in a year that is known: %s", place[0], d.Outcome)
		}
	}
	for _, place := range []string{"CN", "TW", "SG"} {
		for lang, want := range map[string]string{"en": "2024 to 2026", "zh-CN": "2024年至2026年", "zh-TW": "2024年至2026年"} {
			p, err := book.Pack(place, 0, lang)
			if err != nil || !strings.Contains(p.Known, want) {
				t.Errorf("%s in %s: %q, %v", place, lang, p.Known, err)
			}
		}
	}
}
