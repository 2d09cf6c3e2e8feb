package owed

import (
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// unite makes the outcome of both.
func (u *union) unite() {
	switch {
	case u.judge.Outcome == policy.Ask:
		u.asked()
	case u.judge.Outcome == policy.Refuse && !policy.Allowed(u.request.Kind, u.request.Phase):
		// Nothing can come back that was not sent: another kind of request is the way.
	case u.judge.Outcome == policy.Refuse:
		u.refused()
	case u.judge.Outcome == policy.Review:
		for i := range u.lines {
			if l := &u.lines[i]; l.direct != nil && l.direct.Outcome == rights.Entitled {
				u.d.Grounds = append(slices.Clip(u.d.Grounds), u.ground(l, l.direct, "law_entitled"))
			}
		}
	default:
		u.better()
	}
}

// asked looks at what the policy asks: a right without a reason asks for
// nothing, and what the customer has said not to know is not asked again.
func (u *union) asked() {
	if len(u.lines) > 0 && !slices.ContainsFunc(u.lines, func(l line) bool { return !l.free() }) {
		u.overrule()
		return
	}
	open := slices.DeleteFunc(slices.Clone(u.d.Needs), func(n policy.Need) bool { return u.unknown(n.Name) })
	if len(open) > 0 {
		u.d.Needs = open
		return
	}
	u.d.Outcome, u.d.Needs = policy.Review, nil
	u.d.Grounds = append(policy.Unasked(u.d.Grounds), policy.Ground{Code: "answer_unknown", Basis: policy.ByPolicy})
}

// unknown reports that the customer was asked and does not know.
func (u *union) unknown(name string) bool {
	raw, ok := u.request.Known[name]
	return ok && string(raw) == "null"
}

// sure reports that the law gives what is wished, without an amount that a
// person has to look at.
func (l *line) sure() bool {
	return l.direct != nil && l.direct.Outcome == rights.Entitled && !slices.Contains(byPerson, l.direct.Remedy)
}

// free reports that the law gives it without a reason, so that nothing may be
// asked for it.
func (l *line) free() bool { return l.sure() && l.claim == policy.ChangeOfMind }

// better adds what the law gives beyond an approval.
func (u *union) better() {
	for i := range u.lines {
		l := &u.lines[i]
		if l.direct == nil || l.direct.Outcome != rights.Entitled {
			continue
		}
		t := u.termsOf(l.goods.Line)
		var more []policy.Ground
		if l.direct.Freight == "seller" && t.Freight != "seller" && u.request.Kind == policy.ReturnRefund {
			more = append(more, u.ground(l, l.direct, "law_freight"))
		}
		if t.Fee > 0 {
			more = append(more, u.ground(l, l.direct, "law_no_fee"))
		}
		for k := range more {
			more[k].Says = nil
		}
		u.d.Grounds = append(slices.Clip(u.d.Grounds), more...)
	}
}

func (u *union) termsOf(line int) policy.Terms {
	if k := slices.IndexFunc(u.judge.Lines, func(x policy.Terms) bool { return x.Line == line }); k >= 0 {
		return u.judge.Lines[k]
	}
	return policy.Terms{}
}

// refused looks for a right in what the policy refuses, line by line: the worst
// line decides, as one request has one answer.
func (u *union) refused() {
	var (
		outcome = policy.Approve
		grounds []policy.Ground
		needs   []policy.Need
		lost    []policy.Ground
	)
	for i := range u.lines {
		l := &u.lines[i]
		own := u.judge
		if len(u.lines) > 1 {
			one := u.request
			one.Goods = u.request.Goods[i : i+1 : i+1]
			own = u.policy.Judge(one)
		}
		switch {
		case own.Outcome == policy.Ask && l.free():
			lost, grounds = append(lost, own.Grounds...), append(grounds, u.ground(l, l.direct, "law_entitled"))
			continue
		case own.Outcome != policy.Refuse:
			outcome, grounds, needs = worse(outcome, own.Outcome), append(grounds, own.Grounds...), append(needs, own.Needs...)
			continue
		}
		lost = append(lost, own.Grounds...)
		o, g, n := u.rescue(l)
		if o == policy.Refuse {
			g = append(slices.Clip(own.Grounds), g...)
		}
		outcome, grounds, needs = worse(outcome, o), append(grounds, g...), append(needs, n...)
	}
	if len(u.lines) == 0 || outcome == policy.Refuse && len(u.lines) == 1 {
		u.d.Grounds = orElse(grounds, u.d.Grounds)
		return
	}
	u.d.Outcome, u.d.Grounds = outcome, grounds
	switch outcome {
	case policy.Refuse:
		u.d.Grounds = slices.DeleteFunc(grounds, func(g policy.Ground) bool { return g.Code == "below_limit" || g.Code == "above_limit" })
		return
	case policy.Ask:
		u.d.Needs = merged(needs)
	case policy.Approve:
		ok, limit := u.within()
		if !ok {
			u.d.Outcome = policy.Review
		}
		u.d.Grounds = append(slices.DeleteFunc(grounds, func(g policy.Ground) bool { return g.Code == limit.Code }), limit)
	}
	u.d.Overruled = lost
}

func orElse(a, b []policy.Ground) []policy.Ground {
	if len(a) > 0 {
		return a
	}
	return b
}

var severity = map[policy.Outcome]int{policy.Approve: 1, policy.Review: 2, policy.Ask: 3, policy.Refuse: 4}

func worse(a, b policy.Outcome) policy.Outcome {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

// rescue is what the law makes of a line that the policy refuses.
func (u *union) rescue(l *line) (policy.Outcome, []policy.Ground, []policy.Need) {
	if l.law.Problem != "" {
		if l.law.Problem == BadFacts {
			return policy.Review, []policy.Ground{u.problem(l)}, nil
		}
		return policy.Refuse, []policy.Ground{u.problem(l)}, nil
	}
	fault := l.claim != policy.ChangeOfMind && l.claim != ""
	if law := l.direct; law != nil {
		switch {
		case l.sure():
			return policy.Approve, []policy.Ground{u.ground(l, law, "law_entitled")}, nil
		case law.Outcome == rights.Entitled:
			return policy.Review, []policy.Ground{u.ground(l, law, "law_entitled"), {Code: "law_amount", Basis: policy.ByLaw, Rule: law.Rule}}, nil
		case law.Outcome == rights.NeedsFact:
			needs, may := u.needs(l, law)
			if len(needs) > 0 {
				return policy.Ask, []policy.Ground{u.ground(l, law, "law_depends")}, needs
			}
			if may {
				return policy.Review, []policy.Ground{u.ground(l, law, "law_depends")}, nil
			}
		case law.Outcome == rights.NeedsReview || law.Outcome == rights.Conditional:
			return policy.Review, []policy.Ground{u.ground(l, law, "law_review")}, nil
		}
	}
	if l.other != nil {
		g := u.ground(l, l.other, "law_other")
		if fault {
			return policy.Review, []policy.Ground{g}, nil
		}
		return policy.Refuse, []policy.Ground{g}, nil
	}
	if law := l.direct; law != nil {
		return policy.Refuse, []policy.Ground{u.ground(l, law, "law_none")}, nil
	}
	return policy.Refuse, nil, nil
}

// overrule puts a judgement aside for what the law gives to every line.
func (u *union) overrule() {
	u.d.Overruled, u.d.Needs = u.d.Grounds, nil
	u.d.Grounds = nil
	for i := range u.lines {
		u.d.Grounds = append(u.d.Grounds, u.ground(&u.lines[i], u.lines[i].direct, "law_entitled"))
	}
	ok, limit := u.within()
	if u.d.Outcome = policy.Approve; !ok {
		u.d.Outcome = policy.Review
	}
	u.d.Grounds = append(u.d.Grounds, limit)
}

// needs are the facts that the customer can add and that could change the
// answer. may is false where no answer to them could.
func (u *union) needs(l *line, d *rights.Decision) (list []policy.Need, may bool) {
	var truths []string
	for _, name := range d.Needs {
		n, ok := Asks(name)
		if ok && u.unknown(name) {
			ok = false
		}
		if kind, _ := rights.FactKind(name); kind == "bool" {
			truths = append(truths, name)
		}
		if ok {
			n.Lines, n.Why = []int{l.goods.Line}, []string{d.Rule}
			list = append(list, n)
		}
	}
	if len(truths) != len(d.Needs) || len(truths) > 3 {
		return list, true
	}
	if u.book.Could(&l.facts, wishOf(u.request.Kind, u.request.Phase, l.claim).direct, truths) {
		return list, true
	}
	return nil, false
}

// ground words what the law says of a line.
func (u *union) ground(l *line, d *rights.Decision, code string) policy.Ground {
	g := policy.Ground{Code: code, Basis: policy.ByLaw, Rule: d.Rule, Cite: d.Cite, Says: u.book.Says(l.law.Jurisdiction, d)}
	g.Args = locale.Args{"title": l.goods.Title, "pack": d.Pack, "remedy": d.Remedy}
	if d.Needs != nil {
		g.Args["needs"] = strings.Join(d.Needs, ", ")
	}
	if d.Deadline != nil {
		g.Args["until"] = d.Deadline.Date
	}
	return g
}

func (u *union) problem(l *line) policy.Ground {
	return policy.Ground{Code: "law_" + l.law.Problem, Args: locale.Args{"country": l.facts.Buyer.Residence}, Basis: policy.ByLaw}
}

// merged joins questions that are asked of several lines.
func merged(needs []policy.Need) (all []policy.Need) {
	for _, n := range needs {
		i := slices.IndexFunc(all, func(o policy.Need) bool { return o.Kind == n.Kind && o.Name == n.Name })
		if i < 0 {
			n.Lines, n.Why = slices.Clone(n.Lines), slices.Clone(n.Why)
			all = append(all, n)
			continue
		}
		to := &all[i]
		for _, no := range n.Lines {
			if !slices.Contains(to.Lines, no) {
				to.Lines = append(to.Lines, no)
			}
		}
		for _, rule := range n.Why {
			if !slices.Contains(to.Why, rule) {
				to.Why = append(to.Why, rule)
			}
		}
	}
	return all
}
