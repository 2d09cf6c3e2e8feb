package locale

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// staffOnly are the beginnings of keys whose texts no customer reads: the rules
// of a shop, what they break, the reckoning for the books, why an action that
// only staff have waits, what happens next as others are told of it, and messages
// to staff.
var staffOnly = []string{
	"policy_", "floor.", "quote.", "note.", "bearer.", "told_next.", "mail.factor_", "mail.mention.", "mail.escalated.",
	"blocked.not_proposed", "blocked.not_received", "blocked.received", "blocked.role", "blocked.second_person",
}

func customersRead(key string) bool {
	return !slices.ContainsFunc(staffOnly, func(p string) bool { return strings.HasPrefix(key, p) })
}

func TestWhatCustomersReadExistsInEveryLanguage(t *testing.T) {
	for _, lang := range Readable {
		for _, key := range Keys("en") {
			if text, ok := catalogues[lang][key]; customersRead(key) && (!ok || text["other"] == "") {
				t.Errorf("%s: %q is missing", lang, key)
			}
		}
	}
}

// The plural forms that each language has for whole numbers up to a million.
var pluralForms = map[string][]string{
	"zh-CN": {"other"}, "zh-TW": {"other"}, "ja": {"other"}, "ko": {"other"},
	"en": {"one", "other"}, "de": {"one", "other"}, "es": {"one", "other"}, "fr": {"one", "other"}, "pt-BR": {"one", "other"},
	"ru": {"few", "many", "one", "other"}, "ar": {"few", "many", "one", "other", "two", "zero"},
}

func TestWhatCustomersCountHasThePluralFormsOfTheLanguage(t *testing.T) {
	for _, lang := range Readable {
		for _, key := range Keys("en") {
			if !customersRead(key) || len(catalogues["en"][key]) == 1 {
				continue
			}
			if diff := cmp.Diff(pluralForms[lang], slices.Sorted(maps.Keys(catalogues[lang][key]))); diff != "" {
				t.Errorf("%s: plural forms of %q: %s", lang, key, diff)
			}
		}
		for n := range 1000 {
			if form := category(lang, n); !slices.Contains(pluralForms[lang], form) {
				t.Errorf("%s: %d is %q, which no text has", lang, n, form)
			}
		}
	}
}

func TestEachLanguageIsWrittenInItsOwnLetters(t *testing.T) {
	letters := map[string]string{"ja": "のをはがでに", "ko": "다요니의은", "ru": "аеиоу", "ar": "ابتلم"}
	same := map[string]bool{"tender.alipay": true, "tender.wechat": true, "list.separator": true, "bundle.page": true}
	for lang, some := range letters {
		for _, key := range Keys(lang) {
			if text := catalogues[lang][key]["other"]; !same[key] && text == catalogues["en"][key]["other"] {
				t.Errorf("%s: %q is still English: %s", lang, key, text)
			} else if strings.HasPrefix(key, "mail.") && strings.HasSuffix(key, ".body") && !strings.ContainsAny(text, some) {
				t.Errorf("%s: %q is in no letters of it: %s", lang, key, text)
			}
		}
	}
}

func TestWhatStandsInArabicKeepsItsDirection(t *testing.T) {
	if got := Text("ar", "mail.rejected.subject", Args{"number": "R-1"}); !strings.Contains(got, "\u2068R-1\u2069") {
		t.Errorf("%q", got)
	}
	if got := Text("ar", "mail.code.subject", Args{"code": "123456"}); strings.ContainsAny(got, "\u2068\u2069") {
		t.Errorf("the code cannot be copied from %q", got)
	}
	if got := Text("ar", "event.case.replacement_delivered", Args{"place": ""}); strings.ContainsAny(got, "\u2068\u2069") {
		t.Errorf("marks around nothing: %q", got)
	}
	if got := Text("ar", "mail.withdrawn.body", Args{"order": "2026-1001"}); !strings.Contains(got, "\u20682026-1001\u2069") {
		t.Errorf("the order's number cannot be copied from %q", got)
	}
	if got := Text("de", "mail.rejected.subject", Args{"number": "R-1"}); strings.ContainsAny(got, "\u2068\u2069") {
		t.Errorf("%q", got)
	}
}

func TestTheLanguageOfACountry(t *testing.T) {
	for country, want := range map[string]string{
		"CN": "zh-CN", "TW": "zh-TW", "HK": "zh-TW", "DE": "de", "AT": "de", "FR": "fr", "JP": "ja", "KR": "ko", "BR": "pt-BR", "PT": "pt-BR", "RU": "ru",
		"SA": "ar", "AE": "ar", "EG": "ar", "MX": "es", "ES": "es", "US": "en", "GB": "en", "SE": "", "TR": "", "": "", "XX": "", "China": "",
	} {
		if got := Of(country); got != want {
			t.Errorf("in %q people read %q, want %q", country, got, want)
		}
	}
}
