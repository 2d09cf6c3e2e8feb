package mail

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// ErrAddress refuses what is not one e-mail address. It is permanent.
var ErrAddress = errors.New("not an e-mail address")

// address is a checked one; its domain is in the form that servers know.
type address struct {
	name, mailbox, domain string
}

func (a address) spec() string { return a.mailbox + "@" + a.domain }

// Address checks an e-mail address as a person typed it and returns it without
// a name, its domain in the form that servers know.
func Address(text string) (string, error) {
	a, err := parse(text)
	if err != nil {
		return "", err
	}
	return a.spec(), nil
}

func parse(text string) (address, error) {
	if len(text) > 512 || strings.ContainsFunc(text, unicode.IsControl) {
		return address{}, permanent{ErrAddress}
	}
	found, err := mail.ParseAddress(strings.TrimSpace(text))
	if err != nil {
		return address{}, permanent{ErrAddress}
	}
	at := strings.LastIndexByte(found.Address, '@')
	mailbox, domain := found.Address[:at], found.Address[at+1:]
	if strings.HasPrefix(domain, "[") || strings.ContainsAny(mailbox, "<>\"\\ ,;:") {
		return address{}, permanent{ErrAddress} // lawful, and never a customer's
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || len(mailbox) > 64 || len(mailbox)+1+len(ascii) > 254 {
		return address{}, permanent{ErrAddress}
	}
	return address{name: found.Name, mailbox: mailbox, domain: ascii}, nil
}
