package policy

import "slices"

// need asks, unless it is answered.
func (x *judging) need(n Need, g *Goods, rule string) {
	if n.Name == "photo" && (x.q.Photos > 0 || g != nil && g.Photos > 0) {
		return
	}
	if answer, ok := x.q.Known[n.Name]; ok && string(answer) != "null" && (n.Kind == "fact" || string(answer) != "false") {
		return
	}
	rule = x.name(rule)
	i := slices.IndexFunc(x.judge.Needs, func(o Need) bool { return o.Name == n.Name })
	if i < 0 {
		i = len(x.judge.Needs)
		x.judge.Needs = append(x.judge.Needs, n)
	}
	to := &x.judge.Needs[i]
	if g != nil && !slices.Contains(to.Lines, g.Line) {
		to.Lines = append(to.Lines, g.Line)
	}
	if !slices.Contains(to.Why, rule) {
		to.Why = append(to.Why, rule)
	}
}
