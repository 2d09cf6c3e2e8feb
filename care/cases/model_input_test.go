package cases_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
)

func told(in cases.Input) string {
	switch in.Action {
	case cases.Propose:
		return fmt.Sprint(in.Kind, " ", in.Amount)
	case cases.Receive:
		return fmt.Sprint(in.Received, " more ", in.More)
	case cases.Grade:
		return fmt.Sprint(in.Grades)
	case cases.Amend:
		return fmt.Sprintf("%s %+v", in.Request.Kind, in.Request.Items)
	case cases.Reopen:
		return fmt.Sprint(in.Amount, in.Freight)
	}
	return in.Tracking
}

// likely are the steps that help a case on in its state; the rest is tried too.
var likely = map[cases.State][]cases.Action{
	cases.Submitted:    {cases.Approve, cases.Approve, cases.Answer, cases.Refuse, cases.Propose, cases.Liable},
	cases.Negotiating:  {cases.Accept, cases.Accept, cases.Decline, cases.Propose},
	cases.Rejected:     {cases.Amend, cases.Propose, cases.Ship},
	cases.AwaitReturn:  {cases.HandOver, cases.Receive, cases.Receive, cases.AddParcel},
	cases.Returning:    {cases.Receive, cases.Receive, cases.HandOver, cases.Lose},
	cases.Inspecting:   {cases.Receive, cases.Grade, cases.Grade, cases.Grade},
	cases.Resolving:    {cases.Ship, cases.Ship, cases.Convert, cases.BackLog},
	cases.AwaitConfirm: {cases.Confirm},
	cases.Completed:    {cases.Reopen, cases.Keep},
	cases.Closed:       {cases.Reopen, cases.Reopen, cases.Keep},
}

// input is a step with all it needs, nearly always.
func (w *world) input(m *ref) cases.Input {
	do := actions[w.dice.IntN(len(actions))]
	for slices.Contains(untold, do) {
		do = actions[w.dice.IntN(len(actions))]
	}
	if w.dice.IntN(4) > 0 {
		do = likely[m.state][w.dice.IntN(len(likely[m.state]))]
	}
	if do == cases.AddParcel && m.boxes > 3 {
		do = cases.Note
	}
	in := cases.Input{Action: do, Comment: "because", Reason: "other"}
	switch do {
	case cases.Propose:
		in.Kind = []string{cases.KindReturn, cases.KindRefund, cases.KindPartial, cases.KindPartial}[w.dice.IntN(4)]
		if in.Kind == cases.KindPartial {
			in.Amount = 1 + w.dice.Int64N(max(m.quoted, 1)+1)
		}
	case cases.HandOver:
		if w.dice.IntN(3) == 0 {
			in.Carrier, in.Tracking = "SF", fmt.Sprintf("SFH%08d", w.unique())
		}
	case cases.Answer:
		in.Facts = cases.Facts{"use.opened": json.RawMessage([]string{"true", "false", "null"}[w.dice.IntN(3)])}
	case cases.Readdress:
		in.Address = &shipment.Address{Name: "林晓雯", Lines: []string{fmt.Sprintf("文三路 %d 号", w.unique())}, City: "杭州", ISO: "CN"}
	case cases.Ship:
		in.Carrier, in.Tracking = "SF", fmt.Sprintf("SFS%08d", w.unique())
	case cases.Liable:
		in.Freight = []string{"seller", "customer", "carrier"}[w.dice.IntN(3)]
	case cases.Reopen:
		if in.Amount = w.dice.Int64N(900); w.dice.IntN(3) == 0 {
			in.Amount, in.Freight = 0, []string{"seller", "customer"}[w.dice.IntN(2)]
		}
	case cases.Amend:
		in.Request = cases.Request{Kind: m.kind, Items: w.wants(m.order, m.kind), Basis: "", Amount: 0}
		if m.kind == cases.KindCompensate {
			in.Request.Basis, in.Request.Amount = "goodwill", 1+w.dice.Int64N(5000)
		}
	case cases.Receive, cases.Grade:
		w.counted(m, &in)
	}
	return in
}

func (w *world) counted(m *ref, in *cases.Input) {
	in.More = w.dice.IntN(4) == 0
	for _, line := range []int{1, 2} {
		n := m.want[line] - m.got[line]
		if in.Action == cases.Receive && m.want[line] > 0 {
			if w.dice.IntN(4) == 0 {
				n = w.dice.Int64N(n + 2)
			}
			in.Received = append(in.Received, inspection.Received{Line: line, Quantity: n})
		}
		got := m.got[line]
		if in.Action != cases.Grade || got == 0 {
			continue
		}
		good := w.dice.Int64N(got + 1)
		if w.dice.IntN(2) == 0 {
			good = got
		}
		if good > 0 {
			in.Grades = append(in.Grades, inspection.Grade{Line: line, Count: good, Grade: "A", Disposition: "restock", Accepted: true})
		}
		if bad := got - good; bad > 0 {
			in.Grades = append(in.Grades, inspection.Grade{Line: line, Count: bad, Grade: "C", Disposition: inspection.Back})
		}
	}
}
