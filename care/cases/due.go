package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
)

// askedAt is when the customer asked for what the case is about now.
func (c *Case) askedAt() time.Time {
	if c.Detail.AskedAt > 0 {
		return db.Time(c.Detail.AskedAt)
	}
	return c.OpenedAt
}

// underway notes when goods are known to be on their way back, and when they
// arrived: the law counts the day of the money from it. The customer's word
// counts with a tracking number only; see handOver.
func (s *Service) underway(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	d := &c.Detail
	switch {
	case c.State == Returning && by.Kind != actor.Customer && d.SentBack == 0:
		d.SentBack = db.Millis(tx.Now)
	case c.State == Inspecting && d.GotBack == 0:
		d.GotBack = db.Millis(tx.Now)
	case c.State != Returning || d.SentBack != db.Millis(tx.Now):
		return nil
	}
	return s.redue(ctx, tx, c)
}

// redue works out anew by when the law wants the money paid.
func (s *Service) redue(ctx context.Context, tx *db.Tx, c *Case) error {
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	d, err := s.verdict(ctx, tx, o, p, c, c.Quoted)
	if err == nil {
		c.Detail.RefundDue = db.Millis(d.RefundDue)
	}
	return err
}
