// Package locale chooses a language and words texts in it.
//
// It owns the list of languages and the catalogues of texts that the server
// itself writes: grounds of decisions, timeline lines, e-mails. Screens have
// their own catalogues. Every key exists in every language; a test says so.
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

//go:embed text/*.json
var files embed.FS

// Languages are the BCP 47 tags that texts exist in; the first is the default.
var Languages = []string{"zh-CN", "zh-TW", "en"}

var matcher = language.NewMatcher([]language.Tag{
	language.MustParse("zh-CN"), language.MustParse("zh-TW"), language.English,
})

// Match returns the best of Languages for an Accept-Language header or a tag.
func Match(accept string) string {
	if accept == "" {
		return Languages[0]
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Languages[0]
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return "en"
	}
	return Languages[i]
}

// Args are the values of a text's {placeholders}. "n" chooses the plural form.
type Args map[string]any

type form map[string]string // CLDR plural category to text; "other" always exists

var catalogues = load()

func load() map[string]map[string]form {
	all := map[string]map[string]form{}
	for _, lang := range Languages {
		raw, err := files.ReadFile("text/" + lang + ".json")
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

// Text words a key in a language. An unknown language is the default one; an
// unknown key comes back as itself, so that nothing is silently empty.
func Text(lang, key string, args Args) string {
	catalogue, ok := catalogues[lang]
	if !ok {
		lang = Languages[0]
		catalogue = catalogues[lang]
	}
	forms, ok := catalogue[key]
	if !ok {
		return key
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
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
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
// alpha-2 code. What is no such code comes back as it is.
func Country(lang, code string) string {
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

func category(lang string, n int) string {
	if plural.Cardinal.MatchPlural(language.MustParse(lang), n, 0, 0, 0, 0) == plural.One {
		return "one"
	}
	return "other"
}
