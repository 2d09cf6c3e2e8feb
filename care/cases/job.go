package cases

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/goods/inspection"
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
func (s *Service) Jobs(q *job.Queue) { q.Handle(timerKind, s.expire) }

// Events completes cases when their money has arrived.
func (s *Service) Events() (types []string, follow func(ctx context.Context, tx *db.Tx, e event.Event) error) {
	return []string{"payout.succeeded"}, func(ctx context.Context, tx *db.Tx, e event.Event) error {
		var fact struct {
			Case    string `json:"case"`
			Settled bool   `json:"all_settled"`
		}
		if err := json.Unmarshal(e.Data, &fact); err != nil {
			return err
		}
		if !fact.Settled {
			return nil
		}
		return s.Settled(ctx, tx, e.Tenant, fact.Case)
	}
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
	case "answer":
		return s.approve(ctx, tx, by, &c, "")
	case "ship_back":
		return s.withdraw(ctx, tx, by, &c, Expire, "expired", "")
	case "inspect":
		return s.confirm(ctx, tx, by, &c)
	}
	// payout: money did not leave in time. The case waits on; people are told.
	c.Timer = ""
	return s.save(ctx, tx, by, &c, Overdue{Timer: args.Timer})
}

// confirm accepts what arrived when nobody graded it in time: everything that
// was counted, or everything announced where nobody even counted.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
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
	fact := Graded{Auto: true, Missing: c.Quantity}
	for _, n := range arrived {
		fact.Missing -= n
	}
	return s.resolve(ctx, tx, by, c, c.first(arrived), fact)
}
