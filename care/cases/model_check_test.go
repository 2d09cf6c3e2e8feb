package cases_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/clearing"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// checkCase compares a case with the model: where it is, which deadline runs
// (in the case and in the queue, once), and that each version was announced
// once, in order, each from where the one before it led.
func (w *world) checkCase(m *ref, now cases.Case) {
	w.t.Helper()
	w.repriced(m)
	type view struct {
		State       cases.State
		Kind, Timer string
		Version     int64
		Quantity    int64
		Proposed    bool
	}
	want := view{m.state, m.kind, m.timer, m.version, m.want.sum(), m.proposer != ""}
	got := view{now.State, now.Kind, now.Timer, now.Version, now.Quantity, now.Detail.Reopening != nil}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Fatalf("%s is not as the model (-) says: %s", now.Number, diff)
	}
	w.checkClock(m, now)
	var history []event.Event
	w.read(func(tx *db.Tx) (err error) {
		history, err = event.History(w.t.Context(), tx, "main", "case", m.id)
		return err
	})
	version, state := int64(0), cases.State("")
	for _, e := range history {
		if e.Version == 0 || e.Type == "case.noted" || e.Type == "case.benefits" || e.Version == 1 && version == 1 {
			continue
		}
		if e.Version != version+1 {
			w.t.Errorf("%s announces version %d after %d", e.Type, e.Version, version)
		}
		version = e.Version
		fact := movedIn(w.t, e)
		if fact.To == "" {
			state = ""
			continue
		}
		if state != "" && fact.From != state {
			w.t.Errorf("%s leads from %s, the case was in %s", e.Type, fact.From, state)
		}
		state = fact.To
	}
	if version != m.version || state != "" && state != m.state {
		w.t.Errorf("the events end at version %d in %s, the case is at %d in %s", version, state, m.version, m.state)
	}
}

func (w *world) checkClock(m *ref, now cases.Case) {
	w.t.Helper()
	switch _, least, most := m.clock(); {
	case m.timer == "":
	case !m.armed:
		if !now.Deadline.Equal(m.due) {
			w.t.Errorf("the deadline %s of %s moved from %s to %s", m.timer, now.Number, m.due, now.Deadline)
		}
	case m.left > 0 && m.state == cases.Submitted:
		if left := now.Deadline.Sub(w.clock.Now()); left != m.left {
			w.t.Errorf("after the talk %s are left of %s", left, m.left)
		}
		m.left = 0
	default:
		// Nothing of the shop's own runs beyond the day of the law, if that is still to come.
		if law := db.Time(now.Detail.RefundDue).Sub(w.clock.Now()); law > 0 && (m.timer == cases.TimerInspect || m.timer == cases.TimerPayout) {
			least, most = min(least, law), min(most, law)
		}
		if runs := now.Deadline.Sub(w.clock.Now()); runs < least || runs > most {
			w.t.Errorf("%s of %s runs for %s, should %s to %s", m.timer, now.Number, runs, least, most)
		}
	}
	m.due, m.armed = now.Deadline, false
	var want []string
	if m.timer != "" {
		want = []string{fmt.Sprint("waiting ", db.Millis(m.due))}
	}
	got := w.rows(`select state || ' ' || run_at from job_job where tenant = 'main' and kind = 'cases.timer' and key = $1`, m.id)
	if !slices.Equal(want, got) {
		w.t.Errorf("%s in %s waits for %q; the queue holds %v, should %v", now.Number, m.state, m.timer, got, want)
	}
}

// checkOrder: each unit is with one case at most, as the model says, and all
// money of the order is within what was paid, by tender, in the account, the
// payouts and the books.
func (w *world) checkOrder(o *bought) {
	w.t.Helper()
	var want []string
	payouts, byCase := map[string]int64{}, map[string]int64{}
	asked := map[string]units{}
	for _, m := range w.cases {
		if m.order != o {
			continue
		}
		held := m.held
		if m.kind == cases.KindProtection {
			held, asked[m.id] = nil, m.held
		}
		for state, all := range map[string]units{"held": held, "paid": m.paid, "advanced": m.early, "owed": m.owed} {
			for line, n := range all {
				if n > 0 {
					want = append(want, fmt.Sprint(m.id, " ", state, " ", line, " ", n))
				}
			}
		}
		w.checkPayouts(m, payouts, byCase)
	}
	got := w.rows(`select case_id || ' ' || state || ' ' || line || ' ' || sum(units) from refund_claim where order_id = $1 group by case_id, state, line`, o.o.ID)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		w.t.Errorf("units of %s are not where the model (-) says: %s", o.o.Number, diff)
	}
	w.checkAsked(o, asked)
	account := map[string]int64{}
	for _, text := range w.rows(`select tenders from refund_account where order_id = $1`, o.o.ID) {
		if err := json.Unmarshal([]byte(text), &account); err != nil {
			w.t.Fatal(err)
		}
	}
	kept, moved := int64(0), int64(0)
	for _, t := range o.o.Tenders {
		kept, moved = kept+account[t.ID], moved+payouts[t.ID]
		if account[t.ID] < 0 || account[t.ID] > t.Amount || payouts[t.ID] > t.Amount+o.returned {
			w.t.Errorf("tender %s of %s paid %d; %d in the account, %d in payouts", t.ID, o.o.Number, t.Amount, account[t.ID], payouts[t.ID])
		}
		if !o.swapped && o.returned == 0 && account[t.ID] != payouts[t.ID] {
			w.t.Errorf("tender %s of %s: %d in the account, %d in payouts", t.ID, o.o.Number, account[t.ID], payouts[t.ID])
		}
	}
	if !o.swapped && kept != moved-o.returned {
		w.t.Errorf("the account of %s holds %d; %d in payouts, %d came back", o.o.Number, kept, moved, o.returned)
	}
	for _, wrong := range w.rows(`select set_id from clearing_entry where order_id = $1 group by set_id having sum(amount) <> 0`, o.o.ID) {
		w.t.Errorf("the entries of %s do not add up to zero", wrong)
	}
}

// checkAsked: each unit's price is asked about by one case at most.
func (w *world) checkAsked(o *bought, want map[string]units) {
	w.t.Helper()
	var book struct {
		Asked map[string][]refund.Run `json:"asked"`
	}
	for _, text := range w.rows(`select book from refund_account where order_id = $1 and book <> ''`, o.o.ID) {
		if err := json.Unmarshal([]byte(text), &book); err != nil {
			w.t.Fatal(err)
		}
	}
	taken := map[string]bool{}
	for id, runs := range book.Asked {
		got := units{}
		for _, r := range runs {
			got[r.Line] += r.Count
			for n := r.First; n < r.First+r.Count; n++ {
				if key := fmt.Sprint(r.Line, " ", n); taken[key] {
					w.t.Errorf("two cases ask about the price of unit %s of %s", key, o.o.Number)
				} else {
					taken[key] = true
				}
			}
		}
		if diff := cmp.Diff(want[id], got, cmpopts.EquateEmpty()); diff != "" {
			w.t.Errorf("%s asks about other units of %s than the model (-) says: %s", id, o.o.Number, diff)
		}
	}
	for id, units := range want {
		if len(units) > 0 && book.Asked[id] == nil {
			w.t.Errorf("nothing is noted of what %s asks about", id)
		}
	}
}

// repriced counts what the program says about a promise that was worked out
// anew: only because the price of goods of the order was lowered, and never for
// money beyond what was paid.
func (w *world) repriced(m *ref) {
	w.t.Helper()
	if !m.order.lowered {
		return
	}
	var history []event.Event
	w.read(func(tx *db.Tx) (err error) {
		history, err = event.History(w.t.Context(), tx, "main", "case", m.id)
		return err
	})
	times := 0
	for _, e := range history {
		if e.Type == "case.repriced" {
			times++
		}
	}
	if times == m.repriced {
		return
	}
	now := w.reload(cases.Case{ID: m.id})
	if m.kind == cases.KindCompensate {
		w.t.Errorf("%s (%s) was promised %d anew", now.Number, m.kind, now.Quoted)
	}
	m.version += int64(times - m.repriced)
	m.repriced, m.quoted = times, now.Quoted
	w.tally.done["repriced"]++
}

// checkPayouts: one per purpose and tender, together what the case says, and
// none open where the case is over.
func (w *world) checkPayouts(m *ref, byTender, byCase map[string]int64) {
	w.t.Helper()
	seen := map[string]bool{}
	sum, customers := int64(0), int64(0)
	for _, p := range w.payouts(m) {
		if key := p.Purpose + " " + p.Tender; seen[key] {
			w.t.Errorf("case %s pays twice: %s", m.id, key)
		} else {
			seen[key] = true
		}
		sum += p.Amount
		byTender[p.Tender] += p.Amount
		if p.Purpose != "exchange_difference" {
			customers += p.Amount
		}
		if p.State != settlement.Succeeded && (m.state == cases.Completed || m.state == cases.AwaitConfirm) {
			w.t.Errorf("case %s is %s, its payout %s", m.id, m.state, p.State)
		}
	}
	if sum != m.refunded {
		w.t.Errorf("case %s says that it pays %d, its payouts are %d", m.id, m.refunded, sum)
	}
	if m.swap != nil || m.advance != "" || m.reopened > 0 {
		return
	}
	var booked int64
	w.read(func(tx *db.Tx) error {
		entries, err := clearing.ByCase(w.t.Context(), tx, actor.Of("main"), m.id)
		for _, e := range entries {
			if e.Account == clearing.Customer {
				booked += e.Amount
			}
		}
		return err
	})
	if booked != customers {
		w.t.Errorf("case %s pays the customer %d, the books say %d", m.id, customers, booked)
	}
}

// checkAll brings everything to rest and compares the shop with the bank's own
// list.
func (w *world) checkAll() {
	w.t.Helper()
	if w.t.Failed() {
		return
	}
	w.quiet()
	for _, dead := range w.rows(`select kind || ' ' || last_error from job_job where state = 'dead'`) {
		w.t.Errorf("a job died: %s", dead)
	}
	mine := map[string]int64{}
	for _, m := range w.cases {
		for _, p := range w.payouts(m) {
			if f := w.fates[p.Key()]; p.Provider == "bank" && p.ProviderRef == "ref-"+p.Key() {
				mine[p.Key()] = p.Amount
				if f == nil || !f.paid || f.amount != p.Amount {
					w.t.Errorf("payout %s succeeded; the bank says %+v", p.ID, f)
				}
			}
		}
	}
	for key, f := range w.fates {
		w.tally.outcomes[f.how]++
		if f.paid && mine[key] == 0 {
			w.t.Errorf("the bank paid %s, the shop does not know", key)
		}
	}
	for _, payment := range slices.Sorted(maps.Keys(w.paid)) {
		if w.paid[payment] > w.limits[payment] {
			w.t.Errorf("of %s were paid, %d went back to %s", fmt.Sprint(w.limits[payment]), w.paid[payment], payment)
		}
	}
	w.tally.outcomes["orders"] += len(w.orders)
	w.tally.outcomes["cases"] += len(w.cases)
}

// seconds rounds for people.
func seconds(since time.Time) string { return fmt.Sprintf("%.1f s", time.Since(since).Seconds()) }
