// Package money holds amounts: minor units of an ISO 4217 currency.
//
// It owns exact arithmetic and the table of exponents. There are no floats; an
// operation on two currencies is an error, and shares lose no unit.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

var (
	ErrCurrency = errors.New("amounts of two currencies")
	ErrOverflow = errors.New("amount too large")
	ErrUnknown  = errors.New("unknown currency")
	ErrFormat   = errors.New("not a decimal amount")
)

// Amount is a number of minor units: {12900, "CNY"} is 129.00 yuan, {966,
// "JPY"} is 966 yen, {1500, "KWD"} is 1.500 dinar.
type Amount struct {
	Minor    int64  `json:"minor" doc:"Minor units of the currency (ISO 4217 exponent), may be negative for deductions" example:"12900"`
	Currency string `json:"currency" doc:"ISO 4217 code" pattern:"^[A-Z]{3}$" example:"CNY"`
}

// Of is the short form of a literal.
func Of(minor int64, currency string) Amount { return Amount{Minor: minor, Currency: currency} }

// Add fails on two currencies and on overflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrCurrency, a.Currency, b.Currency)
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) && b.Minor != 0 {
		return Amount{}, ErrOverflow
	}
	return Amount{sum, a.Currency}, nil
}

// Neg returns the amount with the other sign.
func (a Amount) Neg() Amount { return Amount{-a.Minor, a.Currency} }

// String writes the amount with its currency's digits, for logs and the
// command line: "129.00 CNY". Screens format by locale themselves.
func (a Amount) String() string {
	exp, err := Exponent(a.Currency)
	if err != nil {
		return strconv.FormatInt(a.Minor, 10) + " minor " + a.Currency
	}
	return decimal(a.Minor, exp) + " " + a.Currency
}

// Decimal writes the amount without its currency: "129.00".
func (a Amount) Decimal() string {
	exp, _ := Exponent(a.Currency)
	return decimal(a.Minor, exp)
}

func decimal(minor int64, exp int) string {
	sign := ""
	u := uint64(minor)
	if minor < 0 {
		sign, u = "-", -u
	}
	s := strconv.FormatUint(u, 10)
	if exp == 0 {
		return sign + s
	}
	if len(s) <= exp {
		s = strings.Repeat("0", exp-len(s)+1) + s
	}
	return sign + s[:len(s)-exp] + "." + s[len(s)-exp:]
}

// Parse reads a decimal with a point, such as "129.9", exactly. More digits
// than the currency has are an error unless they are zeros.
func Parse(text, currency string) (Amount, error) {
	exp, err := Exponent(currency)
	if err != nil {
		return Amount{}, err
	}
	s, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if (whole == "" && frac == "") || len(frac) > exp {
		return Amount{}, fmt.Errorf("%w with %d digits after the point: %q", ErrFormat, exp, text)
	}
	digits := whole + frac + strings.Repeat("0", exp-len(frac))
	u, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", ErrFormat, text)
	}
	if negative {
		return Amount{-int64(u), currency}, nil
	}
	return Amount{int64(u), currency}, nil
}

// Part returns ⌊total·k/n⌋ exactly, also where total·k does not fit 64 bits.
// It is how a line's amount falls on its first k of n units. total, k and n
// must not be negative, k at most n, n at least 1.
func Part(total, k, n int64) int64 {
	if total < 0 || k < 0 || n < 1 || k > n {
		panic(fmt.Sprintf("money: part %d·%d/%d", total, k, n))
	}
	hi, lo := bits.Mul64(uint64(total), uint64(k))
	q, _ := bits.Div64(hi, lo, uint64(n))
	return int64(q)
}

// Split shares total by weights with the largest remainder method (Hamilton);
// ties go to the earlier weight. The shares always add up to total. If all
// weights are zero the first share takes everything.
func Split(total int64, weights []int64) []int64 {
	shares := make([]int64, len(weights))
	if len(weights) == 0 {
		return shares
	}
	if total < 0 {
		for i, s := range Split(-total, weights) {
			shares[i] = -s
		}
		return shares
	}
	var sum int64
	for _, w := range weights {
		if w < 0 || sum > math.MaxInt64-w {
			panic("money: negative or overflowing weight")
		}
		sum += w
	}
	if sum == 0 {
		shares[0] = total
		return shares
	}
	rest := total
	remainders := make([]uint64, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum))
		shares[i], remainders[i] = int64(q), r
		rest -= int64(q)
	}
	for ; rest > 0; rest-- {
		best := 0
		for i, r := range remainders {
			if r > remainders[best] {
				best = i
			}
		}
		shares[best]++
		remainders[best] = 0
	}
	return shares
}
