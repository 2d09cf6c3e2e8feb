package policy

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/rights"
)

// Warning is what works, but probably not as it is meant.
type Warning struct {
	Path    string            `json:"path"`
	Code    string            `json:"code" enum:"never,covered,overlap,unnamed,no_fraud,no_market,no_law,draft_law"`
	Message string            `json:"message" doc:"In English"`
	Says    map[string]string `json:"says" doc:"By language"`
}

const maxWarnings = 50

func warning(path, code string, args locale.Args) Warning {
	w := Warning{Path: path, Code: code, Says: map[string]string{}}
	for _, lang := range locale.Languages {
		w.Says[lang] = locale.Text(lang, "policy_warning."+code, args)
	}
	w.Message = w.Says["en"]
	return w
}

// Warnings tells what never has an effect and what gets in the way of something
// else, as far as that can be seen without trying.
func (r Rules) Warnings(book *rights.Book) []Warning {
	var all []Warning
	if len(r.Markets) == 0 {
		all = append(all, warning("markets", "no_market", nil))
	}
	unknown, drafts := laws(book, r.Markets)
	for _, m := range unknown {
		all = append(all, warning("markets", "no_law", locale.Args{"market": m}))
	}
	for _, m := range drafts {
		all = append(all, warning("markets", "draft_law", locale.Args{"market": m}))
	}
	all = append(all, r.conditionWarnings()...)
	for i, o := range r.Proposals {
		if o.Only && !slices.ContainsFunc(r.Conditions, func(c Condition) bool { return slices.Contains(c.Then.Offers, o.ID) }) {
			all = append(all, warning(fmt.Sprintf("offers[%d]", i), "unnamed", nil))
		}
	}
	fraud := slices.ContainsFunc(r.Reasons, func(x Reason) bool { return x.Claims() == Fraud })
	for i, p := range r.Promises {
		if p.When == "" && len(p.Reasons) == 0 && !fraud {
			all = append(all, warning(fmt.Sprintf("promises[%d]", i), "no_fraud", nil))
		}
	}
	return all[:min(len(all), maxWarnings)]
}

func (r Rules) conditionWarnings() (all []Warning) {
	type known struct {
		*program
		facts []string // what must all be true
	}
	seen := make([]known, len(r.Conditions))
	for i := range r.Conditions {
		c := &r.Conditions[i]
		at := fmt.Sprintf("conditions[%d]", i)
		p, _, err := compile(c.When)
		if p == nil || err != nil {
			continue
		}
		seen[i] = known{p, conjuncts(p)}
		if !p.may(nil) {
			all = append(all, warning(at+".when", "never", nil))
			continue
		}
		for j := range i {
			before := &r.Conditions[j]
			switch {
			case seen[j].program == nil || !meet(before.Kinds, c.Kinds) || !meet(before.Phases, c.Phases) || !meet(before.Reasons, c.Reasons):
			case within(c, before) && implied(seen[j].facts, seen[i].facts) && c.Then.only(before.Then):
				all = append(all, warning(at, "covered", locale.Args{"id": before.ID}))
			case before.Then.Outcome != "" && c.Then.Outcome != "" && before.Then.Outcome != c.Then.Outcome && !excluded(seen[i].facts, seen[j].facts):
				all = append(all, warning(at, "overlap", locale.Args{"id": before.ID}))
			}
		}
	}
	return all
}

// conjuncts are the parts of an expression that must all be true, as text.
func conjuncts(p *program) []string {
	var all []string
	var walk func(ast.Expr)
	walk = func(e ast.Expr) {
		if e.Kind() == ast.CallKind && e.AsCall().FunctionName() == operators.LogicalAnd {
			for _, arg := range e.AsCall().Args() {
				walk(arg)
			}
			return
		}
		if e.Kind() == ast.LiteralKind && e.AsLiteral().Value() == true {
			return
		}
		all = append(all, written(e, p.ast.Source().Content()))
	}
	walk(p.ast.NativeRep().Expr())
	return all
}

// written is an expression in one spelling.
func written(e ast.Expr, source string) string {
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		args := make([]string, 0, 3)
		if call.IsMemberFunction() {
			args = append(args, written(call.Target(), source))
		}
		for _, a := range call.Args() {
			args = append(args, written(a, source))
		}
		if call.FunctionName() == operators.Equals {
			return strings.Join(args, " == ")
		}
		return call.FunctionName() + "(" + strings.Join(args, ", ") + ")"
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		return written(e.AsSelect().Operand(), source) + "." + e.AsSelect().FieldName()
	case ast.LiteralKind:
		return fmt.Sprintf("%q", fmt.Sprint(e.AsLiteral().Value()))
	case ast.ListKind:
		var parts []string
		for _, x := range e.AsList().Elements() {
			parts = append(parts, written(x, source))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprintf("%d of %s", e.ID(), source) // a walk over goods: like only itself
}

// implied reports that whoever fulfils all of b fulfils all of a.
func implied(a, b []string) bool {
	return !slices.ContainsFunc(a, func(x string) bool { return !slices.Contains(b, x) })
}

// excluded reports that two lists ask the same thing to be different values.
func excluded(a, b []string) bool {
	for _, x := range a {
		name, value, ok := strings.Cut(x, " == ")
		for _, y := range b {
			other, wanted, is := strings.Cut(y, " == ")
			if ok && is && name == other && value != wanted && strings.HasPrefix(value, `"`) && strings.HasPrefix(wanted, `"`) {
				return true
			}
		}
	}
	return false
}

// meet reports that two lists, where none listed is all, have something in
// common.
func meet(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// within reports that a condition is asked only where another is asked too.
func within(c, other *Condition) bool {
	inside := func(a, b []string) bool {
		return len(b) == 0 || len(a) > 0 && !slices.ContainsFunc(a, func(x string) bool { return !slices.Contains(b, x) })
	}
	return inside(c.Kinds, other.Kinds) && inside(c.Phases, other.Phases) && inside(c.Reasons, other.Reasons)
}

// only reports that all that t changes another one changed before.
func (t Then) only(before Then) bool {
	return (t.Outcome == "" || before.Outcome != "" && before.Outcome != string(Ask) && t.Outcome != string(Ask)) &&
		(t.WindowDays == nil || before.WindowDays != nil) && (t.Freight == "" || before.Freight != "") &&
		(t.RestockingFee == nil || before.RestockingFee != nil) && (t.AutoApprove == nil || before.AutoApprove != nil) &&
		(!t.Returnless || before.Returnless) && len(t.Evidence)+len(t.Needs)+len(t.Offers) == 0
}
