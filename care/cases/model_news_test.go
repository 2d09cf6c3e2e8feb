package cases_test

import (
	"maps"
	"slices"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/rules/policy"
)

// ranks order what is known of a parcel: only something newer moves it.
var ranks = map[shipment.State]int{
	shipment.Planned: 1, shipment.LabelIssued: 2, shipment.PickupBooked: 3, shipment.Cancelled: 4, shipment.HandedOver: 5, shipment.InTransit: 6,
	shipment.Refused: 7, shipment.Intercepted: 8, shipment.Lost: 9, shipment.Delivered: 10, shipment.Returned: 11, shipment.Received: 12,
}

// scanned is what a new scan does to the cases of a parcel. all are their
// parcels after it.
func (w *world) scanned(m *ref, p shipment.Parcel, status shipment.State, now cases.Case) {
	if m.final() || m.state == cases.Rejected {
		return
	}
	underway := m.state == cases.AwaitReturn || m.state == cases.Returning
	switch p.Direction {
	case shipment.Replacement:
		if status == shipment.Delivered && m.state == cases.AwaitConfirm && !m.swap.delivered {
			m.swap.delivered = true
			m.arrive()
			m.version++
			m.arm()
		}
	case shipment.Back:
	case shipment.Original:
		switch {
		case status == shipment.Delivered && m.state == cases.AwaitReturn && m.stop:
			m.kind, m.stop = cases.KindReturn, false
			m.order.phase = policy.AfterReceipt
			m.version++
			m.arm()
		case status == shipment.Lost && (m.state == cases.Returning || m.state == cases.AwaitReturn && m.stop):
			w.lost(m, now)
		case status == shipment.Returned && underway:
			w.delivered(m)
		case status == shipment.Refused || status == shipment.Intercepted:
			w.setOut(m, now)
		}
	default:
		switch {
		case status == shipment.Delivered && underway:
			w.delivered(m)
		case status == shipment.Lost && m.state == cases.Returning && p.Carrier == shipment.Own:
			w.lost(m, now)
		case status == shipment.HandedOver || status == shipment.InTransit || status == shipment.OutForDelivery:
			w.setOut(m, now)
		}
	}
}

func (w *world) delivered(m *ref) {
	if w.more(m) {
		m.enter(cases.Returning)
		return
	}
	m.enter(cases.Inspecting)
}

// more tells whether another of several parcels is to come.
func (w *world) more(m *ref) bool {
	return m.boxes > 0 && slices.ContainsFunc(w.parcels(m), func(p shipment.Parcel) bool {
		return p.Direction.Incoming() && p.State != shipment.Cancelled && p.State != shipment.Lost && ranks[p.State] < ranks[shipment.Delivered]
	})
}

// lost is what the loss of a parcel does: of one of several, the case goes on
// with the others.
func (w *world) lost(m *ref, now cases.Case) {
	switch {
	case m.state == cases.Returning && w.more(m):
	case m.state == cases.Returning && m.boxes > 0 && slices.ContainsFunc(w.parcels(m), came):
		m.enter(cases.Inspecting)
	default:
		m.provide(m.want, now)
	}
}

func came(p shipment.Parcel) bool { return p.Direction.Incoming() && p.State.Final() }

// withLost adds what was in a lost one of several parcels with our label.
func (w *world) withLost(m *ref, accepted, arrived units) units {
	all := maps.Clone(accepted)
	ours := func(p shipment.Parcel) bool {
		return p.Direction == shipment.Return && p.State == shipment.Lost && p.Carrier == shipment.Own
	}
	if m.boxes > 0 && slices.ContainsFunc(w.parcels(m), ours) {
		for line, n := range m.want {
			all[line] += n - arrived[line]
		}
	}
	return all
}

// setOut is a carrier's word that the goods are on their way.
func (w *world) setOut(m *ref, now cases.Case) {
	if m.state != cases.AwaitReturn && (m.state != cases.Returning || m.boxes == 0) {
		return
	}
	if m.kind == cases.KindReturn && !m.part && m.advance == "" && m.quoted > 0 && m.quoted <= m.order.advance {
		m.advance, m.early, m.held = cases.AdvancePaid, m.held, nil
	}
	m.enter(cases.Returning)
}

// expired is what the deadline of a case does.
func (w *world) expired(m *ref, was []shipment.Parcel, now cases.Case) {
	switch m.timer {
	case cases.TimerAnswer:
		if m.kind == cases.KindProtection && now.State == cases.Rejected { // all of it was paid back meanwhile
			m.held = nil
			m.enter(cases.Rejected)
			return
		}
		if m.unchecked() {
			m.overdue()
			return
		}
		m.grant(now)
	case cases.TimerReply:
		m.heard()
	case cases.TimerOffer:
		m.talkOver()
	case cases.TimerShipBack, cases.TimerEscalate:
		m.close()
	case cases.TimerConfirm:
		w.confirmed(m)
	case cases.TimerPayment:
		m.convert(now)
	case cases.TimerPayout:
		m.overdue()
	case cases.TimerInspect:
		accepted := m.want
		if m.count != "" {
			accepted = w.withLost(m, m.got, m.got)
		}
		m.judge(accepted, now)
	case cases.TimerTransit:
		sent := m.stop
		for _, p := range was {
			if p.Direction.Incoming() && ranks[p.State] >= ranks[shipment.HandedOver] && ranks[p.State] < ranks[shipment.Delivered] {
				sent = true
				if p.Carrier != shipment.Own && p.Direction == shipment.Return {
					m.overdue()
					return
				}
			}
		}
		if !sent {
			m.overdue()
			return
		}
		if m.boxes > 0 && slices.ContainsFunc(was, came) {
			m.enter(cases.Inspecting)
			return
		}
		m.provide(m.want, now)
	}
}

// unchecked tells whether money is asked for on the customer's word: the catalogue
// has no article of these orders for less.
func (m *ref) unchecked() bool {
	switch m.kind {
	case cases.KindCompensate:
		return m.basis == "statutory" || !m.order.silent
	case cases.KindProtection:
		return !m.order.silent
	}
	return false
}

// heardOf is what news of money does.
func (w *world) heardOf(m *ref, news, purpose string, amount int64, all bool, now cases.Case) {
	switch {
	case news == "payout.succeeded":
		if !all || m.clear || (m.advance != "" || m.reopened > 0) && w.open(m) {
			return
		}
		switch {
		case m.state == cases.Resolving && (m.swap == nil || m.swap.sent):
			m.clear = true
			m.settle()
		case m.advance != "" || m.state == cases.Resolving:
			m.clear = true
			m.version++
		}
	case purpose == charge.Adjustment:
		if news != "charge.expired" && m.owes {
			m.owes = false
			m.version++
		}
	case purpose == charge.AdvanceRecovery:
		if news == "charge.expired" || m.advance != cases.AdvanceRecovering {
			return
		}
		m.owed, m.advance = nil, cases.AdvanceWrittenOff
		if news == "charge.paid" {
			m.advance = cases.AdvanceRecovered
		}
		m.version++
	case m.swap == nil:
	case news == "charge.paid" || news == "charge.waived":
		if m.state == cases.Resolving && m.swap.due && !m.swap.collected {
			m.swap.collected = true
			m.version++
			m.arm()
		}
	case m.kind == cases.KindExchange && !m.swap.sent && m.state == cases.Resolving:
		m.convert(now)
	}
}

// open tells whether a payout of the case has still to succeed.
func (w *world) open(m *ref) bool {
	for _, p := range w.payouts(m) {
		if p.State != settlement.Succeeded {
			return true
		}
	}
	return false
}
