package rights

import (
	"reflect"
	"testing"
	"time"
)

// Every fact of the vocabulary that is filled in alone, and nothing else, is
// given at its place in the table.
func TestEachFactIsReadAtItsPlace(t *testing.T) {
	truth, number := true, int64(1)
	for i, w := range vocabulary.all {
		if w.path == nil {
			continue
		}
		var f Facts
		at := reflect.ValueOf(&f).Elem()
		for _, step := range w.path {
			at = at.Field(step)
		}
		switch to := at.Addr().Interface().(type) {
		case *string:
			*to = "x"
		case *bool:
			*to = true
		case **bool:
			*to = &truth
		case **int64:
			*to = &number
		case *Moment:
			*to = On(2026, time.November, 3)
		}
		r := reader{zone: time.UTC}
		r.all(&f)
		for k := range r.facts {
			if r.facts[k].given != (k == i) {
				t.Errorf("%s, fact %d: given %t at %d", w.name, i, r.facts[k].given, k)
			}
		}
		if r.at != vocabulary.derived[0] {
			t.Fatalf("%d facts are read, of %d", r.at, vocabulary.derived[0])
		}
	}
}

func TestInstantsAreReadInTheirOwnDays(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	early, late := time.Date(1969, 12, 30, 15, 59, 0, 0, time.UTC), time.Date(2026, 11, 2, 16, 0, 0, 0, time.UTC)
	r := reader{zone: zone}
	r.all(&Facts{AsOf: At(late), Contract: Contract{At: At(early)}, Delivery: Delivery{At: At(late), SentAt: On(2026, time.November, 1)}})
	for place, want := range map[int]string{theAsOf: "2026-11-03", theContractAt: "1969-12-30", theDeliveryAt: "2026-11-03", vocabulary.byID["delivery.dispatched_at"]: "2026-11-01"} {
		if got := dateOf(r.facts[place].n); got != want {
			t.Errorf("%s is %s, want %s", vocabulary.all[place].name, got, want)
		}
	}
}

func TestMonthsEndWithTheirLastDay(t *testing.T) {
	for _, x := range []struct {
		from   string
		months int64
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2026-08-31", 1, "2026-09-30"}, {"2026-12-31", 2, "2027-02-28"},
		{"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"}, {"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -13, "2024-12-15"}, {"2099-12-31", 2, "2100-02-28"},
	} {
		from, err := time.Parse(time.DateOnly, x.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := dateOf(addMonths(daysOf(from.Date()), x.months)); got != x.want {
			t.Errorf("%d months from %s end %s, want %s", x.months, x.from, got, x.want)
		}
	}
}
