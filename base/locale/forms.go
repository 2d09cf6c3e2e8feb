package locale

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/money"
)

// formsFile says how each language writes amounts and days: facts of CLDR 48, as
// the Intl of Node 20 has them, written by web/scripts/forms.mjs. See ADR 35.
//
//go:embed forms.json
var formsFile []byte

// writing is how one language writes amounts and days.
type writing struct {
	Group       string            `json:"group"`        // between thousands
	GroupedFrom int               `json:"grouped_from"` // how many digits there are groups from
	Point       string            `json:"point"`
	Plus        string            `json:"plus"` // an amount: {n} the number, {c} the currency
	Minus       string            `json:"minus"`
	Day         string            `json:"day"`    // {d}, {m} and {y}
	Months      []string          `json:"months"` // as they stand in a day
	Signs       map[string]string `json:"signs"`  // of currencies, where other languages have another
}

var forms = loadForms()

func loadForms() (all struct {
	Signs     map[string]string   `json:"signs"`
	Languages map[string]*writing `json:"languages"`
}) {
	if err := json.Unmarshal(formsFile, &all); err != nil {
		panic(err) // embedded: wrong only by a bug
	}
	for _, lang := range Readable {
		if w := all.Languages[lang]; w == nil || len(w.Months) != 12 {
			panic(fmt.Sprintf("locale: forms of %s are missing", lang))
		}
	}
	return all
}

func writingOf(lang string) *writing {
	if w := forms.Languages[lang]; w != nil {
		return w
	}
	return forms.Languages[Languages[0]]
}

// Money writes an amount as pages show it to readers of the language: with a sign
// of its currency that no other has in that language, all digits that ISO 4217
// gives it, and blanks at which no line breaks. In Arabic the sign keeps its own
// direction.
func Money(lang string, a money.Amount) string {
	w := writingOf(lang)
	number, pattern := a.Decimal(), w.Plus
	if rest, negative := strings.CutPrefix(number, "-"); negative {
		number, pattern = rest, w.Minus
	}
	sign, ok := w.Signs[a.Currency]
	if !ok {
		if sign, ok = forms.Signs[a.Currency]; !ok {
			sign = a.Currency
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(sign); !unicode.IsSymbol(last) {
		pattern = strings.Replace(pattern, "{c}{n}", "{c}\u00a0{n}", 1) // KWD 1.500, as CLDR sets letters apart
	}
	if Direction(lang) == "rtl" {
		letters, mark := strings.CutSuffix(sign, "\u200f")
		sign = "\u2066" + letters + "\u2069"
		if mark {
			sign += "\u200f"
		}
	}
	return strings.NewReplacer("{n}", w.number(number), "{c}", sign).Replace(pattern)
}

// number groups a decimal that has a point.
func (w *writing) number(decimal string) string {
	whole, frac, point := strings.Cut(decimal, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) >= w.GroupedFrom {
			b.WriteString(w.Group)
		}
		b.WriteRune(digit)
	}
	if point {
		b.WriteString(w.Point + frac)
	}
	return b.String()
}

// Day is a calendar day as machines write it: 2026-11-30.
type Day string

// In writes the day in a language, always with its year: what is written is read
// later. What is no day stays as it is.
func (d Day) In(lang string) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return dayOf(lang, t)
}

func dayOf(lang string, t time.Time) string {
	w := writingOf(lang)
	return strings.NewReplacer("{y}", strconv.Itoa(t.Year()), "{m}", w.Months[t.Month()-1], "{d}", strconv.Itoa(t.Day())).Replace(w.Day)
}

// Moment writes the day and the clock of t's own zone.
func Moment(lang string, t time.Time) string { return dayOf(lang, t) + t.Format(" 15:04") }

// Abroad is a moment that may be read by another clock than the one it is told
// by: it names the zone, as pages do.
type Abroad struct{ time.Time }

func (a Abroad) in(lang string) string {
	_, offset := a.Zone()
	minutes := offset / 60
	zone := fmt.Sprintf("GMT%+d", minutes/60)
	if rest := max(minutes, -minutes) % 60; rest != 0 {
		zone += fmt.Sprintf(":%02d", rest)
	}
	return Moment(lang, a.Time) + " " + zone
}

// Told writes a value for a text in a language: amounts, days and moments as the
// language does, all else as it is; and apart from the direction of the text.
func Told(lang string, value any) string {
	switch v := value.(type) {
	case money.Amount:
		return Isolate(lang, Money(lang, v))
	case Day:
		return Isolate(lang, v.In(lang))
	case Abroad:
		return Isolate(lang, v.in(lang))
	case time.Time:
		return Isolate(lang, Moment(lang, v))
	}
	return Isolate(lang, fmt.Sprint(value))
}
