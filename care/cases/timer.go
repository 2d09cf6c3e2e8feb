package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/job"
	"github.com/aftercare/aftercare/rules/policy"
)

// Names of deadlines, with the number that the model gives them.
const (
	TimerAnswer   = "answer"    // T1: then the request is approved, or a person is called: see silence.go
	TimerReply    = "reply"     // the customer answers questions: then a person decides without
	TimerOffer    = "offer"     // T2: then the offer lapses
	TimerShipBack = "ship_back" // T3: then the case is closed
	TimerTransit  = "transit"   // T4: then the parcel counts as lost, if it was handed over with our label
	TimerInspect  = "inspect"   // T5: then what arrived is accepted
	TimerEscalate = "escalate"  // T6: then the refusal stands
	TimerConfirm  = "confirm"   // T7: then the replacement counts as right
	TimerPayout   = "payout"    // T8: then a person is called
	TimerPayment  = "payment"   // of an exchange's difference: then the goods are paid back
)

// Timers are all of them, in the model's order.
var Timers = []string{TimerAnswer, TimerReply, TimerOffer, TimerShipBack, TimerTransit, TimerInspect, TimerEscalate, TimerConfirm, TimerPayout, TimerPayment}

// due is the running deadline that a case has in its state, if any. Those of the
// shop's own side count by the calendar of its desk, where it uses one.
func (s *Service) due(ctx context.Context, tx *db.Tx, c *Case, t policy.Timers) (name string, at time.Time, err error) {
	now := tx.Now
	zone, err := calendar.Zone(c.Terms.Zone)
	if err != nil {
		return "", time.Time{}, err
	}
	hours := func(name string, n int) (string, time.Time, error) {
		at, _ := t.Hours(now, n, zone)
		own, counts, err := s.keeping(ctx, tx, c, name)
		if err == nil && counts {
			at, err = own.After(now, time.Duration(n)*time.Hour)
			return c.lawful(now)(name, at, err)
		}
		return name, at, err
	}
	days := func(name string, n int) (string, time.Time, error) {
		at, _ := t.Days(now, n, zone)
		return name, at, nil
	}
	switch c.State {
	case Submitted:
		if len(c.Detail.Needs) > 0 {
			return days(TimerReply, t.ReplyDays)
		}
		return hours(TimerAnswer, t.AnswerHours)
	case Negotiating:
		return hours(TimerOffer, t.OfferHours)
	case AwaitReturn:
		if c.Detail.Intercept {
			return days(TimerTransit, t.TransitDays)
		}
		return days(TimerShipBack, t.ShipBackDays)
	case Returning:
		return days(TimerTransit, t.TransitDays)
	case Inspecting:
		return c.lawful(now)(hours(TimerInspect, t.InspectHours))
	case Rejected:
		return days(TimerEscalate, t.EscalateDays)
	case Resolving:
		if x := c.Detail.Exchange; x != nil && x.Due > 0 && !x.Collected {
			return hours(TimerPayment, t.PaymentHours)
		}
		return c.lawful(now)(hours(TimerPayout, t.PayoutHours))
	case AwaitConfirm:
		return days(TimerConfirm, t.ConfirmDays)
	}
	return "", time.Time{}, nil
}

// lawful brings a deadline forward to the day of the law, if that is still to come.
func (c *Case) lawful(now time.Time) func(name string, at time.Time, err error) (string, time.Time, error) {
	return func(name string, at time.Time, err error) (string, time.Time, error) {
		if law := db.Time(c.Detail.RefundDue); !law.IsZero() && law.Before(at) && law.After(now) {
			at = law
		}
		return name, at, err
	}
}

// arm sets the one running deadline of the case by its state. A deadline that
// was paused in this state runs on with what was left of it.
func (s *Service) arm(ctx context.Context, tx *db.Tx, c *Case) error {
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	c.Detail.ByPerson = c.State == Submitted && c.overseen(&p)
	if c.Timer, c.Deadline, err = s.due(ctx, tx, c, p.Rules.Clock()); err != nil {
		return err
	}
	for i, p := range c.Detail.Paused {
		if p.Name == c.Timer {
			if c.Deadline, err = s.resumed(ctx, tx, c, p); err != nil {
				return err
			}
			c.Detail.Paused = append(c.Detail.Paused[:i:i], c.Detail.Paused[i+1:]...)
			break
		}
	}
	if c.State != Submitted && c.State != Negotiating { // it is decided: nobody waits for answers
		c.Detail.Paused, c.Detail.Needs = nil, nil
	}
	return s.run(ctx, tx, c)
}

// run makes the queue wake the case at its deadline, and at no other time.
func (s *Service) run(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Timer == "" {
		return s.Queue.Cancel(ctx, tx, c.Tenant, timerKind, c.ID)
	}
	return s.Queue.Enqueue(ctx, tx, job.New{Tenant: c.Tenant, Kind: timerKind, Key: c.ID, Args: timerArgs{c.ID, c.Timer}, RunAt: c.Deadline})
}
