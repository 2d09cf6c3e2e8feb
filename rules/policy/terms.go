package policy

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// readable are those of some versions that the actor may read. Who works for a
// seller, or may read terms only, reads what applies to the seller's goods, and nothing that was said
// about it among colleagues: the versions by which they were bought, and the one
// that new orders get. A policy that stands on another is read with that one.
func (s *Service) readable(ctx context.Context, tx *db.Tx, by actor.Actor, all []Policy) ([]Policy, error) {
	if by.Seller == "" && role.Allow(by, role.PolicyRead) == nil {
		return all, nil
	}
	used, err := order.PoliciesOf(ctx, tx, by.Tenant, by.Seller)
	if err != nil {
		return nil, err
	}
	for _, u := range slices.Clone(used) {
		p, err := At(ctx, tx, by.Tenant, u.ID, u.Version)
		if err == nil && p.Rules.Parent != "" {
			used = append(used, order.UsedPolicy{ID: p.Rules.Parent, Version: p.Parent})
		}
	}
	shown := []Policy{}
	for _, p := range all {
		applies := slices.ContainsFunc(used, func(u order.UsedPolicy) bool {
			return u.ID == p.ID && (u.Version == p.Version || p.State == InForce)
		})
		if !applies && (p.ID != Standard || p.State != InForce) {
			continue
		}
		p.Tests, p.Note, p.Author, p.Reviewer, p.Steps = nil, "", Name{}, Name{}, nil
		shown = append(shown, p)
	}
	return shown, nil
}
