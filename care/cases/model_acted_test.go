package cases_test

import (
	"maps"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/rules/policy"
)

// acted is what a step that succeeded does to the model.
func (w *world) acted(m *ref, by actor.Actor, in cases.Input, now cases.Case) {
	switch in.Action {
	case cases.Assign, cases.Liable, cases.BackLog, cases.Readdress:
		m.version++
	case cases.AddParcel:
		m.boxes++
		m.version++
	case cases.Approve:
		m.grant(now)
	case cases.Refuse:
		m.held = nil
		m.enter(cases.Rejected)
	case cases.Answer:
		m.answered(now)
	case cases.Propose:
		w.offered(m, by, in)
	case cases.Accept:
		m.kind, m.part = m.offer.Kind, false
		if m.kind == cases.KindPartial {
			m.kind, m.part = cases.KindRefund, true
			m.order.lowered = true
		}
		m.swap, m.left = nil, 0
		m.stop = m.stop && m.kind == cases.KindRefund
		m.grant(now)
	case cases.Decline:
		m.talkOver()
	case cases.Amend:
		w.amended(m, in)
		m.judged(now)
	case cases.Withdraw:
		m.close()
	case cases.HandOver:
		m.enter(cases.Returning)
	case cases.Lose:
		m.provide(m.want, now)
	case cases.Receive:
		w.received(m, in)
	case cases.Grade:
		accepted, arrived := units{}, units{}
		for _, g := range in.Grades {
			arrived[g.Line] += g.Count
			if g.Accepted {
				accepted[g.Line] += g.Count
			}
		}
		m.judge(w.withLost(m, accepted, arrived), now)
	case cases.Ship:
		w.shipped(m, now)
	case cases.Convert:
		m.convert(now)
	case cases.Confirm:
		w.confirmed(m)
	case cases.Reopen:
		w.reopenedBy(m, by, now)
	case cases.Keep:
		m.proposer = ""
		m.version++
	}
}

// answered is the answer and then what law and policy make of it.
func (m *ref) answered(now cases.Case) {
	m.version++
	m.decided(now)
}

// judged is what law and policy make of a request that is made again, unless a
// person refused it.
func (m *ref) judged(now cases.Case) {
	if slices.ContainsFunc(now.Decision.Grounds, func(g cases.Ground) bool { return g.Code == "amended" }) {
		return
	}
	if now.Decision.Outcome == "ask" {
		m.asked = true
		m.version++
		m.arm()
		return
	}
	m.decided(now)
}

func (m *ref) decided(now cases.Case) {
	switch now.State {
	case cases.Submitted:
		m.heard()
	case cases.Rejected:
		m.held = nil
		m.enter(cases.Rejected)
	default:
		m.asked = false
		m.grant(now)
	}
}

func (w *world) offered(m *ref, by actor.Actor, in cases.Input) {
	switch m.state {
	case cases.Rejected:
		m.held, m.before = maps.Clone(m.want), cases.Rejected
		if !m.holds() {
			m.held = nil
		}
	case cases.Submitted:
		m.before, m.left = cases.Submitted, max(m.due.Sub(w.clock.Now()), minute)
	}
	m.offers++
	m.offer, m.side = in, "seller"
	if by.Kind == actor.Customer {
		m.side = "customer"
	}
	m.state = cases.Negotiating
	m.version++
	m.arm()
}

func (w *world) amended(m *ref, in cases.Input) {
	m.stop = m.stop && !m.seen && m.kind == in.Request.Kind && m.order.phase == policy.InTransit
	m.kind, m.want, m.basis = in.Request.Kind, wantedUnits(in.Request.Items), in.Request.Basis
	m.held, m.swap = maps.Clone(m.want), nil
	if !m.holds() {
		m.held = nil
	}
	if m.kind == cases.KindExchange || m.kind == cases.KindReship {
		m.swap = &swap{}
	}
	m.part, m.boxes, m.left = false, 0, 0
	m.amends++
	m.state = cases.Submitted
	m.version++
	m.arm()
}

func (w *world) received(m *ref, in cases.Input) {
	if m.got == nil {
		m.got = units{}
	}
	for _, r := range in.Received {
		m.got[r.Line] += r.Quantity
	}
	m.here, m.count = true, "open"
	to := m.state
	switch {
	case !in.More:
		to, m.count = cases.Inspecting, "done"
	case to == cases.AwaitReturn:
		to = cases.Returning
	}
	m.enter(to)
}

func (w *world) shipped(m *ref, now cases.Case) {
	if m.state == cases.Rejected {
		m.here = false
		m.version++
		return
	}
	if m.swap.sent = true; m.kind == cases.KindExchange {
		m.paid, m.held = m.held, nil
		w.follow(m, now)
	}
	m.version++
	m.settleIfDone(now)
}

func (w *world) confirmed(m *ref) {
	if m.kind == cases.KindReship {
		m.held = nil
	}
	m.arrive()
	m.swap.confirmed = true
	m.enter(cases.Completed)
}

// arrive lets the customer have what was sent instead.
func (m *ref) arrive() {
	if m.next != nil {
		m.next.phase = policy.AfterReceipt
	}
}

func (w *world) reopenedBy(m *ref, by actor.Actor, now cases.Case) {
	if m.proposer == "" {
		m.proposer = by.ID
		m.version++
		return
	}
	m.proposer = ""
	m.reopened++
	if m.state == cases.Closed {
		m.state, m.stop = cases.Submitted, false
		if m.holds() {
			m.held = maps.Clone(m.want)
		}
		m.version++
		m.arm()
		return
	}
	m.owes = now.Detail.Owes
	m.state, m.clear = cases.Resolving, now.Refunded == m.refunded
	m.version++
	m.arm()
	if m.clear {
		m.settle()
	}
}
