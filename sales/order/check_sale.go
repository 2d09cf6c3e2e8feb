package order

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	lawCategory = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	region      = regexp.MustCompile(`^[A-Z]{2}-[A-Z0-9]{1,3}$`)
)

// checkSale looks at what the law asks about the purchase.
func (c *checker) checkSale(d *Draft) *Problem {
	s := &d.Sale
	if *s == (Sale{}) {
		return nil
	}
	if s.Region != "" && (!region.MatchString(s.Region) || !c.knownCountry(s.Region[:2])) {
		return &Problem{"region", "not an ISO 3166-2 code such as US-NY", clean(s.Region)}
	}
	if s.Region != "" && d.Country != "" && s.Region[:2] != d.Country {
		return &Problem{"region", "not in the country of the order", s.Region}
	}
	if p := checkWord("channel", s.Channel, Channels...); p != nil {
		return p
	}
	if p := checkWord("buyer_type", s.Buyer, "consumer", "business"); p != nil {
		return p
	}
	if p := c.checkSeller(s.SellerCountry, s.SellerType); p != nil {
		return p
	}
	if s.Terms != "" && !c.knownCountry(s.Terms) && (!region.MatchString(s.Terms) || !c.knownCountry(s.Terms[:2])) {
		return &Problem{"terms_law", "not an ISO 3166 code such as CN or US-NY", clean(s.Terms)}
	}
	return firstProblem(
		checkDay("contract.at", s.Contract.At), checkDay("contract.document_at", s.Contract.DocumentAt), checkDay("contract.invoice_at", s.Contract.InvoiceAt),
		checkDay("told.right_at", s.Told.RightAt))
}

// checkLineSale looks at what the law asks about a line.
func (c *checker) checkLineSale(s *LineSale) *Problem {
	if *s == (LineSale{}) {
		return nil
	}
	if s.LawCategory != "" && !lawCategory.MatchString(s.LawCategory) {
		return &Problem{"law_category", "not a word such as phone", clean(s.LawCategory)}
	}
	if p := c.checkSeller(s.SellerCountry, s.SellerType); p != nil {
		return p
	}
	if days := s.Promise.Days; days != nil && (*days < 0 || *days > 36500) {
		return &Problem{"promise.return_days", "days not from 0 to 36500", ""}
	}
	return firstProblem(
		checkDay("promised_at", s.PromisedAt), checkDay("installed_at", s.InstalledAt), checkDay("perishes_at", s.PerishesAt),
		checkDay("guarantee_until", s.GuaranteeTo), checkDay("told.right_at", s.Told.RightAt))
}

func (c *checker) checkSeller(country, kind string) *Problem {
	if !c.knownCountry(country) {
		return &Problem{"seller_country", "unknown country", clean(country)}
	}
	return checkWord("seller_type", kind, "business", "private")
}

func checkWord(field, value string, known ...string) *Problem {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return &Problem{field, "not one of " + strings.Join(known, ", "), clean(value)}
}

// checkDay allows days to come: guarantees end and promises are kept in the
// future.
func checkDay(field string, d Day) *Problem {
	if d == "" {
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(d))
	switch {
	case err != nil:
		return &Problem{field, "not a day such as 2026-11-03", clean(string(d))}
	case t.Before(earliest):
		return &Problem{field, "date before 1990", string(d)}
	case t.Year() > 2200:
		return &Problem{field, "date after 2200", string(d)}
	}
	return nil
}

func firstProblem(all ...*Problem) *Problem {
	for _, p := range all {
		if p != nil {
			return p
		}
	}
	return nil
}

// KnownPlace reports whether a code is a country, or a region in the shape of
// ISO 3166-2 of one.
func KnownPlace(code string) bool {
	c := newChecker(time.Time{})
	return code != "" && c.knownCountry(code) || region.MatchString(code) && c.knownCountry(code[:2])
}
