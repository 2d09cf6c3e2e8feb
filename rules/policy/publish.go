package policy

import (
	"context"
	"errors"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/rights"
)

// enforce makes a version live: after all checks, the one before it retires,
// and what stands on it follows. seen is the stored revision, 0 where the
// version is not stored yet.
func (s *Service) enforce(ctx context.Context, tx *db.Tx, by actor.Actor, p Policy, seen int64) (Policy, error) {
	p.Parent = 0 // of now
	if err := s.passes(ctx, tx, by.Tenant, &p); err != nil {
		return Policy{}, err
	}
	if err := s.replace(ctx, tx, by, p.ID); err != nil {
		return Policy{}, err
	}
	p.State, p.LiveAt, p.RetiredAt = InForce, tx.Now, zero
	if err := s.write(ctx, tx, by.Tenant, p, seen); err != nil {
		return Policy{}, err
	}
	if err := p.announce(ctx, tx, by, "activate"); err != nil {
		return Policy{}, err
	}
	return p, s.follow(ctx, tx, by, p)
}

func (s *Service) write(ctx context.Context, tx *db.Tx, tenant string, p Policy, seen int64) error {
	var ok bool
	var err error
	if seen == 0 {
		ok, err = insert(ctx, tx, tenant, p)
	} else {
		ok, err = update(ctx, tx, tenant, p, seen)
	}
	if err == nil && !ok {
		return ErrStale.With("version", p.Version)
	}
	return err
}

// replace retires the live version, if there is one.
func (s *Service) replace(ctx context.Context, tx *db.Tx, by actor.Actor, id string) error {
	old, err := Live(ctx, tx, by.Tenant, id)
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err != nil {
		return err
	}
	seen := old.Revision
	old.step(tx, by, "retire", "")
	old.State, old.RetiredAt = Retired, tx.Now
	return s.write(ctx, tx, by.Tenant, old, seen)
}

// follow gives every policy that stands on a new version of the platform's a
// version of its own with the same rules, so that orders go on naming both.
func (s *Service) follow(ctx context.Context, tx *db.Tx, by actor.Actor, platform Policy) error {
	above, err := children(ctx, tx, by.Tenant, platform.ID)
	if err != nil {
		return err
	}
	for _, p := range above {
		if err := s.replace(ctx, tx, by, p.ID); err != nil {
			return err
		}
		number, err := last(ctx, tx, by.Tenant, p.ID)
		if err != nil {
			return err
		}
		p.Version, p.Parent, p.LiveAt, p.CreatedAt, p.Revision = number+1, platform.Version, tx.Now, tx.Now, db.Millis(tx.Now)
		p.Note = strings.TrimSuffix(platform.engine.prefix, "/")
		p.Steps = []Step{{Action: "activate", By: nameOf(by), At: tx.Now, Note: p.Note}}
		if err := s.write(ctx, tx, by.Tenant, p, 0); err != nil {
			return err
		}
		if err := p.announce(ctx, tx, by, "activate"); err != nil {
			return err
		}
	}
	return nil
}

// passes runs what a version is checked against before it goes live: its own
// consistency, the policy under it, the law of its markets, its examples.
func (s *Service) passes(ctx context.Context, tx *db.Tx, tenant string, p *Policy) error {
	if err := p.Rules.Check(); err != nil {
		return err
	}
	if err := s.under(ctx, tx, tenant, p); err != nil {
		return err
	}
	found, err := s.violations(p, tx.Now)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return ErrFloor.With("violations", found)
	}
	var failed []Result
	for _, r := range p.Try(p.Tests, s.Together) {
		if !r.Passed {
			failed = append(failed, r)
		}
	}
	if len(failed) > 0 {
		return ErrTests.With("failed", failed)
	}
	return nil
}

// under readies a version together with the policy of the platform under it:
// one that is live, and that stands on none itself.
func (s *Service) under(ctx context.Context, tx *db.Tx, tenant string, p *Policy) error {
	if p.Rules.Parent == "" {
		p.ready(nil)
		return nil
	}
	parent, err := Live(ctx, tx, tenant, p.Rules.Parent)
	if errors.Is(err, ErrUnknown) || err == nil && (parent.Rules.Parent != "" || parent.ID == p.ID) {
		return ErrParent.With("parent", p.Rules.Parent)
	}
	if err != nil {
		return err
	}
	p.Parent = parent.Version
	p.ready(&parent)
	return nil
}

// book is the law.
func (s *Service) book() (*rights.Book, error) {
	if s.law != nil {
		return s.law, nil
	}
	return rights.Standard()
}

func (p Policy) announce(ctx context.Context, tx *db.Tx, by actor.Actor, action string) error {
	note := ""
	if len(p.Steps) > 0 {
		note = p.Steps[len(p.Steps)-1].Note
	}
	about := event.About{Stream: "policy", Subject: p.ID, Version: p.Version}
	if action == "activate" {
		return event.Append(ctx, tx, by, about, Saved{Name: p.Name})
	}
	return event.Append(ctx, tx, by, about, Changed{Name: p.Name, Action: action, State: string(p.State), Note: note})
}
