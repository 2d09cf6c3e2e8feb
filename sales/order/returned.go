package order

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// pastReturns checks what a draft says about units that came back: together
// they are not more than what was bought, nor more money than was paid.
func pastReturns(o *Order, d *Draft, now time.Time) ([]Returned, *Problem) {
	if len(d.Returned) == 0 {
		return nil, nil
	}
	units, amounts := map[int]int64{}, map[int]int64{}
	all := make([]Returned, len(d.Returned))
	for i := range d.Returned {
		x := &d.Returned[i]
		l, ok := o.Line(x.Line)
		if !ok {
			return nil, &Problem{at("returned", i, "line"), "no such line", strconv.Itoa(x.Line)}
		}
		if x.Quantity < 1 || x.Quantity > l.Quantity-units[x.Line] {
			return nil, &Problem{at("returned", i, "quantity"), "more units returned than bought", strconv.FormatInt(x.Quantity, 10)}
		}
		if p := checkAmount("amount", x.Amount); p != nil {
			p.Field = at("returned", i, p.Field)
			return nil, p
		}
		units[x.Line] += x.Quantity
		if x.Amount > money.Part(l.Ledger.Paid, units[x.Line], l.Quantity)-amounts[x.Line] {
			return nil, &Problem{at("returned", i, "amount"), "more money returned than paid for the units", strconv.FormatInt(x.Amount, 10)}
		}
		amounts[x.Line] += x.Amount
		if p := checkTime("at", x.At, d.PlacedAt, now); p != nil {
			p.Field = at("returned", i, p.Field)
			return nil, p
		}
		all[i] = Returned{
			Source: o.Source, Ref: o.Number + "#" + strconv.Itoa(i+1), Line: x.Line, Quantity: x.Quantity, Amount: x.Amount, At: instant(&x.At),
		}
	}
	return all, nil
}

// keepReturned stores and announces past returns of one order. Each is new:
// the caller has looked.
func keepReturned(ctx context.Context, tx *db.Tx, by actor.Actor, o *Order, all []Returned) error {
	if len(all) == 0 {
		return nil
	}
	if err := insertReturned(ctx, tx, by.Tenant, o.ID, all); err != nil {
		return fmt.Errorf("storing past returns: %w", err)
	}
	for _, r := range all {
		if err := event.Append(ctx, tx, by, event.About{Stream: "order", Subject: o.ID, Version: o.Version}, r); err != nil {
			return err
		}
	}
	return nil
}

// tell calls who wants to know of past returns.
func (s *Service) tell(ctx context.Context, tx *db.Tx, by actor.Actor, o Order, all []Returned) error {
	if s.o.Returned == nil || len(all) == 0 {
		return nil
	}
	if err := s.o.Returned(ctx, tx, by, o, all); err != nil {
		return fmt.Errorf("past returns of order %s: %w", o.Number, err)
	}
	return nil
}
