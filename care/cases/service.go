package cases

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/platform/live"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// Service is the verbs of a case. All but Base are required.
type Service struct {
	Store      *db.DB // for answers that are written after their transaction: labels, exports
	Queue      *job.Queue
	Refund     *refund.Service
	Shipment   *shipment.Service
	Inspection *inspection.Service
	Evidence   *evidence.Service
	Live       *live.Hub
	Base       string // address of the portal, for the code on labels; empty: as the request has it

	policies sync.Map // policyKey → policy.Policy; versions never change
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
	switch in.Action {
	case Approve:
		err = s.approve(ctx, tx, by, &c, in.Comment)
	case Refuse:
		err = s.refuse(ctx, tx, by, &c, in)
	case Withdraw:
		err = s.withdraw(ctx, tx, by, &c, Withdraw, "withdrawn", in.Comment)
	case HandOver:
		err = s.handOver(ctx, tx, by, &c, in.Carrier, in.Tracking)
	case Receive:
		err = s.receive(ctx, tx, by, &c, in.Received)
	case Grade:
		err = s.grade(ctx, tx, by, &c, in.Grades)
	case Note:
		err = s.note(ctx, tx, by, &c, in.Comment)
	default:
		err = ErrAction.With("action", string(in.Action))
	}
	if err != nil {
		return Case{}, err
	}
	return c, nil
}

// Input is what an action is told.
type Input struct {
	Action   Action
	Comment  string
	Reason   string // of a refusal
	Carrier  string
	Tracking string
	Received []inspection.Received
	Grades   []inspection.Grade
}

// move changes the state, arms the deadline of the new one, saves and
// announces: one event for one change.
func (s *Service) move(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, do Action, fact event.Fact) error {
	to, err := next(c.State, do, by.Kind)
	if err != nil {
		return err
	}
	if to != c.State {
		c.State = to
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

// arm sets the one running deadline of the case by its state.
func (s *Service) arm(ctx context.Context, tx *db.Tx, c *Case) error {
	hours := func(n int) time.Time { return tx.Now.Add(time.Duration(n) * time.Hour) }
	switch c.State {
	case Submitted:
		c.Timer, c.Deadline = "answer", hours(c.Terms.AnswerHours)
	case AwaitReturn:
		zone, err := calendar.Zone(c.zone())
		if err != nil {
			return err
		}
		c.Timer, c.Deadline = "ship_back", calendar.EndOfDay(tx.Now, c.Terms.ShipBackDays, zone)
	case Inspecting:
		c.Timer, c.Deadline = "inspect", hours(c.Terms.InspectHours)
	case Resolving:
		c.Timer, c.Deadline = "payout", hours(c.Terms.PayoutHours)
	default:
		c.Timer, c.Deadline = "", time.Time{}
		return s.Queue.Cancel(ctx, tx, c.Tenant, timerKind, c.ID)
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: c.Tenant, Kind: timerKind, Key: c.ID, Args: timerArgs{c.ID, c.Timer}, RunAt: c.Deadline})
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

func moneyTerms(r policy.Rules, currency string) refund.Claim {
	return refund.Claim{Terms: refund.Terms{
		Freight: r.Freight(), LabelFee: r.LabelFee[currency],
		Shipping: r.Shipping, FullShippingOnFullReturn: r.FullShipping,
	}}
}

func (s *Service) orderOf(ctx context.Context, tx *db.Tx, c *Case) (order.Order, error) {
	o, err := order.ByID(ctx, tx, actor.Of(c.Tenant), c.Order)
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
