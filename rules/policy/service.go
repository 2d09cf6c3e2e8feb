package policy

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Service changes policies.
type Service struct{}

// Save writes a new version of a policy. seen is the version the author read,
// 0 for a new one; another version in between is ErrStale.
func (s *Service) Save(ctx context.Context, tx *db.Tx, by actor.Actor, id, name string, rules Rules, seen int64) (Policy, error) {
	if err := rules.Check(); err != nil {
		return Policy{}, err
	}
	now, err := At(ctx, tx, by.Tenant, id, 0)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return Policy{}, err
	}
	if now.Version != seen {
		return Policy{}, ErrStale.With("version", now.Version)
	}
	p := Policy{ID: id, Name: name, Version: seen + 1, Rules: rules, CreatedAt: tx.Now}
	fresh, err := insert(ctx, tx, by.Tenant, p)
	if err != nil {
		return Policy{}, err
	}
	if !fresh {
		return Policy{}, ErrStale.With("version", p.Version)
	}
	return p, event.Append(ctx, tx, by, event.About{Stream: "policy", Subject: id, Version: p.Version}, Saved{Name: name})
}

// Found gives a tenant its first policy, once.
func (s *Service) Found(ctx context.Context, tx *db.Tx, by actor.Actor) error {
	if _, err := At(ctx, tx, by.Tenant, Standard, 0); err == nil || !errors.Is(err, ErrUnknown) {
		return err
	}
	_, err := s.Save(ctx, tx, by, Standard, "Standard", Default(), 0)
	return err
}
