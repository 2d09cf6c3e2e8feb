package policy

import (
	"cmp"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
)

// Problem is what is wrong with rules, and where.
type Problem struct {
	Path   string `json:"path" example:"conditions[0].when"`
	Line   int    `json:"line,omitempty" doc:"Of an expression, from 1"`
	Column int    `json:"column,omitempty" doc:"Of an expression, in characters, from 1"`

	Code     string            `json:"code" doc:"What is wrong; never changes its meaning" example:"out_of_range"`
	Args     map[string]string `json:"args,omitempty" doc:"What the sentence is filled with, by name"`
	WantCode string            `json:"want_code,omitempty" doc:"What would be right" example:"range"`
	WantArgs map[string]string `json:"want_args,omitempty" doc:"What that is filled with, by name"`

	Message string            `json:"message" doc:"What is wrong, in English"`
	Want    string            `json:"want,omitempty" doc:"What would be right, in English"`
	Says    map[string]string `json:"says" doc:"Both, by language"`
}

// expression reads an expression and tells what is wrong with it.
func expression(path, text string) (*program, []Problem) {
	if n := utf8.RuneCountInString(text); n > maxLength {
		return nil, []Problem{problem(path, sayExpressionTooLong.of(n), wantMostCharacters.of(maxLength))}
	}
	p, issues, err := compile(text)
	var kind *notBool
	switch {
	case issues != nil:
		return nil, issuesOf(path, text, issues)
	case errors.As(err, &kind):
		return nil, []Problem{problem(path, sayNotBool.typed(kindName(kind.is)), wantComparison.of("request.total < 10000")).at(1, 1)}
	case errors.Is(err, errCost):
		return nil, []Problem{problem(path, sayTooSlow, wantOneWalk).at(1, 1)}
	case err != nil:
		return nil, []Problem{problem(path, sayLanguage.of(err.Error()), wantNothing)}
	}
	return p, nil
}

func issuesOf(path, text string, issues *cel.Issues) []Problem {
	var all []Problem
	for _, e := range issues.Errors() {
		line, column := max(1, e.Location.Line()), e.Location.Column()
		at := rest(text, line, column)
		is, want := understood(e.Message, at)
		p := problem(path, is, want).at(line, max(1, column+1-before(e.Message, at)))
		syntax := strings.HasPrefix(e.Message, "Syntax error")
		if syntax && len(all) > 0 {
			break // what follows a mistake is no mistake of its own
		}
		if !slices.ContainsFunc(all, func(o Problem) bool { return o.Line == p.Line && o.Column == p.Column }) {
			all = append(all, p)
		}
		if len(all) == 5 {
			break
		}
	}
	return all
}

// before is how far a name begins before the place that is complained of.
func before(message, at string) int {
	m := undeclared.FindStringSubmatch(message)
	switch {
	case m == nil:
		return 0
	case strings.HasPrefix(at, "("):
		return utf8.RuneCountInString(m[1])
	case strings.HasPrefix(at, "."):
		return strings.LastIndex(m[1], ".")
	}
	return 0
}

// rest is the text from a place on.
func rest(text string, line, column int) string {
	lines := strings.Split(text, "\n")
	if line > len(lines) {
		return ""
	}
	runes := []rune(lines[line-1])
	return string(runes[min(max(0, column), len(runes)):])
}

var (
	undeclared = regexp.MustCompile(`undeclared reference to '([^']+)'`)
	undefined  = regexp.MustCompile(`undefined field '([^']+)'`)
	overload   = regexp.MustCompile(`found no matching overload for '([^']+)' applied to '(.+)'`)
	dotted     = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*`)
	operator   = regexp.MustCompile(`^_(.+)_$`)
)

// understood reads a complaint of the language: what is wrong in plain words,
// and what would be right.
func understood(message, at string) (is, want saying) {
	if m := undeclared.FindStringSubmatch(message); m != nil {
		name := cmp.Or(dotted.FindString(at), m[1])
		if strings.HasPrefix(at, m[1]) && strings.HasPrefix(at[len(m[1]):], "(") || strings.HasPrefix(at, "(") {
			return sayNoFunction.of(m[1]), wantOneOf.of("size, contains, startsWith, endsWith, matches, exists, all, in")
		}
		return sayUnknownName.of(name), wantNearest.of(strings.Join(nearest(name, slices.Collect(maps.Keys(byName))), ", "))
	}
	if m := undefined.FindStringSubmatch(message); m != nil {
		names := make([]string, len(goodsWords))
		for i, w := range goodsWords {
			names[i] = w.name
		}
		return sayNoSuchField.of(m[1]), wantNearest.of(strings.Join(nearest(m[1], names), ", "))
	}
	if m := overload.FindStringSubmatch(message); m != nil {
		op := m[1]
		if o := operator.FindStringSubmatch(op); o != nil {
			op = o[1]
		}
		return sayWrongTypes.typed(op, plainTypes(m[2])), wantOneKind
	}
	if strings.HasPrefix(message, "Syntax error") {
		if strings.HasPrefix(strings.TrimSpace(at), "=") && !strings.HasPrefix(strings.TrimSpace(at), "==") {
			return saySingleEquals, wantDoubleEquals
		}
		return sayUnreadable, wantExpression.of("request.total < 10000 && customer.tier == 'gold'")
	}
	return sayLanguage.of(message), wantNothing
}

func plainTypes(list string) string {
	return strings.NewReplacer("google.protobuf.Timestamp", "date", "timestamp", "date", "string", "text", "int", "number", "double", "fraction").Replace(strings.Trim(list, "()"))
}

// nearest gives the names that look most like one.
func nearest(name string, names []string) []string {
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(distance(name, a), distance(name, b)), cmp.Compare(a, b))
	})
	return names[:min(4, len(names))]
}

// distance counts the letters to change, add or take away; a shared beginning
// up to a dot counts for the pair.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			step := corner
			if a[i] != b[j] {
				step++
			}
			corner = row[j+1]
			row[j+1] = min(step, row[j]+1, row[j+1]+1)
		}
	}
	d := 2 * row[len(b)]
	if room, _, ok := strings.Cut(a, "."); ok && strings.HasPrefix(b, room+".") {
		d -= 4
	}
	if strings.HasSuffix(b, "."+a) {
		return 0
	}
	return d
}
