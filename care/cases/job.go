package cases

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/charge"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/platform/job"
)

const timerKind = "cases.timer"

type timerArgs struct {
	Case  string `json:"case"`
	Timer string `json:"timer"`
}

// Jobs registers the deadlines of cases.
func (s *Service) Jobs(q *job.Queue) {
	q.Handle(timerKind, s.expire)
	q.Handle(namesKind, s.learnNames)
}

// Events makes cases hear of their money: what was paid, what customers owed,
// and what banks took back.
func (s *Service) Events() (types []string, follow func(ctx context.Context, tx *db.Tx, e event.Event) error) {
	return append([]string{"payout.succeeded", "charge.paid", "charge.waived", "charge.expired", "charge.written_off"}, troubles...), s.follow
}

func (s *Service) follow(ctx context.Context, tx *db.Tx, e event.Event) error {
	var fact struct {
		Case    string `json:"case"`
		Purpose string `json:"purpose"`
		Amount  int64  `json:"amount"`
		Settled bool   `json:"all_settled"`
	}
	if slices.Contains(troubles, e.Type) {
		var n news
		if err := json.Unmarshal(e.Data, &n); err != nil {
			return err
		}
		return s.troubled(ctx, tx, e, n)
	}
	if err := json.Unmarshal(e.Data, &fact); err != nil {
		return err
	}
	if e.Type == "payout.succeeded" {
		if !fact.Settled {
			return nil
		}
		return s.Settled(ctx, tx, e.Tenant, fact.Case)
	}
	c, err := ByID(ctx, tx, actor.Of(e.Tenant), fact.Case)
	if err != nil {
		return err
	}
	what := strings.TrimPrefix(e.Type, "charge.")
	if fact.Purpose == charge.AdvanceRecovery {
		if what == "expired" {
			return nil // people decide whether to ask on or to write it off
		}
		return s.recovered(ctx, tx, &c, what == "paid", fact.Amount)
	}
	if fact.Purpose == charge.Adjustment {
		switch what {
		case "paid":
			return s.gaveBack(ctx, tx, &c, fact.Amount)
		case "waived", "written_off":
			return s.gaveBack(ctx, tx, &c, 0)
		}
		return nil // expired: people decide
	}
	switch {
	case fact.Purpose != charge.ExchangeDifference || c.Detail.Exchange == nil:
		return nil
	case what == "paid" || what == "waived":
		return s.collected(ctx, tx, &c)
	}
	err = s.convert(ctx, tx, actor.Of(e.Tenant), &c, "")
	if errors.Is(err, ErrMove) || errors.Is(err, ErrGuard) {
		return nil
	}
	return err
}

// expire is what happens when nobody acted in time. A deadline that belongs to
// an earlier state does nothing.
func (s *Service) expire(ctx context.Context, tx *db.Tx, j job.Job) error {
	var args timerArgs
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return job.Dead(err)
	}
	by := actor.Actor{Tenant: j.Tenant, Kind: actor.Timer}
	c, err := ByID(ctx, tx, actor.Of(j.Tenant), args.Case)
	if err != nil || c.Timer != args.Timer {
		return err
	}
	switch c.Timer {
	case TimerAnswer:
		return s.silent(ctx, tx, by, &c)
	case TimerReply:
		return s.unanswered(ctx, tx, by, &c)
	case TimerOffer:
		return s.decline(ctx, tx, by, &c, Lapse, "")
	case TimerShipBack:
		return s.withdraw(ctx, tx, by, &c, Expire, "expired", "")
	case TimerTransit:
		return s.untraced(ctx, tx, by, &c)
	case TimerInspect:
		return s.autoAccept(ctx, tx, by, &c)
	case TimerEscalate:
		return s.withdraw(ctx, tx, by, &c, Expire, "for_seller", "")
	case TimerConfirm:
		return s.confirm(ctx, tx, by, &c)
	case TimerPayment:
		return s.convert(ctx, tx, by, &c, "")
	}
	return s.overdue(ctx, tx, by, &c) // payout: money did not leave in time
}

// overdue calls people: the case waits on, without a deadline.
func (s *Service) overdue(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	timer := c.Timer
	c.Timer = ""
	return s.save(ctx, tx, by, c, Overdue{Timer: timer})
}

// untraced gives up a parcel that nobody has heard of for too long. With our
// label it counts as lost; what the customer sent in another way is for a person
// to trace, and so is a box that never set out.
func (s *Service) untraced(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	all, err := shipment.Of(ctx, tx, c.Tenant, c.ID)
	if err != nil {
		return err
	}
	var last shipment.Parcel
	sent := c.Detail.Intercept // perhaps in a parcel that another case follows
	for _, p := range all {
		if !p.Direction.Incoming() || !p.State.Sent() || p.State.Final() {
			continue
		}
		sent = true
		if p.Carrier != shipment.Own && p.Direction == shipment.Return {
			return s.overdue(ctx, tx, by, c)
		}
		if last, err = s.Shipment.Lost(ctx, tx, by, c.ID, p.ID, "overdue"); err != nil {
			return err
		}
	}
	if !sent {
		return s.overdue(ctx, tx, by, c)
	}
	if c.Detail.Parcels > 0 {
		if gone, err := s.goOn(ctx, tx, by, c, last); err != nil || gone {
			return err
		}
	}
	return s.lose(ctx, tx, by, c, Moved{})
}

// autoAccept takes what arrived when nobody graded it in time: everything that
// was counted, or everything announced where nobody even counted.
func (s *Service) autoAccept(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	arrived := c.announced()
	report, err := inspection.ByCase(ctx, tx, c.Tenant, c.ID)
	if err == nil {
		clear(arrived)
		for _, l := range report.Lines {
			arrived[l.Line] = l.Received
		}
	} else if !errors.Is(err, inspection.ErrUnknown) {
		return err
	}
	if _, err := s.acceptLost(ctx, tx, by, c, maps.Clone(arrived), arrived); err != nil {
		return err
	}
	fact := Graded{Auto: true, Missing: c.Quantity}
	for _, n := range arrived {
		fact.Missing -= n
	}
	return s.judge(ctx, tx, by, c, c.first(arrived), fact)
}
