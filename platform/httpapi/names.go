package httpapi

import (
	"path"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// names gives schemas names that say which package they are from, so that two
// packages may both have a Summary: order.Summary is OrderSummary, order.Order
// stays Order.
type names struct {
	pkg    string // of the route being registered, for types without a name
	byType map[reflect.Type]string
	taken  map[string]reflect.Type
}

func newNames() *names {
	return &names{byType: map[reflect.Type]string{}, taken: map[string]reflect.Type{}}
}

// within sets the package of the route being registered.
func (n *names) within(pkgs ...string) {
	n.pkg = ""
	for _, pkg := range pkgs {
		if pkg != "." && pkg != "" {
			n.pkg = pkg
		}
	}
}

// of is what huma's registry asks for the name of a type.
func (n *names) of(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	if name, ok := n.byType[t]; ok {
		return name
	}
	name := qualify(n.pkg, hint)
	if t.Name() != "" {
		name = named(t)
	}
	for i, base := 2, name; ; i++ {
		if _, taken := n.taken[name]; !taken {
			break
		}
		name = base + strconv.Itoa(i)
	}
	n.byType[t], n.taken[name] = name, t
	return name
}

// named words a type, and the arguments of a generic one: List[order.Summary]
// is ListOrderSummary.
func named(t reflect.Type) string {
	parts := strings.FieldsFunc(t.Name(), func(r rune) bool { return strings.ContainsRune("[]*,", r) })
	out := qualify(folder(t), parts[0])
	for _, arg := range parts[1:] {
		pkg, name, ok := cutLast(path.Base(arg), ".")
		if !ok {
			pkg, name = "", arg
		}
		out += qualify(pkg, name)
	}
	return out
}

func qualify(pkg, name string) string {
	name = upper(name)
	if pkg == "httpapi" || strings.HasPrefix(strings.ToLower(name), pkg) {
		return name
	}
	return upper(pkg) + name
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

func upper(s string) string {
	for i, r := range s {
		if i == 0 {
			return string(unicode.ToUpper(r)) + s[len(string(r)):]
		}
	}
	return s
}
