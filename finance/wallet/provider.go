package wallet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/order"
)

// Name is what tenders call this provider.
func (s *Service) Name() string { return "wallet" }

// Refund pays into the wallet of the order's customer, once per key, in one
// transaction of its own. A gift card, store credit or points come back with at
// least the life they had when they were spent; what was paid by other means
// never expires as credit. Points come back as a count: of P points worth A, the
// first x of the amount are ⌊P·x/A⌋. Without a customer a person has to pay.
func (s *Service) Refund(ctx context.Context, r settlement.Request) (result settlement.Result, err error) {
	err = s.store.Write(ctx, func(tx *db.Tx) (err error) {
		result, err = s.payIn(ctx, tx, r)
		return err
	})
	return result, err
}

func (s *Service) payIn(ctx context.Context, tx *db.Tx, r settlement.Request) (settlement.Result, error) {
	by := actor.Of(r.Tenant)
	if known, ok, err := byKey(ctx, tx, r.Tenant, r.Key); err != nil || ok {
		return paid(known), err
	}
	o, err := order.ByID(ctx, tx, by, r.Order)
	if errors.Is(err, order.ErrUnknown) || err == nil && o.Customer == "" {
		return settlement.Result{Outcome: settlement.ByHand, Reason: "The order has no customer with a wallet."}, nil
	}
	if err != nil {
		return settlement.Result{}, fmt.Errorf("order of %s: %w", r.Key, err)
	}
	c := Change{Key: r.Key, Customer: o.Customer, Kind: Kind(r.Kind), Unit: r.Amount.Currency, Amount: r.Amount.Minor, Case: r.Case, Order: o.ID}
	if c.Kind == GiftCard {
		c.Reference = r.Reference
	}
	tender := tenderOf(o, r)
	c.ExpiresAt = life(o, tender, tx.Now)
	if c.Kind == Points && tender.Points == 0 {
		return settlement.Result{Outcome: settlement.ByHand, Reason: "How many points this money is worth is not known."}, nil
	}
	a, err := s.open(ctx, tx, by, c)
	if errors.Is(err, ErrInvalid) {
		return settlement.Result{Outcome: settlement.ByHand, Reason: "A wallet does not hold " + r.Kind + "."}, nil
	}
	if err != nil {
		return settlement.Result{}, err
	}
	if known, ok, err := byKey(ctx, tx, r.Tenant, r.Key); err != nil || ok { // another worker was faster
		return paid(known), err
	}
	if c.Kind == Points { // under the account's lock, so that shares add up
		before, err := basis(ctx, tx, r.Tenant, o.ID, r.Tender)
		if err != nil {
			return settlement.Result{}, fmt.Errorf("points of %s: %w", r.Key, err)
		}
		now := min(before+r.Amount.Minor, tender.Amount)
		if c.Amount = money.Part(tender.Points, now, tender.Amount) - money.Part(tender.Points, min(before, now), tender.Amount); c.Amount == 0 {
			return settlement.Result{Outcome: settlement.ByHand, Reason: "The amount is less than a point."}, nil
		}
	}
	e, err := s.book(ctx, tx, by, &a, Refunded, c, Entry{Tender: r.Tender, Basis: r.Amount.Minor})
	return paid(e), err
}

// Lookup tells whether a key was paid in.
func (s *Service) Lookup(ctx context.Context, r settlement.Request) (result settlement.Result, err error) {
	err = s.store.Read(ctx, func(tx *db.Tx) error {
		e, ok, err := byKey(ctx, tx, r.Tenant, r.Key)
		if result = paid(e); !ok {
			result = settlement.Result{Outcome: settlement.Absent}
		}
		return err
	})
	return result, err
}

func paid(e Entry) settlement.Result {
	return settlement.Result{Outcome: settlement.Paid, Reference: e.ID}
}

// tenderOf is the order's tender that is paid back, if it is one of the kind
// that is asked for: a card that is paid back as credit is not.
func tenderOf(o order.Order, r settlement.Request) order.Tender {
	for _, t := range o.Tenders {
		if t.ID == r.Tender && t.Kind == r.Kind {
			return t
		}
	}
	return order.Tender{}
}

// life is when what comes back expires: when it would have, and not before it
// has been there as long as was left of it when it was spent.
func life(o order.Order, t order.Tender, now time.Time) time.Time {
	if t.ExpiresAt == 0 {
		return time.Time{}
	}
	at := db.Time(t.ExpiresAt)
	if again := now.Add(at.Sub(o.PlacedAt)); again.After(at) {
		return again
	}
	return at
}
