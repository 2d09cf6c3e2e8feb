package policy

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// guard is a part of an expression that compares one word with a constant, such
// as customer.tier == 'gold' or request.total < 100000. It reads the request
// without making values for CEL, so that the many conditions that do not apply
// cost next to nothing. Where a part that is joined by && is false the whole is
// false, whatever the others are, also when they fail: CEL says the same.
type guard func(*scope) bool

// guardsOf are the guards among the parts of an expression that are joined by
// &&; whole reports that there are no other parts.
func guardsOf(e ast.Expr) (all []guard, whole bool) {
	whole = true
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
		if g := guardOf(e); g != nil {
			all = append(all, g)
		} else {
			whole = false
		}
	}
	walk(e)
	return all, whole
}

// wordOf is the full name of a word; empty where an expression is none.
func wordOf(e ast.Expr) string {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent()
	case ast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() && s.Operand().Kind() == ast.IdentKind {
			return s.Operand().AsIdent() + "." + s.FieldName()
		}
	}
	return ""
}

func guardOf(e ast.Expr) guard {
	if e.Kind() != ast.CallKind {
		return nil
	}
	call := e.AsCall()
	if call.IsMemberFunction() || len(call.Args()) != 2 {
		return nil
	}
	name, constant, verb := wordOf(call.Args()[0]), call.Args()[1], call.FunctionName()
	if name == "" {
		name, constant, verb = wordOf(call.Args()[1]), call.Args()[0], turned[verb]
	}
	if of, ok := texts[name]; ok {
		return textGuard(of, verb, constant)
	}
	if of, ok := counts[name]; ok && constant.Kind() == ast.LiteralKind {
		if n, ok := constant.AsLiteral().Value().(int64); ok {
			return countGuard(of, verb, n)
		}
	}
	return nil
}

// turned are comparisons with their sides changed.
var turned = map[string]string{
	operators.Equals: operators.Equals, operators.NotEquals: operators.NotEquals, operators.Less: operators.Greater, operators.Greater: operators.Less,
	operators.LessEquals: operators.GreaterEquals, operators.GreaterEquals: operators.LessEquals,
}

func textGuard(of func(*scope) string, verb string, constant ast.Expr) guard {
	if verb == operators.In && constant.Kind() == ast.ListKind {
		var among []string
		for _, x := range constant.AsList().Elements() {
			text, ok := literal(x)
			if !ok {
				return nil
			}
			among = append(among, text)
		}
		return func(s *scope) bool { return slices.Contains(among, of(s)) }
	}
	want, ok := literal(constant)
	switch {
	case !ok:
		return nil
	case verb == operators.Equals:
		return func(s *scope) bool { return of(s) == want }
	case verb == operators.NotEquals:
		return func(s *scope) bool { return of(s) != want }
	}
	return nil
}

func literal(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	text, ok := e.AsLiteral().Value().(string)
	return text, ok
}

func countGuard(of func(*scope) int64, verb string, n int64) guard {
	switch verb {
	case operators.Equals:
		return func(s *scope) bool { return of(s) == n }
	case operators.NotEquals:
		return func(s *scope) bool { return of(s) != n }
	case operators.Less:
		return func(s *scope) bool { return of(s) < n }
	case operators.LessEquals:
		return func(s *scope) bool { return of(s) <= n }
	case operators.Greater:
		return func(s *scope) bool { return of(s) > n }
	case operators.GreaterEquals:
		return func(s *scope) bool { return of(s) >= n }
	}
	return nil
}

// texts and counts are the words that guards know: the same as in words.go,
// which a test holds them against.
var texts = map[string]func(*scope) string{
	"request.kind":     func(s *scope) string { return s.q.Kind },
	"request.phase":    func(s *scope) string { return s.q.Phase },
	"request.currency": func(s *scope) string { return s.q.Total.Currency },
	"request.channel":  func(s *scope) string { return s.q.Channel },
	"request.country":  func(s *scope) string { return s.q.Country },
	"request.region":   func(s *scope) string { return s.q.Region },
	"request.seller":   func(s *scope) string { return s.q.Seller },
	"request.language": func(s *scope) string { return s.q.Language },
	"customer.tier":    func(s *scope) string { return s.q.Customer.Tier },
	"item.sku":         func(s *scope) string { return s.item.SKU },
	"item.category":    func(s *scope) string { return s.item.Category },
	"item.reason":      func(s *scope) string { return s.item.Reason },
	"item.seller":      func(s *scope) string { return cmp.Or(s.item.Seller, s.q.Seller) },
	"item.claim":       func(s *scope) string { r, _ := s.rules.Reason(s.item.Reason); return r.Claims() },
}

var counts = map[string]func(*scope) int64{
	"request.days":     func(s *scope) int64 { return s.since(s.q.Placed) },
	"request.total":    func(s *scope) int64 { return s.q.Total.Minor },
	"request.photos":   func(s *scope) int64 { return int64(s.q.Photos) },
	"request.amends":   func(s *scope) int64 { return int64(s.q.Amends) },
	"request.lines":    func(s *scope) int64 { return int64(len(s.q.Goods)) },
	"customer.orders":  func(s *scope) int64 { return s.q.Customer.Orders },
	"customer.cases":   func(s *scope) int64 { return s.q.Customer.Cases },
	"customer.refused": func(s *scope) int64 { return s.q.Customer.Refused },
	"customer.days":    func(s *scope) int64 { return s.since(s.q.Customer.Since) },
	"item.quantity":    func(s *scope) int64 { return s.item.Quantity },
	"item.paid":        func(s *scope) int64 { return s.item.Paid },
	"item.price":       func(s *scope) int64 { return s.item.Paid / max(1, s.item.Quantity) },
	"item.days":        func(s *scope) int64 { return s.since(s.item.Delivered) },
	"item.photos":      func(s *scope) int64 { return int64(s.item.Photos) },
}
