package rights

import (
	"cmp"
	"encoding/json"
	mathbits "math/bits"
	"slices"
	"strconv"
	"strings"
)

// Decide answers one question. It fails with ErrFacts where the facts name a
// zone or a word that does not exist, or no day on which they are asked.
func (b *Book) Decide(f *Facts) (Answer, error) {
	if f.AsOf.IsZero() {
		return Answer{}, ErrFacts.With("field", "as_of").With("reason", "is missing: nothing else tells the day")
	}
	var r run
	why, err := b.open(&r, f)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{ID: f.ID, Law: why, Remedies: []Decision{}}
	if r.pack == nil {
		return answer, nil
	}
	var room [12]verdict
	best := r.weighAll(room[:0])
	answer.Remedies = make([]Decision, len(best))
	r.grounds, r.raw = make([]Used, 0, 5*len(best)), make([]byte, 0, 8*len(best))
	currency := cmp.Or(f.Currency, r.pack.currency)
	for i := range best {
		r.decision(&answer.Remedies[i], &best[i], currency, why.uncertain())
	}
	return answer, nil
}

// open finds the law for a question and reads its facts. Without a law, the run
// has no pack.
func (b *Book) open(r *run, f *Facts) (why Law, err error) {
	if r.pack, why, err = b.applicable(f); err != nil || r.pack == nil {
		return why, err
	}
	r.zone = r.pack.zone
	if f.Zone != "" {
		if r.zone, err = b.zone(f.Zone); err != nil {
			return why, ErrFacts.With("field", "zone").With("value", f.Zone)
		}
	}
	r.fill(f)
	r.asOf = r.facts[theAsOf].n
	return why, r.facts.check()
}

// weighAll runs the rules and keeps the best for each remedy.
func (r *run) weighAll(best []verdict) []verdict {
	for _, rule := range r.pack.rules {
		v, speaks := r.judge(rule)
		if !speaks {
			continue
		}
		i := len(best) - 1
		for i >= 0 && best[i].rule.Remedy != rule.Remedy {
			i--
		}
		if i < 0 {
			best = append(best, v)
		} else if v.better(&best[i]) {
			v.also = append(best[i].also, best[i].line())
			best[i] = v
		} else {
			best[i].also = append(best[i].also, v.line())
		}
	}
	return best
}

// Could reports whether any answer to facts that are yes or no could give one of
// the remedies, or leave it open. Where that cannot be worked out, it could.
func (b *Book) Could(f *Facts, remedies, truths []string) bool {
	var r run
	if _, err := b.open(&r, f); err != nil || r.pack == nil {
		return err != nil
	}
	var places [8]int
	if len(truths) > len(places) {
		return true
	}
	for i, name := range truths {
		at, ok := vocabulary.byID[name]
		if !ok || vocabulary.all[at].kind != yesno || vocabulary.all[at].path == nil {
			return true
		}
		if places[i] = at; strings.HasPrefix(name, "defect.") {
			r.facts.set(defectKnown, value{known: true, n: 1})
		}
	}
	for bits := range int64(1) << len(truths) {
		for i := range truths {
			r.facts[places[i]] = value{known: true, given: true, n: bits >> i & 1}
		}
		for _, rule := range r.pack.rules {
			if !slices.Contains(remedies, rule.Remedy) {
				continue
			}
			if v, speaks := r.judge(rule); speaks && v.outcome != NotEntitled {
				return true
			}
		}
	}
	return false
}

// check finds words that a fact never has.
func (t *table) check() error {
	for _, i := range vocabulary.choices {
		w := &vocabulary.all[i]
		if t[i].given && !slices.Contains(w.among, t[i].s) {
			return ErrFacts.With("field", w.name).With("value", t[i].s).With("known", strings.Join(w.among, ", "))
		}
	}
	return nil
}

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

// decision words a verdict out: days, money, freight, duties and grounds.
func (r *run) decision(d *Decision, v *verdict, currency string, uncertain bool) {
	c := v.rule
	*d = Decision{
		Remedy: c.Remedy, Outcome: v.outcome, Code: v.code, Rule: c.ID, Pack: c.pack,
		Confidence: c.Confidence, Cite: c.Cite, Also: v.also, rule: c,
	}
	if uncertain && d.Outcome.rank() >= Conditional.rank() {
		d.Outcome, d.Code = NeedsReview, "LAW_UNCERTAIN"
	}
	for at := range v.lacks {
		for bits := v.lacks[at]; bits != 0; bits &= bits - 1 {
			d.Needs = append(d.Needs, vocabulary.all[at*64+mathbits.TrailingZeros64(bits)].name)
		}
	}
	if v.end.known {
		d.Deadline = r.deadline(v.end)
		d.Notes = dayNotes(d.Notes, v.end)
		if c.Window.Sure == "D" {
			d.Notes = append(d.Notes, "DEADLINE_UNVERIFIED")
		}
	}
	r.read = set{}
	for i := range c.notes {
		if is, _ := c.notes[i].when.eval(r); is == yes {
			d.Notes = append(d.Notes, c.notes[i].code)
			if c.notes[i].outcome == breach {
				d.Breaches = append(d.Breaches, c.notes[i].code)
			}
		}
	}
	if d.Outcome != NotEntitled {
		r.consequences(c, d, currency)
	}
	v.facts.join(r.read)
	d.Facts = r.used(v.facts)
}

func dayNotes(notes []string, d day) []string {
	if d.disputed && d.n != d.strict {
		notes = append(notes, "ROLL_DISPUTED")
	}
	if d.unverified && d.n != d.strict {
		notes = append(notes, "ROLL_UNVERIFIED")
	}
	if d.noCalendar {
		notes = append(notes, "NEEDS_CALENDAR")
	}
	return notes
}

func (r *run) consequences(c *compiled, d *Decision, currency string) {
	var lacks set
	for i := range c.freight {
		if is, _ := c.freight[i].when.eval(r); is == yes {
			d.Freight = c.freight[i].pays
			if !c.freight[i].sure {
				d.Notes = append(d.Notes, "FREIGHT_UNVERIFIED")
			}
			break
		}
	}
	if c.Refund != nil {
		d.Refund = r.refund(c, currency)
		if c.Refund.Sure == "D" {
			d.Notes = append(d.Notes, "REFUND_UNVERIFIED")
		}
	}
	if b := c.Burden; b != nil {
		d.Burden = &Proof{On: b.On}
		if c.until != nil {
			until, at := c.until.day(r, &lacks), r.fact(c.burdenDay)
			switch {
			case !until.known || !at.known:
				d.Burden = nil
			case at.n > until.n:
				d.Burden.On = b.Otherwise
			default:
				d.Burden.Until = dateOf(until.n)
			}
		}
		if b.Sure == "D" {
			d.Notes = append(d.Notes, "BURDEN_UNVERIFIED")
		}
	}
	for i := range c.duties {
		one := &c.duties[i]
		if is, _ := one.when.eval(r); is != yes {
			continue
		}
		due := one.by.day(r, &lacks)
		if !due.known {
			continue
		}
		d.Duties = append(d.Duties, Owed{Code: one.Code, Who: one.Who, Date: dateOf(due.n), State: r.state(one, due.n)})
		if one.Sure == "D" {
			d.Notes = append(d.Notes, "DUTY_UNVERIFIED")
		}
	}
	slices.Sort(d.Notes)
	d.Notes = slices.Compact(d.Notes)
}

func (r *run) state(d *duty, due int64) string {
	if d.done >= 0 {
		if done := r.fact(d.done); done.known && done.n <= r.asOf {
			if done.n <= due {
				return "done"
			}
			return "late"
		}
	}
	if r.asOf > due {
		return "overdue"
	}
	return "open"
}

// used lists facts that were given, in the order of the vocabulary. The lists of
// one answer lie one after the other in the same room.
func (r *run) used(facts set) []Used {
	from := len(r.grounds)
	for at := range facts {
		for bits := facts[at]; bits != 0; bits &= bits - 1 {
			i := at*64 + mathbits.TrailingZeros64(bits)
			if v := &r.facts[i]; v.given {
				r.grounds = append(r.grounds, Used{vocabulary.all[i].name, r.json(v, vocabulary.all[i].kind)})
			}
		}
	}
	return r.grounds[from:len(r.grounds):len(r.grounds)]
}

var quotedTruth = [2]json.RawMessage{json.RawMessage("false"), json.RawMessage("true")}

// json writes a value.
func (r *run) json(v *value, k kind) json.RawMessage {
	from := len(r.raw)
	switch k {
	case yesno:
		return quotedTruth[v.n]
	case date:
		return quotedDate(v.n)
	case number:
		r.raw = strconv.AppendInt(r.raw, v.n, 10)
	default:
		r.raw = strconv.AppendQuote(r.raw, v.s)
	}
	return r.raw[from:len(r.raw):len(r.raw)]
}
