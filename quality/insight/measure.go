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

// answer is the part of an entry that the first answer gave: it never changes.
func (e Entry) answer() (cells []Cell) {
	for _, c := range e.Cells {
		if c.Measure == Decisions || c.Measure == AnswerTime {
			cells = append(cells, c)
		}
	}
	return cells
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
		if p.UpdatedAt.After(last) {
			last = p.UpdatedAt
		}
	}
	if !open {
		add(RefundTime, last, Place(last.Sub(c.OpenedAt)), 1, 0)
	}
	for _, it := range c.Items {
		add(Returned, o.PlacedAt, it.SKU, it.Count, 0)
	}
	if !c.State.Final() {
		e.Open = &Open{State: string(c.State), OpenedAt: c.OpenedAt, Deadline: c.Deadline}
	}
	return e
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
