// Package template keeps a shop's own words for the e-mails to its customers,
// by message and language.
//
// It owns these words, their versions and the check that they can be filled in.
// It does not own which event makes which message, how one looks, or sending
// (package notice). Words with an unknown variable are never stored, so that no
// customer reads braces.
package template

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aftercare/aftercare/base/fault"
)

// Refusals.
var (
	ErrUnknown = fault.New(fault.Missing, "template.unknown", "There is no such message or language.")
	ErrInvalid = fault.New(fault.Invalid, "template.invalid", "The words cannot be filled in.")
	ErrStale   = fault.New(fault.Stale, "template.stale", "The words have changed since you read them.")
	ErrVersion = fault.New(fault.Missing, "template.version", "There is no such version.")
	ErrNobody  = fault.New(fault.Invalid, "template.no_address", "A test goes to a person who is signed in.")
	ErrOff     = fault.New(fault.Conflict, "template.mail_off", "E-mail is off, so no test can be sent.")
)

// Limits of words.
const (
	maxSubject = 200
	maxBody    = 10_000
)

// Text is one version of the words of a message in a language.
type Text struct {
	Kind     string
	Language string
	Version  int64 // 0: never changed
	Own      bool  // false: the words that every shop starts with
	Subject  string
	Body     string
	By       string
	At       time.Time
}

var brace = regexp.MustCompile(`\{[^{}\n]*\}|[{}]`)

// check tells every mistake in words with its line and column.
func check(subject, body string, variables []string) error {
	bad := Look(ErrInvalid, "body.subject", subject, maxSubject, variables)
	if strings.ContainsAny(subject, "\r\n") {
		bad = bad.At("body.subject", "has more than one line", "one line")
	}
	bad = Look(bad, "body.body", body, maxBody, variables)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Look adds to a refusal every mistake in one text: it is missing or too long,
// has a brace alone, or a variable that there is not.
func Look(bad *fault.Fault, field, text string, most int, variables []string) *fault.Fault {
	if n := utf8.RuneCountInString(text); strings.TrimSpace(text) == "" || n > most {
		bad = bad.At(field, "is missing or too long", fmt.Sprintf("1 to %d characters", most))
		if n > most {
			return bad
		}
	}
	for number, line := range strings.Split(text, "\n") {
		for _, at := range brace.FindAllStringIndex(line, -1) {
			found := line[at[0]:at[1]]
			column := utf8.RuneCountInString(line[:at[0]]) + 1
			switch {
			case len(found) == 1:
				bad = bad.At(field, fmt.Sprintf("line %d, column %d: %s stands alone", number+1, column, found), "braces in pairs around the name of a variable")
			case !slices.Contains(variables, found[1:len(found)-1]):
				bad = bad.At(field, fmt.Sprintf("line %d, column %d: %s is not known", number+1, column, found), "{"+strings.Join(variables, "}, {")+"}")
			}
		}
	}
	return bad
}
