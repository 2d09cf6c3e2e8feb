package cases

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// planReplacement decides what is sent for the accepted units. Of an exchange
// that costs more, the customer is asked for the difference first; no money
// moves before the replacement does, so that it can still become a refund.
func (s *Service) planReplacement(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case, units []refund.Run, claim refund.Claim) error {
	x := c.Detail.Exchange
	x.limit(units)
	c.Detail.Accepted = itemsOf(c.Items, units)
	if rest := others(runs(c.Items), units); len(rest) > 0 {
		if err := s.Refund.Release(ctx, tx, by, o, c.ID, rest); err != nil {
			return err
		}
	}
	if c.Kind == KindReship {
		return nil
	}
	q, err := s.quote(ctx, tx, o, c, units, claim)
	if err != nil {
		return err
	}
	c.Quote, x.Due = []byte(encode(q)), q.Due
	if x.Due == 0 {
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
	due, _ := w.Hours(tx.Now, w.PaymentHours, zone)
	d, err := s.Charge.Demand(ctx, tx, by, charge.New{Case: c.ID, Order: c.Order, Customer: c.Customer, Purpose: charge.ExchangeDifference, Amount: c.money(x.Due), Due: due})
	x.Charge = d.ID
	return err
}

// collected hears that the difference of an exchange was paid, or is not asked
// for any more.
func (s *Service) collected(ctx context.Context, tx *db.Tx, c *Case) error {
	to, err := c.next(Collect, actor.System)
	if err != nil {
		return nil // it was converted meanwhile
	}
	c.Detail.Exchange.Collected = true
	from := c.State
	c.State = to
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, actor.Of(c.Tenant), c, Moved{Do: Collect, From: from, To: to})
}

// ship sends the replacement: only now the value of the returned units is used
// up. Of a refused case it sends the customer's own goods back.
func (s *Service) ship(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	to, err := c.next(Ship, by.Kind)
	if err != nil {
		return err
	}
	direction, x := shipment.Back, c.Detail.Exchange
	if to != Rejected {
		direction = shipment.Replacement
	}
	address, err := s.goesTo(ctx, tx, by, c, direction, in.Address)
	if err != nil {
		return err
	}
	p, err := s.Shipment.Send(ctx, tx, by, c.ID, direction, address, in.Carrier, in.Tracking)
	if err != nil {
		return err
	}
	fact := Moved{Do: Ship, From: c.State, To: to, Carrier: p.Carrier, Tracking: p.Tracking}
	if direction == shipment.Back {
		fact.Do = "sent_back"
		c.Detail.Arrived = false
		return s.save(ctx, tx, by, c, fact)
	}
	if c.Kind == KindExchange {
		if err := s.swap(ctx, tx, by, c, x); err != nil {
			return err
		}
		if err := s.settledAt(ctx, tx, c, x.Order, p.To); err != nil {
			return err
		}
	}
	x.Sent = true
	if err := s.announceSent(ctx, tx, by, c); err != nil {
		return err
	}
	if err := s.enter(ctx, tx, by, c, to, fact); err != nil {
		return err
	}
	if c.Kind == KindExchange {
		if err := s.settleBenefits(ctx, tx, by, c); err != nil {
			return err
		}
	}
	return s.settleIfDone(ctx, tx, c)
}

// swap books the exchange: the units are used up, a difference in the
// customer's favour is paid, and the new units become an order of their own, so
// that they can come back as well.
func (s *Service) swap(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, x *Exchange) error {
	units := runs(c.Detail.Accepted)
	o, claim, err := s.asked(ctx, tx, c, units)
	if err != nil {
		return err
	}
	stake, err := s.Refund.Look(ctx, tx, o, c.ID)
	if err != nil {
		return err
	}
	if claim, err = c.priced(stake, units, claim); err != nil {
		return err
	}
	q, err := s.Refund.Reserve(ctx, tx, by, o, c.ID, units, claim)
	if err != nil {
		return err
	}
	c.Refunded, c.Quote = q.Total, []byte(encode(q))
	var carried []order.Carried
	for _, t := range q.Carried {
		carried = append(carried, order.Carried{Tender: t.ID, Amount: t.Goods + t.Shipping})
	}
	more, err := s.paidMore(ctx, tx, c, x)
	if err != nil {
		return err
	}
	next, err := s.Orders.FollowUp(ctx, tx, by, o, c.ID, q.New, carried, more)
	x.Order = next.ID
	return err
}

// delivered tells the order of the new units that the customer has them: what
// can be asked for then, and for how long, follows from it.
func (s *Service) delivered(ctx context.Context, tx *db.Tx, c *Case) error {
	x := c.Detail.Exchange
	if x == nil || x.Order == "" || x.Delivered {
		return nil
	}
	x.Delivered = true
	return s.has(ctx, tx, c.Tenant, x.Order, nil)
}

// has tells an order that lines of it are with the customer. One that knows
// another time keeps it.
func (s *Service) has(ctx context.Context, tx *db.Tx, tenant, orderID string, lines []int) error {
	_, err := s.Orders.Sent(ctx, tx, actor.Of(tenant), orderID, order.Parcel{Lines: lines, DeliveredAt: tx.Now})
	if errors.Is(err, order.ErrParcel) {
		return nil
	}
	return err
}

// paidMore is the payment of an exchange's difference as a tender of the new
// units' order: what they cost can come back to it.
func (s *Service) paidMore(ctx context.Context, tx *db.Tx, c *Case, x *Exchange) (*order.DraftTender, error) {
	if x.Charge == "" {
		return nil, nil
	}
	d, err := charge.ByID(ctx, tx, actor.Of(c.Tenant), x.Charge)
	if err != nil || d.State != charge.Paid {
		return nil, err // waived: the shop gave it
	}
	return &order.DraftTender{Kind: "other", Provider: collector(d), Reference: d.Reference, Amount: d.Amount.Minor}, nil
}

// collector is who can pay a charge back.
func collector(d charge.Charge) string {
	if d.Attempt == nil {
		return "manual"
	}
	return d.Attempt.Provider
}

// undemand takes the demand for a difference back; what was paid of it goes back
// the way it came.
func (s *Service) undemand(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, x *Exchange) error {
	d, err := charge.ByID(ctx, tx, actor.Of(c.Tenant), x.Charge)
	if err != nil {
		return err
	}
	switch d.State {
	case charge.Due:
		_, err = s.Charge.Waive(ctx, tx, actor.Of(c.Tenant), x.Charge, "converted")
	case charge.Paid:
		c.Detail.Back = d.Amount.Minor
		_, err = s.Payouts.Reserve(ctx, tx, by, settlement.Plan{Case: c.ID, Order: c.Order, Currency: c.Currency, Parts: []settlement.Part{
			{Purpose: charge.ExchangeDifference, Tender: d.ID, Kind: "other", Provider: collector(d), Reference: d.Reference, Amount: d.Amount.Minor}}})
	}
	return err
}

// backOrder tells the customer that the replacement is not there yet.
func (s *Service) backOrder(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, comment string) error {
	if _, err := c.next(BackLog, by.Kind); err != nil {
		return err
	}
	c.Detail.Exchange.BackOrder = true
	return s.save(ctx, tx, by, c, Moved{Do: BackLog, From: c.State, To: c.State, Comment: comment})
}

// convert makes a refund of an exchange: the customer does not want the other
// article any more, did not pay the difference, or the shop does not have it.
func (s *Service) convert(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, comment string) error {
	to, err := c.next(Convert, by.Kind)
	if err != nil {
		return err
	}
	x, from := c.Detail.Exchange, c.State
	c.Kind, c.Detail.Exchange = KindReturn, nil
	if x != nil && x.Charge != "" {
		if err := s.undemand(ctx, tx, by, c, x); err != nil {
			return err
		}
	}
	fact := Moved{Do: Convert, From: from, To: to, Comment: comment}
	if to == Resolving {
		if err := s.arm(ctx, tx, c); err != nil { // nobody waits for the difference any more
			return err
		}
		units := runs(c.Detail.Accepted)
		c.Detail.Accepted = nil
		if err := rewrite(ctx, tx, c); err != nil {
			return err
		}
		return s.provide(ctx, tx, by, c, to, units, fact)
	}
	if err := s.requote(ctx, tx, c); err != nil {
		return err
	}
	if err := rewrite(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, by, c, fact)
}

// confirm takes the customer's word, or silence, that the replacement is right.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	to, err := c.next(Confirm, by.Kind)
	if err != nil {
		return err
	}
	if err := s.delivered(ctx, tx, c); err != nil {
		return err
	}
	c.Detail.Exchange.Confirmed = true
	if c.Kind == KindReship { // the units were never used up
		if err := s.release(ctx, tx, by, c); err != nil {
			return err
		}
	}
	return s.enter(ctx, tx, by, c, to, Moved{Do: Confirm, From: c.State, To: to})
}

// itemsOf are the parts of a case's items that runs name.
func itemsOf(items []Item, units []refund.Run) (all []Item) {
	for _, it := range items {
		for _, r := range units {
			if r.Line == it.Line && r.First >= it.First && r.First < it.First+it.Count {
				part := it
				part.First, part.Count, part.Photos = r.First, min(r.Count, it.First+it.Count-r.First), nil
				all = append(all, part)
			}
		}
	}
	return all
}

// others are the units of a case that runs do not name.
func others(all, units []refund.Run) (rest []refund.Run) {
	for _, r := range all {
		for _, u := range units {
			if u.Line == r.Line && u.First >= r.First && u.First < r.First+r.Count {
				if u.First > r.First {
					rest = append(rest, refund.Run{Line: r.Line, First: r.First, Count: u.First - r.First, Reason: r.Reason})
				}
				r.Count -= u.First + u.Count - r.First
				r.First = u.First + u.Count
			}
		}
		if r.Count > 0 {
			rest = append(rest, r)
		}
	}
	return rest
}
