package cases

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Dispute is a chargeback of the payment that a case pays back. While it is
// open no payout of that payment leaves (finance/settlement sees to it).
type Dispute struct {
	Chargeback string    `json:"chargeback"`
	State      string    `json:"state"` // open, won, withdrawn, lost
	At         time.Time `json:"at"`    // since when it stands so
}

// DisputeView is the same for readers.
type DisputeView struct {
	Chargeback string    `json:"chargeback,omitempty" doc:"Its id; staff only"`
	State      string    `json:"state" enum:"open,won,withdrawn,lost" doc:"open: payouts wait; lost: the bank has paid the customer, a person looks at what is still to be paid"`
	At         time.Time `json:"at"`
}

// Disputed announces a chargeback of the money of a case.
type Disputed struct {
	Chargeback string `json:"chargeback"`
	State      string `json:"state"` // open, won, withdrawn, lost
}

// Type names the fact.
func (d Disputed) Type() string {
	if d.State == "open" {
		return "case.dispute_opened"
	}
	return "case.dispute_closed"
}

// MoneyBack announces that money which was paid came back, so that the case has
// something to be done again.
type MoneyBack struct {
	Payout   string `json:"payout"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Reason   string `json:"reason,omitempty"`
}

// Type names the fact.
func (MoneyBack) Type() string { return "case.money_returned" }

// news is what events about payouts and chargebacks say.
type news struct {
	Case       string   `json:"case"`
	Order      string   `json:"order"`
	Cases      []string `json:"cases"`
	Chargeback string   `json:"chargeback"`
	Outcome    string   `json:"outcome"`
	Amount     int64    `json:"amount"`
	Currency   string   `json:"currency"`
	Reason     string   `json:"reason"`
}

// troubles are the events of money that goes wrong.
var troubles = []string{"chargeback.opened", "chargeback.closed", "payout.blocked", "payout.reversed"}

// troubled takes what banks do to the money of cases.
func (s *Service) troubled(ctx context.Context, tx *db.Tx, e event.Event, n news) error {
	switch e.Type {
	case "payout.reversed":
		return s.cameBack(ctx, tx, e, n)
	case "payout.blocked":
		n.Cases, n.Order = []string{n.Case}, ""
	default:
		n.Chargeback = e.Subject
	}
	if n.Order != "" { // also of cases that have nothing to be paid yet
		all, err := ByOrder(ctx, tx, actor.Of(e.Tenant), n.Order)
		if err != nil {
			return err
		}
		for _, c := range all {
			if !slices.Contains(n.Cases, c.ID) && !c.State.Final() {
				n.Cases = append(n.Cases, c.ID)
			}
		}
	}
	state := "open"
	if e.Type == "chargeback.closed" {
		state = n.Outcome
	}
	for _, id := range n.Cases {
		c, err := ByID(ctx, tx, actor.Of(e.Tenant), id)
		if errors.Is(err, ErrUnknown) {
			continue // a payout of something else than a case
		}
		if err != nil {
			return err
		}
		if err := s.disputed(ctx, tx, &c, n.Chargeback, state); err != nil {
			return err
		}
	}
	return nil
}

// disputed notes how a chargeback stands. News that came twice, or after the end
// of the chargeback, change nothing.
func (s *Service) disputed(ctx context.Context, tx *db.Tx, c *Case, chargeback, state string) error {
	was := c.Detail.Dispute
	known := was != nil && was.Chargeback == chargeback
	if known && (was.State == state || was.State != "open") || !known && state != "open" {
		return nil
	}
	c.Detail.Dispute = &Dispute{chargeback, state, tx.Now}
	return s.save(ctx, tx, actor.Of(c.Tenant), c, Disputed{chargeback, state})
}

// cameBack opens the money of a case again: what was paid did not stay with the
// customer. The payout waits for a person; the case says so until it is paid,
// also where it was over.
func (s *Service) cameBack(ctx context.Context, tx *db.Tx, e event.Event, n news) error {
	c, err := ByID(ctx, tx, actor.Of(e.Tenant), n.Case)
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	if err != nil || slices.Contains(c.Detail.CameBack, e.ID) {
		return err
	}
	open, err := s.unpaid(ctx, tx, &c)
	if err != nil || !open { // a person was faster than this news
		return err
	}
	c.Detail.CameBack = append(c.Detail.CameBack, e.ID)
	if !c.State.Final() {
		c.Detail.Paid = false
	}
	return s.save(ctx, tx, actor.Of(c.Tenant), &c, MoneyBack{Payout: e.Subject, Amount: n.Amount, Currency: n.Currency, Reason: strings.TrimSpace(n.Reason)})
}

// paidAgain forgets that money came back, once all is paid.
func (s *Service) paidAgain(ctx context.Context, tx *db.Tx, c *Case) (bool, error) {
	if len(c.Detail.CameBack) == 0 {
		return false, nil
	}
	open, err := s.unpaid(ctx, tx, c)
	if err != nil || open {
		return false, err
	}
	c.Detail.CameBack = nil
	return true, nil
}

// lookTrouble shows what went wrong with the money of a case.
func (c *Case) lookTrouble(by actor.Actor, payouts []PayoutView, v *View) {
	if d := c.Detail.Dispute; d != nil {
		v.Dispute = &DisputeView{Chargeback: d.Chargeback, State: d.State, At: d.At}
		if by.Kind == actor.Customer {
			v.Dispute.Chargeback = ""
		}
	}
	if len(c.Detail.CameBack) == 0 {
		return
	}
	back := money.Of(0, c.Currency)
	for _, p := range payouts {
		if p.State == "reversed" || p.State == "manual" {
			back.Minor += p.Amount.Minor
		}
	}
	v.Money.CameBack = &back
}
