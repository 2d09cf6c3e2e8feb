package insight

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/sales/order"
)

// Entry is all that one case, order or past return contributes.
type Entry struct {
	Key     string `json:"-"`
	Version int64  `json:"-"`
	Dims
	Cells   []Cell         `json:"x"`
	Moments []cases.Moment `json:"h,omitempty"` // what lists of cases are told of it, so that they agree with the figures
	Open    *Open          `json:"-"`           // of a case that is not over
}

// first is the first answer that a case got.
type first struct {
	at time.Time
	by string // rule, staff or timer
}

// cells are what a first answer contributes.
func (f first) cells(c cases.Case, zone *time.Location) []Cell {
	if f.at.IsZero() {
		return nil
	}
	day := calendar.Date(f.at, zone)
	return []Cell{{Decisions, day, f.by, 1, 0}, {AnswerTime, day, Place(f.at.Sub(c.OpenedAt)), 1, 0}}
}

// moment is what lists are told of a first answer.
func (f first) moment(c cases.Case) []cases.Moment {
	if f.at.IsZero() {
		return nil
	}
	return []cases.Moment{momentOf(c, cases.FirstAnswer, f.by, f.at)}
}

func momentOf(c cases.Case, what cases.Happening, label string, at time.Time) cases.Moment {
	return cases.Moment{What: what, Label: label, At: at.UTC(), Took: at.Sub(c.OpenedAt)}
}

// answer is the first answer as it was counted before: it never changes.
func (e Entry) answer() (f first, found bool) {
	for _, m := range e.Moments {
		if m.What == cases.FirstAnswer {
			return first{m.At, m.Label}, true
		}
	}
	return first{}, false
}

// open reports whether an entry is that of a case that is not over.
func (e Entry) open() bool {
	return slices.ContainsFunc(e.Cells, func(c Cell) bool { return c.Measure == States && !cases.State(c.Label).Final() })
}

// entryOf is what a case contributes, but for its first answer.
func entryOf(c cases.Case, o order.Order, payouts []settlement.Payout, zone *time.Location) Entry {
	e := Entry{Key: c.ID, Version: c.Version, Dims: dimsOf(o, c.Kind, c.Seller)}
	day := func(t time.Time) string { return calendar.Date(t, zone) }
	add := func(m Measure, at time.Time, label string, n, total int64) {
		e.Cells = append(e.Cells, Cell{m, day(at), label, n, total})
	}
	add(States, c.OpenedAt, string(c.State), 1, 0)
	add(Reasons, c.OpenedAt, c.Reason, 1, 0)
	var last time.Time
	open := len(payouts) == 0
	for _, p := range payouts {
		if p.State != settlement.Succeeded {
			open = true
			continue
		}
		add(Refunds, p.UpdatedAt, p.Currency, 1, p.Amount)
		e.Moments = append(e.Moments, momentOf(c, cases.Paid, p.Currency, p.UpdatedAt))
		if p.UpdatedAt.After(last) {
			last = p.UpdatedAt
		}
	}
	e.Cells = append(e.Cells, paidAgain(e.Cells)...)
	if !open {
		add(RefundTime, last, Place(last.Sub(c.OpenedAt)), 1, 0)
		e.Moments = append(e.Moments, momentOf(c, cases.Settled, "", last))
	}
	for _, it := range c.Items {
		add(Returned, o.PlacedAt, it.SKU, it.Count, 0)
	}
	if !c.State.Final() {
		e.Open = &Open{State: string(c.State), OpenedAt: c.OpenedAt, Deadline: c.Deadline}
	}
	return e
}

// paidAgain are the payouts of a case that came after another one in the same
// period, for each length of periods: a bar of money counts payouts, and leads
// to cases.
func paidAgain(paid []Cell) (again []Cell) {
	paid = slices.DeleteFunc(slices.Clone(paid), func(c Cell) bool { return c.Measure != Refunds })
	slices.SortStableFunc(paid, func(a, b Cell) int { return strings.Compare(a.Day, b.Day) })
	for i, c := range paid {
		for _, grain := range []Grain{Day, Week, Month} {
			before := func(other Cell) bool {
				return other.Label == c.Label && grain.startOf(other.Day) == grain.startOf(c.Day)
			}
			if slices.ContainsFunc(paid[:i], before) {
				again = append(again, Cell{PaidAgain, c.Day, string(grain) + " " + c.Label, 1, 0})
			}
		}
	}
	return again
}

// Place is a step of the scale of durations as a label that sorts.
func Place(d time.Duration) string { return fmt.Sprintf("%04d", step(d)) }

func dimsOf(o order.Order, kind, seller string) Dims {
	return Dims{Kind: kind, Channel: or(o.Channel), Market: or(o.Country), Seller: seller}
}

func or(value string) string {
	if value == "" {
		return unknown
	}
	return value
}

// sales are what an order contributes, an entry for each of its sellers.
func sales(o order.Order, zone *time.Location) (all []Entry) {
	for _, l := range o.Lines {
		key := o.ID + "/" + l.Seller
		i := slices.IndexFunc(all, func(e Entry) bool { return e.Key == key })
		if i < 0 {
			i = len(all)
			all = append(all, Entry{Key: key, Version: o.Version, Dims: dimsOf(o, "", l.Seller)})
		}
		all[i].Cells = append(all[i].Cells, Cell{Sold, calendar.Date(o.PlacedAt, zone), l.SKU, l.Quantity, 0})
	}
	return all
}

// before is what a return contributes that was over when its order came in.
func before(o order.Order, r order.Returned, zone *time.Location) (Entry, bool) {
	l, found := o.Line(r.Line)
	e := Entry{Key: strings.Join([]string{"past", r.Source, r.Ref}, "/"), Version: 1, Dims: dimsOf(o, "", l.Seller)}
	e.Cells = []Cell{{Returned, calendar.Date(o.PlacedAt, zone), l.SKU, r.Quantity, 0}}
	return e, found
}
