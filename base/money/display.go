package money

import "strings"

// symbols are those of currencies that people know by them. No two are the same:
// one shop may be paid in yuan and in yen.
var symbols = map[string]string{
	"CNY": "¥", "JPY": "JP¥", "USD": "$", "TWD": "NT$", "HKD": "HK$", "SGD": "S$", "AUD": "A$", "CAD": "CA$",
	"EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹", "THB": "฿", "VND": "₫", "BRL": "R$",
}

// Display writes the amount for the command line, where people and scripts read
// it: "¥1,054.31", "-€5.00", "CHF 12.50", the same in every language. Sentences
// for readers of a language have it from locale.Money.
func (a Amount) Display() string {
	number, sign := a.Decimal(), ""
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		number, sign = rest, "-"
	}
	symbol, ok := symbols[a.Currency]
	if !ok {
		symbol = a.Currency + " "
	}
	whole, frac, point := strings.Cut(number, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if point {
		b.WriteString("." + frac)
	}
	return sign + symbol + b.String()
}
