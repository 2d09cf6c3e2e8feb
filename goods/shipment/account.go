package shipment

import (
	"context"
	"fmt"
	"slices"

	"github.com/aftercare/aftercare/platform/db"
)

// Owned is an adapter with the account of the shop that it speaks for; an empty
// account is the installation's.
type Owned struct {
	Carrier
	Account string
}

// offered are the adapters that a shop begins something new with: its own, then
// those of the installation that it has no account for.
func (s *Service) offered(ctx context.Context, tx *db.Tx, tenant string) ([]Owned, error) {
	var all []Owned
	if s.Own != nil {
		own, err := s.Own(ctx, tx, tenant)
		if err != nil {
			return nil, fmt.Errorf("carriers of %s: %w", tenant, err)
		}
		all = append(all, own...)
	}
	for _, c := range s.Carriers {
		if !slices.ContainsFunc(all, func(o Owned) bool { return o.Name() == c.Name() }) {
			all = append(all, Owned{Carrier: c})
		}
	}
	return all, nil
}

// named is the adapter of a name for something new, or ErrCarrier.
func (s *Service) named(ctx context.Context, tx *db.Tx, tenant, name string) (Owned, error) {
	all, err := s.offered(ctx, tx, tenant)
	if err != nil {
		return Owned{}, err
	}
	for _, one := range all {
		if one.Name() == name {
			return one, nil
		}
	}
	return Owned{}, ErrCarrier.With("carrier", name)
}

// carrying is the adapter that follows a parcel; it has no Carrier if none does.
func (s *Service) carrying(ctx context.Context, tx *db.Tx, p Parcel) (Owned, error) {
	all, err := s.offered(ctx, tx, p.Tenant)
	if err != nil {
		return Owned{}, err
	}
	for _, one := range all {
		if one.Carries(p.Carrier, p.Tracking) {
			return one, nil
		}
	}
	return Owned{}, nil
}

// carrier is carrying outside a transaction.
func (s *Service) carrier(ctx context.Context, p Parcel) (one Owned, err error) {
	err = s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		one, err = s.carrying(ctx, tx, p)
		return err
	})
	return one, err
}

// kept is the adapter with which something began; nil where it is gone.
func (s *Service) kept(ctx context.Context, tx *db.Tx, tenant, name, account string) (Carrier, error) {
	if account == "" {
		for _, c := range s.Carriers {
			if c.Name() == name {
				return c, nil
			}
		}
		return nil, nil
	}
	if s.Kept == nil {
		return nil, nil
	}
	c, err := s.Kept(ctx, tx, tenant, account)
	if err != nil {
		return nil, fmt.Errorf("account %s of carrier %s: %w", account, name, err)
	}
	if c != nil && c.Name() != name {
		return nil, nil
	}
	return c, nil
}

// keptOf is kept outside a transaction.
func (s *Service) keptOf(ctx context.Context, tenant, name, account string) (c Carrier, err error) {
	if account == "" {
		return s.kept(ctx, nil, tenant, name, "")
	}
	err = s.Store.Read(ctx, func(tx *db.Tx) (err error) {
		c, err = s.kept(ctx, tx, tenant, name, account)
		return err
	})
	return c, err
}

// UnderWay counts the bookings of an account that its carrier is being asked, or
// told, about.
func UnderWay(ctx context.Context, tx *db.Tx, tenant, account string) (int64, error) {
	return underWay(ctx, tx, tenant, account)
}
