package money

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitLosesNothing(t *testing.T) {
	tests := []struct {
		name    string
		total   int64
		weights []int64
		want    []int64
	}{
		{"even", 100, []int64{1, 1}, []int64{50, 50}},
		{"remainder goes first", 100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{"largest remainder wins", 10, []int64{1, 5, 1}, []int64{2, 7, 1}},
		{"negative", -100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{"no weights at all", 7, []int64{0, 0}, []int64{7, 0}},
		{"zero weight gets nothing", 7, []int64{0, 3}, []int64{0, 7}},
		{"beyond 64 bits inside", math.MaxInt64, []int64{math.MaxInt64 / 2, math.MaxInt64 / 2}, []int64{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Split(tt.total, tt.weights)); diff != "" {
				t.Errorf("Split(%d, %v): %s", tt.total, tt.weights, diff)
			}
		})
	}
	for range 10_000 {
		weights := make([]int64, 1+rand.IntN(8))
		for i := range weights {
			weights[i] = rand.Int64N(1000)
		}
		total, sum := rand.Int64N(1_000_000), int64(0)
		for _, s := range Split(total, weights) {
			sum += s
		}
		if sum != total {
			t.Fatalf("Split(%d, %v) adds up to %d", total, weights, sum)
		}
	}
}

func TestPartsOfAllUnitsAddUp(t *testing.T) {
	for range 10_000 {
		total, n := rand.Int64(), 1+rand.Int64N(50)
		var sum int64
		for k := int64(1); k <= n; k++ {
			u := Part(total, k, n) - Part(total, k-1, n)
			if u < 0 {
				t.Fatalf("unit %d of %d of %d is %d", k, n, total, u)
			}
			sum += u
		}
		if sum != total {
			t.Fatalf("%d units of %d add up to %d", n, total, sum)
		}
	}
}

func TestParseIsExact(t *testing.T) {
	tests := []struct {
		text, currency string
		minor          int64
		err            error
	}{
		{"129.9", "CNY", 12990, nil}, {"129.00", "CNY", 12900, nil}, {"0.1", "USD", 10, nil}, {"-2.55", "GBP", -255, nil},
		{"9899", "JPY", 9899, nil}, {"9899.00", "JPY", 9899, nil}, {"1.5", "KWD", 1500, nil}, {".5", "EUR", 50, nil},
		{"1.005", "USD", 0, ErrFormat}, {"1,5", "EUR", 0, ErrFormat}, {"", "EUR", 0, ErrFormat}, {"1e3", "EUR", 0, ErrFormat},
		{"--1", "EUR", 0, ErrFormat}, {"99999999999999999999", "EUR", 0, ErrFormat}, {"1", "XXX", 0, ErrUnknown},
	}
	for _, tt := range tests {
		got, err := Parse(tt.text, tt.currency)
		if got.Minor != tt.minor || !errors.Is(err, tt.err) {
			t.Errorf("Parse(%q, %s) = %v, %v; want %d, %v", tt.text, tt.currency, got, err, tt.minor, tt.err)
		}
	}
}

func TestDecimalUsesTheCurrencysDigits(t *testing.T) {
	for want, a := range map[string]Amount{"129.00 CNY": {12900, "CNY"}, "-0.05 USD": {-5, "USD"}, "966 JPY": {966, "JPY"}, "0.001 KWD": {1, "KWD"}} {
		if got := a.String(); got != want {
			t.Errorf("%#v is written %q, want %q", a, got, want)
		}
	}
}

func TestAddRefusesTwoCurrenciesAndOverflow(t *testing.T) {
	if _, err := Of(1, "CNY").Add(Of(1, "USD")); !errors.Is(err, ErrCurrency) {
		t.Errorf("adding two currencies: %v", err)
	}
	if _, err := Of(math.MaxInt64, "CNY").Add(Of(1, "CNY")); !errors.Is(err, ErrOverflow) {
		t.Errorf("overflow: %v", err)
	}
	if _, err := Of(math.MinInt64, "CNY").Add(Of(-1, "CNY")); !errors.Is(err, ErrOverflow) {
		t.Errorf("underflow: %v", err)
	}
	if got, err := Of(5, "CNY").Add(Of(-7, "CNY")); err != nil || got.Minor != -2 {
		t.Errorf("5 - 7 = %v, %v", got, err)
	}
}
