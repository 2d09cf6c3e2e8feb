package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// RefusalReasons are the grounds a person may refuse on.
var RefusalReasons = []string{"outside_window", "not_covered", "damaged_by_use", "no_evidence", "other"}

func (s *Service) approve(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, comment string) error {
	if err := c.can(Approve, by.Kind); err != nil {
		return err
	}
	who, ground := "staff", Ground{Code: "approved_by_person"}
	if by.Kind == actor.Timer {
		who, ground = "timer", Ground{Code: "answer_overdue"}
	}
	c.Decision = Decision{Outcome: "approve", By: who, Name: by.Name, At: tx.Now, Grounds: []Ground{ground}, Comment: comment}
	return s.grant(ctx, tx, by, c, Approve, c.decided())
}

func (s *Service) refuse(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if !slices.Contains(RefusalReasons, in.Reason) {
		return ErrRefusal.At("reason_code", "is not a ground for a refusal", strings.Join(RefusalReasons, ", "))
	}
	if strings.TrimSpace(in.Comment) == "" {
		return ErrRefusal.At("comment", "is empty", "a sentence that explains the refusal to the customer")
	}
	to, err := c.next(Refuse, by.Kind)
	if err != nil {
		return err
	}
	if err := s.release(ctx, tx, by, c); err != nil {
		return err
	}
	if err := s.Evidence.Attach(ctx, tx, by, in.Photos, c.ID); err != nil {
		return err
	}
	c.Decision = Decision{Outcome: "refuse", By: "staff", Name: by.Name, At: tx.Now, Grounds: []Ground{{Code: "refused_" + in.Reason}}, Comment: in.Comment, Photos: in.Photos}
	return s.enter(ctx, tx, by, c, to, c.decided())
}

func (s *Service) release(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	if !c.holds() {
		return nil
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	return s.Refund.Release(ctx, tx, by, o, c.ID, nil)
}

// withdraw closes a case without effect: by the customer's wish, because the
// time to send something back is over, or because a refusal stands.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, do Action, as, comment string) error {
	to, err := c.next(do, by.Kind)
	if err != nil {
		return err
	}
	if !c.State.idle() {
		if err := s.release(ctx, tx, by, c); err != nil {
			return err
		}
	}
	if o := c.Detail.open(); o != nil {
		o.State = "declined"
	}
	if c.Tracking != "" {
		if err := s.Shipment.Cancel(ctx, tx, by, c.ID); err != nil {
			return err
		}
	}
	from := c.State
	c.ClosedAs = as
	return s.enter(ctx, tx, by, c, to, Moved{Do: do, From: from, To: to, As: as, Comment: comment})
}

// receive counts what is in a parcel. The last one ends the counting: what has
// not come then is missing.
func (s *Service) receive(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	given := Last
	if in.More {
		given = More
	}
	from := c.State
	to, err := c.next(Receive, by.Kind, given)
	if err != nil {
		return err
	}
	if _, err := s.Inspection.Receive(ctx, tx, by, c.ID, c.announced(), in.Received, !in.More); err != nil {
		return err
	}
	if _, err := s.Shipment.Received(ctx, tx, by, c.ID, in.Parcel); err != nil && !errors.Is(err, shipment.ErrUnknown) {
		return err
	}
	c.Detail.Arrived = true
	return s.enter(ctx, tx, by, c, to, Moved{Do: Receive, From: from, To: to})
}

func (s *Service) grade(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, grades []inspection.Grade, losses []Loss) error {
	if err := c.can(Grade, by.Kind); err != nil {
		return err
	}
	var photos []string
	for _, g := range grades {
		photos = append(photos, g.Photos...)
	}
	if err := s.Evidence.Attach(ctx, tx, by, photos, c.ID); err != nil {
		return err
	}
	_, err := s.Inspection.Grade(ctx, tx, by, c.ID, grades)
	if err != nil && !(errors.Is(err, inspection.ErrGraded) && len(grades) == 0) { // of an empty box nothing is graded
		return err
	}
	good, came, graded := map[int]int64{}, map[int]int64{}, int64(0)
	for _, g := range grades {
		graded += g.Count
		came[g.Line] += g.Count
		if g.Accepted {
			good[g.Line] += g.Count
		}
	}
	if err := s.announceGrades(ctx, tx, by, c, grades); err != nil {
		return err
	}
	lost, err := s.acceptLost(ctx, tx, by, c, came, good)
	if err != nil {
		return err
	}
	accepted := c.first(good)
	if err := s.noteLosses(ctx, tx, c, accepted, losses, grades); err != nil {
		return err
	}
	return s.judge(ctx, tx, by, c, accepted, Graded{Missing: c.Quantity - graded - lost, Losses: c.Detail.Losses})
}

// judge ends the inspection: what was accepted is provided for, or the case is
// refused.
func (s *Service) judge(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, accepted []refund.Run, fact Graded) error {
	for _, r := range accepted {
		fact.Accepted += r.Count
	}
	fact.Refused = c.Quantity - fact.Missing - fact.Accepted
	verdict := Passed
	if fact.Accepted == 0 {
		verdict = Failed
	}
	to, err := c.next(Grade, by.Kind, verdict)
	if err != nil {
		return err
	}
	if verdict == Passed {
		return s.provide(ctx, tx, by, c, to, accepted, fact)
	}
	c.Detail.Arrived, c.Detail.Inspected = fact.Missing < c.Quantity, true
	if c.Detail.Advance != nil {
		o, claim, err := s.asked(ctx, tx, c, nil)
		if err != nil {
			return err
		}
		if err := s.correct(ctx, tx, by, o, c, nil, claim); err != nil {
			return err
		}
	} else if err := s.release(ctx, tx, by, c); err != nil {
		return err
	}
	c.Decision = Decision{Outcome: "refuse", By: "staff", Name: by.Name, At: tx.Now, Grounds: []Ground{{Code: "nothing_accepted"}}}
	return s.enter(ctx, tx, by, c, to, fact)
}

// liable changes who bears the freight while nothing is reserved.
func (s *Service) liable(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if _, err := c.next(Liable, by.Kind); err != nil {
		return err
	}
	if !slices.Contains(bearers, in.Freight) {
		return ErrOffer.At("freight", "is not a party", strings.Join(bearers, ", "))
	}
	if in.Upfront != nil {
		o, err := s.orderOf(ctx, tx, c)
		if err != nil {
			return err
		}
		if *in.Upfront < 0 || *in.Upfront > o.Paid() {
			return ErrOffer.At("freight_paid", fmt.Sprintf("is %d", *in.Upfront), fmt.Sprintf("0 to %d minor units, what was paid for the order", o.Paid()))
		}
		c.Detail.Upfront = *in.Upfront
	}
	c.Detail.Liability = in.Freight
	if err := s.requote(ctx, tx, c); err != nil {
		return err
	}
	if err := rewrite(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, by, c, Moved{Do: Liable, From: c.State, To: c.State, Comment: in.Comment, Freight: in.Freight})
}

// bearers are who can bear the freight.
var bearers = []string{refund.Seller, refund.Customer, "carrier", "platform"}

// assign names who works on the case; an empty name gives it back to all.
func (s *Service) assign(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, who string) error {
	if _, err := c.next(Assign, by.Kind); err != nil {
		return err
	}
	name := ""
	if who != "" {
		a, err := account.ByID(ctx, tx, c.Tenant, who)
		if err != nil && !errors.Is(err, account.ErrUnknown) {
			return err
		}
		if err != nil || a.State != account.Active || !slices.Contains(role.Permissions(a.Role), role.CaseNote) || a.Seller != "" && a.Seller != c.Seller {
			return ErrPeople.At("assignee", "is nobody who may work on this case", "the id of an active member of staff")
		}
		name = a.Name
	}
	c.Assignee = who
	return s.save(ctx, tx, by, c, Assigned{To: who, Name: name})
}

const maxNote = 4000

func (s *Service) note(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, text string, named []string) error {
	if _, err := c.next(Note, by.Kind); err != nil {
		return err
	}
	if n := len([]rune(strings.TrimSpace(text))); n == 0 || n > maxNote {
		return ErrNote.At("text", "is empty or too long", "1 to 4000 characters")
	}
	mentions, err := mentioned(ctx, tx, by, c, named)
	if err != nil {
		return err
	}
	return event.Append(ctx, tx, by, about(c), Noted{Text: strings.TrimSpace(text), Mentions: mentions})
}

func (c *Case) item(line int) Item {
	for _, it := range c.Items {
		if it.Line == line {
			return it
		}
	}
	return Item{}
}

// announced counts the units of the case by line.
func (c *Case) announced() map[int]int64 {
	by := map[int]int64{}
	for _, it := range c.Items {
		by[it.Line] += it.Count
	}
	return by
}

// first takes the first units of each line's runs up to a count by line.
func (c *Case) first(count map[int]int64) []refund.Run {
	var taken []refund.Run
	for _, r := range runs(c.Items) {
		if n := min(count[r.Line], r.Count); n > 0 {
			count[r.Line] -= n
			r.Count = n
			taken = append(taken, r)
		}
	}
	return taken
}
