package refund

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Ask notes the units whose lower price a case asks about. It takes them from
// nobody: they may be in a return, or get into one, and what is paid for them
// then lowers what the return gives. Only two cases cannot ask about the price
// of the same units at once. It refuses as Hold does; units that were paid back
// have no price any more.
func (s *Service) Ask(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, wanted []Wanted) (Stake, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Stake{}, err
	}
	if a.closed(all, caseID) {
		return Stake{}, ErrReserved.With("case", caseID)
	}
	runs, err := a.choose(o, all, wanted)
	if err != nil {
		return Stake{}, err
	}
	a.book.ask(caseID, runs)
	if err := a.save(ctx, tx, o); err != nil {
		return Stake{}, fmt.Errorf("noting units of %s for %s: %w", o.ID, caseID, err)
	}
	return Stake{runs, o, a, all, caseID}, nil
}

// Kept are those of the runs that were not paid back meanwhile.
func (h Stake) Kept(runs []Run) []Run { return h.all.kept(runs) }

// ask notes a case's units, or forgets them.
func (b *book) ask(caseID string, runs []Run) {
	if len(runs) == 0 {
		delete(b.Asked, caseID)
		return
	}
	if b.Asked == nil {
		b.Asked = map[string][]Run{}
	}
	b.Asked[caseID] = runs
}

// priced are the units about whose price nobody may ask: they were paid back,
// or a case asks already. They may overlap.
func (b *book) priced(all holds) holds {
	var busy holds
	for _, h := range all {
		if h.state != Held {
			busy = append(busy, h)
		}
	}
	for caseID, runs := range b.Asked {
		for _, r := range runs {
			busy = append(busy, hold{r, caseID, Held})
		}
	}
	busy.sort()
	return busy
}

// choose gives each wish the units whose price was lowered least so far, of
// these the ones in no living case, and of these the lowest.
func (a *account) choose(o order.Order, all holds, wanted []Wanted) ([]Run, error) {
	if len(wanted) == 0 {
		return nil, ErrWanted.Because("No units are named.")
	}
	priced, pieces := a.book.priced(all), map[int][]Run{}
	var runs []Run
	for _, w := range wanted {
		l, ok := o.Line(w.Line)
		if !ok || w.Quantity < 1 {
			return nil, ErrWanted.With("line", w.Line).With("wanted", w.Quantity)
		}
		left, seen := pieces[w.Line]
		if !seen {
			left = a.pieces(l, all, priced)
		}
		free := int64(0)
		for _, p := range left {
			free += p.Count
		}
		if w.Quantity > free {
			return nil, ErrUnitsTaken.With("line", w.Line).With("wanted", w.Quantity).With("free", free)
		}
		for n := w.Quantity; n > 0; {
			p := &left[0]
			got := min(n, p.Count)
			runs = append(runs, Run{Line: w.Line, First: p.First, Count: got, Reason: w.Reason})
			p.First, p.Count, n = p.First+got, p.Count-got, n-got
			if p.Count == 0 {
				left = left[1:]
			}
		}
		pieces[w.Line] = left
	}
	slices.SortFunc(runs, byUnit)
	return joined(runs), nil
}

// pieces are the units of a line that may be asked about, the best first.
func (a *account) pieces(l order.Line, all, priced holds) []Run {
	cuts, s := slices.Clone(a.book.Parts), spreadOf(l, a.book.Parts)
	living := map[int64]bool{} // by the first unit of a piece
	for _, h := range all {
		cuts = append(cuts, Part{Line: h.Line, First: h.First, Count: h.Count})
	}
	var pieces []Run
	for _, gap := range priced.gaps(l) {
		for _, p := range untouched(gap, cuts) {
			living[p.First] = slices.ContainsFunc(all, func(h hold) bool {
				return h.Line == l.No && h.First <= p.First && p.First < h.First+h.Count
			})
			pieces = append(pieces, p)
		}
	}
	lowered := func(r Run) int64 {
		_, protected := s.of(r.First, r.Count)
		return protected / r.Count
	}
	slices.SortStableFunc(pieces, func(x, y Run) int {
		if n := cmp.Compare(lowered(x), lowered(y)); n != 0 || living[x.First] == living[y.First] {
			return n
		}
		if living[x.First] {
			return 1
		}
		return -1
	})
	return pieces
}

// joined puts neighbours of one reason together.
func joined(runs []Run) []Run {
	all := runs[:0]
	for _, r := range runs {
		if n := len(all); n > 0 && all[n-1].Line == r.Line && all[n-1].Reason == r.Reason && all[n-1].First+all[n-1].Count == r.First {
			all[n-1].Count += r.Count
			continue
		}
		all = append(all, r)
	}
	return all
}

// kept are those of the runs that are in no claim that was paid.
func (all holds) kept(runs []Run) (left []Run) {
	for _, r := range runs {
		at, end := r.First, r.First+r.Count
		for _, h := range all {
			if h.Line != r.Line || h.state == Held || h.First+h.Count <= at || h.First >= end {
				continue
			}
			if h.First > at {
				left = append(left, Run{r.Line, at, h.First - at, r.Reason})
			}
			at = h.First + h.Count
		}
		if at < end {
			left = append(left, Run{r.Line, at, end - at, r.Reason})
		}
	}
	return left
}

// asideLast puts the units that cases ask about behind the others.
func asideLast(gaps []Run, asked map[string][]Run) []Run {
	if len(asked) == 0 {
		return gaps
	}
	var cuts []Part
	for _, runs := range asked {
		for _, r := range runs {
			cuts = append(cuts, Part{Line: r.Line, First: r.First, Count: r.Count})
		}
	}
	var first, last []Run
	for _, gap := range gaps {
		for _, p := range untouched(gap, cuts) {
			if slices.ContainsFunc(cuts, func(c Part) bool { return c.Line == p.Line && c.First <= p.First && p.First < c.First+c.Count }) {
				last = append(last, p)
			} else {
				first = append(first, p)
			}
		}
	}
	return append(first, last...)
}
