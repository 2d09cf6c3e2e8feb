package cases

import (
	"cmp"
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// terms are what the policy, the order and the course of the case say about its
// money. The label costs nobody anything where all parcels went without it.
func (c *Case) terms(o order.Order, r policy.Rules) refund.Terms {
	t := refund.Terms{
		Freight: r.Freight(), LabelFee: r.LabelFee[c.Currency], Shipping: r.Shipping, FullShippingOnFullReturn: r.FullShipping,
		Promotions: r.Promotions, Tender: r.Tender, Liability: c.Detail.Liability, Delivery: c.Detail.Delivery, Upfront: c.Detail.Upfront,
	}
	if x := o.Insurance; x != nil {
		t.Insurance = refund.Insurance{Payer: x.Payer, Table: x.Most, Direct: x.Direct, Actual: cmp.Or(c.Detail.Upfront, t.LabelFee)}
	}
	if n := len(c.Detail.SelfSent); n > 0 && n > c.Detail.Parcels+c.Detail.Rounds {
		t.LabelFee, t.Insurance.Actual = 0, c.Detail.Upfront
	}
	return t
}

// fees are the restocking fees on the goods, none of them on the seller's fault
// or where the law forbids them.
func (c *Case) fees(o order.Order, r policy.Rules, units []refund.Run) (all []refund.Deduction) {
	if c.Detail.Liability != "" && c.Detail.Liability != refund.Customer {
		return nil
	}
	for _, u := range units {
		l, _ := o.Line(u.Line)
		paid := paidFor(l, u.First, u.Count)
		fee := r.Fee(paid, u.Reason)
		if percent, known := c.Detail.Fees[u.Line]; known {
			fee = money.Part(paid, int64(percent), 100)
		}
		if fee > 0 {
			all = append(all, refund.Deduction{Code: refund.CodeRestocking, Line: u.Line, Amount: fee, Basis: "policy"})
		}
	}
	return all
}

// paidFor is what was paid for units of a line.
func paidFor(l order.Line, first, count int64) int64 {
	return money.Part(l.Ledger.Paid, first-1+count, l.Quantity) - money.Part(l.Ledger.Paid, first-1, l.Quantity)
}

// claim is what the case wants of the order's money.
func (c *Case) claim(o order.Order, r policy.Rules, units []refund.Run) refund.Claim {
	all := refund.Claim{Kind: c.Kind, Terms: c.terms(o, r), Lower: c.Detail.Lower, Amount: c.Detail.Partial}
	all.Terms.Deductions = append(c.fees(o, r, units), c.losses(units)...)
	if c.Detail.Partial > 0 {
		all.Kind = KindPartial
	}
	if w := c.Detail.Claim; w != nil {
		all.Amount, all.Basis = w.net(), w.Basis
		all.Cap = w.limit(r, c.Currency)
	}
	return all
}

// asked is the claim with the order and the rules it rests on.
func (s *Service) asked(ctx context.Context, tx *db.Tx, c *Case, units []refund.Run) (order.Order, refund.Claim, error) {
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return o, refund.Claim{}, err
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	return o, c.claim(o, p.Rules, units), err
}

// requote computes anew what the case comes to.
func (s *Service) requote(ctx context.Context, tx *db.Tx, c *Case) error {
	o, claim, err := s.asked(ctx, tx, c, runs(c.Items))
	if err != nil {
		return err
	}
	q, err := s.quote(ctx, tx, o, c, runs(c.Items), claim)
	if err != nil {
		return err
	}
	c.Quoted, c.Quote = q.Total, []byte(encode(q))
	return nil
}

// grant carries out a yes: the goods set out, or what is owed is provided.
func (s *Service) grant(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, do Action, fact event.Fact) error {
	to, err := c.next(do, by.Kind)
	if err != nil {
		return err
	}
	if to == Resolving {
		return s.provide(ctx, tx, by, c, to, runs(c.Items), fact)
	}
	if err := s.sendFor(ctx, tx, by, c); err != nil {
		return err
	}
	return s.enter(ctx, tx, by, c, to, fact)
}

// provide reserves what is owed for the units, or plans what is sent instead.
// fact may be a Graded, which learns the total.
func (s *Service) provide(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, to State, units []refund.Run, fact event.Fact) error {
	if err := s.settleOff(ctx, tx, c); err != nil {
		return err
	}
	o, claim, err := s.asked(ctx, tx, c, units)
	if err != nil {
		return err
	}
	if c.Detail.Accepted = nil; len(others(runs(c.Items), units)) > 0 {
		c.Detail.Accepted = itemsOf(c.Items, units)
	}
	switch {
	case c.Kind == KindExchange || c.Kind == KindReship:
		err = s.planReplacement(ctx, tx, by, o, c, units, claim)
	case c.Detail.Advance != nil:
		err = s.correct(ctx, tx, by, o, c, units, claim)
	default:
		err = s.reserve(ctx, tx, by, o, c, units, claim)
	}
	if err == nil {
		err = s.stillOff(ctx, tx, c)
	}
	if err != nil {
		return err
	}
	if err := s.keepPromises(ctx, tx, o, c, units, c.looked(by, fact)); err != nil {
		return err
	}
	if g, ok := fact.(Graded); ok {
		g.Total = c.Refunded
		fact = g
	}
	if err := s.enter(ctx, tx, by, c, to, fact); err != nil {
		return err
	}
	if c.Detail.Exchange == nil { // of an exchange with what goes out
		if err := s.settleBenefits(ctx, tx, by, c); err != nil {
			return err
		}
	}
	return s.settleIfDone(ctx, tx, c)
}

func (s *Service) reserve(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case, units []refund.Run, claim refund.Claim) error {
	q, err := s.Refund.Reserve(ctx, tx, by, o, c.ID, units, claim)
	if err != nil {
		return err
	}
	c.Refunded, c.Quote = q.Total+c.Detail.Back, []byte(encode(q))
	if c.Kind == KindRefund && claim.Kind != KindPartial && c.Phase == policy.AfterReceipt && !c.Detail.Arrived {
		if err := s.announceUnits(ctx, tx, by, c, units, stock.Customer, stock.Kept); err != nil {
			return err
		}
	}
	switch claim.Kind {
	case KindProtection:
		return s.reprice(ctx, tx, c)
	case KindPartial:
		return s.Refund.Release(ctx, tx, by, o, c.ID, nil) // the goods are kept and may come back another day
	}
	return nil
}

// settleIfDone ends a case that has nothing to wait for: no money that is on
// its way and nothing to be sent.
func (s *Service) settleIfDone(ctx context.Context, tx *db.Tx, c *Case) error {
	x := c.Detail.Exchange
	if c.State != Resolving || c.Refunded > 0 && !c.Detail.Paid || x != nil && !x.Sent {
		return nil
	}
	return s.settle(ctx, tx, c)
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, c *Case) error {
	to, err := c.next(Settle, actor.System)
	if err != nil {
		return err
	}
	fact := Moved{Do: Settle, From: c.State, To: to}
	if to == AwaitConfirm {
		fact.Do = "replaced"
	}
	return s.enter(ctx, tx, actor.Of(c.Tenant), c, to, fact)
}

// unpaid tells whether a payout of the case has still to succeed.
func (s *Service) unpaid(ctx context.Context, tx *db.Tx, c *Case) (bool, error) {
	all, err := settlement.ByCase(ctx, tx, c.Tenant, c.ID)
	return slices.ContainsFunc(all, func(p settlement.Payout) bool { return p.State != settlement.Succeeded }), err
}

// Settled moves on a case whose last payout succeeded. One that was paid before
// its goods were seen remembers it; any other is left alone.
func (s *Service) Settled(ctx context.Context, tx *db.Tx, tenantID, caseID string) error {
	c, err := ByID(ctx, tx, actor.Of(tenantID), caseID)
	if err != nil {
		return err
	}
	again, err := s.paidAgain(ctx, tx, &c)
	if err != nil || c.Detail.Paid && !again {
		return err
	}
	if c.Detail.Advance != nil || c.Detail.Reopened > 0 { // paid more than once: the news may be of an earlier time
		if open, err := s.unpaid(ctx, tx, &c); err != nil || open {
			return err
		}
	}
	switch {
	case c.State == Resolving && (c.Detail.Exchange == nil || c.Detail.Exchange.Sent):
		c.Detail.Paid = true
		return s.settle(ctx, tx, &c)
	case again || c.Detail.Advance != nil || c.State == Resolving:
		c.Detail.Paid = true
		return s.save(ctx, tx, actor.Of(tenantID), &c, Moved{Do: "paid", From: c.State, To: c.State})
	}
	return nil
}
