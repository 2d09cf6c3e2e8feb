package order

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/sales/customer"
)

// Address is where an order was delivered. It is personal: kept apart from the
// order, in no event, and shown masked.
type Address struct {
	Name     string   `json:"name" doc:"Who receives it" maxLength:"200"`
	Lines    []string `json:"lines" doc:"Street and house, as written there" nullable:"false" minItems:"1" maxItems:"6"`
	City     string   `json:"city,omitempty" maxLength:"120"`
	Region   string   `json:"region,omitempty" doc:"State or province, where addresses there have one" maxLength:"120"`
	Postcode string   `json:"postcode,omitempty" maxLength:"20"`
	Country  string   `json:"country,omitempty" doc:"ISO 3166-1 alpha-2 code; the order's where missing" pattern:"^([A-Z]{2})?$"`
	Phone    string   `json:"phone,omitempty" maxLength:"40"`
}

// checkAddress brings an address into the form in which it is kept, or tells
// what is wrong with it.
func (c *checker) checkAddress(a *Address, country string) (*Address, *Problem) {
	n := Address{Name: plain(a.Name), City: plain(a.City), Region: plain(a.Region), Postcode: plain(a.Postcode), Country: a.Country}
	for _, line := range a.Lines {
		if line = plain(line); line != "" {
			n.Lines = append(n.Lines, line)
		}
	}
	if n.Country == "" {
		n.Country = country
	}
	if n.Phone = customer.Phone(a.Phone); n.Phone == "" && strings.TrimSpace(a.Phone) != "" {
		return nil, &Problem{"ship_to.phone", "not a phone number", ""}
	}
	if len(n.Lines) == 0 || len(a.Lines) > 6 {
		return nil, &Problem{"ship_to.lines", "not 1 to 6 lines", ""}
	}
	if !c.knownCountry(n.Country) {
		return nil, &Problem{"ship_to.country", "unknown country", clean(n.Country)}
	}
	for _, t := range []struct {
		field, text string
		min, max    int
	}{{"name", n.Name, 1, 200}, {"lines", strings.Join(n.Lines, ""), 1, 600}, {"city", n.City, 0, 120}, {"region", n.Region, 0, 120}, {"postcode", n.Postcode, 0, 20}} {
		if p := checkText("ship_to."+t.field, t.text, t.min, t.max); p != nil {
			p.Value = "" // personal
			return nil, p
		}
	}
	return &n, nil
}

// plain is one line of text without what nobody can see.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// Masked tells whoever knows the address that it is that one, and others
// little: the town, the beginning of the street without numbers, the first
// character of the name and the last digits of the telephone.
func (a Address) Masked() Address {
	m := a
	m.Name, m.Phone, m.Lines = first(a.Name, 1), last(a.Phone), make([]string, len(a.Lines))
	for i, line := range a.Lines {
		m.Lines[i] = "***"
		if i == 0 {
			m.Lines[i] = first(strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) {
					return '*'
				}
				return r
			}, line), 6)
		}
	}
	return m
}

func first(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "***"
	} else if n > 1 && len(r) > 0 {
		return string(r[:len(r)/2]) + "***"
	}
	return text
}

func last(phone string) string {
	if n := utf8.RuneCountInString(phone); n > 4 {
		return "***" + string([]rune(phone)[n-4:])
	} else if n > 0 {
		return "***"
	}
	return ""
}
