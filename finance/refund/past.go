package refund

import (
	"context"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// imported is the case of units that came back before the order was known here.
const imported = "imported"

// Past is one return that happened before the order was known here.
type Past struct {
	Wanted []Wanted // may be empty: money that was paid back without units
	Amount int64    // paid back for them, minor units
}

// PastReturn records what came back before the order was known here: the units
// are paid for ever, the amount counts as paid back, and nothing is paid. What
// exceeds the units' own money is taken for outbound shipping, as far as that
// was paid. It refuses units that are not free with ErrUnitsTaken, and more
// than is left of what was paid with ErrExceeds.
func (s *Service) PastReturn(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, past ...Past) ([]Run, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return nil, err
	}
	if err := sound(o); err != nil {
		return nil, err
	}
	var runs []Run
	for _, p := range past {
		fresh, err := a.past(o, all, p)
		if err != nil {
			return nil, err
		}
		for _, r := range fresh {
			all = slices.Insert(all, all.place(r), hold{r, imported, Paid})
		}
		runs = append(runs, fresh...)
	}
	if err := insert(ctx, tx, o, imported, Paid, runs); err != nil {
		return nil, fmt.Errorf("past returns of %s: %w", o.ID, err)
	}
	if err := a.save(ctx, tx, o); err != nil {
		return nil, fmt.Errorf("account of %s: %w", o.ID, err)
	}
	return runs, nil
}

// Returned is PastReturn in the words of package order, for its Options.
func (s *Service) Returned(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, all []order.Returned) error {
	past := make([]Past, len(all))
	for i, r := range all {
		past[i] = Past{Wanted: []Wanted{{Line: r.Line, Quantity: r.Quantity}}, Amount: r.Amount}
	}
	_, err := s.PastReturn(ctx, tx, by, o, past...)
	return err
}

// past allocates the units of one past return and books its amount: to the
// tenders as the units' own money fell on them, the surplus as shipping fell,
// and what then is left over by what is left of each tender.
func (a *account) past(o order.Order, all holds, p Past) (runs []Run, err error) {
	if p.Amount < 0 || p.Amount > captured(o)-a.refunded {
		return nil, ErrExceeds.With("paid", captured(o)).With("refunded", a.refunded+p.Amount)
	}
	if len(p.Wanted) > 0 {
		if runs, err = all.allocate(o, p.Wanted, a.book.Asked); err != nil {
			return nil, err
		}
	}
	goods := a.goods(o, runs)
	rest := p.Amount - a.spread(o, min(p.Amount, sum(goods)), goods)
	if len(runs) > 0 && rest > 0 {
		n := min(rest, o.Shipping.Paid-a.shipping)
		n = a.spread(o, n, between(a.shipping, a.shipping+n, o.Shipping.Tenders))
		a.shipping += n
		rest -= n
	}
	a.spread(o, rest, a.room(o))
	return runs, a.check(o)
}

// goods is the units' own money as it fell on the tenders, up to what is left of
// them. Nobody knows why they came back, so no terms say anything, and the rest of
// the order, which may be long, need not be looked at for each return.
func (a *account) goods(o order.Order, runs []Run) []int64 {
	w := work{o: o, before: a.before(nil, ""), goods: make([]int64, len(o.Tenders)), shipping: make([]int64, len(o.Tenders))}
	for _, r := range runs {
		w.add(r)
	}
	w.limit()
	return w.goods
}
