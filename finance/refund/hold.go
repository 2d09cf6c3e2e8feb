package refund

import (
	"cmp"
	"slices"

	"github.com/aftercare/aftercare/sales/order"
)

// State of a claim. A released claim does not exist.
type State string

const (
	Held     State = "held"     // in a living case
	Paid     State = "paid"     // paid back, for ever
	Advanced State = "advanced" // paid back before it was inspected
	Owed     State = "owed"     // refused after it was paid back: the customer has to give the money back
)

// hold is a case's hold on a run of units.
type hold struct {
	Run
	caseID string
	state  State
}

// holds are those of one order, sorted by unit. They never overlap.
type holds []hold

func (all holds) sort() { slices.SortFunc(all, func(a, b hold) int { return byUnit(a.Run, b.Run) }) }

// place is where a run stands among the holds, or would stand.
func (all holds) place(r Run) int {
	at, _ := slices.BinarySearchFunc(all, r, func(h hold, r Run) int { return byUnit(h.Run, r) })
	return at
}

// paid are the units that were paid back, but for those of a case. Units whose
// money the customer owes stay with the customer and are not among them.
func (all holds) paid(but string) (runs []Run) {
	for _, c := range all {
		if (c.state == Paid || c.state == Advanced) && c.caseID != but {
			runs = append(runs, c.Run)
		}
	}
	return runs
}

// held are the runs that a case holds.
func (all holds) held(caseID string) []Run { return all.in(Held, caseID) }

// in are the case's runs in a state.
func (all holds) in(state State, caseID string) (runs []Run) {
	for _, c := range all {
		if c.state == state && c.caseID == caseID {
			runs = append(runs, c.Run)
		}
	}
	return runs
}

// of are all runs of a case, whatever their state.
func (all holds) of(caseID string, r *record) (runs []Run) {
	for _, c := range all {
		if c.caseID == caseID {
			runs = append(runs, c.Run)
		}
	}
	return append(runs, r.Runs...)
}

// settled tells whether the case's units have been paid.
func (all holds) settled(caseID string) bool {
	return slices.ContainsFunc(all, func(c hold) bool { return c.state != Held && c.caseID == caseID })
}

// free counts the units of each line that are in no claim.
func (all holds) free(o order.Order) map[int]int64 {
	free := make(map[int]int64, len(o.Lines))
	for _, l := range o.Lines {
		free[l.No] = l.Quantity
	}
	for _, c := range all {
		free[c.Line] -= c.Count
	}
	return free
}

// gaps are the runs of a line between its claims, lowest first.
func (all holds) gaps(l order.Line) (gaps []Run) {
	at := int64(1)
	for _, c := range all[all.place(Run{Line: l.No}):] {
		if c.Line != l.No {
			break
		}
		if c.First > at {
			gaps = append(gaps, Run{Line: l.No, First: at, Count: c.First - at})
		}
		at = max(at, c.First+c.Count)
	}
	if at <= l.Quantity {
		gaps = append(gaps, Run{Line: l.No, First: at, Count: l.Quantity - at + 1})
	}
	return gaps
}

// allocate gives each wish the lowest free units of its line, but last of all
// those whose lower price a case asks about: they seem to be kept. It refuses with
// ErrWanted what is not of the order, and with ErrUnitsTaken what is not free.
func (all holds) allocate(o order.Order, wanted []Wanted, kept map[string][]Run) ([]Run, error) {
	if len(wanted) == 0 {
		return nil, ErrWanted.Because("No units are named.")
	}
	gaps := map[int][]Run{}
	asked := map[int]int64{}
	var runs []Run
	for _, w := range wanted {
		l, ok := o.Line(w.Line)
		if !ok || w.Quantity < 1 {
			return nil, ErrWanted.With("line", w.Line).With("wanted", w.Quantity)
		}
		if _, seen := gaps[w.Line]; !seen {
			gaps[w.Line] = asideLast(all.gaps(l), kept)
		}
		asked[w.Line] = min(asked[w.Line], l.Quantity) + min(w.Quantity, l.Quantity+1) // cannot overflow
		for left := w.Quantity; left > 0; {
			if len(gaps[w.Line]) == 0 {
				return nil, ErrUnitsTaken.With("line", w.Line).With("wanted", max(asked[w.Line], w.Quantity)).With("free", all.free(o)[w.Line])
			}
			gap := &gaps[w.Line][0]
			n := min(left, gap.Count)
			runs = append(runs, Run{Line: w.Line, First: gap.First, Count: n, Reason: w.Reason})
			gap.First, gap.Count, left = gap.First+n, gap.Count-n, left-n
			if gap.Count == 0 {
				gaps[w.Line] = gaps[w.Line][1:]
			}
		}
	}
	slices.SortFunc(runs, byUnit)
	return runs, nil
}

// take cuts the wanted runs out of those held and returns them with the reason
// under which they are held, and what remains. It refuses with ErrNotHeld what
// is not held, or is wanted twice.
func take(held, wanted []Run) (taken, rest []Run, err error) {
	rest = slices.Clone(held)
	for _, w := range wanted {
		if w.Count < 1 {
			return nil, nil, notHeld(w)
		}
		for w.Count > 0 {
			i := slices.IndexFunc(rest, func(h Run) bool {
				return h.Line == w.Line && h.First <= w.First && w.First < h.First+h.Count
			})
			if i < 0 {
				return nil, nil, notHeld(w)
			}
			h := rest[i]
			n := min(w.Count, h.First+h.Count-w.First)
			taken = append(taken, Run{h.Line, w.First, n, cmp.Or(w.Reason, h.Reason)})
			parts := []Run{}
			if w.First > h.First {
				parts = append(parts, Run{h.Line, h.First, w.First - h.First, h.Reason})
			}
			if end := w.First + n; end < h.First+h.Count {
				parts = append(parts, Run{h.Line, end, h.First + h.Count - end, h.Reason})
			}
			rest = slices.Replace(rest, i, i+1, parts...)
			w.First, w.Count = w.First+n, w.Count-n
		}
	}
	slices.SortFunc(taken, byUnit)
	return taken, rest, nil
}

func notHeld(r Run) error {
	return ErrNotHeld.With("line", r.Line).With("first", r.First).With("count", r.Count)
}

// unpaid checks units that need not be held: they are the order's, each once,
// and none was paid back.
func (all holds) unpaid(o order.Order, runs []Run) ([]Run, error) {
	var busy holds
	for _, h := range all {
		if h.state != Held {
			busy = append(busy, h)
		}
	}
	for _, r := range runs {
		l, ok := o.Line(r.Line)
		if !ok || r.First < 1 || r.Count < 1 || r.Count > l.Quantity || r.First > l.Quantity-r.Count+1 {
			return nil, ErrWanted.With("line", r.Line).With("first", r.First).With("count", r.Count)
		}
		for _, b := range busy {
			if b.Line == r.Line && b.First < r.First+r.Count && r.First < b.First+b.Count {
				return nil, ErrUnitsTaken.With("line", r.Line).With("first", r.First)
			}
		}
		busy = append(busy, hold{Run: r})
	}
	return slices.SortedFunc(slices.Values(runs), byUnit), nil
}
