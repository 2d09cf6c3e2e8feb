package refund

import (
	"context"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Service holds the verbs of refunds. Each locks the order's account first, so
// two verbs on one order never overlap; other orders are not held up.
type Service struct {
	payouts *settlement.Service
}

// New makes the service.
func New(payouts *settlement.Service) *Service { return &Service{payouts: payouts} }

// Free counts the units of each line that are in no living claim.
func Free(ctx context.Context, tx *db.Tx, o order.Order) (map[int]int64, error) {
	all, err := claimsOf(ctx, tx, o)
	if err != nil {
		return nil, fmt.Errorf("claims of %s: %w", o.ID, err)
	}
	return all.free(o), nil
}

// Hold claims units for a case: the lowest free ones of each line. It refuses
// with ErrWanted, or with ErrUnitsTaken and the facts line, wanted and free;
// then nothing is held. Holding is part of what the case announces.
func (s *Service) Hold(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, wanted []Wanted) ([]Run, error) {
	_, all, err := open(ctx, tx, o)
	if err != nil {
		return nil, err
	}
	if all.settled(caseID) {
		return nil, ErrReserved.With("case", caseID)
	}
	runs, err := all.allocate(o, wanted)
	if err != nil {
		return nil, err
	}
	if err := insert(ctx, tx, o, caseID, Held, runs); err != nil {
		return nil, fmt.Errorf("holding units of %s for %s: %w", o.ID, caseID, err)
	}
	return runs, nil
}

// Release gives units back, all that the case still holds when runs is nil.
// Units it does not hold are refused with ErrNotHeld.
func (s *Service) Release(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, runs []Run) error {
	_, all, err := open(ctx, tx, o)
	if err != nil {
		return err
	}
	var rest []Run
	if runs != nil {
		if _, rest, err = take(all.held(caseID), runs); err != nil {
			return err
		}
	}
	if err := remove(ctx, tx, o, caseID); err != nil {
		return fmt.Errorf("releasing units of %s for %s: %w", o.ID, caseID, err)
	}
	return insert(ctx, tx, o, caseID, Held, rest)
}

// Preview says what holding and reserving the wanted units would give now. It
// changes nothing and refuses as Hold does.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, o order.Order, wanted []Wanted, c Claim) (Quote, error) {
	a, all, err := peek(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	runs, err := all.allocate(o, wanted)
	if err != nil {
		return Quote{}, err
	}
	return Calculate(o, a.before(all), runs, c)
}

// Quote says what reserving these units of a case would give now. It refuses
// units that the case does not hold with ErrNotHeld, and a case whose money is
// reserved with ErrReserved.
func (s *Service) Quote(ctx context.Context, tx *db.Tx, o order.Order, caseID string, runs []Run, c Claim) (Quote, error) {
	a, all, err := peek(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	quote, _, _, err := quoteHeld(o, a, all, caseID, runs, c)
	return quote, err
}

// Reserve makes the accepted units of a case paid for ever, releases the others
// it holds, and plans the payouts. It refuses a second time with ErrReserved,
// units that the case does not hold with ErrNotHeld, and with ErrExceeds what
// would pay back more than a tender paid. Without accepted units it only
// releases. A total of zero makes no payouts.
func (s *Service) Reserve(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, accepted []Run, c Claim) (Quote, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	quote, taken, rest, err := quoteHeld(o, a, all, caseID, accepted, c)
	if err != nil {
		return Quote{}, err
	}
	if err := s.settle(ctx, tx, o, caseID, taken, rest, all); err != nil {
		return Quote{}, fmt.Errorf("reserving units of %s for %s: %w", o.ID, caseID, err)
	}
	if quote.Total == 0 {
		return quote, nil
	}
	if err := a.add(o, quote); err != nil {
		return Quote{}, err
	}
	if err := a.save(ctx, tx, o); err != nil {
		return Quote{}, fmt.Errorf("account of %s: %w", o.ID, err)
	}
	_, err = s.payouts.Reserve(ctx, tx, by, plan(o, caseID, quote))
	return quote, err
}

// settle makes the taken runs paid and lets the rest go.
func (s *Service) settle(ctx context.Context, tx *db.Tx, o order.Order, caseID string, taken, rest []Run, all holds) error {
	if len(rest) == 0 && slices.Equal(taken, all.held(caseID)) {
		return pay(ctx, tx, o, caseID)
	}
	if err := remove(ctx, tx, o, caseID); err != nil {
		return err
	}
	return insert(ctx, tx, o, caseID, Paid, taken)
}

// open locks the order's account and reads its claims.
func open(ctx context.Context, tx *db.Tx, o order.Order) (account, holds, error) {
	return withClaims(ctx, tx, o, lock)
}

// peek is open without the lock.
func peek(ctx context.Context, tx *db.Tx, o order.Order) (account, holds, error) {
	return withClaims(ctx, tx, o, look)
}

func withClaims(ctx context.Context, tx *db.Tx, o order.Order, accountOf func(context.Context, *db.Tx, order.Order) (account, error)) (account, holds, error) {
	a, err := accountOf(ctx, tx, o)
	if err != nil {
		return account{}, nil, fmt.Errorf("account of %s: %w", o.ID, err)
	}
	all, err := claimsOf(ctx, tx, o)
	if err != nil {
		return account{}, nil, fmt.Errorf("claims of %s: %w", o.ID, err)
	}
	return a, all, nil
}

func quoteHeld(o order.Order, a account, all holds, caseID string, runs []Run, c Claim) (quote Quote, taken, rest []Run, err error) {
	if all.settled(caseID) {
		return Quote{}, nil, nil, ErrReserved.With("case", caseID)
	}
	if taken, rest, err = take(all.held(caseID), runs); err != nil {
		return Quote{}, nil, nil, err
	}
	quote, err = Calculate(o, a.before(all), taken, c)
	return quote, taken, rest, err
}

// plan lists the payouts of a quote: one per tender and purpose.
func plan(o order.Order, caseID string, q Quote) settlement.Plan {
	p := settlement.Plan{Case: caseID, Order: o.ID, Currency: o.Currency}
	for _, t := range q.Tenders {
		for _, part := range []struct {
			purpose string
			amount  int64
		}{{settlement.Goods, t.Goods}, {settlement.Shipping, t.Shipping}} {
			if part.amount > 0 {
				p.Parts = append(p.Parts, settlement.Part{
					Purpose: part.purpose, Tender: t.ID, Kind: t.Kind, Label: t.Label,
					Provider: t.Provider, Reference: t.Reference, Amount: part.amount,
				})
			}
		}
	}
	return p
}
