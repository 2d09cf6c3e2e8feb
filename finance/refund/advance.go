package refund

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Advance pays all units that the case holds before they are inspected. It
// refuses with ErrReserved a case that has had its money, and with ErrNotHeld
// one that holds nothing, or whose goods stay with the customer.
func (s *Service) Advance(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, c Claim) (Quote, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Quote{}, err
	}
	if c.keepsGoods() || c.Kind == Reship || c.Kind == Exchange {
		return Quote{}, ErrTerms.At("kind", "cannot be paid in advance", ReturnRefund)
	}
	t, err := quoteFor(o, a, all, caseID, all.held(caseID), c)
	if err != nil {
		return Quote{}, err
	}
	if len(t.runs) == 0 {
		return Quote{}, ErrNotHeld.With("case", caseID)
	}
	if err := t.settle(ctx, tx, o, caseID, Advanced); err != nil {
		return Quote{}, fmt.Errorf("advancing units of %s for %s: %w", o.ID, caseID, err)
	}
	a.book.record(caseID).Advance = true
	return t.quote, s.commit(ctx, tx, by, o, &a, caseID, t, naming{settlement.Advance, settlement.Advance, ""})
}

// Correct is the reckoning after Advance: the accepted units are paid for ever,
// and owed is what the customer has to give back for the others, which stay
// taken until Restore or Forgive. Should more be due than was paid, the rest is
// paid. The quote is that of the accepted units alone. It refuses a case that
// was not paid in advance with ErrNone, and units that it does not hold with
// ErrNotHeld.
func (s *Service) Correct(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, accepted []Run, c Claim) (q Quote, owed int64, err error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return Quote{}, 0, err
	}
	r, ok := a.book.Cases[caseID]
	if !ok || !r.Advance {
		return Quote{}, 0, ErrNone.With("case", caseID)
	}
	good, refused, err := take(all.in(Advanced, caseID), accepted)
	if err != nil {
		return Quote{}, 0, err
	}
	if err := remove(ctx, tx, o, caseID, Advanced); err != nil {
		return Quote{}, 0, fmt.Errorf("correcting %s: %w", caseID, err)
	}
	if err := insert(ctx, tx, o, caseID, Paid, good); err != nil {
		return Quote{}, 0, fmt.Errorf("correcting %s: %w", caseID, err)
	}
	if err := insert(ctx, tx, o, caseID, Owed, refused); err != nil {
		return Quote{}, 0, fmt.Errorf("correcting %s: %w", caseID, err)
	}
	r.Advance = false
	d, err := s.anew(ctx, tx, by, o, &a, all, caseID, good, c)
	return d.Quote, d.Owed, err
}

// Restore records that the customer gave back what was owed after Correct or
// Rebook, or a part of it: the account is lowered by what came back, and units
// that were refused after Advance are free again. What did not come back was
// paid for them while they are kept, so it lowers what is left of them; what is
// more than they are worth counts as paid without units. It refuses a case that owes nothing with
// ErrNone, and more than is owed with ErrExceeds.
func (s *Service) Restore(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, recovered int64) error {
	a, all, r, err := s.owing(ctx, tx, o, caseID)
	if err != nil {
		return err
	}
	if recovered < 0 || recovered > r.Owed {
		return ErrExceeds.With("owed", r.Owed).With("recovered", recovered)
	}
	a.lessen(o, all.in(Owed, caseID), r.Owed-recovered, caseID+"/owed")
	a.lower(r, recovered, true)
	a.lower(r, r.Owed, false)
	if err := a.check(o); err != nil {
		return err
	}
	if err := remove(ctx, tx, o, caseID, Owed); err != nil {
		return fmt.Errorf("restoring units of %s for %s: %w", o.ID, caseID, err)
	}
	var g ledger
	g.move(CodeOwed, recovered, theCustomer, caseSeller(o, all.of(caseID, r)))
	return s.pay(ctx, tx, by, o, &a, caseID, settlement.Plan{}, g.entries())
}

// Forgive ends what the customer owes: the customer keeps the money, and units
// that were refused after Advance count as paid for ever.
func (s *Service) Forgive(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string) error {
	a, _, r, err := s.owing(ctx, tx, o, caseID)
	if err != nil {
		return err
	}
	a.lower(r, r.Owed, false)
	if err := turn(ctx, tx, o, caseID, Owed, Paid); err != nil {
		return fmt.Errorf("forgiving %s: %w", caseID, err)
	}
	return s.pay(ctx, tx, by, o, &a, caseID, settlement.Plan{}, nil)
}

func (s *Service) owing(ctx context.Context, tx *db.Tx, o order.Order, caseID string) (account, holds, *record, error) {
	a, all, err := open(ctx, tx, o)
	if err != nil {
		return a, all, nil, err
	}
	r, ok := a.book.Cases[caseID]
	if !ok || r.Owed == 0 && len(all.in(Owed, caseID)) == 0 {
		return a, all, nil, ErrNone.With("case", caseID)
	}
	return a, all, r, nil
}
