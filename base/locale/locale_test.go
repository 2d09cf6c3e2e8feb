package locale

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatchPrefersWhatTheReaderPrefers(t *testing.T) {
	for accept, want := range map[string]string{
		"": "zh-CN", "zh-CN,zh;q=0.9,en;q=0.8": "zh-CN", "zh-TW": "zh-TW", "zh-HK,en": "zh-TW", "zh-Hant": "zh-TW",
		"en-GB,en;q=0.9": "en", "de-DE,en;q=0.5": "en", "de": "en", "zh": "zh-CN", "!!": "zh-CN",
	} {
		if got := Match(accept); got != want {
			t.Errorf("Match(%q) = %s, want %s", accept, got, want)
		}
	}
}

func TestCustomersReadMoreLanguages(t *testing.T) {
	for accept, want := range map[string]string{
		"": "zh-CN", "de-AT,en;q=0.5": "de", "pt": "pt-BR", "pt-PT": "pt-BR", "ar-EG": "ar", "ja": "ja", "es-MX": "es", "ko-KR": "ko", "fr-CA": "fr", "ru": "ru",
		"sw": "en", "en-AU": "en", "zh-HK": "zh-TW",
	} {
		if got := Read(accept); got != want {
			t.Errorf("Read(%q) = %s, want %s", accept, got, want)
		}
	}
	if got := Direction(Read("ar-SA")); got != "rtl" {
		t.Errorf("Arabic is written %s", got)
	}
}

func TestWordsOfAShopFallBackInAFixedOrder(t *testing.T) {
	all := map[string]string{"zh-CN": "简", "zh-TW": "繁", "en": "E", "ja": "日", "ko": "한", "es": "Es", "fr": "F", "de": "D", "pt-BR": "P", "ru": "Р", "ar": "ع"}
	without := func(langs ...string) map[string]string {
		some := maps.Clone(all)
		for _, lang := range langs {
			some[lang] = " "
		}
		return some
	}
	for _, lang := range Readable {
		if got := Choose(all, lang); got != all[lang] {
			t.Errorf("%s reads %q", lang, got)
		}
	}
	for _, tt := range []struct {
		lang  string
		texts map[string]string
		want  string
	}{
		{"zh-TW", without("zh-TW"), "简"},
		{"zh-CN", without("zh-CN"), "繁"},
		{"ar", without("ar"), "E"},
		{"ar", without("ar", "en"), "简"},
		{"zh-TW", without("zh-TW", "zh-CN"), "E"},
		{"en", map[string]string{"ar": "ع", "de": "D"}, "D"},
		{"en", without(Readable...), ""},
		{"en", nil, ""},
	} {
		if got := Choose(tt.texts, tt.lang); got != tt.want {
			t.Errorf("%s of %v reads %q, want %q", tt.lang, tt.texts, got, tt.want)
		}
	}
}

func TestWhatALanguageLacksIsEnglish(t *testing.T) {
	if got, want := Text("de", "policy_type.text", nil), Text("en", "policy_type.text", nil); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Text("de", "no.such.key", nil); got != "no.such.key" {
		t.Errorf("an unknown key came back as %q", got)
	}
}

func TestPluralsFollowTheLanguage(t *testing.T) {
	tests := []struct {
		lang string
		n    int
		want string
	}{{"en", 1, "1 day"}, {"en", 7, "7 days"}, {"zh-CN", 1, "1 天"}, {"xx", 7, "7 天"}}
	for _, tt := range tests {
		if got := Text(tt.lang, "days", Args{"n": tt.n}); got != tt.want {
			t.Errorf("%d days in %s: %q, want %q", tt.n, tt.lang, got, tt.want)
		}
	}
}

func TestEveryKeyExistsInEveryLanguageWithTheSamePlaceholders(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, lang := range Languages[1:] {
		if diff := cmp.Diff(Keys(Languages[0]), Keys(lang)); diff != "" {
			t.Errorf("keys of %s and %s differ: %s", Languages[0], lang, diff)
		}
		for _, key := range Keys(lang) {
			holders := func(l string) []string {
				found := placeholder.FindAllString(catalogues[l][key]["other"], -1)
				slices.Sort(found)
				return slices.Compact(found)
			}
			if diff := cmp.Diff(holders(Languages[0]), holders(lang)); diff != "" {
				t.Errorf("placeholders of %q in %s: %s", key, lang, diff)
			}
		}
	}
}

func TestWhatCustomersReadHasTheKeysAndPlaceholdersOfEnglish(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z_]+\}`)
	holders := func(lang, key string) []string {
		var found []string
		for _, text := range catalogues[lang][key] {
			found = append(found, placeholder.FindAllString(text, -1)...)
		}
		slices.Sort(found)
		return slices.Compact(found)
	}
	for _, lang := range Readable[len(Languages):] {
		if len(Keys(lang)) != len(Keys(Readable[len(Languages)])) {
			t.Errorf("%s has %d texts, %s %d", lang, len(Keys(lang)), Readable[len(Languages)], len(Keys(Readable[len(Languages)])))
		}
		for _, key := range Keys(lang) {
			if !slices.Contains(Keys("en"), key) {
				t.Errorf("%s has %q, which English has not", lang, key)
			}
			if diff := cmp.Diff(holders("en", key), holders(lang, key)); diff != "" {
				t.Errorf("placeholders of %q in %s: %s", key, lang, diff)
			}
		}
	}
	for n, want := range map[int]string{1: "1 день", 3: "3 дня", 5: "5 дней", 21: "21 день"} {
		if got := Text("ru", "days", Args{"n": n}); got != want {
			t.Errorf("%d days in Russian: %q, want %q", n, got, want)
		}
	}
}

func TestCountriesAreNamedInTheReadersLanguage(t *testing.T) {
	for _, tt := range [][3]string{
		{"zh-CN", "CN", "中国"}, {"zh-TW", "CN", "中國"}, {"en", "CN", "China"}, {"zh-TW", "DE", "德國"}, {"en", "", ""}, {"en", "China", "China"},
	} {
		if got := Country(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%q in %s: %q, want %q", tt[1], tt[0], got, tt[2])
		}
	}
}
