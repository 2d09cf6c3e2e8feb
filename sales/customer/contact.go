package customer

import (
	"slices"
	"strings"
	"unicode"
)

// Signs that begin what contacts are found by, so that they are no names.
const (
	nationalSign = "#" // a phone number without the code of its country
	endSign      = "~" // a phone number, the last digit first
)

// shortestEnd is how many last digits of a phone people ask for.
const shortestEnd = 4

// contactStarts are what people begin to type who look for a contact, but for
// its beginning: the number without its country, its last digits, a later word
// of an e-mail address, and its domain.
func contactStarts(c Customer) (all []string) {
	if digits := strings.TrimPrefix(c.Phone, "+"); digits != "" {
		short := digits
		if digits != c.Phone {
			short = withoutCountry(digits)
		}
		all = append(all, nationalSign+strings.TrimPrefix(short, "0"), endSign+backwards(digits))
	}
	local, domain, is := strings.Cut(c.Email, "@")
	if !is {
		return all
	}
	for i, r := range local {
		if rest := local[i+1:]; strings.ContainsRune("._-+", r) && rest != "" {
			all = append(all, "@"+rest+"@"+domain)
		}
	}
	return append(all, "@"+domain)
}

// contactTyped are the ways in which a text may begin a contact that contactStarts
// knows.
func contactTyped(text string) (all []string) {
	typed := contactStart(text)
	if typed == "" || strings.HasPrefix(typed, "@") {
		return nil
	}
	digits, plus := strings.CutPrefix(typed, "+")
	if !plus && strings.HasPrefix(digits, "00") {
		digits, plus = digits[2:], true
	}
	if strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return []string{"@" + typed}
	}
	if len(digits) < shortestEnd {
		return nil
	}
	if plus || len(digits) > 10 {
		all = append(all, nationalSign+strings.TrimPrefix(withoutCountry(digits), "0"))
	}
	if !plus {
		all = append(all, nationalSign+strings.TrimPrefix(digits, "0"), endSign+backwards(digits))
	}
	return slices.DeleteFunc(all, func(s string) bool { return len(s) == 1 })
}

// twoDigits are the first two digits of codes that have two (E.164); the zones 1
// and 7 have one, all others three.
var twoDigits = strings.Fields("20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98")

func withoutCountry(digits string) string {
	n := 3
	switch {
	case strings.HasPrefix(digits, "1"), strings.HasPrefix(digits, "7"):
		n = 1
	case len(digits) >= 2 && slices.Contains(twoDigits, digits[:2]):
		n = 2
	}
	return digits[min(n, len(digits)):]
}

func backwards(digits string) string {
	runes := []rune(digits)
	slices.Reverse(runes)
	return string(runes)
}

// isNumber tells whether a text can be a phone number and nothing else.
func isNumber(text string) bool {
	typed := contactStart(text)
	return typed != "" && !strings.ContainsFunc(typed, func(r rune) bool { return r != '+' && !unicode.IsDigit(r) })
}
