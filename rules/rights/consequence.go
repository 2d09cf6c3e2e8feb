package rights

import (
	mathbits "math/bits"
	"slices"
)

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
