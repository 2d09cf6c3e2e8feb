package settlement

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

var (
	ErrNoChargeback = fault.New(fault.Missing, "settlement.no_chargeback", "There is no such chargeback.")
	ErrClosed       = fault.New(fault.Conflict, "settlement.chargeback_closed", "The chargeback has ended.")
	ErrAgainst      = fault.New(fault.Invalid, "settlement.chargeback_against", "A chargeback is about an order or a payment.")
)

// Standing says how a chargeback stands.
type Standing string

const (
	Open      Standing = "open"
	Won       Standing = "won"       // the shop keeps the payment
	Withdrawn Standing = "withdrawn" // the customer gave it up
	Lost      Standing = "lost"      // the bank has taken the payment back
)

// Chargeback is a payment that a bank takes back. It names an order and a
// tender of it (none: all tenders), or a payment in its provider's words.
type Chargeback struct {
	ID        string
	Tenant    string
	Order     string
	Tender    string
	Provider  string
	Payment   string // the provider's id of the original payment
	Reference string // the provider's id of the chargeback
	Reason    string
	State     Standing
	Version   int64
	OpenedAt  time.Time
	ClosedAt  time.Time // zero while it is open
}

// Against says what a chargeback is about.
type Against struct {
	Order     string
	Tender    string
	Provider  string
	Payment   string
	Reference string
}

// Block opens a chargeback: payouts to its payment that are reserved, now or
// later, wait until it ends. One that was submitted is left, because it may be
// paid already; the event names it. The same again while it is open changes
// nothing, so that a provider may say it as often as it likes.
func (s *Service) Block(ctx context.Context, tx *db.Tx, by actor.Actor, what Against, reason string) (Chargeback, error) {
	if what.Order == "" && (what.Provider == "" || what.Payment == "") {
		return Chargeback{}, ErrAgainst
	}
	c, fresh, err := insertChargeback(ctx, tx, Chargeback{
		ID: id.New("cbk"), Tenant: by.Tenant, Order: what.Order, Tender: what.Tender, Provider: what.Provider, Payment: what.Payment,
		Reference: what.Reference, Reason: reason, State: Open, Version: 1, OpenedAt: tx.Now,
	})
	if err != nil {
		return Chargeback{}, fmt.Errorf("blocking payouts of order %q, payment %q: %w", what.Order, what.Payment, err)
	}
	if !fresh {
		return c, nil
	}
	all, err := concerned(ctx, tx, c)
	if err != nil {
		return Chargeback{}, fmt.Errorf("payouts of chargeback %s: %w", c.ID, err)
	}
	fact := ChargebackOpenedFact{ChargebackAbout: c.about(), Reason: reason, Cases: casesOf(all), Blocked: []string{}, Left: []string{}, Paid: []string{}}
	for _, p := range all {
		err := asItIs(ctx, tx, p, func(p Payout) error {
			switch p.State {
			case Reserved:
				if _, err := s.hold(ctx, tx, by, p, c.ID); err != nil {
					return err
				}
				fact.Blocked = append(fact.Blocked, p.ID)
			case Submitted:
				fact.Left = append(fact.Left, p.ID)
			case Succeeded:
				fact.Paid = append(fact.Paid, p.ID)
			}
			return nil
		})
		if err != nil {
			return Chargeback{}, err
		}
	}
	return c, event.Append(ctx, tx, by, event.About{Stream: "chargeback", Subject: c.ID, Version: c.Version}, fact)
}

// Unblock ends a chargeback. Won or withdrawn, the payouts that waited are sent,
// each under its key; lost, they go to a person, because the bank has paid the
// customer. It refuses with ErrNoChargeback, ErrStale and ErrClosed.
func (s *Service) Unblock(ctx context.Context, tx *db.Tx, by actor.Actor, chargebackID string, version int64, outcome Standing) (Chargeback, error) {
	c, err := chargebackByID(ctx, tx, by.Tenant, chargebackID)
	if err != nil {
		return Chargeback{}, err
	}
	if version != 0 && version != c.Version {
		return Chargeback{}, ErrStale.With("version", c.Version)
	}
	if c.State != Open || !slices.Contains([]Standing{Won, Withdrawn, Lost}, outcome) {
		return Chargeback{}, ErrClosed.With("state", string(c.State))
	}
	c.State = outcome
	if err := closeChargeback(ctx, tx, &c); err != nil {
		return Chargeback{}, err
	}
	all, err := concerned(ctx, tx, c)
	if err != nil {
		return Chargeback{}, fmt.Errorf("payouts of chargeback %s: %w", c.ID, err)
	}
	fact := ChargebackClosedFact{ChargebackAbout: c.about(), Outcome: string(outcome), Cases: casesOf(all), Released: []string{}}
	for _, p := range all {
		err := asItIs(ctx, tx, p, func(p Payout) error {
			if p.State != Blocked {
				return nil
			}
			if other, err := lockOpen(ctx, tx, p); err != nil || other != "" {
				return err // or another chargeback is open
			}
			if err := s.release(ctx, tx, by, p, outcome); err != nil {
				return err
			}
			fact.Released = append(fact.Released, p.ID)
			return nil
		})
		if err != nil {
			return Chargeback{}, err
		}
	}
	return c, event.Append(ctx, tx, by, event.About{Stream: "chargeback", Subject: c.ID, Version: c.Version}, fact)
}

// ChargebacksOf lists the chargebacks that a provider's number stands for,
// newest first. One number may be about two names of a payment.
func ChargebacksOf(ctx context.Context, tx *db.Tx, tenant, provider, reference string) ([]Chargeback, error) {
	return chargebacksByReference(ctx, tx, tenant, provider, reference)
}

// asItIs does something to a payout, again where an answer of its provider was
// recorded since it was read.
func asItIs(ctx context.Context, tx *db.Tx, p Payout, do func(p Payout) error) error {
	for {
		err := do(p)
		if !errors.Is(err, ErrStale) {
			return err
		}
		if p, err = byID(ctx, tx, p.Tenant, p.ID); err != nil {
			return err
		}
	}
}

const lostReason = "The chargeback was lost: the bank may have paid the customer."

func (s *Service) release(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, outcome Standing) (err error) {
	if outcome == Lost {
		_, err := s.stop(ctx, tx, by, p, hand, lostReason)
		return err
	}
	if p.State, err = next(p.State, unblock); err != nil {
		return err
	}
	if err := update(ctx, tx, &p); err != nil {
		return err
	}
	// A job that is still there has not seen the end of the chargeback and cannot
	// end before it does: see rest.
	if err := s.enqueue(ctx, tx, p, true); err != nil {
		return err
	}
	return announce(ctx, tx, by, p, UnblockedFact{about(p)})
}

// hold makes a payout wait.
func (s *Service) hold(ctx context.Context, tx *db.Tx, by actor.Actor, p Payout, chargeback string) (_ Payout, err error) {
	if p.State, err = next(p.State, block); err != nil {
		return Payout{}, err
	}
	if err := update(ctx, tx, &p); err != nil {
		return Payout{}, err
	}
	return p, announce(ctx, tx, by, p, BlockedFact{about(p), chargeback})
}

func (c Chargeback) about() ChargebackAbout {
	return ChargebackAbout{c.Order, c.Tender, c.Provider, c.Payment, c.Reference}
}

func casesOf(all []Payout) []string {
	cases := []string{}
	for _, p := range all {
		if !slices.Contains(cases, p.Case) {
			cases = append(cases, p.Case)
		}
	}
	return cases
}
