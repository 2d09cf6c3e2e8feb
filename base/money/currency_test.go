package money

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/currency"
)

// listed reads the table a second time, without the code under test.
func listed(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	for line := range strings.SplitSeq(list, "\n") {
		if words := strings.Fields(line); len(words) > 2 && words[0] != "#" {
			all[words[0]] = int(words[1][0] - '0')
		}
	}
	return all
}

func TestEveryCurrencyHasItsExponent(t *testing.T) {
	all := listed(t)
	if len(all) != 171 {
		t.Errorf("%d currencies in the list", len(all))
	}
	for a := byte('A'); a <= 'Z'; a++ {
		for b := byte('A'); b <= 'Z'; b++ {
			for c := byte('A'); c <= 'Z'; c++ {
				code := string([]byte{a, b, c})
				want, known := all[code]
				got, err := Exponent(code)
				if got != want || (err == nil) != known {
					t.Fatalf("Exponent(%s) = %d, %v; listed %v", code, got, err, known)
				}
			}
		}
	}
	for want, codes := range map[int]string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
		3: "BHD IQD JOD KWD LYD OMR TND",
		4: "CLF UYW",
	} {
		var got []string
		for _, code := range slices.Sorted(maps.Keys(all)) {
			if all[code] == want {
				got = append(got, code)
			}
		}
		if diff := cmp.Diff(strings.Fields(codes), got); diff != "" {
			t.Errorf("%d digits: %s", want, diff)
		}
	}
	for _, no := range []string{"", "CN", "cny", "CNYY", "XXX", "XTS", "XAU", "XDR", "DEM", "C€", "Cn\x00", "№1", "{{{", "@@@", "元"} {
		if _, err := Exponent(no); !errors.Is(err, ErrUnknown) {
			t.Errorf("Exponent(%q): %v", no, err)
		}
	}
}

// The table is ours; CLDR's, shipped with x/text, is the witness. Where both
// know a currency they agree, but for those whose small coins are out of use:
// CLDR shows them without the digits that ISO 4217 keeps.
func TestExponentsAgreeWithCLDR(t *testing.T) {
	differ := map[string]int{}
	both := 0
	for code, exp := range listed(t) {
		unit, err := currency.ParseISO(code)
		if err != nil {
			continue
		}
		both++
		if scale, _ := currency.Standard.Rounding(unit); scale != exp {
			differ[code] = scale
		}
	}
	want := map[string]int{}
	for code := range strings.FieldsSeq("AFN ALL AMD COP GYD IDR IQD IRR KPW LAK LBP MGA MMK MNT MUR PKR RSD SLL SOS SYP TZS UZS YER") {
		want[code] = 0
	}
	if diff := cmp.Diff(want, differ); diff != "" {
		t.Errorf("CLDR says otherwise (-known +found): %s", diff)
	}
	if both < 160 {
		t.Errorf("only %d currencies are known to both", both)
	}
}

func BenchmarkExponent(b *testing.B) {
	for b.Loop() {
		if exp, err := Exponent("CNY"); exp != 2 || err != nil {
			b.Fatal(exp, err)
		}
	}
}
