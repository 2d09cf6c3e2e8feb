package rights

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	fail "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// mistake is a kind of mistake in a pack: a stable code, and the sentence for
// it. A code never changes its meaning.
type mistake struct {
	code, format string
	values       []string // names of what fills the sentence, for documents
}

var mistakes []mistake

func declare(code, format string, values ...string) mistake {
	if slices.ContainsFunc(mistakes, func(m mistake) bool { return m.code == code }) {
		panic("rights: declared twice: " + code)
	}
	mistakes = append(mistakes, mistake{code, format, values})
	return mistakes[len(mistakes)-1]
}

func (m mistake) text(values ...any) string { return fmt.Sprintf(m.format, values...) }

// Mistakes that a file may have by itself.
var (
	noFile      = declare("no_file", "%s", "text")
	noYAML      = declare("no_yaml", "%s", "text")
	emptyFile   = declare("empty_file", "the file is empty")
	nameTwice   = declare("name_twice", "%q comes twice", "name")
	badNumber   = declare("bad_number", "%s is no whole number, or too large", "value")
	unknownName = declare("unknown_name", "unknown name")
	missing     = declare("missing", "missing: %s", "names")
	notOneOf    = declare("not_one_of", "%v is not one of %s", "value", "values")
	wrongType   = declare("wrong_type", "%s", "text")
	wrongForm   = declare("wrong_form", "%s", "text")
	tooFew      = declare("too_few", "%s", "text")
	tooSmall    = declare("too_small", "%s", "text")
	notAllowed  = declare("not_allowed", "%s", "text")
)

// Mistakes in what a pack says.
var (
	badDate        = declare("bad_date", "%q is not a date such as 2026-11-03", "value")
	sameDay        = declare("same_day", "two packs of %s begin on this day: %s does too", "jurisdiction", "file")
	noPack         = declare("no_pack", "there is no pack %s", "jurisdiction")
	noZone         = declare("no_zone", "there is no zone %q", "zone")
	noCurrency     = declare("no_currency", "there is no currency %q: write its ISO 4217 code, such as EUR", "currency")
	noCalendar     = declare("no_calendar", "there is no calendar %q: write one of %s", "calendar", "calendars")
	needsCalendar  = declare("needs_calendar", "working days and roll need a calendar: name one of %s", "calendars")
	ruleTwice      = declare("rule_twice", "the rule %q comes twice", "rule")
	noRule         = declare("no_rule", "the pack that this one extends has no rule %q", "rule")
	noRemedy       = declare("no_remedy", "there is no remedy %q: write one of %s", "remedy", "remedies")
	noSource       = declare("no_source", "the source %q is not in sources", "source")
	noCode         = declare("no_code", "there is no code %q: add it under codes, with its words", "code")
	noCondition    = declare("no_condition", "the code %q says nothing by itself about when: add when", "code")
	breachOutside  = declare("breach_outside_notes", "breach is for notes: here it would decide nothing")
	noFact         = declare("no_fact", "there is no fact %q%s", "fact", "suggestion")
	factKind       = declare("fact_kind", "the fact %q is no %s", "fact", "kind")
	noColumn       = declare("no_column", "the table %q has no column %q", "table", "column")
	noTerm         = declare("no_term", "a term is the name of a date, or n, unit and from, or earliest, latest or cases")
	badTerm        = declare("bad_term", "not a term: %v", "text")
	notComparable  = declare("not_comparable", "%v is nothing that a fact can be compared with", "value")
	neverValue     = declare("never_value", "%s is never %q: it is one of %s", "fact", "value", "values")
	valueKind      = declare("value_kind", "%s is a %s and cannot be %v", "fact", "kind", "value")
	comparisonKind = declare("comparison_kind", "%s is no %s", "fact", "kind")
	noComparison   = declare("no_comparison", "there is no comparison %q: write min, max, below, by, past, known or not", "name")
	testFails      = declare("test_fails", "%s: %s", "test", "text")
)

// byKind are the codes of what the schema finds.
func byKind(k jsonschema.ErrorKind) mistake {
	switch k.(type) {
	case *fail.Type:
		return wrongType
	case *fail.Pattern, *fail.Format:
		return wrongForm
	case *fail.MinLength, *fail.MinItems, *fail.MinProperties:
		return tooFew
	case *fail.Minimum, *fail.ExclusiveMinimum:
		return tooSmall
	}
	return notAllowed
}

// MistakeCode is one kind of mistake, for documents.
type MistakeCode struct {
	Code string
	Text string // with the names of its values in braces
}

var verb = regexp.MustCompile(`%[qsv]`)

// Mistakes lists the kinds of mistakes that packs may have, by code.
func Mistakes() []MistakeCode {
	all := make([]MistakeCode, len(mistakes))
	for i, m := range mistakes {
		n := 0
		text := verb.ReplaceAllStringFunc(m.format, func(string) string {
			n++
			return "{" + m.values[n-1] + "}"
		})
		all[i] = MistakeCode{m.code, text}
	}
	slices.SortFunc(all, func(a, b MistakeCode) int { return cmp.Compare(a.Code, b.Code) })
	return all
}
