package cases

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/inspection"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// RefusalReasons are the grounds a person may refuse on.
var RefusalReasons = []string{"outside_window", "not_covered", "damaged_by_use", "no_evidence", "other"}

func (s *Service) approve(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, comment string) error {
	if _, err := next(c.State, Approve, by.Kind); err != nil {
		return err
	}
	who, ground := "staff", Ground{Code: "approved_by_person"}
	if by.Kind == actor.Timer {
		who, ground = "timer", Ground{Code: "answer_overdue"}
	}
	c.Decision = Decision{Outcome: "approve", By: who, Name: by.Name, At: tx.Now, Grounds: []Ground{ground}, Comment: comment}
	if err := s.issue(ctx, tx, by, c); err != nil {
		return err
	}
	return s.move(ctx, tx, by, c, Approve, c.decided())
}

// issue gives the customer a label to the shop's return address.
func (s *Service) issue(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	shop, err := tenant.ByID(ctx, tx, c.Tenant)
	if err != nil {
		return err
	}
	p, err := s.Shipment.Issue(ctx, tx, by, c.ID, returnAddress(shop, c.Language))
	c.Tracking = p.Tracking
	return err
}

func returnAddress(shop tenant.Tenant, lang string) shipment.Address {
	a := shop.Return
	return shipment.Address{Name: a.Name, Lines: a.Lines, City: a.City, Postcode: a.Postcode, Country: locale.Country(lang, a.Country), Phone: a.Phone}
}

func (s *Service) refuse(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if !slices.Contains(RefusalReasons, in.Reason) {
		return ErrRefusal.At("reason_code", "is not a ground for a refusal", strings.Join(RefusalReasons, ", "))
	}
	if strings.TrimSpace(in.Comment) == "" {
		return ErrRefusal.At("comment", "is empty", "a sentence that explains the refusal to the customer")
	}
	if _, err := next(c.State, Refuse, by.Kind); err != nil {
		return err
	}
	if err := s.release(ctx, tx, by, c); err != nil {
		return err
	}
	c.Decision = Decision{Outcome: "refuse", By: "staff", Name: by.Name, At: tx.Now, Grounds: []Ground{{Code: "refused_" + in.Reason}}, Comment: in.Comment}
	return s.move(ctx, tx, by, c, Refuse, c.decided())
}

func (s *Service) release(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	return s.Refund.Release(ctx, tx, by, o, c.ID, nil)
}

// withdraw closes a case before anything was sent: by the customer's wish or
// because the time to send something back is over.
func (s *Service) withdraw(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, do Action, as, comment string) error {
	if _, err := next(c.State, do, by.Kind); err != nil {
		return err
	}
	if err := s.release(ctx, tx, by, c); err != nil {
		return err
	}
	from := c.State
	c.ClosedAs = as
	return s.move(ctx, tx, by, c, do, Moved{Do: do, From: from, To: Closed, Comment: comment})
}

func (s *Service) handOver(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, carrier, tracking string) error {
	if _, err := next(c.State, HandOver, by.Kind); err != nil {
		return err
	}
	p, err := s.Shipment.HandOver(ctx, tx, by, c.ID, "", carrier, tracking)
	if err != nil {
		return err
	}
	from := c.State
	c.Tracking = p.Tracking
	return s.move(ctx, tx, by, c, HandOver, Moved{Do: HandOver, From: from, To: Returning, Carrier: p.Carrier, Tracking: p.Tracking})
}

// Scan takes what a carrier reports of a parcel and moves the case with it. A
// scan that came late or twice changes nothing.
func (s *Service) Scan(ctx context.Context, tx *db.Tx, by actor.Actor, tracking string, sc shipment.Scan) error {
	p, changed, err := s.Shipment.Scan(ctx, tx, by, tracking, sc)
	if err != nil || !changed {
		return err
	}
	who := actor.Actor{Tenant: by.Tenant, Kind: actor.Carrier, Name: p.Carrier}
	c, err := ByID(ctx, tx, actor.Of(by.Tenant), p.Case)
	if err != nil {
		return err
	}
	do := map[shipment.State]Action{shipment.HandedOver: HandOver, shipment.InTransit: HandOver, shipment.Delivered: Deliver}[sc.Status]
	to, err := next(c.State, do, who.Kind)
	if errors.Is(err, ErrMove) || to == c.State {
		return nil // the case is past this, or is where the scan puts it: the parcel knows, that is enough
	}
	if err != nil {
		return err
	}
	return s.move(ctx, tx, who, &c, do, Moved{Do: do, From: c.State, To: to, Carrier: p.Carrier, Tracking: p.Tracking, Place: sc.Place})
}

func (s *Service) receive(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, got []inspection.Received) error {
	from := c.State
	if _, err := next(from, Receive, by.Kind); err != nil {
		return err
	}
	if _, err := s.Inspection.Receive(ctx, tx, by, c.ID, c.announced(), got, true); err != nil {
		return err
	}
	if _, err := s.Shipment.Received(ctx, tx, by, c.ID, ""); err != nil && !errors.Is(err, shipment.ErrUnknown) {
		return err
	}
	return s.move(ctx, tx, by, c, Receive, Moved{Do: Receive, From: from, To: Inspecting})
}

func (s *Service) grade(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, grades []inspection.Grade) error {
	if _, err := next(c.State, Grade, by.Kind); err != nil {
		return err
	}
	var photos []string
	for _, g := range grades {
		photos = append(photos, g.Photos...)
	}
	if err := s.Evidence.Attach(ctx, tx, by, photos, c.ID); err != nil {
		return err
	}
	if _, err := s.Inspection.Grade(ctx, tx, by, c.ID, grades); err != nil {
		return err
	}
	good, graded := map[int]int64{}, int64(0)
	for _, g := range grades {
		graded += g.Count
		if g.Accepted {
			good[g.Line] += g.Count
		}
	}
	return s.resolve(ctx, tx, by, c, c.first(good), Graded{Missing: c.Quantity - graded})
}

// resolve reserves the money for accepted units, or ends the case without.
func (s *Service) resolve(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, accepted []refund.Run, fact Graded) error {
	for _, r := range accepted {
		fact.Accepted += r.Count
	}
	fact.Refused = c.Quantity - fact.Missing - fact.Accepted
	if fact.Accepted == 0 {
		if err := s.release(ctx, tx, by, c); err != nil {
			return err
		}
		c.Decision = Decision{Outcome: "refuse", By: "staff", Name: by.Name, At: tx.Now, Grounds: []Ground{{Code: "nothing_accepted"}}}
		return s.move(ctx, tx, by, c, Grade, fact)
	}
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	q, err := s.Refund.Reserve(ctx, tx, by, o, c.ID, accepted, moneyTerms(p.Rules, c.Currency))
	if err != nil {
		return err
	}
	c.Refunded, c.Quote, fact.Total = q.Total, []byte(encode(q)), q.Total
	if err := s.move(ctx, tx, by, c, Accept, fact); err != nil || q.Total > 0 {
		return err
	}
	return s.settle(ctx, tx, c) // nothing to pay: goods that were free, or deductions took it all
}

func (s *Service) settle(ctx context.Context, tx *db.Tx, c *Case) error {
	return s.move(ctx, tx, actor.Of(c.Tenant), c, Settle, Moved{Do: Settle, From: c.State, To: Completed})
}

// Settled completes a case whose last payout succeeded. A case that is not
// waiting for money is left alone.
func (s *Service) Settled(ctx context.Context, tx *db.Tx, tenantID, caseID string) error {
	c, err := ByID(ctx, tx, actor.Of(tenantID), caseID)
	if err != nil || c.State != Resolving {
		return err
	}
	return s.settle(ctx, tx, &c)
}

const maxNote = 4000

func (s *Service) note(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, text string) error {
	if by.Kind == actor.Customer {
		return ErrParty.With("action", string(Note))
	}
	if n := len([]rune(strings.TrimSpace(text))); n == 0 || n > maxNote {
		return ErrNote.At("text", "is empty or too long", "1 to 4000 characters")
	}
	return event.Append(ctx, tx, by, about(c), Noted{Text: strings.TrimSpace(text)})
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
