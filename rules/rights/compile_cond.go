package rights

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

func (c *compiler) cond(m Cond, path string) *cond {
	out := &cond{op: all}
	names := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(names, func(a, b string) int { return int(one(isGroup(a)) - one(isGroup(b))) })
	for _, name := range names {
		at := path + "." + name
		switch {
		case name == "not":
			inner := asCond(m[name])
			out.kids = append(out.kids, &cond{op: not, kids: []*cond{c.cond(inner, at)}})
		case isGroup(name):
			group := &cond{op: all}
			if name == "any" {
				group.op = anyOf
			}
			list, _ := m[name].([]any)
			for i, one := range list {
				inner := asCond(one)
				group.kids = append(group.kids, c.cond(inner, at+"."+strconv.Itoa(i)))
			}
			out.kids = append(out.kids, group)
		default:
			out.kids = append(out.kids, c.match(name, m[name], at))
		}
	}
	if len(out.kids) == 1 {
		return out.kids[0]
	}
	return out
}

// asCond is nil where v is no mapping.
func asCond(v any) Cond {
	switch v := v.(type) {
	case Cond:
		return v
	case map[string]any:
		return v
	}
	return nil
}

func isGroup(name string) bool { return name == "any" || name == "all" || name == "not" }

// match compiles what a fact must be.
func (c *compiler) match(name string, want any, path string) *cond {
	i, ok := vocabulary.byID[name]
	if !ok {
		c.word(name, path, text)
		return &cond{op: all}
	}
	w := vocabulary.all[i]
	out := &cond{op: is, fact: i}
	if group := asCond(want); group != nil {
		return c.relation(out, w, group, path)
	}
	switch v := want.(type) {
	case bool, string, int:
		c.value(out, w, v, path)
	case []any:
		for k, one := range v {
			c.value(out, w, one, path+"."+strconv.Itoa(k))
		}
	default:
		c.wrong(notComparable, path, want)
	}
	return out
}

func (c *compiler) value(out *cond, w word, want any, path string) {
	switch v := want.(type) {
	case bool:
		if w.kind == yesno {
			out.nums = append(out.nums, one(v))
			return
		}
	case string:
		if w.kind == text {
			if w.among != nil && !slices.Contains(w.among, v) {
				c.wrong(neverValue, path, w.name, v, strings.Join(w.among, ", "))
			}
			out.texts = append(out.texts, v)
			return
		}
	case int:
		if w.kind == number {
			out.nums = append(out.nums, int64(v))
			return
		}
	}
	c.wrong(valueKind, path, w.name, [...]string{"text", "yes or no", "number", "date"}[w.kind], want)
}

func (c *compiler) relation(out *cond, w word, m Cond, path string) *cond {
	group := &cond{op: all}
	for _, verb := range slices.Sorted(maps.Keys(m)) {
		at := path + "." + verb
		one := &cond{fact: out.fact}
		switch verb {
		case "known":
			one.op, one.want = known, m[verb] == true
		case "min", "max", "below":
			if w.kind != number {
				c.wrong(comparisonKind, at, w.name, "number")
			}
			n := c.number(numberOf(m[verb]), at)
			one.op = between
			*map[string]**num{"min": &one.min, "max": &one.max, "below": &one.below}[verb] = &n
		case "by", "past":
			if w.kind != date {
				c.wrong(comparisonKind, at, w.name, "date")
			}
			raw, err := yaml.Marshal(m[verb])
			var t Term
			if err == nil {
				err = yaml.Unmarshal(raw, &t)
			}
			if err != nil {
				c.wrong(badTerm, at, err)
			}
			one.op, one.term = by, c.term(&t, at)
			if verb == "past" {
				one.op = past
			}
		case "not":
			one = &cond{op: not, kids: []*cond{c.match(w.name, m[verb], at)}}
		default:
			c.wrong(noComparison, at, verb)
		}
		group.kids = append(group.kids, one)
	}
	if len(group.kids) == 1 {
		return group.kids[0]
	}
	return group
}

func numberOf(v any) Number {
	switch v := v.(type) {
	case int:
		return Number{Const: int64(v), set: true}
	case string:
		return Number{Ref: v, set: true}
	}
	return Number{set: true}
}
