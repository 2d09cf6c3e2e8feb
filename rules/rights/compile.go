package rights

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compiler turns names into places and collects what is wrong, with its path
// in the file.
type compiler struct {
	pack     *Pack
	base     *Pack
	codes    map[string]Code
	tables   map[string]Table
	calendar bool
	problems []Problem
}

const maxDay = 1 << 40

func (c *compiler) wrong(is mistake, path string, values ...any) {
	c.problems = append(c.problems, c.pack.problem(is, path, values...))
}

func (c *compiler) date(text, path string, unset int64) int64 {
	if text == "" {
		return unset
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		c.wrong(badDate, path, text)
		return unset
	}
	return daysOf(t.Date())
}

func (c *compiler) word(name, path string, want kind) int {
	i, ok := vocabulary.byID[name]
	if !ok {
		c.wrong(noFact, path, name, c.near(name))
		return 0
	}
	if vocabulary.all[i].kind != want {
		c.wrong(factKind, path, name, [...]string{"text", "yes or no", "number", "date"}[want])
	}
	return i
}

// near suggests a fact that ends or begins like a name that is not known.
func (c *compiler) near(name string) string {
	_, tail, _ := strings.Cut(name, ".")
	for _, w := range vocabulary.all {
		_, end, _ := strings.Cut(w.name, ".")
		if tail != "" && len(tail) > 3 && (end == tail || strings.HasPrefix(end, tail[:4])) {
			return fmt.Sprintf("; did you mean %q?", w.name)
		}
	}
	return ""
}

func (c *compiler) rule(r *Rule, owner *Pack, path string) *compiled {
	out := &compiled{Rule: r, pack: owner.Jurisdiction + "@" + strconv.FormatInt(owner.Version, 10)}
	for _, o := range []Outcome{Entitled, NotEntitled, Conditional, NeedsFact, NeedsReview} {
		out.lines[o.rank()] = r.ID + " " + string(o)
	}
	out.from = c.date(r.Effective.From, path+".effective.from", -maxDay)
	out.to = c.date(r.Effective.To, path+".effective.to", maxDay)
	out.on = vocabulary.derived[bought]
	if r.Effective.On != "" {
		out.on = c.word(r.Effective.On, path+".effective.on", date)
	}
	if _, ok := standard().Remedies[r.Remedy]; !ok {
		c.wrong(noRemedy, path+".remedy", r.Remedy, strings.Join(slices.Sorted(maps.Keys(standard().Remedies)), ", "))
	}
	for i, key := range r.Source {
		if !c.source(key, owner) {
			c.wrong(noSource, fmt.Sprintf("%s.source.%d", path, i), key)
		}
	}
	out.scope = c.cond(r.If, path+".if")
	out.requires = c.checks(r.Requires, path+".requires", NotEntitled)
	out.except = c.checks(r.Except, path+".except", NotEntitled)
	out.review = c.checks(r.Review, path+".review", NeedsReview)
	out.conditional = c.checks(r.Conditional, path+".conditional", Conditional)
	out.notes = c.checks(r.Notes, path+".notes", "")
	if w := r.Window; w != nil {
		out.ends = c.term(&w.Ends, path+".window.ends")
		out.compare = vocabulary.derived[claimed]
		if w.Compare != "" {
			out.compare = c.word(w.Compare, path+".window.compare", date)
		}
		if w.Code != "" {
			c.code(w.Code, path+".window.code")
		}
	}
	for i := range r.Freight {
		f := &r.Freight[i]
		out.freight = append(out.freight, choice{when: c.cond(f.When, fmt.Sprintf("%s.freight.%d.when", path, i)), pays: f.Pays, sure: f.Sure != "D"})
	}
	c.money(r, out, path)
	if b := r.Burden; b != nil {
		out.burdenDay = vocabulary.derived[defectDay]
		if b.Compare != "" {
			out.burdenDay = c.word(b.Compare, path+".burden.compare", date)
		}
		if b.Until != nil {
			out.until = c.term(b.Until, path+".burden.until")
		}
	}
	for i := range r.Duties {
		d := &r.Duties[i]
		at := fmt.Sprintf("%s.duties.%d", path, i)
		one := duty{Duty: d, when: c.cond(d.When, at+".when"), by: c.term(&d.By, at+".by"), done: -1}
		if d.Done != "" {
			one.done = c.word(d.Done, at+".done", date)
		}
		c.code(d.Code, at+".code")
		out.duties = append(out.duties, one)
	}
	return out
}

func (c *compiler) money(r *Rule, out *compiled, path string) {
	if r.Refund == nil {
		return
	}
	if r.Refund.Due != nil {
		out.due = c.term(r.Refund.Due, path+".refund.due")
	}
	out.deductions = c.checks(r.Refund.Deductions, path+".refund.deductions", "")
	out.unsettled = c.checks(r.Refund.Review, path+".refund.review", "")
	for i := range r.Refund.Parts {
		p := &r.Refund.Parts[i]
		at := fmt.Sprintf("%s.refund.parts.%d", path, i)
		c.code(p.Code, at+".code")
		one := part{Part: p, when: c.cond(p.When, at+".when"), of: c.number(p.Of, at+".of")}
		for k, x := range p.Times {
			one.times = append(one.times, c.number(x, fmt.Sprintf("%s.times.%d", at, k)))
		}
		one.min, one.max = c.optional(p.Min, at+".min"), c.optional(p.Max, at+".max")
		out.parts = append(out.parts, one)
	}
}

func (c *compiler) source(key string, owner *Pack) bool {
	for _, p := range []*Pack{owner, c.base} {
		if p != nil && p.Sources[key].Title != "" {
			return true
		}
	}
	return false
}

func (c *compiler) code(name, path string) {
	if _, ok := c.codes[name]; !ok {
		c.wrong(noCode, path, name)
	}
}

func (c *compiler) checks(list []Check, path string, usual Outcome) (all []check) {
	for i, one := range list {
		at := fmt.Sprintf("%s.%d", path, i)
		c.code(one.Code, at)
		when := one.When
		if when == nil {
			when = c.codes[one.Code].When
		}
		if _, known := c.codes[one.Code]; known && when == nil && usual != "" {
			c.wrong(noCondition, at, one.Code)
		}
		outcome := usual
		if one.Outcome != "" {
			outcome = Outcome(one.Outcome)
		}
		if outcome == breach && usual != "" {
			c.wrong(breachOutside, at)
		}
		all = append(all, check{code: one.Code, when: c.cond(when, at+".when"), outcome: outcome})
	}
	return all
}
