package rights

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// sentence names what Says has worded before.
type sentence struct {
	rule    *compiled
	outcome Outcome
	code    string
}

// Says words a decision in one plain sentence or two, in every language. Dates
// and amounts stand in the decision. The texts are shared: they must not be
// changed.
func (b *Book) Says(jurisdiction string, d *Decision) Texts {
	key := sentence{d.rule, d.Outcome, d.Code}
	if d.rule != nil {
		if known, ok := b.says.Load(key); ok {
			return known.(Texts)
		}
	}
	all := Texts{}
	for _, lang := range Languages {
		all[lang] = b.sentence(jurisdiction, d, lang)
	}
	if d.rule != nil {
		b.says.Store(key, all)
	}
	return all
}

func (b *Book) sentence(jurisdiction string, d *Decision, lang string) string {
	why := ""
	if d.Code != "" {
		why = stop(lang) + b.word(d.Code, jurisdiction, lang)
	}
	if d.rule != nil && (d.Outcome == Entitled || d.Outcome == Conditional) {
		return d.rule.Says.in(lang) + why
	}
	return standard().Remedies[d.Remedy].in(lang) + colon(lang) + phrase(string(d.Outcome), lang) + period(lang) + why
}

// Word is a code of a law in words; the code itself where nobody knows it.
func (b *Book) Word(code, jurisdiction, lang string) string { return b.word(code, jurisdiction, lang) }

// Place is the name of a jurisdiction; the code itself where there is no pack.
func (b *Book) Place(jurisdiction, lang string) string {
	if laws := b.laws[jurisdiction]; laws != nil {
		return laws[0].pack.Name.in(lang)
	}
	return jurisdiction
}

// Covers reports whether a law answers for a place: a pack of its own, of the
// country around it, or one that covers it.
func (b *Book) Covers(residence string) bool {
	return slices.ContainsFunc(family(residence), func(name string) bool { return b.laws[name] != nil || b.laws[b.covers[name]] != nil })
}

// Remedy is the name of a remedy.
func Remedy(name, lang string) string { return cmp.Or(standard().Remedies[name].in(lang), name) }

// FactKind is what a fact holds: text, bool, number or date, and the words that
// a text is among; empty for a name that is no fact.
func FactKind(name string) (kind string, among []string) {
	i, ok := vocabulary.byID[name]
	if !ok || vocabulary.all[i].path == nil {
		return "", nil
	}
	w := &vocabulary.all[i]
	return [...]string{"text", "bool", "number", "date"}[w.kind], w.among
}

// Set fills in a fact by its name, such as use.opened. It fails with ErrFacts
// where there is no such fact, or where the value is not of its kind.
func (f *Facts) Set(name string, raw json.RawMessage) error {
	kind, among := FactKind(name)
	if kind == "" {
		return ErrFacts.With("field", name).With("reason", "is no fact")
	}
	var into any
	var check func() error
	switch kind {
	case "bool":
		into = new(bool)
	case "number":
		n := new(int64)
		into, check = n, func() error {
			if *n < 0 {
				return fmt.Errorf("%d is negative", *n)
			}
			return nil
		}
	case "date":
		into = new(Moment)
	default:
		s := new(string)
		into, check = s, func() error {
			if among != nil && !slices.Contains(among, *s) || len(*s) > 100 {
				return fmt.Errorf("%s is not known", strconv.Quote(*s))
			}
			return nil
		}
	}
	err := json.Unmarshal(raw, into)
	if err == nil && check != nil {
		err = check()
	}
	if err != nil {
		return ErrFacts.With("field", name).With("reason", "is not a "+kind)
	}
	f.put(&vocabulary.all[vocabulary.byID[name]], into)
	return nil
}
