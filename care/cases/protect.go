package cases

import (
	"context"
	"errors"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// claimUnits notes which units a case is about. They are taken from all other
// cases, unless it asks about their price only: then they may come back besides.
func (s *Service) claimUnits(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case, r Request) (refund.Stake, error) {
	if c.Kind == KindProtection {
		return s.Refund.Ask(ctx, tx, by, o, c.ID, wanted(r))
	}
	return s.Refund.Hold(ctx, tx, by, o, c.ID, wanted(r))
}

// priceless tells whether all units about whose price the case asks were paid
// back meanwhile: nothing is left that could be lowered.
func (s *Service) priceless(ctx context.Context, tx *db.Tx, c *Case) (bool, error) {
	if c.Kind != KindProtection {
		return false, nil
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return false, err
	}
	stake, err := s.Refund.Look(ctx, tx, o, c.ID)
	return err == nil && len(stake.Kept(runs(c.Items))) == 0, err
}

// turnDown ends a request about a price that nobody answered in time, and whose
// goods were paid back meanwhile.
func (s *Service) turnDown(ctx context.Context, tx *db.Tx, c *Case) error {
	by := actor.Of(c.Tenant)
	to, err := c.next(Refuse, by.Kind)
	if err != nil {
		return err
	}
	if err := s.release(ctx, tx, by, c); err != nil {
		return err
	}
	c.Decision = Decision{Outcome: string(policy.Refuse), By: "timer", At: tx.Now, Grounds: []Ground{{Code: "goods_paid_back", Basis: policy.ByPolicy}}}
	return s.enter(ctx, tx, by, c, to, c.decided())
}

// reprice promises anew what other living cases of the same units come to, after
// money was paid for goods that the customer keeps for now: what was paid for a
// lower price lowers what their return gives.
func (s *Service) reprice(ctx context.Context, tx *db.Tx, cause *Case) error {
	all, err := ByOrder(ctx, tx, actor.Of(cause.Tenant), cause.Order)
	if err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		if c.ID == cause.ID || c.Kind == KindCompensate || c.Detail.Advance != nil || !c.awaitsMoney() || !c.shares(cause) {
			continue
		}
		before := c.Quoted
		err := s.requote(ctx, tx, c)
		if errors.Is(err, refund.ErrExceeds) || errors.Is(err, refund.ErrUnitsTaken) || errors.Is(err, refund.ErrReserved) {
			continue // an agreed amount that is not there any more: it is refused when it is to be paid
		}
		if err != nil {
			return err
		}
		if c.Quoted == before {
			continue
		}
		if err := rewrite(ctx, tx, c); err != nil {
			return err
		}
		if err := s.save(ctx, tx, actor.Of(c.Tenant), c, Moved{Do: "repriced", From: c.State, To: c.State}); err != nil {
			return err
		}
	}
	return nil
}

// shares tells whether both cases are about some of the same units.
func (c *Case) shares(other *Case) bool {
	return slices.ContainsFunc(c.Items, func(x Item) bool {
		return slices.ContainsFunc(other.Items, func(y Item) bool {
			return x.Line == y.Line && x.First < y.First+y.Count && y.First < x.First+x.Count
		})
	})
}

// awaitsMoney tells whether the case holds units and nothing is reserved yet.
func (c *Case) awaitsMoney() bool {
	switch c.State {
	case Submitted, Negotiating, AwaitReturn, Returning, Inspecting:
		return true
	}
	return false
}
