package cases_test

import (
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/rules/policy"
)

// verdict is what the model says of a step before it is tried.
type verdict string

const (
	forbidden verdict = "no"
	granted   verdict = "yes"
	maybe     verdict = "maybe" // it depends on money, which the model does not compute
)

func when(ok bool) verdict {
	if ok {
		return granted
	}
	return forbidden
}

// may tells whether a party may do this now. Deadlines, scans and money come
// another way.
func (w *world) may(m *ref, by actor.Actor, in cases.Input) verdict {
	people := by.Kind == actor.Staff || by.Kind == actor.Key
	is := func(all ...cases.State) bool {
		for _, s := range all {
			if m.state == s {
				return true
			}
		}
		return false
	}
	side := "seller"
	if !people {
		side = "customer"
	}
	underway := is(cases.AwaitReturn, cases.Returning)
	switch in.Action {
	case cases.Assign, cases.Note:
		return when(people)
	case cases.Readdress:
		return when((m.kind == cases.KindExchange || m.kind == cases.KindReship) && !m.final() && (m.swap == nil || !m.swap.sent))
	case cases.Approve:
		return w.affordable(m, people && is(cases.Submitted))
	case cases.Refuse:
		return when(people && is(cases.Submitted))
	case cases.Answer:
		return when(is(cases.Submitted) && m.asked)
	case cases.Propose:
		fits := m.kind == cases.KindReturn || m.kind == cases.KindRefund || m.kind == cases.KindExchange
		fits = fits && (in.Kind == cases.KindPartial && in.Amount >= 1 && in.Amount <= m.quoted || in.Kind != cases.KindPartial && in.Amount == 0)
		ok := fits && m.offers < 50 && (is(cases.Submitted, cases.Negotiating) || is(cases.Rejected) && w.canHold(m, m.want))
		if ok && in.Kind == cases.KindPartial {
			return maybe // up to what is left of the units; the promise may hold shipping besides
		}
		return when(ok)
	case cases.Accept:
		return w.affordable(m, is(cases.Negotiating) && m.side != side)
	case cases.Decline:
		return when(is(cases.Negotiating))
	case cases.Amend:
		sense := policy.Allowed(in.Request.Kind, m.order.phase)
		return w.affordable(m, sense && is(cases.Rejected) && !m.here && m.amends < 5 && w.canHold(m, wantedUnits(in.Request.Items)))
	case cases.Withdraw:
		return when(is(cases.Submitted, cases.AwaitReturn) || is(cases.Negotiating, cases.Rejected) && !m.here)
	case cases.HandOver:
		return when(underway && w.canHandOver(m, in.Tracking != ""))
	case cases.AddParcel:
		return when(underway)
	case cases.Lose:
		return when(people && (is(cases.Returning) || is(cases.AwaitReturn) && m.stop))
	case cases.Receive:
		ok := people && (underway || is(cases.Inspecting)) && m.count != "done"
		for _, r := range in.Received {
			ok = ok && m.got[r.Line]+r.Quantity <= m.want[r.Line]
		}
		return when(ok)
	case cases.Grade:
		ok := people && is(cases.Inspecting) && m.count == "done"
		graded := units{}
		for _, g := range in.Grades {
			graded[g.Line] += g.Count
		}
		for line := range m.want {
			ok = ok && graded[line] == m.got[line]
		}
		return when(ok)
	case cases.Ship:
		return when(people && (is(cases.Rejected) && m.here || is(cases.Resolving) && m.mustSend()))
	case cases.BackLog:
		return when(people && is(cases.Resolving) && m.mustSend())
	case cases.Convert:
		return when((underway || is(cases.Inspecting, cases.Resolving)) && m.kind == cases.KindExchange && (m.swap == nil || !m.swap.sent))
	case cases.Confirm:
		return when(is(cases.AwaitConfirm))
	case cases.Liable:
		return w.affordable(m, people && (is(cases.Submitted, cases.AwaitReturn) || is(cases.Returning, cases.Inspecting) && m.advance == ""))
	case cases.Reopen:
		return w.mayReopen(m, by, in, people)
	case cases.Keep:
		return when(people && m.final() && m.proposer != "")
	}
	return forbidden
}

// affordable is maybe where the arithmetic has a word: of kept units there may
// be nothing left.
func (w *world) affordable(m *ref, ok bool) verdict {
	if ok && (m.kind == cases.KindProtection || m.order.lowered) {
		return maybe
	}
	return when(ok)
}

func (w *world) mayReopen(m *ref, by actor.Actor, in cases.Input, people bool) verdict {
	switch {
	case !people || !m.final() || m.proposer == by.ID:
		return forbidden
	case m.proposer == "" && m.state == cases.Closed:
		return granted
	case m.proposer == "":
		freight := in.Freight == "" || m.kind == cases.KindReturn || m.kind == cases.KindRefund
		return when(freight && (in.Amount > 0 || in.Freight != ""))
	case m.state == cases.Closed:
		return w.affordable(m, !m.holds() || w.canHold(m, m.want))
	}
	return maybe // whether money was paid that can be changed
}

// canHold tells whether the units are free, and the case has had no money.
func (w *world) canHold(m *ref, want units) bool {
	if m.advance != "" {
		return false
	}
	if !m.holds() {
		return true
	}
	return w.fits(m.order, m.kind, want)
}

// fits tells whether a case of a kind may name these units: no other case has
// them, or, where it only asks about their price, none asks the same and they
// were not paid back. Of units that were asked about and then paid back the
// model does not know which they are; what it says is then an upper bound.
func (w *world) fits(o *bought, kind string, want units) bool {
	for line, n := range want {
		free := w.free(o, line)
		if kind == cases.KindProtection {
			free = w.priced(o, line)
		}
		if free < n {
			return false
		}
	}
	return true
}

func (w *world) priced(o *bought, line int) int64 {
	l, _ := o.o.Line(line)
	var back, asked int64
	for _, m := range w.cases {
		if m.order != o {
			continue
		}
		back += m.paid[line] + m.early[line] + m.owed[line]
		if m.kind == cases.KindProtection {
			asked += m.held[line]
		}
	}
	return l.Quantity - max(back, asked)
}

// free counts the units of a line that no case has.
func (w *world) free(o *bought, line int) int64 {
	l, _ := o.o.Line(line)
	n := l.Quantity
	for _, m := range w.cases {
		if m.order == o {
			n -= m.paid[line] + m.early[line] + m.owed[line]
		}
		if m.order == o && m.kind != cases.KindProtection {
			n -= m.held[line]
		}
	}
	return n
}

func wantedUnits(items []cases.Wanted) units {
	all := units{}
	for _, it := range items {
		all[it.Line] += it.Quantity
	}
	return all
}
