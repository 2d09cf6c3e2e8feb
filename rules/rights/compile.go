package rights

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/aftercare/aftercare/base/calendar"
)

// law is what a pack, with the one that it extends, says from a day on.
type law struct {
	pack     *Pack
	base     *Pack
	from     int64
	version  string
	draft    bool
	zone     *time.Location
	calendar *calendar.Calendar
	currency string
	codes    map[string]Code
	rules    []*compiled
}

// compiled is a rule ready to run.
type compiled struct {
	*Rule
	pack        string
	from, to    int64
	on          int
	scope       *cond
	requires    []check
	except      []check
	review      []check
	conditional []check
	notes       []check
	ends        *term
	compare     int
	freight     []choice
	due         *term
	parts       []part
	deductions  []check
	unsettled   []check
	until       *term
	burdenDay   int
	duties      []duty
	lines       [6]string // its name with each outcome, by rank
}

type check struct {
	code    string
	when    *cond
	outcome Outcome
}

type choice struct {
	when *cond
	pays string
	sure bool
}

type part struct {
	*Part
	when  *cond
	of    num
	times []num
	min   *num
	max   *num
}

type duty struct {
	*Duty
	when *cond
	by   *term
	done int
}

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

func (c *compiler) number(x Number, path string) num {
	if x.Ref == "" {
		return num{n: x.Const, fact: -1, isSet: x.set}
	}
	name, column, dotted := strings.Cut(x.Ref, ".")
	if t, ok := c.tables[name]; dotted && ok {
		rows := map[string]int64{}
		for row, columns := range t.Rows {
			if n, has := columns[column]; has {
				rows[row] = n
			}
		}
		if len(rows) == 0 {
			c.wrong(noColumn, path, name, column)
		}
		return num{fact: c.word(t.By, "tables."+name+".by", text), table: rows, isSet: true}
	}
	return num{fact: c.word(x.Ref, path, number), isSet: true}
}

func (c *compiler) optional(x Number, path string) *num {
	if !x.set {
		return nil
	}
	n := c.number(x, path)
	return &n
}

func (c *compiler) term(t *Term, path string) *term {
	out := &term{fact: -1, roll: t.Roll, incl: t.Count == "incl_start"}
	switch {
	case isDate(t.Fact):
		out.fixed, out.isFixed = c.date(t.Fact[:10], path, 0), true
	case t.Fact != "":
		out.fact = c.word(t.Fact, path, date)
	case len(t.Cases) > 0:
		for i := range t.Cases {
			at := fmt.Sprintf("%s.cases.%d", path, i)
			out.branches = append(out.branches, branch{c.cond(t.Cases[i].When, at+".when"), c.term(&t.Cases[i].Then, at+".then")})
		}
	case len(t.Earliest)+len(t.Latest) > 0:
		out.latest = len(t.Latest) > 0
		list, name := t.Earliest, ".earliest."
		if out.latest {
			list, name = t.Latest, ".latest."
		}
		for i := range list {
			out.many = append(out.many, c.term(&list[i], path+name+strconv.Itoa(i)))
		}
	case t.From == nil || !t.N.set || t.Unit == "":
		c.wrong(noTerm, path)
		out.fact = 0
	default:
		out.n, out.from = c.number(t.N, path+".n"), c.term(t.From, path+".from")
		out.unit = map[string]unit{"day": days, "working_day": workingDays, "month": months, "year": years}[t.Unit]
		if !c.calendar && (out.unit == workingDays || t.Roll != "" && t.Roll != "none") {
			c.wrong(needsCalendar, path, strings.Join(calendar.Names(), " "))
		}
	}
	return out
}

// isDate also knows what the YAML library makes of a date without quotes.
func isDate(text string) bool {
	return len(text) >= 10 && text[4] == '-' && text[7] == '-' && (len(text) == 10 || strings.HasSuffix(text, "T00:00:00Z"))
}

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
