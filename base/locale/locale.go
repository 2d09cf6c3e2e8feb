// Package locale chooses a language and words texts in it.
//
// It owns the list of languages and the catalogues of texts that the server
// itself writes: grounds of decisions, timeline lines, e-mails. Screens have
// their own catalogues. Every key exists in every one of Languages; customers
// may read more languages, whose catalogues leave out only what staff alone see:
// there English stands in.
package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed text/*.json text/more/*.json
var files embed.FS

// Languages are the BCP 47 tags that texts exist in; the first is the default.
var Languages = []string{"zh-CN", "zh-TW", "en"}

// Readable are the tags that customers can read: Languages, and those in which
// what only staff see is English.
var Readable = append(slices.Clone(Languages), "ja", "ko", "es", "fr", "de", "pt-BR", "ru", "ar")

var complete, readable = matcher(Languages), matcher(Readable)

func matcher(tags []string) language.Matcher {
	all := make([]language.Tag, len(tags))
	for i, tag := range tags {
		all[i] = language.MustParse(tag)
	}
	return language.NewMatcher(all)
}

// Match returns the best of Languages for an Accept-Language header or a tag.
func Match(accept string) string { return best(complete, Languages, accept) }

// Read returns the best of Readable for an Accept-Language header or a tag.
func Read(accept string) string { return best(readable, Readable, accept) }

func best(among language.Matcher, all []string, accept string) string {
	if accept == "" {
		return all[0]
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return all[0]
	}
	_, i, confidence := among.Match(tags...)
	if confidence == language.No {
		return "en"
	}
	return all[i]
}

// Choose gives readers of a language what somebody wrote by language: in that
// language; a reader of Chinese next what is in the other characters; else in
// English; else in the first of Readable that there is. Empty where there is none.
func Choose(texts map[string]string, lang string) string {
	other := map[string]string{"zh-CN": "zh-TW", "zh-TW": "zh-CN"}
	for _, one := range append([]string{lang, other[lang], "en"}, Readable...) {
		if text := texts[one]; strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

// Direction is how a language is written, as HTML wants it: ltr or rtl.
func Direction(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// Isolate keeps what is put into a text apart from the direction of the text:
// names, amounts and Latin words inside Arabic. Figures alone need no marks, and
// stay without, so that a code can be copied.
func Isolate(lang, value string) string {
	if Direction(lang) == "ltr" || strings.Trim(value, "0123456789") == "" {
		return value
	}
	return "\u2068" + value + "\u2069"
}

// Of is the language of Readable that most people in a country read, from its
// ISO 3166-1 alpha-2 code; empty where that is none of them.
func Of(country string) string {
	region, err := language.ParseRegion(country)
	if err != nil || len(country) != 2 || !region.IsCountry() {
		return ""
	}
	tag, err := language.Compose(language.Und, region)
	if err != nil {
		return ""
	}
	base, sure := tag.Base()
	if sure == language.No {
		return ""
	}
	script, _ := tag.Script()
	found, err := language.Compose(base, script)
	if err != nil {
		return ""
	}
	if _, i, sure := readable.Match(found); sure >= language.High {
		return Readable[i]
	}
	return ""
}

// Args are the values of a text's {placeholders}, which are written as Told does.
// "n" chooses the plural form.
type Args map[string]any

type form map[string]string // CLDR plural category to text; "other" always exists

var catalogues = load()

func load() map[string]map[string]form {
	all := map[string]map[string]form{}
	for i, lang := range Readable {
		folder := "text/"
		if i >= len(Languages) {
			folder = "text/more/"
		}
		raw, err := files.ReadFile(folder + lang + ".json")
		if err != nil {
			panic(err) // embedded: missing only by a bug
		}
		var entries map[string]json.RawMessage
		if err := json.Unmarshal(raw, &entries); err != nil {
			panic(fmt.Errorf("catalogue %s: %w", lang, err))
		}
		all[lang] = map[string]form{}
		for key, value := range entries {
			var one string
			if json.Unmarshal(value, &one) == nil {
				all[lang][key] = form{"other": one}
				continue
			}
			var forms form
			if err := json.Unmarshal(value, &forms); err != nil || forms["other"] == "" {
				panic(fmt.Sprintf("catalogue %s: %q is neither text nor plural forms", lang, key))
			}
			all[lang][key] = forms
		}
	}
	return all
}

// Text words a key in a language. An unknown language is the default one; a
// text missing in a language is English; an unknown key comes back as itself, so
// that nothing is silently empty.
func Text(lang, key string, args Args) string {
	catalogue, ok := catalogues[lang]
	if !ok {
		lang = Languages[0]
		catalogue = catalogues[lang]
	}
	forms, ok := catalogue[key]
	if !ok {
		lang = "en"
		if forms, ok = catalogues[lang][key]; !ok {
			return key
		}
	}
	text := forms["other"]
	if n, ok := count(args["n"]); ok && len(forms) > 1 {
		if t, ok := forms[category(lang, n)]; ok {
			text = t
		}
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", Told(lang, value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// count reads the number of a plural; one that was stored as JSON is a float.
func count(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), true
	}
	return 0, false
}

// Has reports whether a key exists in the catalogues.
func Has(key string) bool {
	_, ok := catalogues[Languages[0]][key]
	return ok
}

// Country names a country for readers of a language, from its ISO 3166-1
// alpha-2 code; a state of it, as in US-NY, follows as it is written. What is no
// such code comes back as it is.
func Country(lang, code string) string {
	if country, state, ok := strings.Cut(code, "-"); ok && len(country) == 2 {
		return Country(lang, country) + " (" + state + ")"
	}
	region, err := language.ParseRegion(code)
	if err != nil || len(code) != 2 {
		return code
	}
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.English
	}
	if name := display.Regions(tag).Name(region); name != "" {
		return name
	}
	return code
}

// Keys lists all keys of a language in order.
func Keys(lang string) []string {
	return slices.Sorted(maps.Keys(catalogues[lang]))
}

var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func category(lang string, n int) string {
	return categories[plural.Cardinal.MatchPlural(language.MustParse(lang), n%10_000_000, 0, 0, 0, 0)]
}
