package locale

import (
	"cmp"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aftercare/aftercare/base/money"
)

// shown is what browsers show, as Node's Intl tells it (web/scripts/forms.mjs).
// The pages are held to the same file by web/src/lib/intl.test.ts.
func shown(t *testing.T) (all map[string]struct {
	Money   map[string]map[string]string
	Days    map[string]string
	Moments map[string]string
}) {
	raw, err := os.ReadFile("testdata/intl.json")
	if err != nil {
		t.Fatal(err)
	}
	file := struct{ Languages any }{&all}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	if len(all) != len(Readable) {
		t.Fatalf("%d languages, not %d", len(all), len(Readable))
	}
	return all
}

func TestAmountsAreWrittenAsBrowsersDo(t *testing.T) {
	for lang, want := range shown(t) {
		for currency, amounts := range want.Money {
			for text, want := range amounts {
				minor, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				if got := Money(lang, money.Of(minor, currency)); got != want {
					t.Errorf("%d %s in %s: %q, want %q", minor, currency, lang, got, want)
				}
			}
		}
	}
}

// Among the currencies that shops are paid in, a reader takes none for another.
func TestNoTwoCurrenciesLookAlike(t *testing.T) {
	for _, lang := range Readable {
		seen := map[string]string{}
		for _, currency := range []string{"CNY", "JPY", "USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MXN", "GBP", "EGP", "KRW", "KPW", "SEK", "NOK", "DKK"} {
			sign, ok := writingOf(lang).Signs[currency]
			if !ok {
				sign = cmp.Or(forms.Signs[currency], currency)
			}
			if other := seen[sign]; other != "" {
				t.Errorf("%s: %s and %s are both %s", lang, other, currency, sign)
			}
			seen[sign] = currency
		}
	}
	for lang, want := range map[string][2]string{
		"zh-CN": {"¥500.00", "JP¥500"}, "zh-TW": {"CN¥500.00", "¥500"}, "en": {"CN¥500.00", "¥500"},
		"ja": {"元\u00a0500.00", "￥500"}, "fr": {"500,00\u00a0CNY", "500\u00a0JPY"},
	} {
		if got := [2]string{Money(lang, money.Of(50000, "CNY")), Money(lang, money.Of(500, "JPY"))}; got != want {
			t.Errorf("yuan and yen in %s: %q, want %q", lang, got, want)
		}
	}
}

func TestDaysAreWrittenAsBrowsersDo(t *testing.T) {
	for lang, want := range shown(t) {
		for day, want := range want.Days {
			if got := Day(day).In(lang); got != want {
				t.Errorf("%s in %s: %q, want %q", day, lang, got, want)
			}
		}
		for text, want := range want.Moments {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			if got := Moment(lang, at); got != want {
				t.Errorf("%s in %s: %q, want %q", text, lang, got, want)
			}
		}
	}
	if got := Day("soon").In("de"); got != "soon" {
		t.Errorf("what is no day became %q", got)
	}
}

func TestValuesOfATextAreWrittenInItsLanguage(t *testing.T) {
	refund, until := Args{"amount": money.Of(123450, "EUR")}, Args{"title": "2026-11-30", "until": Day("2026-11-30")}
	by := Args{"by": time.Date(2026, 3, 9, 23, 59, 0, 0, time.FixedZone("", 8*3600))}
	for _, tt := range []struct {
		lang, key string
		args      Args
		want      string
	}{
		{"de", "event.payout.succeeded", refund, "1.234,50\u00a0€"},
		{"fr", "event.payout.succeeded", refund, "1\u202f234,50\u00a0€"},
		{"ar", "event.payout.succeeded", refund, "\u2068\u200f1,234.50\u00a0\u2066€\u2069\u2069"},
		{"xx", "event.payout.succeeded", refund, "€1,234.50"},
		{"ru", "ground.within_window", until, "30 нояб. 2026 г."},
		{"ru", "ground.within_window", until, "2026-11-30:"}, // a title is no day, whatever it looks like
		{"ja", "next.inspecting", by, "2026年3月9日 23:59"},
		{"de", "next.inspecting", Args{"by": Abroad{by["by"].(time.Time)}}, "9. März 2026 23:59 GMT+8"},
		{"de", "next.inspecting", Args{"by": Abroad{time.Date(2026, 3, 9, 8, 0, 0, 0, time.FixedZone("", -12600))}}, " 08:00 GMT-3:30"},
		{"ar", "next.inspecting", by, "\u20689 مارس 2026 23:59\u2069"},
	} {
		if got := Text(tt.lang, tt.key, tt.args); !strings.Contains(got, tt.want) {
			t.Errorf("%s in %s: %q, which has no %q", tt.key, tt.lang, got, tt.want)
		}
	}
}
