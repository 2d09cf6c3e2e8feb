package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
)

// reopen takes up a case that is over. The first person says why and what shall
// change; it happens when a second person says the same.
//
// A case that was closed without effect is asked anew. In one that was paid, the
// freight is booked to another party, or an amount is added as goodwill.
func (s *Service) reopen(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if err := c.can(Reopen, by.Kind); err != nil {
		return err
	}
	if p := c.Detail.Reopening; p != nil {
		return s.agree(ctx, tx, by, c, *p)
	}
	p := Reopening{By: by.ID, Name: by.Name, At: tx.Now, Comment: strings.TrimSpace(in.Comment)}
	if p.Comment == "" {
		return ErrRefusal.Because("Reopening needs a reason.").At("comment", "is empty", "why the case shall be taken up again")
	}
	if c.State == Completed {
		p.Liability, p.Amount = in.Freight, in.Amount
		if err := p.check(c); err != nil {
			return err
		}
	}
	c.Detail.Reopening = &p
	return s.save(ctx, tx, by, c, Moved{Do: "reopen_proposed", From: c.State, To: c.State, Comment: p.Comment})
}

func (p Reopening) check(c *Case) error {
	wrong := ErrOffer
	if !slices.Contains([]string{"", refund.Seller, refund.Customer, "carrier", "platform"}, p.Liability) {
		wrong = wrong.At("freight", "is not a party", "seller, customer, carrier or platform")
	}
	if p.Amount < 0 {
		wrong = wrong.At("amount", "is negative", "minor units, 0 or more")
	}
	if p.Amount == 0 && p.Liability == "" {
		wrong = wrong.At("amount", "nothing would change", "an amount to add, or who shall bear the freight")
	}
	if p.Liability != "" && c.Kind != KindReturn && c.Kind != KindRefund {
		wrong = wrong.At("freight", "this kind of case has no freight to book anew", "an amount")
	}
	if wrong != ErrOffer {
		return wrong
	}
	return nil
}

func (s *Service) agree(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, p Reopening) error {
	if p.By == by.ID {
		return ErrSame.With("proposed_by", p.Name)
	}
	from := c.State
	to, err := c.next(Reopen, by.Kind, Second, SecondPaid)
	if err != nil {
		return err
	}
	c.Detail.Reopening = nil
	c.Detail.Reopened++
	fact := Moved{Do: "reopened", From: from, To: to, Comment: p.Comment}
	if to == Submitted {
		if err := s.rehold(ctx, tx, by, c); err != nil {
			return err
		}
		c.State, c.ClosedAs, c.Detail.Intercept = Submitted, "", false
		if err := s.arm(ctx, tx, c); err != nil {
			return err
		}
		return s.save(ctx, tx, by, c, fact)
	}
	c.State, c.Detail.Paid = Resolving, false
	more, moved, err := s.change(ctx, tx, by, c, p)
	if err != nil {
		return err
	}
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	if err := s.save(ctx, tx, by, c, fact); err != nil {
		return err
	}
	if p.Liability != "" { // goodwill moves no points, and has no quote of the goods
		if err := s.moreBenefits(ctx, tx, by, c, moved); err != nil {
			return err
		}
	}
	if more {
		return nil
	}
	c.Detail.Paid = true
	return s.settle(ctx, tx, c)
}

// keepClosed turns a proposal down: by anybody, also by who made it.
func (s *Service) keepClosed(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, comment string) error {
	if err := c.can(Keep, by.Kind); err != nil {
		return err
	}
	if c.Detail.Reopening == nil {
		return ErrGuard.With("action", string(Keep)).With("needed", string(Second))
	}
	c.Detail.Reopening = nil
	return s.save(ctx, tx, by, c, Moved{Do: Keep, From: c.State, To: c.State, Comment: comment})
}

// change pays what the second agreement adds: the difference that another
// bearer of the freight makes, or an amount of goodwill. more tells whether
// there is something to pay, moved what the other bearer moves.
func (s *Service) change(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, p Reopening) (more bool, moved refund.Delta, err error) {
	if p.Liability != "" {
		if err := c.owesNothing(); err != nil {
			return false, moved, err
		}
		c.Detail.Liability = p.Liability
	}
	o, claim, err := s.asked(ctx, tx, c, c.accepted())
	if err != nil {
		return false, moved, err
	}
	if p.Liability != "" {
		if moved, err = s.Refund.Rebook(ctx, tx, by, o, c.ID, claim); err != nil {
			return false, moved, err
		}
		if moved.Owed > 0 {
			if err := s.askBack(ctx, tx, by, c, moved.Owed); err != nil {
				return false, moved, err
			}
		}
		c.Refunded += moved.Pay
		more = moved.Pay > 0
	}
	if p.Amount > 0 {
		if err := s.Refund.Reopen(ctx, tx, by, o, c.ID); err != nil && !errors.Is(err, refund.ErrNone) { // of one without money this is the first
			return false, moved, err
		}
		q, err := s.Refund.Reserve(ctx, tx, by, o, c.ID, runs(c.Items), refund.Claim{Kind: KindCompensate, Amount: p.Amount, Basis: refund.Goodwill})
		if err != nil {
			return false, moved, err
		}
		c.Refunded += q.Total
		more = more || q.Total > 0
	}
	return more, moved, nil
}

// accepted are the units that were paid for.
func (c *Case) accepted() []refund.Run {
	if len(c.Detail.Accepted) > 0 {
		return runs(c.Detail.Accepted)
	}
	return runs(c.Items)
}

// askBack demands what the customer has too much after a change.
func (s *Service) askBack(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, owed int64) error {
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
	_, err = s.Charge.Demand(ctx, tx, by, charge.New{Key: fmt.Sprintf("%s %s %d", c.ID, charge.Adjustment, c.Detail.Reopened), Case: c.ID, Order: c.Order, Customer: c.Customer,
		Purpose: charge.Adjustment, Amount: c.money(owed), Due: due})
	c.Detail.Owes = true
	return err
}

// owesNothing refuses another change while the customer owes something.
func (c *Case) owesNothing() error {
	if c.Detail.Owes || c.Detail.Advance != nil && c.Detail.Advance.State == AdvanceRecovering {
		return charge.ErrDemanded.With("case", c.ID)
	}
	return nil
}

// gaveBack hears that the customer paid what a change left over, or, with 0,
// that nobody asks for it any more.
func (s *Service) gaveBack(ctx context.Context, tx *db.Tx, c *Case, amount int64) error {
	if !c.Detail.Owes {
		return nil
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	if err := s.Refund.Restore(ctx, tx, actor.Of(c.Tenant), o, c.ID, amount); err != nil {
		return err
	}
	c.Detail.Owes = false
	fact := Moved{Do: "given_back", From: c.State, To: c.State}
	if amount == 0 {
		fact.Do = "given_up"
	}
	return s.save(ctx, tx, actor.Of(c.Tenant), c, fact)
}
