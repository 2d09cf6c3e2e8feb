package policy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
)

// phrase is a sentence of the checker: its key in the catalogues, and what its
// English looks like with arguments {a} and {b}.
type phrase struct {
	key     string
	pattern *regexp.Regexp
	fixed   int // letters that are not arguments: of two that fit, the one with more is meant
}

// The sentences that the checker says, and what it says would be right. Rules
// are checked in English; the catalogues word the same sentence for readers.
var (
	complaints = keys("policy_problem",
		"are_too_many", "twice_code", "range", "negative", "too_much", "empty", "missing", "not_known",
		"not_possible", "no_basis", "no_currency", "no_defect", "eu_fee", "calendar", "hold_days", "named_twice",
		"there_twice", "protection", "not_offered", "compensation", "advance", "too_long_expression", "not_bool", "cost",
		"no_function", "goods_have_no", "no_overload", "single_equals", "unreadable", "unknown_name", "no_jurisdiction", "no_policy",
		"no_parent", "category_final", "too_many_entries", "no_tier", "asked_nothing", "no_offer", "no_name", "no_fit",
		"unasked", "no_least", "below_least", "no_amount", "no_reason", "too_long",
	)
	wants = keys("policy_want",
		"at_most", "at_least", "minor", "most_minor", "most_characters", "range", "percent", "tier",
		"such_as", "name", "calendar", "comparison", "expression", "or_true", "one_reason", "code_once",
		"name_once", "kind_once", "once", "leave", "preset", "offer_it", "empty_or_offer", "limits",
		"limit", "walk", "one_kind", "id", "final", "changes", "ask", "of_offers",
		"of_reasons", "choices", "question", "more_than", "percentage", "letters", "live", "sentence", "moment", "zone",
	)
)

func keys(prefix string, names ...string) []phrase {
	all := make([]phrase, 0, len(names))
	for _, name := range names {
		key := prefix + "." + name
		text := regexp.QuoteMeta(locale.Text("en", key, nil))
		fixed := len(strings.NewReplacer(`\{a\}`, "", `\{b\}`, "").Replace(text))
		text = strings.NewReplacer(`\{a\}`, `(?P<a>.+?)`, `\{b\}`, `(?P<b>.+)`).Replace(text)
		all = append(all, phrase{key, regexp.MustCompile("^" + text + "$"), fixed})
	}
	slices.SortStableFunc(all, func(x, y phrase) int { return cmp.Compare(y.fixed, x.fixed) })
	return all
}

// phrased finds which sentence a text is; ok is false for what is no sentence,
// such as a list of codes.
func phrased(all []phrase, text string) (key string, args locale.Args, ok bool) {
	for _, p := range all {
		found := p.pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		args = locale.Args{}
		for i, name := range p.pattern.SubexpNames()[1:] {
			args[name] = found[i+1]
		}
		return p.key, args, true
	}
	return "", nil, false
}

// say words a problem for readers of each language. What the language of
// expressions itself says stays English.
func (p Problem) say() Problem {
	p.Says = map[string]string{}
	for _, lang := range locale.Languages {
		message, want := p.Message, p.Want
		if key, args, ok := phrased(complaints, p.Message); ok {
			message = locale.Text(lang, key, args)
		}
		if key, args, ok := phrased(wants, p.Want); ok {
			want = locale.Text(lang, key, args)
		}
		if want != "" {
			message = locale.Text(lang, "policy_wrong", locale.Args{"message": message, "want": want})
		}
		p.Says[lang] = message
	}
	return p
}
