package rights

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Trial is a test of a pack that was run.
type Trial struct {
	Jurisdiction string
	File         string
	Line, Column int
	Name         string
	Failed       []string // what is not as expected; none: passed
}

// Problems are what is not as expected, each at the place of the facts.
func (t *Trial) Problems() (all Problems) {
	for _, wrong := range t.Failed {
		all = append(all, Problem{File: t.File, Line: t.Line, Column: t.Column, Code: testFails.code, Message: testFails.text(t.Name, wrong)})
	}
	return all
}

// Run runs the tests inside the packs.
func (b *Book) Run() (trials []Trial) {
	for _, p := range b.packs {
		for i := range p.Tests {
			t := b.Try(&p.Tests[i])
			t.Jurisdiction, t.File = p.Jurisdiction, p.file
			trials = append(trials, t)
		}
	}
	return trials
}

// Try answers the question of a test and compares.
func (b *Book) Try(t *Test) Trial {
	trial := Trial{Name: t.Name, Line: t.Facts.Line, Column: t.Facts.Column}
	fail := func(format string, args ...any) { trial.Failed = append(trial.Failed, fmt.Sprintf(format, args...)) }
	f, err := factsOf(&t.Facts)
	if err != nil {
		fail("facts: %v", err)
		return trial
	}
	answer, err := b.Decide(f)
	if err != nil {
		fail("facts: %v", err)
		return trial
	}
	for _, want := range t.Expect {
		if want.Law != "" && answer.Law.Jurisdiction != want.Law {
			fail("law %s, want %s", answer.Law.Jurisdiction, want.Law)
		}
		if want.Remedy == "" {
			for _, note := range want.Notes {
				if !slices.Contains(answer.Law.Notes, note) {
					fail("law: notes %q, want %s", answer.Law.Notes, note)
				}
			}
			continue
		}
		i := slices.IndexFunc(answer.Remedies, func(d Decision) bool { return d.Remedy == want.Remedy })
		switch {
		case want.Absent && i >= 0:
			fail("%s: there is an answer: %s", want.Remedy, answer.Remedies[i].Outcome)
		case want.Absent:
		case i < 0:
			fail("%s: no rule speaks of it", want.Remedy)
		default:
			want.compare(&answer.Remedies[i], fail)
		}
	}
	return trial
}

func (e *Expect) compare(d *Decision, fail func(string, ...any)) {
	same := func(what, got, want string) {
		if want != "" && got != want {
			fail("%s: %s %q, want %q", e.Remedy, what, got, want)
		}
	}
	day := func(end *Deadline) (date, strict string) {
		if end == nil {
			return "none", "none"
		}
		return end.Date, end.Strict
	}
	has := func(what string, got, want []string) {
		for _, one := range want {
			if !slices.Contains(got, one) {
				fail("%s: %s %q, want %s among them", e.Remedy, what, got, one)
			}
		}
	}
	same("outcome", string(d.Outcome), e.Outcome)
	same("rule", d.Rule, e.Rule)
	same("code", d.Code, e.Code)
	date, strict := day(d.Deadline)
	same("deadline", date, e.Deadline)
	same("strict day", strict, e.Strict)
	same("freight", d.Freight, e.Freight)
	has("needs", d.Needs, e.Needs)
	has("notes", d.Notes, e.Notes)
	has("breaches", d.Breaches, e.Breaches)
	for _, one := range e.NotNotes {
		if slices.Contains(d.Notes, one) {
			fail("%s: notes %q, want none of %s", e.Remedy, d.Notes, one)
		}
	}
	if e.Burden != "" && (d.Burden == nil || d.Burden.On != e.Burden) {
		fail("%s: burden %v, want %s", e.Remedy, d.Burden, e.Burden)
	}
	for _, code := range slices.Sorted(maps.Keys(e.Duties)) {
		got := "none"
		for _, duty := range d.Duties {
			if duty.Code == code {
				got = duty.Date + " " + duty.State
			}
		}
		if want := e.Duties[code]; got != want && (len(got) < 10 || got[:10] != want) {
			fail("%s: duty %s %s, want %s", e.Remedy, code, got, want)
		}
	}
	e.money(d.Refund, fail)
}

func (e *Expect) money(m *Money, fail func(string, ...any)) {
	if m == nil {
		m = &Money{}
	}
	if e.Amount != nil && (m.Minor == nil || *m.Minor != *e.Amount) {
		got := "unknown"
		if m.Minor != nil {
			got = fmt.Sprint(*m.Minor)
		}
		fail("%s: amount %s, want %d", e.Remedy, got, *e.Amount)
	}
	for _, code := range slices.Sorted(maps.Keys(e.Parts)) {
		if !slices.Contains(m.Parts, Piece{code, e.Parts[code]}) {
			fail("%s: parts %v, want %s %d", e.Remedy, m.Parts, code, e.Parts[code])
		}
	}
	if e.Due != "" && (m.Due == nil || m.Due.Date != e.Due) {
		fail("%s: due %v, want %s", e.Remedy, m.Due, e.Due)
	}
	if e.Unsure != nil && !slices.Equal(m.Unsettled, e.Unsure) {
		fail("%s: needs review %q, want %q", e.Remedy, m.Unsettled, e.Unsure)
	}
	if e.Withhold != nil && m.Withhold != *e.Withhold {
		fail("%s: may withhold %t, want %t", e.Remedy, m.Withhold, *e.Withhold)
	}
	if e.Deducts != nil && !slices.Equal(m.Deductions, e.Deducts) {
		fail("%s: deductions %q, want %q", e.Remedy, m.Deductions, e.Deducts)
	}
}

// factsOf reads facts written in YAML: JSON with fewer signs. Dates stay texts.
func factsOf(n *yaml.Node) (*Facts, error) {
	plainDates(n)
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	f := new(Facts)
	return f, d.Decode(f)
}

func plainDates(n *yaml.Node) {
	if n.Tag == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, inner := range n.Content {
		plainDates(inner)
	}
}
