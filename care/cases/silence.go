package cases

import (
	"context"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
)

// overseen tells whether the case asks for money on somebody's word alone, so
// that it is never granted because time went by: a lower price that nobody
// found true, and a compensation, whose amount the customer named. A policy may
// grant those up to its limits; never a promise, and never what the law is said
// to give, for which there is no limit.
func (c *Case) overseen(p *policy.Policy) bool {
	switch w := c.Detail.Claim; {
	case c.Kind == KindCompensate:
		return c.promised() || w != nil && w.Basis == refund.Statutory || !p.SilenceApproves()
	case c.Kind == KindProtection:
		return !c.Detail.Verified && !p.SilenceApproves()
	}
	return false
}

// byPerson tells whether only a person says yes to the request as it is asked
// now. What pays a promise had no such mark before there was one.
func (c *Case) byPerson() bool { return c.promised() || c.Detail.ByPerson }

// silent is what happens when the seller answered in no time: the request is
// approved, or a person is called.
func (s *Service) silent(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	gone, err := s.priceless(ctx, tx, c)
	if err != nil {
		return err
	}
	if gone {
		return s.turnDown(ctx, tx, c)
	}
	if c.byPerson() && c.Kind == KindProtection { // the catalogue may have learned of it meanwhile
		o, err := s.orderOf(ctx, tx, c)
		if err != nil {
			return err
		}
		if c.Detail.Verified, err = lowerIsTrue(ctx, tx, o, c.Detail.Lower); err != nil {
			return err
		}
	}
	if c.byPerson() && !c.Detail.Verified {
		return s.escalate(ctx, tx, by, c)
	}
	return s.approve(ctx, tx, by, c, "")
}

// escalate calls a person: the case waits on as it is, past its deadline, which
// lists go on showing.
func (s *Service) escalate(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	to, err := c.next(Escalate, by.Kind)
	if err != nil {
		return err
	}
	c.Timer = ""
	return s.save(ctx, tx, by, c, Moved{Do: "escalated", From: c.State, To: to})
}

// late tells whether the answer to the request is overdue and still waited for.
func (c *Case) late() bool {
	return c.State == Submitted && c.Timer == "" && !c.Deadline.IsZero()
}

// Called tells whether a person was called to the case, because its time is over,
// and nothing has happened since.
func (c Case) Called() bool { return c.Timer == "" && !c.Deadline.IsZero() && !c.State.Final() }
