// Package tenant keeps the shops that one installation serves, and finds the
// one that a request is meant for.
//
// It owns tenants, their hosts and their settings: name, zone, language,
// currency, and the address that parcels come back to. It does not own people
// or rules. The host of a request alone decides its tenant; nothing inside the
// request can name another.
package tenant

import (
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
)

// Default is the id of the tenant of an installation that has only one.
const Default = "main"

// Refusals.
var (
	ErrUnknown = fault.New(fault.Missing, "tenant.unknown", "There is no such shop.")
	ErrTaken   = fault.New(fault.Conflict, "tenant.taken", "Another shop has this id or host.")
	ErrHost    = fault.New(fault.Conflict, "tenant.host_needed", "This shop is found by its host only; it cannot be without one.")
	ErrInvalid = fault.New(fault.Invalid, "tenant.invalid", "The shop's settings are not complete.")
	ErrStale   = fault.New(fault.Stale, "tenant.stale", "The shop's settings have changed since you read them.")
)

// Tenant is one shop.
type Tenant struct {
	ID           string // lower case letters, digits and hyphens
	Name         string
	Host         string // without port; empty: found as the default only
	Zone         string // IANA, in which the shop counts days
	Language     string // one of locale.Languages
	Currency     string // ISO 4217
	SupportEmail string
	Return       Address
	Version      int64
	CreatedAt    time.Time
}

// At is where the shop's people find it: at the address of the installation,
// with the shop's own host where it has one. What is written to them leads
// there, for at another host they are strangers.
func (t Tenant) At(base string) string {
	at, err := url.Parse(base)
	if err != nil || t.Host == "" || at.Host == "" {
		return base
	}
	host := t.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := at.Port(); port != "" {
		host += ":" + port
	}
	at.Host = host
	return at.String()
}

// Address is where returned parcels go. It may be empty while the shop has not
// said.
type Address struct {
	Name     string
	Lines    []string
	City     string
	Postcode string
	Country  string // ISO 3166-1 alpha-2
	Phone    string
}

var (
	idShape      = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	countryShape = regexp.MustCompile(`^[A-Z]{2}$`)
)

// normal returns the tenant as it is stored, or ErrInvalid with every field
// that is wrong.
func (t Tenant) normal() (Tenant, error) {
	bad := ErrInvalid
	t.Name = strings.TrimSpace(t.Name)
	host, named := ownHost(t.Host)
	if t.Host = host; !named {
		bad = bad.At("host", "is not a host name", "a name such as returns.shop.example, without https:// and without a path")
	}
	if !idShape.MatchString(t.ID) || t.ID == "system" { // the tenant of work that belongs to no shop
		bad = bad.At("id", "is not an id", "1 to 40 lower case letters, digits or hyphens")
	}
	if n := utf8.RuneCountInString(t.Name); n < 1 || n > 120 {
		bad = bad.At("name", "is missing or too long", "1 to 120 characters")
	}
	if _, err := calendar.Zone(t.Zone); err != nil || t.Zone == "" {
		bad = bad.At("zone", "is not a zone", "an IANA name such as Asia/Shanghai")
	}
	if !slices.Contains(locale.Languages, t.Language) {
		bad = bad.At("language", "is not available", strings.Join(locale.Languages, ", "))
	}
	if _, err := money.Exponent(t.Currency); err != nil {
		bad = bad.At("currency", "is not a currency", "an ISO 4217 code such as CNY")
	}
	if a, err := mail.ParseAddress(t.SupportEmail); t.SupportEmail != "" && (err != nil || a.Address != t.SupportEmail) {
		bad = bad.At("support_email", "is not an e-mail address", "name@example.com")
	}
	if t.Return.Country != "" && !countryShape.MatchString(t.Return.Country) {
		bad = bad.At("return.country", "is not a country", "an ISO 3166-1 code such as CN")
	}
	if len(bad.Fields) > 0 {
		return t, bad
	}
	return t, nil
}

// hostname is the host of a Host header or setting: lower case, without port,
// brackets or a final dot.
func hostname(host string) string {
	host = strings.ToLower(strings.TrimSpace(host))
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimSuffix(strings.Trim(host, "[]"), ".")
}
