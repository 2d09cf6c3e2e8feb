package cases

import (
	"context"
	"fmt"
	"sync"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/finance/settlement"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/goods/stock"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/rules/opening"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// Service is the verbs of a case. All but Book, Base and Hours are required.
type Service struct {
	Store      *db.DB // for answers that are written after their transaction: labels, exports
	Queue      *job.Queue
	Refund     *refund.Service
	Shipment   *shipment.Service
	Inspection *inspection.Service
	Stock      *stock.Service
	Charge     *charge.Service
	Payouts    *settlement.Service
	Orders     *order.Service
	Evidence   *evidence.Service
	Live       *live.Hub
	Book       *rights.Book // the law; nil: the packs that are shipped
	Base       string       // address of the portal, for the code on labels; empty: as the request has it

	// Hours is the calendar by which a deadline of the shop's own side counts,
	// if it uses one; nil: hours of the clock.
	Hours func(ctx context.Context, tx *db.Tx, tenant, seller, timer string) (own opening.Calendar, counts bool, err error)

	policies sync.Map // policyKey → policy.Policy; versions never change
	titles   learned
}

type policyKey struct {
	tenant, id string
	version    int64
}

// Act does one thing to a case that the actor may see. seen is the version the
// actor read, 0 to accept any.
func (s *Service) Act(ctx context.Context, tx *db.Tx, by actor.Actor, id string, seen int64, in Input) (Case, error) {
	c, err := ByID(ctx, tx, by, id)
	if err != nil {
		return Case{}, err
	}
	if seen != 0 && seen != c.Version {
		return Case{}, ErrStale.With("version", c.Version).With("seen", seen)
	}
	if err := s.do(ctx, tx, by, &c, in); err != nil {
		return Case{}, err
	}
	return c, nil
}

func (s *Service) do(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	switch in.Action {
	case Approve:
		return s.approve(ctx, tx, by, c, in.Comment)
	case Refuse:
		return s.refuse(ctx, tx, by, c, in)
	case Propose:
		return s.offer(ctx, tx, by, c, in)
	case Accept:
		return s.accept(ctx, tx, by, c)
	case Decline:
		return s.decline(ctx, tx, by, c, Decline, in.Comment)
	case Amend:
		return s.amend(ctx, tx, by, c, in.Request)
	case Answer:
		return s.answerNeeds(ctx, tx, by, c, in)
	case Withdraw:
		return s.withdraw(ctx, tx, by, c, Withdraw, "withdrawn", in.Comment)
	case AddParcel:
		_, err := s.addParcel(ctx, tx, by, c)
		return err
	case HandOver:
		return s.handOver(ctx, tx, by, c, in)
	case Lose:
		return s.lose(ctx, tx, by, c, Moved{Comment: in.Comment})
	case Receive:
		return s.receive(ctx, tx, by, c, in)
	case Grade:
		return s.grade(ctx, tx, by, c, in.Grades, in.Losses)
	case Ship:
		return s.ship(ctx, tx, by, c, in)
	case BackLog:
		return s.backOrder(ctx, tx, by, c, in.Comment)
	case Convert:
		return s.convert(ctx, tx, by, c, in.Comment)
	case Confirm:
		return s.confirm(ctx, tx, by, c)
	case Liable:
		return s.liable(ctx, tx, by, c, in)
	case Reopen:
		return s.reopen(ctx, tx, by, c, in)
	case Keep:
		return s.keepClosed(ctx, tx, by, c, in.Comment)
	case Readdress:
		return s.readdress(ctx, tx, by, c, in.Address)
	case Assign:
		return s.assign(ctx, tx, by, c, in.Assignee)
	case Note:
		return s.note(ctx, tx, by, c, in.Comment, in.Mentions)
	}
	return ErrAction.With("action", string(in.Action))
}

// Input is what an action is told.
type Input struct {
	Action   Action
	Mentions []string // of a note: ids of staff who are told of it
	Comment  string
	Reason   string // of a refusal
	Photos   []string
	Kind     string  // of an offer
	Amount   int64   // of an offer or a reopening
	Freight  string  // who shall bear it
	Upfront  *int64  // liability: what the customer paid for the way back; nil: as it was
	Request  Request // of an amendment
	Assignee string
	Parcel   string            // which, where there are several; empty: the first
	More     bool              // another parcel is to come
	Address  *shipment.Address // where a replacement goes; nil: where it goes already
	Carrier  string
	Tracking string
	Received []inspection.Received
	Grades   []inspection.Grade
	Losses   []Loss // of the grades, by their place
	Facts    Facts  // of an answer
}

// enter puts the case in a state that next allowed, arms the deadline of it,
// saves and announces: one event for one change.
func (s *Service) enter(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, to State, fact event.Fact) error {
	if to != c.State {
		c.State = to
		if err := s.underway(ctx, tx, by, c); err != nil {
			return err
		}
		if err := s.arm(ctx, tx, c); err != nil {
			return err
		}
	}
	return s.save(ctx, tx, by, c, fact)
}

func (s *Service) save(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, fact event.Fact) error {
	if err := update(ctx, tx, c, c.Version); err != nil {
		return err
	}
	return event.Append(ctx, tx, by, about(c), fact)
}

func about(c *Case) event.About {
	return event.About{Stream: "case", Subject: c.ID, Version: c.Version}
}

// rules reads the policy version that judges the order, from memory after the
// first time: a version never changes.
func (s *Service) rules(ctx context.Context, tx *db.Tx, tenant, id string, version int64) (policy.Policy, error) {
	if id == "" {
		id = policy.Standard
	}
	key := policyKey{tenant, id, version}
	if p, ok := s.policies.Load(key); ok && version != 0 {
		return p.(policy.Policy), nil
	}
	p, err := policy.At(ctx, tx, tenant, id, version)
	if err != nil {
		return policy.Policy{}, fmt.Errorf("policy of the order: %w", err)
	}
	if version != 0 {
		s.policies.Store(key, p)
	}
	return p, nil
}

func (s *Service) orderOf(ctx context.Context, tx *db.Tx, c *Case) (order.Order, error) {
	o, err := s.Orders.Kept(ctx, tx, actor.Of(c.Tenant), c.Order)
	if err != nil {
		return order.Order{}, fmt.Errorf("order of case %s: %w", c.ID, err)
	}
	return o, nil
}

func runs(items []Item) []refund.Run {
	all := make([]refund.Run, len(items))
	for i, it := range items {
		all[i] = refund.Run{Line: it.Line, First: it.First, Count: it.Count, Reason: it.Reason}
	}
	return all
}
