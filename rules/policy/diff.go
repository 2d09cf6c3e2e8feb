package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Change is a point in which two versions differ.
type Change struct {
	Path   string `json:"path" doc:"Members of lists by their id, code or name" example:"conditions[vip].then.window_days"`
	Op     string `json:"op" enum:"add,remove,change,move"`
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
}

// Diff lists what changed from one version to another.
func Diff(from, to Policy) ([]Change, error) {
	a, err := tree(from)
	if err != nil {
		return nil, err
	}
	b, err := tree(to)
	if err != nil {
		return nil, err
	}
	changes := []Change{}
	compare("", a, b, &changes)
	return changes, nil
}

func tree(p Policy) (v any, err error) {
	raw, err := json.Marshal(struct {
		Name  string `json:"name"`
		Rules Rules  `json:"rules"`
		Tests []Test `json:"tests,omitempty"`
	}{p.Name, p.Rules, p.Tests})
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(raw, &v)
	top, _ := v.(map[string]any)
	rules, _ := top["rules"].(map[string]any)
	for name, value := range rules { // paths of rules are those of the rules alone
		if name != "name" && name != "tests" {
			top[name] = value
		}
	}
	delete(top, "rules")
	return top, err
}

func compare(path string, a, b any, to *[]Change) {
	if reflect.DeepEqual(a, b) {
		return
	}
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			members(path, x, y, to)
			return
		}
	case []any:
		y, ok := b.([]any)
		if !ok {
			break
		}
		before, names := keyed(x)
		after, others := keyed(y)
		if before == nil || after == nil {
			break
		}
		compareLists(path, before, after, to)
		if slices.Equal(names, others) {
			return
		}
		if kept := shared(names, after); !slices.Equal(kept, shared(others, before)) {
			*to = append(*to, Change{Path: path, Op: "move", Before: names, After: others})
		}
		return
	}
	*to = append(*to, Change{Path: path, Op: op(a, b), Before: a, After: b})
}

// shared are the names that the other side has too, in their order.
func shared(names []string, other map[string]any) (all []string) {
	for _, n := range names {
		if _, ok := other[n]; ok {
			all = append(all, n)
		}
	}
	return all
}

func op(a, b any) string {
	switch {
	case a == nil:
		return "add"
	case b == nil:
		return "remove"
	}
	return "change"
}

func members(path string, a, b map[string]any, to *[]Change) {
	for _, name := range union(a, b) {
		at := name
		if path != "" {
			at = path + "." + name
		}
		compare(at, a[name], b[name], to)
	}
}

func compareLists(path string, a, b map[string]any, to *[]Change) {
	for _, name := range union(a, b) {
		compare(fmt.Sprintf("%s[%s]", path, name), a[name], b[name], to)
	}
}

func union(a, b map[string]any) []string {
	names := slices.Collect(maps.Keys(a))
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// keyed makes a list of things with names of their own a map; nil where they
// have none.
func keyed(list []any) (map[string]any, []string) {
	all, names := map[string]any{}, []string{}
	for _, v := range list {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, nil
		}
		key := ""
		for _, field := range []string{"id", "code", "name"} {
			if s, ok := m[field].(string); ok && key == "" {
				key = s
			}
		}
		if _, twice := all[key]; key == "" || twice {
			return nil, nil
		}
		all[key] = m
		names = append(names, key)
	}
	return all, names
}
