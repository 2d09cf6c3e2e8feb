package charge

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/platform/db"
)

// through lists by name through whom customers of a shop can pay.
func (s *Service) through(ctx context.Context, tx *db.Tx, tenant string) ([]string, error) {
	names := []string{}
	for _, one := range s.collectors {
		names = append(names, one.Name())
	}
	if s.Accounts == nil {
		return names, nil
	}
	own, err := s.Accounts(ctx, tx, tenant)
	if err != nil {
		return nil, fmt.Errorf("accounts of %s: %w", tenant, err)
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// account is the one with which a new attempt begins: the shop's own, else the
// installation's. It refuses with ErrProvider where there is neither.
func (s *Service) account(ctx context.Context, tx *db.Tx, tenant, provider string) (string, error) {
	if s.Accounts != nil {
		own, err := s.Accounts(ctx, tx, tenant)
		if err != nil {
			return "", fmt.Errorf("accounts of %s: %w", tenant, err)
		}
		if account, ok := own[provider]; ok {
			return account, nil
		}
	}
	_, err := s.collector(provider)
	return "", err
}

// opened is the collector of a charge's attempt, of the account with which it
// began.
func (s *Service) opened(ctx context.Context, c Charge) (Collector, error) {
	if c.Attempt.Account == "" {
		return s.collector(c.Attempt.Provider)
	}
	refused := ErrProvider.With("provider", c.Attempt.Provider)
	if s.Own == nil {
		return nil, refused
	}
	own, err := s.Own(ctx, c.Tenant, c.Attempt.Account)
	if err == nil && own == nil {
		err = refused
	}
	return own, err
}

func (s *Service) collector(name string) (Collector, error) {
	i := slices.IndexFunc(s.collectors, func(c Collector) bool { return c.Name() == name })
	if i < 0 {
		return nil, ErrProvider.With("provider", name)
	}
	return s.collectors[i], nil
}

// UnderWay counts the payments that customers have begun through an account and
// of which nobody knows yet what became of them.
func UnderWay(ctx context.Context, tx *db.Tx, tenant, account string) (int64, error) {
	return underWay(ctx, tx, tenant, account)
}
