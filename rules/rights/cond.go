package rights

import "slices"

// tri is yes, no, or not known because a fact is missing.
type tri byte

const (
	no tri = iota
	yes
	unsure
)

type op byte

const (
	all op = iota
	anyOf
	not
	is      // text or number among
	between // number from min to max
	by      // date not after a term
	past    // date after a term
	known   // whether it is known
)

// cond is a compiled condition.
type cond struct {
	op    op
	kids  []*cond
	fact  int
	texts []string
	nums  []int64
	min   *num
	max   *num
	below *num
	term  *term
	want  bool
}

// eval decides a condition. Where it cannot, it says which facts it lacks. A
// part that is false settles an "all" whatever else is missing.
func (c *cond) eval(r *run) (tri, set) {
	var lacks set
	switch c.op {
	case all, anyOf:
		settles := no
		if c.op == anyOf {
			settles = yes
		}
		open := false
		for _, kid := range c.kids {
			got, missing := kid.eval(r)
			if got == settles {
				return got, set{}
			}
			if got == unsure {
				open = true
				lacks.join(missing)
			}
		}
		if open {
			return unsure, lacks
		}
		return 1 - settles, lacks
	case not:
		got, missing := c.kids[0].eval(r)
		if got == unsure {
			return got, missing
		}
		return 1 - got, missing
	}
	v := r.fact(c.fact)
	if c.op == known {
		return claim(v.known == c.want), lacks
	}
	if !v.known {
		lacks.add(c.fact)
		return unsure, lacks
	}
	switch c.op {
	case is:
		if c.nums != nil {
			return claim(slices.Contains(c.nums, v.n)), lacks
		}
		return claim(slices.Contains(c.texts, v.s)), lacks
	case between:
		return c.within(r, v.n)
	}
	d := c.term.day(r, &lacks)
	if !d.known {
		return unsure, lacks
	}
	return claim((v.n <= d.n) == (c.op == by)), lacks
}

func (c *cond) within(r *run, n int64) (tri, set) {
	var lacks set
	for _, bound := range []struct {
		at   *num
		fits func(bound int64) bool
	}{
		{c.min, func(b int64) bool { return n >= b }},
		{c.max, func(b int64) bool { return n <= b }},
		{c.below, func(b int64) bool { return n < b }},
	} {
		if bound.at == nil {
			continue
		}
		b, ok := bound.at.of(r, &lacks)
		if !ok {
			return unsure, lacks
		}
		if !bound.fits(b) {
			return no, lacks
		}
	}
	return yes, lacks
}

func claim(b bool) tri {
	if b {
		return yes
	}
	return no
}
