package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
)

// saying is a sentence of the checker: a stable code and the values that fill
// it. Its words are in the catalogues, by code, in every language.
type saying struct {
	catalogue string // of its words
	code      string
	names     []string // of its values
	values    []string
	types     bool // values that are names of types are worded too
}

const (
	problemWords = "policy_problem."
	wantWords    = "policy_want."
)

// sayings are all that were declared, for the documents and for the test that
// each has words.
var sayings = map[string]saying{}

func declare(catalogue, code string, names []string) saying {
	s := saying{catalogue: catalogue, code: code, names: names}
	if _, twice := sayings[catalogue+code]; twice {
		panic("policy: declared twice: " + catalogue + code)
	}
	sayings[catalogue+code] = s
	return s
}

// wrong declares what may be wrong with rules, and the names of its values.
func wrong(code string, names ...string) saying { return declare(problemWords, code, names) }

// right declares what would be right instead.
func right(code string, names ...string) saying { return declare(wantWords, code, names) }

// of fills a saying with its values, in the order of their names.
func (s saying) of(values ...any) saying {
	s.values = make([]string, len(s.names))
	for i := range s.names {
		s.values[i] = fmt.Sprint(values[i])
	}
	return s
}

// typed fills a saying with names of types, which are worded as well.
func (s saying) typed(values ...any) saying {
	s = s.of(values...)
	s.types = true
	return s
}

func (s saying) args() map[string]string {
	if len(s.values) == 0 {
		return nil
	}
	all := make(map[string]string, len(s.names))
	for i, name := range s.names {
		all[name] = s.values[i]
	}
	return all
}

func (s saying) text(lang string) string {
	if s.code == "" {
		return ""
	}
	args := locale.Args{}
	for name, value := range s.args() {
		if s.types && (name == "type" || name == "types") {
			value = typeNames(lang, value)
		}
		args[name] = value
	}
	return locale.Text(lang, s.catalogue+s.code, args)
}

// typeNames words a list of types.
func typeNames(lang, list string) string {
	all := strings.Split(list, ", ")
	for i, name := range all {
		if locale.Has("policy_type." + name) {
			all[i] = locale.Text(lang, "policy_type."+name, nil)
		}
	}
	return strings.Join(all, ", ")
}

// problem is one complaint: where, what, and what would be right.
func problem(path string, is, want saying) Problem {
	p := Problem{Path: path, Code: is.code, Args: is.args(), WantCode: want.code, WantArgs: want.args(), Message: is.text("en"), Want: want.text("en")}
	p.Says = map[string]string{}
	for _, lang := range locale.Languages {
		p.Says[lang] = is.text(lang)
		if want.code != "" {
			p.Says[lang] = locale.Text(lang, "policy_wrong", locale.Args{"message": is.text(lang), "want": want.text(lang)})
		}
	}
	return p
}

// at tells where in an expression a problem is.
func (p Problem) at(line, column int) Problem {
	p.Line, p.Column = line, column
	return p
}

// Code is one thing that the checker may say, for documents.
type Code struct {
	Group  string   // problem, want, warning
	Code   string   // stable
	Values []string // names of what it is filled with
	Text   string   // in English, with the names in braces
}

// Codes lists all that the checker may say, by group and code.
func Codes() []Code {
	groups := map[string]string{problemWords: "problem", wantWords: "want"}
	var all []Code
	for _, key := range slices.Sorted(maps.Keys(sayings)) {
		s := sayings[key]
		all = append(all, Code{groups[s.catalogue], s.code, s.names, locale.Text("en", key, nil)})
	}
	for _, code := range slices.Sorted(maps.Keys(warnings)) {
		all = append(all, Code{"warning", code, warnings[code], locale.Text("en", "policy_warning."+code, nil)})
	}
	return all
}
