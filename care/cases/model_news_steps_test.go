package cases_test

import (
	"fmt"
	"time"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
)

// carrierScans reports a parcel, often late, twice or out of order.
func (w *world) carrierScans() {
	m := w.anyCase()
	for range 6 { // a parcel that waits is the likeliest
		if m.state != cases.AwaitReturn {
			m = w.anyCase()
		}
	}
	all := w.parcels(m)
	if len(all) == 0 {
		return
	}
	p := all[w.dice.IntN(len(all))]
	w.read(func(tx *db.Tx) (err error) {
		p, err = shipment.ByTracking(w.t.Context(), tx, "main", p.Tracking)
		return err
	})
	for _, x := range w.cases { // a number is given again when its parcel has arrived
		if x.id == p.Case {
			m = x
		}
	}
	status := shipment.Vocabulary[w.dice.IntN(len(shipment.Vocabulary))]
	if p.State == shipment.LabelIssued && w.dice.IntN(2) == 0 {
		status = shipment.HandedOver
	}
	to := status
	if status == shipment.OutForDelivery {
		to = shipment.InTransit
	}
	moves := status != shipment.Exception && ranks[to] > ranks[p.State]
	w.says("scan %s of %s parcel %s (%s) of %s in %s", status, p.Direction, p.Tracking, p.State, m.id, m.state)
	w.write(func(tx *db.Tx) error {
		return w.shop.cases.Scan(w.t.Context(), tx, w.agent, p.Tracking, shipment.Scan{Status: status, At: tx.Now, ID: fmt.Sprint("scan", w.unique())})
	})
	w.tally.done["scan "+string(status)]++
	var concerned []*ref
	for _, x := range w.cases {
		aboard := x == m
		if p.Direction == shipment.Original && x != m && x.stop && x.order == m.order {
			aboard = true
		}
		if !aboard {
			continue
		}
		now := w.reload(cases.Case{ID: x.id})
		x.armed = false
		if moves && (x == m || now.Tracking == p.Tracking || now.Version != x.version) {
			w.scanned(x, p, status, now)
		}
		x.quoted, x.refunded = now.Quoted, now.Refunded
		concerned = append(concerned, x)
	}
	for _, x := range concerned {
		w.learn(x, w.reload(cases.Case{ID: x.id}))
	}
}

func (w *world) timePasses() {
	d := []time.Duration{minute, time.Hour, time.Hour, 13 * time.Hour, 13 * time.Hour, 30 * time.Hour, 3 * 24 * time.Hour, 9 * 24 * time.Hour}[w.dice.IntN(8)]
	if w.dice.IntN(4) == 0 { // to a deadline exactly
		if m := w.anyCase(); m.timer != "" {
			d = m.due.Sub(w.clock.Now()) + time.Millisecond
		}
	}
	w.clock.Add(max(d, time.Second))
	w.says("%s pass: it is %s", d, w.clock.Now().Format(time.DateTime))
	w.jobs()
}

// jobs runs all that is due, and lets the deadlines of the model pass.
func (w *world) jobs() {
	was := map[*ref][]shipment.Parcel{}
	for _, m := range w.cases {
		if m.timer != "" && !m.due.After(w.clock.Now()) {
			was[m] = w.parcels(m)
		}
	}
	if _, err := w.queue.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	for _, m := range w.cases {
		now := w.reload(cases.Case{ID: m.id})
		m.armed = false
		if parcels, ok := was[m]; ok {
			w.says("  deadline %s of %s in %s", m.timer, now.Number, m.state)
			w.tally.done["deadline "+m.timer]++
			w.expired(m, parcels, now)
		}
		m.quoted, m.refunded = now.Quoted, now.Refunded
	}
	for _, m := range w.cases {
		w.learn(m, w.reload(cases.Case{ID: m.id}))
	}
}
