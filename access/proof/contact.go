package proof

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Phone numbers have 6 to 15 digits (ITU-T E.164).
const (
	fewestDigits = 6
	mostDigits   = 15
)

// normal brings an e-mail address or phone number into the form in which two
// are compared, and tells which of them it is. Wide characters of Asian
// keyboards, spaces, case, and the ways to write China's country code before a
// mobile number do not matter. ok is false when it is neither.
func normal(typed string) (contact string, channel Channel, ok bool) {
	typed = strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed)))
	if local, domain, found := strings.Cut(typed, "@"); found {
		ok = local != "" && strings.Contains(domain, ".") && len(typed) <= 254 &&
			!strings.ContainsFunc(typed, unicode.IsSpace) && !strings.Contains(domain, "@")
		return typed, Email, ok
	}
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case unicode.IsSpace(r), strings.ContainsRune("+-./()", r):
			return -1
		}
		return 'x'
	}, typed)
	digits = strings.TrimPrefix(digits, "00")
	if mobile, found := strings.CutPrefix(digits, "86"); found && len(mobile) == 11 && mobile[0] == '1' {
		digits = mobile
	}
	return digits, SMS, len(digits) >= fewestDigits && len(digits) <= mostDigits && !strings.Contains(digits, "x")
}

// hidden shows somebody what he typed without telling a bystander.
func hidden(contact string, channel Channel) string {
	if channel == Email {
		local, domain, _ := strings.Cut(contact, "@")
		return string([]rune(local)[:1]) + "***@" + domain
	}
	return contact[:2] + "****" + contact[len(contact)-2:]
}

// number is an order number as it is looked up.
func number(typed string) string {
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(norm.NFKC.String(typed)), "#"))
}

// digits is a code as people type it: with wide digits, spaces or hyphens.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, norm.NFKC.String(typed))
}
