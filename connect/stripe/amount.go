package stripe

import (
	"fmt"
	"strings"

	"github.com/aftercare/aftercare/base/money"
)

// Stripe writes amounts in a currency's minor units, with exceptions of its own
// (docs.stripe.com/currencies, zero-decimal, three-decimal and special cases).

// scale is what one of our minor units is at Stripe: a factor or a divisor, and
// what Stripe's number must be a multiple of.
type scale struct {
	times, by, step int64
}

var scales = map[string]scale{
	// Without decimals for ISO 4217, but Stripe kept two for old clients.
	"ISK": {times: 100, by: 1, step: 100},
	"UGX": {times: 100, by: 1, step: 100},
	// With two decimals (fifths) for ISO 4217, without for Stripe.
	"MGA": {times: 1, by: 100, step: 1},
	// Three decimals of which the last must be zero.
	"BHD": {times: 1, by: 1, step: 10},
	"JOD": {times: 1, by: 1, step: 10},
	"KWD": {times: 1, by: 1, step: 10},
	"OMR": {times: 1, by: 1, step: 10},
	"TND": {times: 1, by: 1, step: 10},
}

// minorOf writes an amount for Stripe, or says why Stripe cannot take it. An
// amount is never rounded: a person pays what Stripe cannot.
func minorOf(a money.Amount) (minor int64, refusal string) {
	exponent, err := money.Exponent(a.Currency)
	if err != nil {
		return 0, "Stripe does not know the currency " + a.Currency + "."
	}
	s, ok := scales[a.Currency]
	if !ok {
		s = scale{1, 1, 1}
		if exponent == 3 {
			return 0, "Stripe does not take payments in " + a.Currency + "."
		}
	}
	if a.Minor <= 0 || a.Minor > 1<<53 {
		return 0, fmt.Sprintf("%s cannot be paid.", a)
	}
	if a.Minor%s.by != 0 || a.Minor*s.times/s.by%s.step != 0 {
		return 0, fmt.Sprintf("Stripe cannot pay %s exactly: the last digit must be 0.", a)
	}
	return a.Minor * s.times / s.by, ""
}

// moneyOf reads an amount of Stripe.
func moneyOf(minor int64, currency string) (money.Amount, error) {
	currency = strings.ToUpper(currency)
	if _, err := money.Exponent(currency); err != nil {
		return money.Amount{}, err
	}
	s, ok := scales[currency]
	if !ok {
		s = scale{1, 1, 1}
	}
	if minor%s.times != 0 {
		return money.Amount{}, fmt.Errorf("%w: %d of Stripe in %s", money.ErrFormat, minor, currency)
	}
	return money.Of(minor/s.times*s.by, currency), nil
}
