package refund

import (
	"github.com/aftercare/aftercare/base/money"
)

// deduct keeps what the terms allow: never anything of units for which somebody
// else has to answer, no fee on a statutory withdrawal, and all in all not more
// than the goods.
func (w *work) deduct() {
	for _, d := range w.t.Deductions {
		if d.Code == CodeRestocking && w.t.FeesForbidden {
			w.note("fee_forbidden", d.Line, d.Code, d.Amount)
			continue
		}
		to := w.sellerOf(d.Line)
		if d.Code == CodeLabel {
			to = theCarrier
		}
		w.keep(d, to)
	}
	if fee := w.label(); fee > 0 && w.available(0) > 0 {
		w.keep(Deduction{CodeLabel, 0, fee, GroundCustomer}, theCarrier)
	}
	w.spent()
}

func (w *work) keep(d Deduction, to party) {
	got := min(d.Amount, w.available(d.Line))
	switch {
	case got == 0 && d.Amount > 0:
		w.note("not_deductible", d.Line, d.Code, d.Amount)
	case got < d.Amount && d.Basis != GroundCustomer:
		w.note("capped_at_goods", d.Line, d.Code, d.Amount-got)
	}
	w.take(d.Line, got)
	w.plus(d.Code, 0, -got, d.Basis)
	w.ledger.move(d.Code, got, theCustomer, to)
}

// available is the goods' money of which something may be kept.
func (w *work) available(line int) int64 {
	open := w.open[line]
	if line == 0 {
		for _, n := range w.open {
			open += n
		}
	}
	return min(open, sum(w.goods))
}

// take lowers the goods' money, of a line or of all in the order of the lines.
func (w *work) take(line int, amount int64) {
	if amount == 0 {
		return
	}
	for i, n := range money.Split(amount, w.goods) {
		w.goods[i] -= n
	}
	for _, l := range w.o.Lines {
		if line == 0 || line == l.No {
			n := min(amount, w.open[l.No])
			if n > 0 {
				w.open[l.No] -= n
				amount -= n
			}
		}
	}
}

// spent deducts earned points that cannot be taken back, at their book value,
// as far as the goods' money goes; what is left over is a debt of points.
func (w *work) spent() {
	p, s := &w.quote.Points, w.t.Spent
	count := min(s.Count, p.Reverse)
	if count == 0 {
		return
	}
	p.Debt = count
	if s.Value == 0 {
		return
	}
	worth := bookValue(count, s)
	got := min(worth, sum(w.goods))
	for i, n := range money.Split(got, w.goods) {
		w.goods[i] -= n
	}
	p.Book = got
	if worth > 0 {
		p.Debt -= money.Part(count, got, worth)
	}
	w.plus(CodePoints, 0, -got, GroundSpent)
	w.ledger.move(CodePoints, got, theCustomer, w.seller())
}

// bookValue is ⌊count·Value/Per⌋; what is beyond all amounts is cut there.
func bookValue(count int64, s Spent) int64 {
	const most = 1 << 53
	whole := count / s.Per
	if whole > most/max(s.Value, 1) {
		return most
	}
	return whole*s.Value + money.Part(s.Value, count%s.Per, s.Per)
}

func sum(all []int64) (total int64) {
	for _, n := range all {
		total += n
	}
	return total
}
