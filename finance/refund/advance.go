package refund

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Advance pays all units that the case holds before they are inspected.
func (s *Service) Advance(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, c Claim) (Quote, error) {
	return Quote{}, ErrNone
}

// Correct is the reckoning after Advance: the accepted units are paid for ever,
// and owed is what the customer has to give back for the others, which stay
// held until Restore or Forgive.
func (s *Service) Correct(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, accepted []Run, c Claim) (q Quote, owed int64, err error) {
	return Quote{}, 0, ErrNone
}

// Restore records that the customer gave money back: units that were refused
// after Advance are free again, and the account is lowered.
func (s *Service) Restore(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, recovered int64) error {
	return ErrNone
}

// Forgive ends what the customer owes after Correct: the customer keeps the
// money, and the units are paid for ever.
func (s *Service) Forgive(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string) error {
	return ErrNone
}

// Reopen lets a case that is reserved hold units and reserve once more.
func (s *Service) Reopen(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string) error {
	return ErrNone
}

// Rebook reckons a reserved case anew under another claim, most often because
// the liability changed, or because an exchange becomes a refund. Only the
// difference is paid or booked.
func (s *Service) Rebook(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, caseID string, c Claim) (Delta, error) {
	return Delta{}, ErrNone
}
