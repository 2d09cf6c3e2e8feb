package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// States of money that was paid before the goods were inspected.
const (
	AdvancePaid       = "paid"
	AdvanceSettled    = "settled"
	AdvanceRecovering = "recovering"
	AdvanceRecovered  = "recovered"
	AdvanceWrittenOff = "written_off"
)

// payAdvance pays at the carrier's first scan what the policy trusts a customer
// with. It is the carrier's word that counts, not the customer's.
func (s *Service) payAdvance(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) (paid bool, err error) {
	if by.Kind != actor.Carrier || c.Kind != KindReturn || c.Detail.Advance != nil || c.Detail.Partial > 0 {
		return false, nil
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return false, err
	}
	if c.Quoted == 0 || !p.Advances(c.Currency) {
		return false, nil
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return false, err
	}
	if ok, err := s.trusted(ctx, tx, o, &p, c); err != nil || !ok {
		return false, err
	}
	q, err := s.Refund.Advance(ctx, tx, actor.Of(c.Tenant), o, c.ID, c.claim(o, p.Rules, runs(c.Items)))
	if err != nil {
		return false, err
	}
	c.Refunded, c.Quote = q.Total, []byte(encode(q))
	c.Detail.Advance = &Advance{Total: q.Total, State: AdvancePaid}
	return true, nil
}

// trusted tells whether the policy pays the case before its goods are seen: up
// to its limit, and that of the tier that the customer had at the request.
func (s *Service) trusted(ctx context.Context, tx *db.Tx, o order.Order, p *policy.Policy, c *Case) (bool, error) {
	if c.Kind != KindReturn || c.Detail.Partial > 0 || !p.Advances(c.Currency) {
		return false, nil
	}
	who, err := owed.Who(ctx, tx, c.Tenant, c.Customer, o.PlacedAt, c.OpenedAt)
	limit, ok := p.AdvanceLimit(who, c.Currency)
	return ok && c.Quoted <= limit, err
}

// correct compares what was paid in advance with what the inspection says, and
// asks the customer for the rest.
func (s *Service) correct(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case, accepted []refund.Run, claim refund.Claim) error {
	q, owed, err := s.Refund.Correct(ctx, tx, by, o, c.ID, accepted, claim)
	if err != nil {
		return err
	}
	a := c.Detail.Advance
	c.Quote, a.Owed, a.State = []byte(encode(q)), owed, AdvanceSettled
	if q.Total > c.Refunded { // the rest is on its way
		c.Refunded, c.Detail.Paid = q.Total, false
	}
	if owed == 0 {
		return nil
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	zone, err := c.zone()
	if err != nil {
		return err
	}
	w := p.Rules.Clock()
	due, _ := w.Days(tx.Now, w.AdvanceDays, zone)
	d, err := s.Charge.Demand(ctx, tx, by, charge.New{Case: c.ID, Order: c.Order, Customer: c.Customer, Purpose: charge.AdvanceRecovery, Amount: c.money(owed), Due: due})
	if err != nil {
		return err
	}
	a.Charge, a.State = d.ID, AdvanceRecovering
	return nil
}

// recovered hears that the customer gave back what was paid in advance, or that
// nobody asks for it any more.
func (s *Service) recovered(ctx context.Context, tx *db.Tx, c *Case, paid bool, amount int64) error {
	a := c.Detail.Advance
	if a == nil || a.State != AdvanceRecovering {
		return nil
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	a.State = AdvanceWrittenOff
	if !paid {
		amount = 0
	} else {
		a.State = AdvanceRecovered
	}
	if err := s.Refund.Restore(ctx, tx, actor.Of(c.Tenant), o, c.ID, amount); err != nil {
		return err
	}
	return s.save(ctx, tx, actor.Of(c.Tenant), c, Moved{Do: Action("advance_" + a.State), From: c.State, To: c.State})
}
