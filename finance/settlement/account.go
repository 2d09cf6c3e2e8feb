package settlement

import (
	"context"
	"fmt"

	"github.com/aftercare/aftercare/platform/db"
)

// accountOf names the account that has to pay back what an order paid through a
// provider: the one that took it. A payout keeps it, whatever account the shop
// uses later.
func (s *Service) accountOf(ctx context.Context, tx *db.Tx, tenant, provider, order string) (string, error) {
	if s.AccountOf == nil {
		return "", nil
	}
	account, err := s.AccountOf(ctx, tx, tenant, provider, order)
	if err != nil {
		return "", fmt.Errorf("account of %s for order %s: %w", provider, order, err)
	}
	return account, nil
}

// provider opens what a payout is sent through; nil: there is nothing. on says
// whether it may be used for what was never sent.
func (s *Service) provider(ctx context.Context, p Payout) (_ Provider, on bool, err error) {
	if p.Account == "" {
		return s.providers[p.Provider], true, nil
	}
	if s.Own == nil {
		return nil, false, nil
	}
	own, off, err := s.Own(ctx, p.Tenant, p.Account)
	if err != nil {
		return nil, false, fmt.Errorf("account %s of payout %s: %w", p.Account, p.ID, err)
	}
	if own != nil && own.Name() != p.Provider {
		return nil, false, nil
	}
	return own, off.IsZero() || !p.CreatedAt.After(off), nil
}

func offReason(p Payout) string {
	if p.Account != "" {
		return "The shop's account at " + p.Provider + " that took the payment is switched off or was removed."
	}
	return "No payment provider named " + p.Provider + " is set up."
}

// UnderWay counts the payouts of an account that may still be sent through it,
// or of which nobody knows yet what it did with them.
func UnderWay(ctx context.Context, tx *db.Tx, tenant, account string) (int64, error) {
	return underWay(ctx, tx, tenant, account)
}
