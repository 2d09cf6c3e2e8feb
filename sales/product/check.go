package product

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/aftercare/aftercare/base/money"
)

const (
	mostMoney = 1_000_000_000_000
	mostStock = 1_000_000_000
)

// Problem is what is wrong with a draft: a field, a reason that is the same
// sentence each time, and the value found, shortened.
type Problem struct{ Field, Reason, Value string }

// check finds the first thing that is wrong with a draft.
func (d Draft) check() *Problem {
	for _, t := range []struct {
		field, text string
		min, max    int
	}{
		{"sku", d.SKU, 1, 200}, {"title", d.Title, 1, 500}, {"variant", d.Variant, 0, 500}, {"group", d.Group, 0, 200},
		{"category", d.Category, 0, 200}, {"image_url", d.ImageURL, 0, 2000}, {"seller", d.Seller, 0, 100},
	} {
		if reason := wrongText(t.text, t.min, t.max); reason != "" {
			return &Problem{t.field, reason, short(t.text)}
		}
	}
	if strings.TrimSpace(d.SKU) != d.SKU {
		return &Problem{"sku", "begins or ends with a space", short(d.SKU)}
	}
	if _, err := money.Exponent(d.Price.Currency); err != nil {
		return &Problem{"price.currency", "unknown currency", short(d.Price.Currency)}
	}
	for _, n := range []struct {
		field   string
		n, most int64
	}{{"price.minor", d.Price.Minor, mostMoney}, {"tax", d.Tax, mostMoney}, {"stock", d.Product().Stock, mostStock}} {
		if n.n < 0 && (n.field != "stock" || d.Stock != nil) {
			return &Problem{n.field, "negative", strconv.FormatInt(n.n, 10)}
		}
		if n.n > n.most {
			return &Problem{n.field, "too much", strconv.FormatInt(n.n, 10)}
		}
	}
	if d.Tax > d.Price.Minor {
		return &Problem{"tax", "more than the price", strconv.FormatInt(d.Tax, 10)}
	}
	return d.Law.check()
}

var lawWord = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (l Law) check() *Problem {
	if l.Category != "" && !lawWord.MatchString(l.Category) {
		return &Problem{"law_category", "not a word such as phone", short(l.Category)}
	}
	if len(l.Traits) > 20 {
		return &Problem{"traits", "more than 20", strconv.Itoa(len(l.Traits))}
	}
	for i, t := range l.Traits {
		if reason := wrongText(t, 1, 100); reason != "" {
			return &Problem{"traits[" + strconv.Itoa(i) + "]", reason, short(t)}
		}
	}
	if c := l.SellerCountry; c != "" {
		if region, err := language.ParseRegion(c); err != nil || len(c) != 2 || region.String() != c || !region.IsCountry() {
			return &Problem{"seller_country", "unknown country", short(c)}
		}
	}
	return nil
}

func wrongText(s string, min, max int) string {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		return "not UTF-8 text"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "contains control characters"
	case n < min || min > 0 && strings.TrimSpace(s) == "":
		return "missing"
	case n > max:
		return "longer than " + strconv.Itoa(max) + " characters"
	}
	return ""
}

func short(s string) string {
	if s = strings.ToValidUTF8(s, "\ufffd"); utf8.RuneCountInString(s) > 80 {
		return string([]rune(s)[:80]) + "…"
	}
	return s
}
