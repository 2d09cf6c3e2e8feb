package cases_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/rules/policy"
)

// walk takes steps and stops at the first that the model did not foresee.
func (w *world) walk(steps int) {
	w.t.Helper()
	defer func() {
		if w.t.Failed() {
			w.t.Logf("seed %d, step %d; the last steps:", w.seed, w.steps)
			for _, line := range w.trace[max(0, len(w.trace)-60):] {
				w.t.Log(line)
			}
		}
	}()
	for w.steps = 1; w.steps <= steps && !w.t.Failed(); w.steps++ {
		w.step()
		w.tally.steps++
	}
	w.checkAll()
}

func (w *world) step() {
	switch n := w.dice.IntN(100); {
	case len(w.cases) == 0 || n < 8:
		w.opens()
	case n < 61:
		w.somebodyActs()
	case n < 71:
		w.carrierScans()
	case n < 74:
		w.timePasses()
	case n < 81:
		w.clock.Add(time.Second)
		w.jobs()
	case n < 85:
		w.peopleSettle()
	case n < 90:
		w.chargeStep()
	case n < 92:
		w.bankSpeaks()
	default:
		w.newsArrive(1 + w.dice.IntN(4))
	}
}

func (w *world) says(format string, args ...any) {
	w.trace = append(w.trace, fmt.Sprintf(format, args...))
}

// any of the cases: most often one of the latest that are not over.
func (w *world) anyCase() *ref {
	if w.dice.IntN(12) > 0 {
		var alive []*ref
		for _, m := range w.cases {
			waits := m.state == cases.Resolving && m.swap == nil // for the bank
			if !m.final() && (!waits || w.dice.IntN(6) == 0) {
				alive = append(alive, m)
			}
		}
		if len(alive) > 0 {
			return alive[max(0, len(alive)-1-w.dice.IntN(min(len(alive), 8)))]
		}
	}
	return w.cases[w.dice.IntN(len(w.cases))]
}

func (w *world) wants(o *bought, kind string) (items []cases.Wanted) {
	for _, line := range o.o.Lines {
		if len(items) > 0 && w.dice.IntN(3) > 0 {
			break
		}
		it := cases.Wanted{Line: line.No, Quantity: 1 + w.dice.Int64N(line.Quantity), Reason: []string{"not_as_described", "wrong_size", "missing_parts"}[w.dice.IntN(3)]}
		switch kind {
		case cases.KindExchange:
			it.SKU = []string{"", "", "DEAR", "CHEAP"}[w.dice.IntN(4)]
		case cases.KindProtection:
			it.Lower = line.UnitPrice * (80 + w.dice.Int64N(20)) / 100
		}
		items = append(items, it)
	}
	return items
}

var kinds = []string{cases.KindReturn, cases.KindReturn, cases.KindReturn, cases.KindRefund, cases.KindRefund, cases.KindExchange, cases.KindExchange, cases.KindReship, cases.KindProtection, cases.KindCompensate}

func (w *world) opens() {
	var o *bought
	if len(w.orders) > 0 && w.dice.IntN(5) > 0 {
		o = w.orders[max(0, len(w.orders)-1-w.dice.IntN(min(len(w.orders), 4)))]
	} else {
		o = w.buys()
	}
	r := cases.Request{Kind: kinds[w.dice.IntN(len(kinds))], Order: o.o.ID, Credit: w.dice.IntN(4) == 0}
	if o.phase == policy.PreShip && w.dice.IntN(3) > 0 {
		r.Kind = cases.KindRefund
	}
	r.Items = w.wants(o, r.Kind)
	if r.Kind == cases.KindRefund && o.phase == policy.InTransit {
		r.Intercept = w.dice.IntN(3) > 0 && o.o.Lines[0].Tracking != ""
	}
	if r.Kind == cases.KindCompensate {
		r.Basis, r.Amount = []string{"goodwill", "statutory"}[w.dice.IntN(2)], 1+w.dice.Int64N(5000)
	}
	by := o.buyer
	if w.dice.IntN(3) == 0 {
		by = w.agent
	}
	w.says("%s opens %s of %s: %+v", by.Kind, r.Kind, o.o.Number, r.Items)
	fits := r.Kind == cases.KindCompensate
	if !fits {
		fits = w.fits(o, r.Kind, wantedUnits(r.Items))
	}
	want := when(fits)
	if fits && (o.lowered || r.Kind == cases.KindProtection || o.swapped || o.returned > 0 || r.Kind == cases.KindExchange) {
		want = maybe // there may be nothing left of the units, or not so much of an article
	}
	c, err := w.ask(by, r)
	if !w.as(want, err, "open "+r.Kind) || err != nil {
		return
	}
	m := &ref{id: c.ID, order: o, kind: r.Kind, phase: o.phase, want: wantedUnits(r.Items), stop: r.Intercept, state: c.State, version: 1, armed: true,
		asked: c.Decision.Outcome == "ask", basis: r.Basis}
	if r.Kind == cases.KindExchange || r.Kind == cases.KindReship {
		m.swap = &swap{}
	}
	if m.holds() && c.State != cases.Rejected {
		m.held = wantedUnits(r.Items)
	}
	if r.Kind == cases.KindProtection {
		o.lowered = true
	}
	w.cases = append(w.cases, m)
	switch c.State {
	case cases.Submitted, cases.Rejected:
	case cases.AwaitReturn:
		if !m.goodsBack() {
			w.t.Errorf("goods shall come back of %s", m.kind)
		}
	default:
		m.state = cases.Submitted
		m.grant(c)
	}
	m.arm()
	w.learn(m, c)
}

// learn takes over what the model does not compute, and compares the rest.
func (w *world) learn(m *ref, now cases.Case) {
	w.tally.states[m.state]++
	w.checkCase(m, now)
	m.quoted, m.refunded = now.Quoted, now.Refunded
	for _, other := range w.cases {
		if m.kind == cases.KindProtection && other != m && other.order == m.order {
			w.repriced(other)
		}
	}
	w.checkOrder(m.order)
}

// as compares what happened with what the model said; it is true where the
// step was taken.
func (w *world) as(want verdict, err error, what string) bool {
	w.t.Helper()
	var f *fault.Fault
	if err != nil && !errors.As(err, &f) {
		w.t.Errorf("%s: %v", what, err)
		return false
	}
	if err == nil && want == forbidden || err != nil && want == granted {
		w.t.Errorf("%s: %v %+v, the model says %s", what, err, f, want)
		return false
	}
	if err != nil {
		w.tally.refused[what]++
		w.says("  refused: %v", err)
		return false
	}
	w.tally.done[what]++
	return true
}

func (w *world) somebodyActs() {
	m := w.anyCase()
	who := []actor.Actor{m.order.buyer, m.order.buyer, w.agent, w.agent, w.boss, {Tenant: "main", Kind: actor.Key, ID: "key_1"}}[w.dice.IntN(6)]
	in := w.input(m)
	before := w.reload(cases.Case{ID: m.id})
	w.says("%s %s on %s (%s %s v%d) %s", who.ID, in.Action, before.Number, m.kind, m.state, m.version, told(in))
	want := w.may(m, who, in)
	if n := w.dice.IntN(60); n == 0 {
		before.Version-- // somebody was faster
		want = forbidden
	} else if n == 1 && who.Kind == actor.Customer {
		who.ID, want = "cus_other", forbidden
	}
	var stored map[string]string
	if want != granted && w.dice.IntN(25) == 0 {
		stored = w.contents()
	}
	if before.Version == 0 {
		before.Version = -1
	}
	_, err := w.try(who, before, in)
	if !w.as(want, err, string(in.Action)) {
		if stored != nil && err != nil {
			for table, now := range w.contents() {
				if now != stored[table] {
					w.t.Errorf("refusing %s changed %s", in.Action, table)
				}
			}
		}
		w.checkCase(m, w.reload(cases.Case{ID: m.id}))
		return
	}
	now := w.reload(cases.Case{ID: m.id})
	m.armed = false
	w.acted(m, who, in, now)
	w.learn(m, now)
}
