package policy

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Bounds of expressions, when saved and when run.
const (
	maxLength = 2000 // characters of an expression
	maxCost   = 20_000
	maxDepth  = 24
)

// line is a line of goods inside an expression.
type line struct{ *scope }

func (l *line) ConvertToNative(t reflect.Type) (any, error) {
	return nil, fmt.Errorf("goods cannot become %s", t)
}

func (l *line) ConvertToType(t ref.Type) ref.Val {
	return types.NewErr("goods cannot become %s", t.TypeName())
}

func (l *line) Equal(other ref.Val) ref.Val {
	o, ok := other.(*line)
	return types.Bool(ok && o.item == l.item)
}

func (l *line) Type() ref.Type { return goodsType }
func (l *line) Value() any     { return l.scope }

// provider teaches CEL the type of a line.
type provider struct{ types.Provider }

func (p provider) FindStructType(name string) (*types.Type, bool) {
	if name == goodsType.TypeName() {
		return types.NewTypeTypeWithParam(goodsType), true
	}
	return p.Provider.FindStructType(name)
}

func (p provider) FindStructFieldNames(name string) ([]string, bool) {
	if name != goodsType.TypeName() {
		return p.Provider.FindStructFieldNames(name)
	}
	names := make([]string, len(goodsWords))
	for i, w := range goodsWords {
		names[i] = w.name
	}
	return names, true
}

func (p provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	if name != goodsType.TypeName() {
		return p.Provider.FindStructFieldType(name, field)
	}
	i := slices.IndexFunc(goodsWords, func(w word) bool { return w.name == field })
	if i < 0 {
		return nil, false
	}
	w := goodsWords[i]
	return &types.FieldType{
		Type:    w.kind,
		IsSet:   func(any) bool { return true },
		GetFrom: func(target any) (any, error) { return w.of(target.(*scope)), nil },
	}, true
}

// language is CEL with the words of policies.
var language = sync.OnceValues(func() (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(provider{registry}), cel.CustomTypeAdapter(registry),
		cel.ParserExpressionSizeLimit(maxLength), cel.ParserRecursionLimit(2 * maxDepth), cel.ExpressionNestingDepthLimit(maxDepth),
		cel.ASTValidators(cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals()),
	}
	for _, w := range byName {
		options = append(options, cel.Variable(w.name, w.kind))
	}
	return cel.NewEnv(options...)
})

// sizes bounds what the cost of an expression is reckoned from.
type sizes struct{}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	switch n.Type().Kind() {
	case types.ListKind:
		return &cost.SizeEstimate{Min: 0, Max: 100}
	case types.MapKind:
		return &cost.SizeEstimate{Min: 0, Max: 50}
	}
	return &cost.SizeEstimate{Min: 0, Max: 200}
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// program is an expression that is ready to run.
type program struct {
	run     cel.Program
	ast     *cel.Ast
	perLine bool
	uses    []string
	cost    uint64

	guards []guard // simple parts that must all be true
	whole  bool    // they are all there is

	partly  cel.Program     // the expression over names that are not all known
	answers map[string]bool // of may, by what is known of the names it uses
}

var errCost = errors.New("costs too much")

// compile reads an expression and works out what it may cost.
func compile(text string) (*program, *cel.Issues, error) {
	env, err := language()
	if err != nil {
		return nil, nil, err
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		return nil, issues, nil
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, nil, &notBool{ast.OutputType()}
	}
	p := &program{ast: ast}
	for _, r := range ast.NativeRep().ReferenceMap() {
		if _, ok := byName[r.Name]; ok && !slices.Contains(p.uses, r.Name) {
			p.uses = append(p.uses, r.Name)
			p.perLine = p.perLine || strings.HasPrefix(r.Name, "item.")
		}
	}
	slices.Sort(p.uses)
	estimate, err := env.EstimateCost(ast, sizes{})
	if err != nil {
		return nil, nil, err
	}
	if p.cost = estimate.Max; p.cost > maxCost {
		return nil, nil, errCost
	}
	p.guards, p.whole = guardsOf(ast.NativeRep().Expr())
	p.run, err = env.Program(ast, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	return p, nil, err
}

// partial is the expression over names that are not all known. It is for one
// measurement at a time.
func (p *program) partial() (cel.Program, error) {
	if p.partly != nil {
		return p.partly, nil
	}
	env, err := language()
	if err != nil {
		return nil, err
	}
	p.partly, err = env.Program(p.ast, cel.EvalOptions(cel.OptPartialEval))
	return p.partly, err
}

type notBool struct{ is *cel.Type }

func (e *notBool) Error() string { return "is " + kindName(e.is) + ", not true or false" }

// eval runs an expression. Whatever goes wrong is an error, never a crash.
func (p *program) eval(s *scope) (is bool, err error) {
	if s.item != nil || !p.perLine {
		for i := range p.guards {
			if !p.guards[i](s) {
				return false, nil
			}
		}
		if p.whole {
			return true, nil
		}
	}
	defer func() {
		if r := recover(); r != nil {
			is, err = false, fmt.Errorf("expression: %v", r)
		}
	}()
	v, _, err := p.run.Eval(s)
	if err != nil {
		return false, err
	}
	b, ok := v.(types.Bool)
	if !ok {
		return false, fmt.Errorf("expression gives %v", v)
	}
	return bool(b), nil
}
