package order

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/money"
)

// checker looks at every field of drafts by itself. It remembers the names it
// has found good, of which there are few. One goroutine uses it.
type checker struct {
	now              time.Time // bounds the dates
	zones, countries map[string]bool
}

func newChecker(now time.Time) *checker {
	return &checker{now: now, zones: map[string]bool{}, countries: map[string]bool{}}
}

func (c *checker) check(d *Draft) *Problem {
	now := c.now
	if p := c.checkHead(d); p != nil {
		return p
	}
	if p := c.checkSale(d); p != nil {
		return p
	}
	if len(d.Lines) == 0 {
		return &Problem{"lines", "no lines", ""}
	}
	if len(d.Lines) > MaxLines {
		return &Problem{"lines", "more than 1000 lines", strconv.Itoa(len(d.Lines))}
	}
	for i := range d.Lines {
		p := checkLine(&d.Lines[i], d.PlacedAt, now)
		if p == nil {
			p = c.checkLineSale(&d.Lines[i].LineSale)
		}
		if p != nil {
			p.Field = at("lines", i, p.Field)
			return p
		}
	}
	return checkMoney(d)
}

func (c *checker) checkHead(d *Draft) *Problem {
	for _, t := range []struct {
		field, text string
		min, max    int
	}{{"source", d.Source, 1, 40}, {"number", d.Number, 1, 100}, {"policy", d.Policy, 0, 100}} {
		if p := checkText(t.field, t.text, t.min, t.max); p != nil {
			return p
		}
	}
	if strings.ContainsFunc(d.Source, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789_-", r) }) {
		return &Problem{"source", "not a source name", d.Source}
	}
	if _, err := money.Exponent(d.Currency); err != nil {
		return &Problem{"currency", "unknown currency", d.Currency}
	}
	if !c.knownCountry(d.Country) {
		return &Problem{"country", "unknown country", d.Country}
	}
	if !c.knownZone(d.Zone) {
		return &Problem{"zone", "unknown zone", d.Zone}
	}
	if p := checkTime("placed_at", d.PlacedAt, earliest, c.now); p != nil {
		return p
	}
	if d.DeliveredAt != nil {
		if p := checkTime("delivered_at", *d.DeliveredAt, d.PlacedAt, c.now); p != nil {
			return p
		}
	}
	if d.Customer != nil {
		n, p := d.Customer.Normal()
		if p != nil {
			return &Problem{strings.TrimSuffix("customer."+p.Field, "."), p.Reason, p.Value}
		}
		if p := n.TierProblem(d.PlacedAt); p != nil {
			return &Problem{"customer." + p.Field, p.Reason, p.Value}
		}
		n.Source = d.Source
		d.Customer = &n
	}
	return nil
}

func checkLine(l *DraftLine, placed, now time.Time) *Problem {
	for _, t := range []struct {
		field, text string
		min, max    int
	}{{"sku", l.SKU, 1, 200}, {"title", l.Title, 1, 500}, {"variant", l.Variant, 0, 500}, {"category", l.Category, 0, 200},
		{"image_url", l.ImageURL, 0, 2000}, {"seller", l.Seller, 0, 100}} {
		if p := checkText(t.field, t.text, t.min, t.max); p != nil {
			return p
		}
	}
	if l.Quantity < 1 || l.Quantity > MaxQuantity {
		return &Problem{"quantity", "quantity not from 1 to 1000000", strconv.FormatInt(l.Quantity, 10)}
	}
	for _, n := range []struct {
		field string
		n     int64
	}{{"unit_price", l.UnitPrice}, {"weight_grams", l.WeightGrams}, {"tax", l.Tax}, {"duty", l.Duty}, {"commission", l.Commission}, {"points_earned", l.Points}} {
		if p := checkAmount(n.field, n.n); p != nil {
			return p
		}
	}
	for i := range l.Discounts {
		x := &l.Discounts[i]
		if p := checkDiscount(x.Code, x.Funder, x.Amount); p != nil {
			p.Field = at("discounts", i, p.Field)
			return p
		}
	}
	if l.DeliveredAt != nil {
		if p := checkTime("delivered_at", *l.DeliveredAt, placed, now); p != nil {
			return p
		}
	}
	return checkParcel(l, placed, now)
}

func checkMoney(d *Draft) *Problem {
	for i := range d.Discounts {
		x := &d.Discounts[i]
		if p := checkDiscount(x.Code, x.Funder, x.Amount); p != nil {
			p.Field = at("discounts", i, p.Field)
			return p
		}
		for _, no := range x.Lines {
			if no < 1 || no > len(d.Lines) {
				return &Problem{at("discounts", i, "lines"), "no such line", strconv.Itoa(no)}
			}
		}
	}
	if p := checkRules(d); p != nil {
		return p
	}
	for _, n := range []struct {
		field string
		n     int64
	}{{"amount", d.Shipping.Amount}, {"discount", d.Shipping.Discount}, {"tax", d.Shipping.Tax}, {"standard", d.Shipping.Standard}} {
		if p := checkAmount("shipping."+n.field, n.n); p != nil {
			return p
		}
	}
	for i := range d.Tenders {
		if p := checkTender(&d.Tenders[i]); p != nil {
			p.Field = at("tenders", i, p.Field)
			return p
		}
	}
	return nil
}

func checkTender(t *DraftTender) *Problem {
	known := false
	for _, k := range Kinds {
		known = known || k == t.Kind
	}
	if !known {
		return &Problem{"kind", "unknown kind of payment", t.Kind}
	}
	if p := checkText("label", t.Label, 0, 100); p != nil {
		return p
	}
	if p := checkText("provider", t.Provider, 0, 40); p != nil {
		return p
	}
	if p := checkText("reference", t.Reference, 0, 200); p != nil {
		return p
	}
	if t.Points != 0 && t.Kind != "points" {
		return &Problem{"points", "points of another kind of payment", t.Kind}
	}
	if p := checkAmount("points", t.Points); p != nil {
		return p
	}
	return checkAmount("amount", t.Amount)
}

func checkDiscount(code, funder string, amount int64) *Problem {
	switch funder {
	case "", "seller", "platform", "brand":
	default:
		return &Problem{"funder", "unknown funder", funder}
	}
	if p := checkText("code", code, 0, 100); p != nil {
		return p
	}
	return checkAmount("amount", amount)
}

func checkAmount(field string, n int64) *Problem {
	if n < 0 {
		return &Problem{field, "negative amount", strconv.FormatInt(n, 10)}
	}
	if n > MaxAmount {
		return &Problem{field, "amounts too large", strconv.FormatInt(n, 10)}
	}
	return nil
}

// checkText counts characters as the published schema does. A zero byte is
// what PostgreSQL cannot store.
func checkText(field, s string, shortest, longest int) *Problem {
	switch {
	case len(s) < shortest:
		return &Problem{field, "missing", ""}
	case len(s) > longest && utf8.RuneCountInString(s) > longest:
		return &Problem{field, "text too long", string([]rune(s)[:min(40, longest)]) + "…"}
	case !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0:
		return &Problem{field, "not UTF-8 text", ""}
	}
	return nil
}

// Before this day no order of a shop that needs us was placed; a date before
// it is a program's zero.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// checkTime allows a day in the future, for clocks that differ and for sources
// that know only dates.
func checkTime(field string, t, from, now time.Time) *Problem {
	switch {
	case t.IsZero():
		return &Problem{field, "missing", ""}
	case t.Before(from) && from.Equal(earliest):
		return &Problem{field, "date before 1990", t.Format(time.RFC3339)}
	case t.Before(from):
		return &Problem{field, "date before the order was placed", t.Format(time.RFC3339)}
	case t.After(now.AddDate(0, 0, 1)):
		return &Problem{field, "date in the future", t.Format(time.RFC3339)}
	}
	return nil
}

func (c *checker) knownZone(name string) bool {
	if c.zones[name] {
		return true
	}
	if _, err := calendar.Zone(name); err != nil || name == "Local" {
		return false
	}
	c.zones[name] = true
	return true
}

func (c *checker) knownCountry(code string) bool {
	if code == "" || c.countries[code] {
		return true
	}
	region, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 || region.String() != code || !region.IsCountry() {
		return false
	}
	c.countries[code] = true
	return true
}
