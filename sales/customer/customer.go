// Package customer knows who bought: one record per person and shop, found by
// the reference a source gave, else by e-mail, else by phone.
//
// It owns names and contacts in their normal form. It does not own orders or
// the proof that somebody is this person (package proof). A reference of a
// source belongs to one customer and never moves to another.
package customer

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"github.com/aftercare/aftercare/base/fault"
)

var (
	ErrUnknown = fault.New(fault.Missing, "customer.unknown", "There is no such customer.")
	ErrInvalid = fault.New(fault.Invalid, "customer.invalid", "The customer is not described correctly.")
)

// Customer is one buyer of one shop.
type Customer struct {
	ID       string
	Tenant   string
	Source   string // that named the customer first
	Ref      string // that source's own id; may be empty
	Name     string
	Email    string // lower case; may be empty
	Phone    string // digits, with a leading + where the country is known; may be empty
	Language string // BCP 47; may be empty
}

// Draft is what a source tells about a customer. At least one of Ref, Email
// and Phone is needed to know the person again.
type Draft struct {
	Source   string `json:"-"`
	Ref      string `json:"ref,omitempty" doc:"The source's own id of the customer" maxLength:"200"`
	Name     string `json:"name,omitempty" doc:"As the customer writes it" maxLength:"200"`
	Email    string `json:"email,omitempty" doc:"E-mail address" maxLength:"254"`
	Phone    string `json:"phone,omitempty" doc:"Phone number, best with + and country code" maxLength:"40"`
	Language string `json:"language,omitempty" doc:"BCP 47 tag of the preferred language" example:"zh-CN" maxLength:"35"`

	Tier      string `json:"tier,omitempty" doc:"Tier in the shop's member system, as the policy names it. An order tells the tier of the time it was placed; left out: nothing is said about it" pattern:"^[a-z0-9][a-z0-9_-]*$" maxLength:"40" example:"gold"`
	TierUntil string `json:"tier_until,omitempty" doc:"First moment without the tier; left out: until another is told" format:"date-time" example:"2027-01-01T00:00:00+08:00"`
}

// Problem is one wrong field of a draft. Reason is the same sentence each time.
type Problem struct{ Field, Reason, Value string }

// Normal returns the draft with contacts in the form they are stored and
// compared in, or the first thing wrong with it.
func (d Draft) Normal() (Draft, *Problem) {
	given := d
	d.Ref, d.Name = strings.TrimSpace(d.Ref), strings.Join(strings.Fields(d.Name), " ")
	d.Email, d.Phone = Email(d.Email), Phone(d.Phone)
	switch {
	case len(d.Ref) > 200 || len(d.Name) > 800 || len(d.Email) > 254:
		return d, &Problem{"", "text too long", ""}
	case d.Email == "" && strings.TrimSpace(given.Email) != "":
		return d, &Problem{"email", "not an e-mail address", given.Email}
	case d.Phone == "" && strings.TrimSpace(given.Phone) != "":
		return d, &Problem{"phone", "not a phone number", given.Phone}
	case d.Ref == "" && d.Email == "" && d.Phone == "":
		return d, &Problem{"", "customer without reference, e-mail or phone", d.Name}
	}
	if p := d.TierProblem(time.Time{}); p != nil {
		return d, p
	}
	if d.Language != "" {
		if _, err := language.Parse(d.Language); err != nil {
			return d, &Problem{"language", "not a language tag", d.Language}
		}
	}
	return d, nil
}

// Email is the normal form of an address: trimmed and lower case. Empty if it
// has not one @ between two parts.
func Email(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(domain, "@ ") || strings.ContainsFunc(s, unicode.IsControl) || strings.Contains(local, " ") {
		return ""
	}
	return s
}

// Phone is the normal form of a number: its digits, with + in front where the
// number begins with + or 00. Empty if there are not 5 to 15 digits or if there
// is anything but digits and the usual separators.
func Phone(s string) string {
	s = strings.TrimSpace(s)
	rest, plus := strings.CutPrefix(s, "+")
	var b strings.Builder
	for _, r := range rest {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune(" -./()\u00a0", r):
			return ""
		}
	}
	digits := b.String()
	if !plus && strings.HasPrefix(digits, "00") {
		digits, plus = digits[2:], true
	}
	if len(digits) < 5 || len(digits) > 15 {
		return ""
	}
	if plus {
		return "+" + digits
	}
	return digits
}

// Has reports whether a contact, as somebody types it, is this customer's. A
// phone number may lack the country code that the stored one has.
func (c Customer) Has(contact string) bool {
	if mail := Email(contact); mail != "" {
		return mail == c.Email
	}
	phone := Phone(contact)
	if phone == "" || c.Phone == "" {
		return false
	}
	return phone == c.Phone || national(phone, c.Phone) || national(c.Phone, phone)
}

// national reports whether short is long without its country code.
func national(short, long string) bool {
	if strings.HasPrefix(short, "+") || !strings.HasPrefix(long, "+") {
		return false
	}
	short = strings.TrimLeft(short, "0")
	return len(short) >= 7 && strings.HasSuffix(long, short)
}

// folded is a name as it is searched.
func folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(name), " "))
}
