package cases_test

import (
	"maps"
	"time"

	"github.com/aftercare/aftercare/care/cases"
)

// ref is a case as the reference model knows it. It is written from what the
// README and the model of a case promise, not from the table of moves: who may
// do what when, where it leads, which units are held, which deadline runs. What
// things cost it takes from the program; other tests say what that must be.
type ref struct {
	id, kind, phase string
	order           *bought
	state           cases.State
	version         int64
	want            units // what the request is about
	held            units // taken from other cases; of price protection: from others that ask the same
	paid            units // paid back for ever
	early           units // paid back before they were seen
	owed            units // to be given back, in money

	timer string
	due   time.Time
	armed bool          // the deadline was set in this step
	left  time.Duration // of the seller's time, while both sides talk

	asked            bool   // the customer has to answer a question first
	stop, here, seen bool   // the carrier shall stop it; the goods are at the shop; nothing was accepted
	count            string // of the parcels: empty, open, done
	got              units
	amends, boxes    int
	basis            string // of a compensation
	offers           int
	side             string
	offer            cases.Input
	before           cases.State
	part             bool // money, and the goods are kept
	swap             *swap
	owes             bool    // a change of the paid case
	next             *bought // the order of what was sent instead
	advance          string
	clear            bool  // all its payouts so far succeeded
	refunded         int64 // as the program said last
	quoted           int64
	proposer         string
	reopened         int
	repriced         int // how often the program said so
}

// units are counts by line.
type units map[int]int64

func (u units) sum() (n int64) {
	for _, x := range u {
		n += x
	}
	return n
}

// swap is what is sent instead, or again.
type swap struct{ due, collected, sent, delivered, confirmed bool }

func (m *ref) holds() bool { return m.kind != cases.KindCompensate }
func (m *ref) final() bool { return m.state == cases.Completed || m.state == cases.Closed }
func (m *ref) goodsBack() bool {
	return !m.here && !m.part && (m.kind == cases.KindReturn || m.kind == cases.KindExchange || m.kind == cases.KindRefund && m.stop)
}
func (m *ref) mustSend() bool {
	return m.swap != nil && !m.swap.sent && (!m.swap.due || m.swap.collected)
}

// clock is the deadline that runs in the state, and how long it is: from the
// least to the most.
func (m *ref) clock() (name string, least, most time.Duration) {
	const day = 24 * time.Hour
	hours := func(name string, n int) (string, time.Duration, time.Duration) {
		return name, time.Duration(n) * time.Hour, time.Duration(n) * time.Hour
	}
	switch m.state {
	case cases.Submitted:
		if m.asked {
			return cases.TimerReply, 7 * day, 8 * day
		}
		return hours(cases.TimerAnswer, 48)
	case cases.Negotiating:
		return hours(cases.TimerOffer, 48)
	case cases.AwaitReturn:
		if !m.stop {
			return cases.TimerShipBack, 7 * day, 8 * day
		}
		fallthrough
	case cases.Returning:
		return cases.TimerTransit, 10 * day, 11 * day
	case cases.Inspecting:
		return hours(cases.TimerInspect, 72)
	case cases.Rejected:
		return cases.TimerEscalate, 7 * day, 8 * day
	case cases.AwaitConfirm:
		return cases.TimerConfirm, 7 * day, 8 * day
	case cases.Resolving:
		if m.swap != nil && m.swap.due && !m.swap.collected {
			return hours(cases.TimerPayment, 72)
		}
		return hours(cases.TimerPayout, 24)
	}
	return "", 0, 0
}

func (m *ref) arm() {
	m.armed = true
	m.asked = m.asked && (m.state == cases.Submitted || m.state == cases.Negotiating)
	m.timer, _, _ = m.clock()
}

// heard ends the question: the seller has all of the time that did not run.
func (m *ref) heard() {
	m.asked, m.left = false, 48*time.Hour
	m.version++
	m.arm()
}

// enter is one step to a state, the same or another.
func (m *ref) enter(state cases.State) {
	m.version++
	if state != m.state {
		m.state = state
		m.arm()
	}
}

// grant is a yes: the goods set out, or what is owed is provided.
func (m *ref) grant(now cases.Case) {
	if m.goodsBack() {
		if m.seen {
			m.seen, m.count, m.got = false, "", nil
		}
		m.enter(cases.AwaitReturn)
		return
	}
	m.provide(m.want, now)
}

// provide pays for units, or plans what is sent for them.
func (m *ref) provide(accepted units, now cases.Case) {
	accepted = maps.Clone(accepted)
	switch {
	case m.kind == cases.KindExchange || m.kind == cases.KindReship:
		m.held, m.swap.due = accepted, now.Detail.Exchange != nil && now.Detail.Exchange.Due > 0
	case m.advance != "":
		m.correct(accepted, now)
	case m.part || m.kind == cases.KindProtection:
		m.held = nil
	case m.holds():
		m.paid, m.held = accepted, nil
	}
	m.enter(cases.Resolving)
	m.settleIfDone(now)
}

// correct is the reckoning of what was paid before it was seen.
func (m *ref) correct(accepted units, now cases.Case) {
	m.paid, m.owed = accepted, units{}
	for line, n := range m.early {
		m.owed[line] = n - accepted[line]
	}
	m.early, m.advance = nil, cases.AdvanceSettled
	if now.Detail.Advance.Owed > 0 {
		m.advance = cases.AdvanceRecovering
	}
	if now.Refunded > m.refunded {
		m.clear = false
	}
}

func (m *ref) settleIfDone(now cases.Case) {
	if m.state == cases.Resolving && (now.Refunded == 0 || m.clear) && (m.swap == nil || m.swap.sent) {
		m.settle()
	}
}

func (m *ref) settle() {
	if m.swap != nil && !m.swap.confirmed {
		m.enter(cases.AwaitConfirm)
		return
	}
	m.enter(cases.Completed)
}

func (m *ref) close() {
	m.held, m.left = nil, 0
	m.enter(cases.Closed)
}

func (m *ref) judge(accepted units, now cases.Case) {
	if accepted.sum() > 0 {
		m.provide(accepted, now)
		return
	}
	m.here, m.seen = m.got.sum() > 0, true
	if m.advance != "" {
		m.correct(nil, now)
	} else {
		m.held = nil
	}
	m.enter(cases.Rejected)
}

func (m *ref) talkOver() {
	m.state = m.before
	if m.state == cases.Rejected {
		m.held = nil
	}
	m.version++
	m.arm()
	m.before = ""
}

func (m *ref) convert(now cases.Case) {
	m.kind, m.swap = cases.KindReturn, nil
	if m.state != cases.Resolving {
		m.version++
		return
	}
	m.arm()
	m.provide(m.held, now)
}

func (m *ref) overdue() {
	m.version++
	m.timer = ""
}
