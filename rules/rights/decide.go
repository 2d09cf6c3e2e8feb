package rights

import (
	"cmp"
	"slices"
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
