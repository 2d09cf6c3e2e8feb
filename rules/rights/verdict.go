package rights

import "cmp"

// breach is the outcome of a remark that says that the seller broke a duty.
const breach = "breach"

// verdict is what one rule says.
type verdict struct {
	rule    *compiled
	outcome Outcome
	code    string
	lacks   set
	facts   set
	end     day
	also    []string
}

// line names the rule with its outcome. There are few of each, made when the
// pack is compiled.
func (v *verdict) line() string { return v.rule.lines[v.outcome.rank()] }

// rank orders outcomes by how much they help the consumer.
func (o Outcome) rank() int {
	switch o {
	case NotEntitled:
		return 1
	case NeedsReview:
		return 2
	case NeedsFact:
		return 3
	case Conditional:
		return 4
	case Entitled:
		return 5
	}
	return 0
}

// better prefers what helps the consumer most; of two alike, the later day.
func (v *verdict) better(o *verdict) bool {
	if a, b := v.outcome.rank(), o.outcome.rank(); a != b {
		return a > b
	}
	return v.end.known && o.end.known && v.end.n > o.end.n
}

// judge runs one rule. It reports false where the rule does not speak of the
// question at all.
func (r *run) judge(c *compiled) (verdict, bool) {
	r.read = set{}
	v := verdict{rule: c, outcome: Entitled}
	at := r.facts[c.on]
	if at.known && at.n > c.to || c.Effective.Before == "silent" && at.known && at.n < c.from {
		return v, false
	}
	if speaks, _ := c.scope.eval(r); speaks != yes {
		return v, false
	}
	switch {
	case at.known && at.n < max(c.from, r.pack.from):
		v.outcome, v.code = NeedsReview, "BEFORE_LAW"
		r.read.add(c.on)
	case !at.known && c.from > -maxDay && c.Effective.On != "":
		return v, false
	default:
		r.weigh(c, &v)
	}
	v.facts.join(r.read)
	if r.pack.draft {
		v.outcome, v.code, v.lacks = NeedsReview, "DRAFT", set{}
	} else if c.Confidence == "D" && v.outcome.rank() >= Conditional.rank() {
		v.outcome, v.code = NeedsReview, "UNVERIFIED"
	}
	return v, true
}

// weigh goes through the checks of a rule in their order: a check that is
// certain decides, and facts that are missing are asked for only if none is.
func (r *run) weigh(c *compiled, v *verdict) {
	scope := r.read
	settle := func(list []check, want tri) bool {
		for i := range list {
			r.read = set{}
			is, lacks := list[i].when.eval(r)
			if is == want {
				v.outcome, v.code, v.lacks = list[i].outcome, list[i].code, set{}
				return true
			}
			scope.join(r.read)
			if is == unsure {
				v.lacks.join(lacks)
			}
		}
		return false
	}
	if settle(c.requires, no) || settle(c.except, yes) {
		return
	}
	r.read = set{}
	if c.ends != nil && r.late(c, v) {
		return
	}
	scope.join(r.read)
	if settle(c.review, yes) {
		return
	}
	if !v.lacks.empty() {
		v.outcome = NeedsFact
		r.read = scope
		return
	}
	if settle(c.conditional, yes) {
		return
	}
	if !v.lacks.empty() {
		v.outcome = NeedsFact
	}
	r.read = scope
}

// late settles a verdict whose time is over.
func (r *run) late(c *compiled, v *verdict) bool {
	v.end = c.ends.day(r, &v.lacks)
	if !v.end.known {
		return false
	}
	at := r.fact(c.compare)
	if !at.known {
		v.lacks.add(c.compare)
		return false
	}
	switch {
	case at.n <= v.end.strict:
		return false
	case v.end.noCalendar:
		v.outcome, v.code = NeedsReview, "NEEDS_CALENDAR"
	case at.n <= v.end.n && v.end.unverified:
		v.outcome, v.code = NeedsReview, "ROLL_UNVERIFIED"
	case at.n <= v.end.n:
		return false
	case c.Window.Sure == "D":
		v.outcome, v.code = NeedsReview, "DEADLINE_UNVERIFIED"
	default:
		v.outcome, v.code = NotEntitled, cmp.Or(c.Window.Code, "EXPIRED")
	}
	v.lacks = set{}
	return true
}
