package cases_test

import (
	"encoding/json"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// rows lists the first column of a query.
func (w *world) rows(query string, args ...any) (all []string) {
	w.t.Helper()
	w.read(func(tx *db.Tx) (err error) {
		all, err = db.List(w.t.Context(), tx, func(r db.Scanner) (one string, err error) { return one, r.Scan(&one) }, query, args...)
		return err
	})
	return all
}

// peopleSettle takes up a payout that waits for a person.
func (w *world) peopleSettle() {
	all := w.rows(`select id from settlement_payout where state in ('failed', 'manual') order by id`)
	if len(all) == 0 {
		return
	}
	w.settleByHand(all[w.dice.IntN(len(all))])
}

func (w *world) settleByHand(id string) {
	var p settlement.Payout
	w.read(func(tx *db.Tx) (err error) { p, err = settlement.ByID(w.t.Context(), tx, "main", id); return err })
	do, f := settlement.Retry, w.fates[p.Key()]
	if p.Provider != "bank" || !p.Unsure && (f == nil || !f.paid) && w.dice.IntN(5) == 0 {
		do = settlement.MarkPaid
	}
	w.says("%s payout of %d in %s", do, p.Amount, p.State)
	err := w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.shop.cases.Payouts.Act(w.t.Context(), tx, w.agent, id, p.Version, do, "by hand")
		return err
	})
	w.as(granted, err, "payout "+string(do))
}

// chargeStep lets the customer pay what is owed, or the shop give it up.
func (w *world) chargeStep() {
	all := w.rows(`select id from charge_charge where state in ('due', 'expired') order by id`)
	if len(all) == 0 {
		return
	}
	var c charge.Charge
	w.read(func(tx *db.Tx) (err error) {
		c, err = charge.ByID(w.t.Context(), tx, w.agent, all[w.dice.IntN(len(all))])
		return err
	})
	in := charge.Input{Do: []charge.Action{charge.Pay, charge.Pay, charge.Waive, charge.WriteOff}[w.dice.IntN(4)], Amount: c.Amount, Reference: "cash", Reason: "because"}
	w.says("%s charge %s of %d in %s", in.Do, c.Purpose, c.Amount.Minor, c.State)
	err := w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		_, err := w.shop.cases.Charge.Act(w.t.Context(), tx, w.agent, c.ID, c.Version, in)
		return err
	})
	w.as(maybe, err, "charge "+string(in.Do))
}

// bankSpeaks is an answer that the bank gives by itself: late, or once more.
func (w *world) bankSpeaks() {
	all := w.rows(`select id from settlement_payout where provider = 'bank' and attempts > 0 order by id desc limit 6`)
	if len(all) == 0 {
		return
	}
	key := all[w.dice.IntN(len(all))]
	f := w.fates[key]
	if f == nil {
		return
	}
	f.asked++
	answer := w.answer(key, f)
	if answer.Outcome == settlement.Absent {
		return
	}
	w.says("the bank says of %s: %s", key, answer.Outcome)
	w.write(func(tx *db.Tx) error { return w.shop.cases.Payouts.Notice(w.t.Context(), tx, "main", key, answer) })
	w.tally.done["bank says "+string(answer.Outcome)]++
}

// newsArrive delivers what the log holds, in order, some of it twice.
func (w *world) newsArrive(most int) {
	_, react := w.shop.cases.Events()
	type entry struct {
		seq int64
		e   event.Event
	}
	var fresh []entry
	w.read(func(tx *db.Tx) (err error) {
		fresh, err = db.List(w.t.Context(), tx, func(r db.Scanner) (x entry, err error) {
			var data string
			err = r.Scan(&x.seq, &x.e.Tenant, &x.e.ID, &x.e.Type, &data)
			x.e.Data = json.RawMessage(data)
			return x, err
		}, `select seq, tenant, id, type, data from event_log
			where seq > $1 and type in ('payout.succeeded', 'charge.paid', 'charge.waived', 'charge.expired', 'charge.written_off') order by seq limit $2`, w.seen, most)
		return err
	})
	for _, x := range fresh {
		times := 1
		if w.dice.IntN(8) == 0 {
			times = 2
		}
		for n := range times {
			w.write(func(tx *db.Tx) error { return react(w.t.Context(), tx, x.e) })
			w.hears(x.e, n == 0)
		}
		w.seen = x.seq
	}
}

func (w *world) hears(e event.Event, first bool) {
	var fact struct {
		Case    string `json:"case"`
		Purpose string `json:"purpose"`
		Amount  int64  `json:"amount"`
		Settled bool   `json:"all_settled"`
	}
	if err := json.Unmarshal(e.Data, &fact); err != nil {
		w.t.Fatal(err)
	}
	for _, m := range w.cases {
		if m.id != fact.Case {
			continue
		}
		now := w.reload(cases.Case{ID: m.id})
		w.says("news: %s of %s in %s, all settled %t", e.Type, now.Number, m.state, fact.Settled)
		if first && e.Type == "charge.paid" && (fact.Purpose == charge.AdvanceRecovery && m.advance == cases.AdvanceRecovering || fact.Purpose == charge.Adjustment && m.owes) {
			m.order.returned += fact.Amount
			for _, t := range m.order.o.Tenders {
				w.limits[t.Reference] += fact.Amount
			}
		}
		m.armed = false
		w.tally.done["news "+e.Type]++
		w.heardOf(m, e.Type, fact.Purpose, fact.Amount, fact.Settled, now)
		w.learn(m, now)
	}
}

// quiet lets everything that is under way come to its end.
func (w *world) quiet() {
	w.t.Helper()
	for range 200 {
		if w.t.Failed() {
			return
		}
		w.clock.Add(3 * time.Hour)
		w.jobs()
		for _, id := range w.rows(`select id from settlement_payout where state in ('failed', 'manual') order by id`) {
			w.settleByHand(id)
		}
		w.newsArrive(100)
		if len(w.rows(`select id from settlement_payout where state <> 'succeeded'`)) == 0 {
			return
		}
	}
	w.t.Errorf("payouts that never end: %v", w.rows(`select id || ' ' || state || ' ' || last_error from settlement_payout where state <> 'succeeded'`))
}
