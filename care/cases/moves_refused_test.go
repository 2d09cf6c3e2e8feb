package cases_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

var actions = []cases.Action{
	cases.Approve, cases.Refuse, cases.Propose, cases.Accept, cases.Decline, cases.Lapse, cases.Amend, cases.Withdraw, cases.HandOver,
	cases.Deliver, cases.Miss, cases.Lose, cases.Receive, cases.Grade, cases.Ship, cases.BackLog, cases.Convert, cases.Collect, cases.Settle,
	cases.Confirm, cases.Expire, cases.Escalate, cases.Reopen, cases.Keep, cases.AddParcel, cases.Liable, cases.Assign, cases.Note, cases.Readdress,
}

// untold are actions that nobody can ask for: scans, deadlines and money make
// them.
var untold = []cases.Action{cases.Lapse, cases.Deliver, cases.Miss, cases.Collect, cases.Settle, cases.Expire, cases.Escalate}

// everywhere is a case in each state, in some of more than one kind.
func (t *tour) everywhere() (all []cases.Case) {
	all = append(all, t.submitted("S1"), t.do(t.agent, t.submitted("S2"), partial), t.do(t.agent, t.submitted("S3"), no))
	all = append(all, t.approved("S4", cases.KindReturn), t.approved("S5", cases.KindExchange))
	all = append(all, t.do(t.buyer, t.approved("S6", cases.KindReturn), do(cases.HandOver)))
	all = append(all, t.do(t.agent, t.approved("S7", cases.KindReturn), received(1)), t.do(t.agent, t.do(t.agent, t.approved("S8", cases.KindReturn), received(1)), graded(0, 1)))
	all = append(all, t.do(t.agent, t.asks(cases.KindRefund, t.order("S9", 89900)), yes), t.replaced("S10"))
	all = append(all, t.do(t.agent, t.replaced("S11"), cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF888800001"}))
	all = append(all, t.do(t.buyer, t.submitted("S12"), do(cases.Withdraw)))
	last := t.do(t.agent, t.replaced("S13"), cases.Input{Action: cases.Ship, Carrier: "SF", Tracking: "SF888800002"})
	all = append(all, t.do(t.buyer, last, do(cases.Confirm)))
	have := map[cases.State]bool{}
	for _, c := range all {
		have[c.State] = true
	}
	for _, state := range cases.States {
		if !have[state] {
			t.t.Fatalf("no case is %s", state)
		}
	}
	return all
}

// full is an input in which every action finds what it needs.
func full(do cases.Action) cases.Input {
	in := cases.Input{Action: do, Comment: "because", Reason: "other", Kind: cases.KindPartial, Amount: 100, Freight: "seller", Carrier: "SF", Tracking: "SF888800009"}
	in.Received, in.Grades, in.Request = received(1).Received, graded(1, 0).Grades, cases.Request{Items: item(1, "not_as_described")}
	in.Address = &shipment.Address{Name: "林晓雯", Lines: []string{"文三路 90 号"}, City: "杭州", ISO: "CN"}
	return in
}

// listed are the parties that the table allows an action in a state; none where
// it has no row.
func listed(state cases.State, do cases.Action) (by []actor.Kind) {
	for _, m := range slices.Concat(cases.Moves, cases.Any) {
		if (m.From == state || m.From == "") && m.Do == do {
			by = append(by, m.By...)
		}
	}
	return by
}

func TestWhatTheTableDoesNotListIsRefusedBeforeAnythingIsTouched(t *testing.T) {
	eachTour(t, func(t *tour) {
		refused := 0
		for _, c := range t.everywhere() {
			t.buyer.ID = c.Customer
			before := t.contents()
			for _, do := range actions {
				for _, who := range t.parties() {
					want := error(cases.ErrMove)
					switch by := listed(c.State, do); {
					case slices.Contains(by, who.Kind) && !slices.Contains(untold, do):
						continue
					case slices.Contains(untold, do):
						want = cases.ErrAction
					case len(by) > 0:
						want = cases.ErrParty
					}
					refused++
					t.write(func(tx *db.Tx) error { // committed although it was refused: nothing may have begun
						if _, err := t.cases.Act(t.t.Context(), tx, who, c.ID, c.Version, full(do)); !errors.Is(err, want) {
							t.t.Errorf("%s by %s in %s: %v, want %v", do, who.Kind, c.State, err, want)
						}
						return nil
					})
				}
			}
			if diff := cmp.Diff(before, t.contents()); diff != "" {
				t.t.Errorf("refused steps of a case in %s changed the store: %s", c.State, diff)
			}
		}
		t.t.Logf("%d steps refused", refused)
	})
}

// What a listed party may not do now, because a condition is missing, changes
// nothing either, and where it may, the row says where it leads.
func TestAListedStepLeadsWhereItsRowSaysOrChangesNothing(t *testing.T) {
	eachTour(t, func(t *tour) {
		for _, c := range t.everywhere() {
			t.buyer.ID = c.Customer
			before := t.contents()
			for _, do := range actions {
				for _, who := range t.parties() {
					by := listed(c.State, do)
					if !slices.Contains(by, who.Kind) || slices.Contains(untold, do) {
						continue
					}
					after, err := t.dry(who, c, full(do))
					if errors.Is(err, cases.ErrMove) || errors.Is(err, cases.ErrParty) || errors.Is(err, cases.ErrAction) {
						t.t.Errorf("%s by %s in %s is listed and refused: %v", do, who.Kind, c.State, err)
					}
					if err == nil && !leads(c.State, do, after.State, 2) {
						t.t.Errorf("%s by %s leads from %s to %s", do, who.Kind, c.State, after.State)
					}
				}
			}
			if diff := cmp.Diff(before, t.contents()); diff != "" {
				t.t.Errorf("steps that were taken back changed the store: %s", diff)
			}
		}
	})
}

// leads tells whether a row leads there, or settling at once behind it.
func leads(from cases.State, do cases.Action, to cases.State, steps int) bool {
	return slices.ContainsFunc(slices.Concat(cases.Moves, cases.Any), func(m cases.Move) bool {
		switch {
		case m.From == "":
			return m.Do == do && from == to
		case m.From != from || m.Do != do:
			return false
		}
		return m.To == to || steps > 1 && leads(m.To, cases.Settle, to, 1)
	})
}

// A scan, a deadline of an earlier state and news of money leave a case alone
// that has no row for them.
func TestNewsThatACaseIsPastLeaveItAlone(t *testing.T) {
	eachTour(t, func(t *tour) {
		_, react := t.cases.Events()
		for _, c := range t.everywhere() {
			for _, status := range shipment.Vocabulary {
				want := map[shipment.State]cases.Action{shipment.Delivered: cases.Deliver, shipment.Lost: cases.Lose}[status]
				if want == "" {
					want = cases.HandOver
				}
				if c.Tracking == "" || slices.Contains(listed(c.State, want), actor.Carrier) {
					continue
				}
				t.write(func(tx *db.Tx) error {
					return t.cases.Scan(t.t.Context(), tx, t.agent, c.Tracking, shipment.Scan{Status: status, At: tx.Now})
				})
				t.same(c, "a scan: "+string(status))
			}
			for _, timer := range cases.Timers {
				if timer == c.Timer {
					continue
				}
				late := job.New{Tenant: "main", Kind: "cases.timer", Key: "late-" + c.ID, Args: map[string]string{"case": c.ID, "timer": timer}}
				t.write(func(tx *db.Tx) error { return t.queue.Enqueue(context.Background(), tx, late) })
				if _, err := t.queue.RunDue(t.t.Context()); err != nil {
					t.t.Fatal(err)
				}
				t.same(c, "the deadline "+timer)
			}
			if c.State == cases.Resolving || c.Kind == cases.KindExchange && slices.Contains(listed(c.State, cases.Convert), actor.System) {
				continue
			}
			for _, news := range []string{"payout.succeeded", "charge.paid", "charge.waived", "charge.expired", "charge.written_off"} {
				for _, purpose := range []string{charge.ExchangeDifference, charge.AdvanceRecovery} {
					e := event.Event{Tenant: "main", Type: news, Data: fmt.Appendf(nil, `{"case":%q,"purpose":%q,"all_settled":true}`, c.ID, purpose)}
					t.write(func(tx *db.Tx) error { return react(t.t.Context(), tx, e) })
					t.same(c, news+" of "+purpose)
				}
			}
		}
	})
}

func (s *shop) same(c cases.Case, after string) {
	s.t.Helper()
	if diff := cmp.Diff(c, s.reload(c), cmpopts.IgnoreUnexported(c)); diff != "" {
		s.t.Errorf("%s changed a case in %s: %s", after, c.State, diff)
	}
}

// contents is everything that is stored, table by table.
func (s *shop) contents() map[string]string {
	s.t.Helper()
	columns, err := s.d.Columns(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	named := map[string][]string{}
	for _, c := range columns {
		named[c.Table] = append(named[c.Table], "coalesce(cast("+c.Name+" as text), '')")
	}
	all := map[string]string{}
	s.write(func(tx *db.Tx) error {
		for table, parts := range named {
			rows, err := db.List(s.t.Context(), tx, func(r db.Scanner) (line string, err error) { return line, r.Scan(&line) },
				`select `+strings.Join(parts, ` || '|' || `)+` from `+table+` order by 1`)
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			all[table] = strings.Join(rows, "\n")
		}
		return nil
	})
	return all
}
