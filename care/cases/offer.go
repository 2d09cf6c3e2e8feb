package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
)

// KindPartial is an offer's kind: an amount is paid and the goods are kept.
const KindPartial = "partial"

var offerKinds = []string{KindReturn, KindRefund, KindPartial}

// sideOf is whose word somebody's is.
func sideOf(by actor.Actor) string {
	if by.Kind == actor.Customer {
		return refund.Customer
	}
	return refund.Seller
}

// open is the offer that waits for an answer.
func (d *Detail) open() *Offer {
	for i := range d.Offers {
		if d.Offers[i].State == "open" {
			return &d.Offers[i]
		}
	}
	return nil
}

// offer proposes something else than what was asked. It stops the deadline of
// the request until it is answered; another offer takes its place.
func (s *Service) offer(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if _, err := c.next(Propose, by.Kind); err != nil {
		return err
	}
	o := Offer{ID: id.New("off"), Side: sideOf(by), At: tx.Now, Kind: in.Kind, Amount: in.Amount, Freight: in.Freight, Comment: in.Comment, State: "open"}
	if by.Kind != actor.Customer {
		o.Name = by.Name
	}
	if err := o.check(c); err != nil {
		return err
	}
	from := c.State
	switch from {
	case Rejected:
		if err := s.rehold(ctx, tx, by, c); err != nil {
			return err
		}
		c.Detail.Before = Rejected
	case Submitted:
		c.Detail.Before = Submitted
		if err := s.pause(ctx, tx, c); err != nil {
			return err
		}
	default:
		c.Detail.open().State = "replaced"
	}
	if err := s.payable(ctx, tx, *c, o); err != nil {
		return err
	}
	c.Detail.Offers = append(c.Detail.Offers, o)
	c.State = Negotiating
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	c.Detail.open().ExpiresAt = c.Deadline
	return s.save(ctx, tx, by, c, Offered{Side: o.Side, Kind: o.Kind, Amount: o.Amount, Currency: c.Currency, Freight: o.Freight, Comment: o.Comment, Until: c.Deadline})
}

// payable refuses an amount that could not be paid once it is agreed: what the
// units cost is its limit, without the shipping that a refund may add.
func (s *Service) payable(ctx context.Context, tx *db.Tx, c Case, o Offer) error {
	if o.Kind != KindPartial {
		return nil
	}
	c.Kind, c.Detail.Exchange, c.Detail.Partial = KindRefund, nil, o.Amount
	err := s.requote(ctx, tx, &c)
	if errors.Is(err, refund.ErrExceeds) {
		return ErrOffer.At("amount", fmt.Sprintf("is %d", o.Amount), "no more than what is left of what was paid for the goods")
	}
	return err
}

func (o Offer) check(c *Case) error {
	wrong := ErrOffer
	if !slices.Contains(offerKinds, o.Kind) {
		wrong = wrong.At("kind", "is not a kind of offer", strings.Join(offerKinds, ", "))
	}
	switch {
	case o.Kind == KindPartial && (o.Amount < 1 || o.Amount > c.Quoted):
		wrong = wrong.At("amount", fmt.Sprintf("is %d", o.Amount), fmt.Sprintf("1 to %d minor units, what the request comes to", c.Quoted))
	case o.Kind != KindPartial && o.Amount != 0:
		wrong = wrong.At("amount", "belongs to a partial refund only", "0")
	}
	if !slices.Contains([]string{"", refund.Seller, refund.Customer}, o.Freight) {
		wrong = wrong.At("freight", "is not a party", "seller, customer, or nothing for the reason's")
	}
	if !c.negotiable() {
		wrong = wrong.At("kind", "this kind of case has nothing to offer instead", "an answer to the request")
	}
	if len(c.Detail.Offers) >= maxOffers {
		wrong = wrong.At("offer", "there were too many", fmt.Sprintf("at most %d", maxOffers))
	}
	if wrong != ErrOffer {
		return wrong
	}
	return nil
}

// accept makes the other side's offer what is done.
func (s *Service) accept(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	if err := c.can(Accept, by.Kind); err != nil {
		return err
	}
	o := c.Detail.open()
	if o == nil || o.Side == sideOf(by) {
		return ErrNoOffer
	}
	o.State = "accepted"
	c.Detail.Paused = nil
	switch o.Kind {
	case KindPartial:
		c.Kind, c.Detail.Partial = KindRefund, o.Amount
	default:
		c.Kind = o.Kind
	}
	c.Detail.Exchange = nil // nothing is sent instead
	if c.Kind != KindRefund {
		c.Detail.Intercept = false // a return comes with the customer's own parcel, and needs a label
	}
	if o.Freight != "" {
		c.Detail.Liability = o.Freight
	}
	if err := s.requote(ctx, tx, c); err != nil {
		return err
	}
	c.Decision = Decision{Outcome: "approve", By: "agreement", Name: o.Name, At: tx.Now, Grounds: []Ground{{Code: "offer_accepted"}}, Comment: o.Comment}
	if by.Kind != actor.Customer {
		c.Decision.Name = by.Name
	}
	fact := Answered{Offer: o.ID, State: o.State, Kind: o.Kind, Amount: o.Amount, Currency: c.Currency}
	if err := rewrite(ctx, tx, c); err != nil {
		return err
	}
	return s.grant(ctx, tx, by, c, Accept, fact)
}

// decline refuses the open offer or takes it back: the case is again where it
// was, and its deadline runs on.
func (s *Service) decline(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, do Action, comment string) error {
	to, err := c.next(do, by.Kind)
	if err != nil {
		return err
	}
	o := c.Detail.open()
	if o == nil {
		return ErrNoOffer
	}
	o.State = map[Action]string{Decline: "declined", Lapse: "expired"}[do]
	if to == Rejected {
		if err := s.release(ctx, tx, by, c); err != nil {
			return err
		}
	}
	c.State, c.Detail.Before = to, ""
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, by, c, Answered{Offer: o.ID, State: o.State, Kind: o.Kind, Amount: o.Amount, Currency: c.Currency, Comment: comment})
}

// negotiable tells whether something else could be offered than what was asked.
func (c *Case) negotiable() bool {
	return c.Kind == KindReturn || c.Kind == KindRefund || c.Kind == KindExchange
}
