package cases

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/care/evidence"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
)

// awaitReply puts the seller's time to answer aside while the customer is asked.
func (s *Service) awaitReply(ctx context.Context, tx *db.Tx, c *Case) error {
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	asked := *c
	asked.State, asked.Detail.Needs = Submitted, nil
	name, at, err := s.due(ctx, tx, &asked, p.Rules.Clock())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Detail.Paused, func(p Paused) bool { return p.Name == name }) {
		left, err := s.rest(ctx, tx, c, name, at, 0)
		if err != nil {
			return err
		}
		c.Detail.Paused = append(c.Detail.Paused, left)
	}
	return nil
}

// answerNeeds takes what the customer was asked for, and decides anew at once.
// What is still missing is asked for until the deadline, which runs on.
func (s *Service) answerNeeds(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, in Input) error {
	if _, err := c.next(Answer, by.Kind); err != nil {
		return err
	}
	facts := maps.Clone(in.Facts)
	if facts == nil {
		facts = Facts{}
	}
	shown := Facts{}
	kinds, err := evidence.Kinds(ctx, tx, c.Tenant, in.Photos)
	if err != nil {
		return err
	}
	sent := slices.Collect(maps.Values(kinds))
	for _, n := range c.Detail.Needs {
		if n.Kind != "evidence" {
			continue
		}
		if raw, said := facts[n.Name]; said && string(raw) == "null" { // cannot be shown
			shown[n.Name] = raw
			delete(facts, n.Name)
		} else if slices.Contains(sent, n.Name) {
			shown[n.Name] = json.RawMessage("true")
		}
	}
	if len(facts) == 0 && len(in.Photos) == 0 && len(shown) == 0 {
		return ErrNothing.At("facts", "is empty", "an answer to one of the questions of the case, or photos")
	}
	if err := c.truthful(by, facts); err != nil {
		return err
	}
	have := c.photos()
	added := without(slices.Clone(in.Photos), have)
	if len(have)+len(added) > maxPhotos {
		return ErrItems.At("photos", "are too many", "at most 20 of a case")
	}
	if err := s.Evidence.Attach(ctx, tx, by, added, c.ID); err != nil {
		return err
	}
	c.Items[0].Photos = append(c.Items[0].Photos, added...)
	if c.Detail.Known == nil {
		c.Detail.Known = Facts{}
	}
	maps.Copy(c.Detail.Known, facts)
	maps.Copy(c.Detail.Known, shown)
	if err := c.noteFiles(ctx, tx); err != nil {
		return err
	}
	if len(added) > 0 {
		if err := rewrite(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := s.save(ctx, tx, by, c, Told{Do: Answer, From: c.State, To: c.State, Facts: in.Facts, Photos: in.Photos, Comment: in.Comment}); err != nil {
		return err
	}
	return s.decideAgain(ctx, tx, c)
}

// truthful refuses what was not asked for, or is not of its kind. Staff may add
// other facts of the law besides.
func (c *Case) truthful(by actor.Actor, facts Facts) error {
	if by.Kind == actor.Customer {
		return owed.Known(c.Detail.Needs, facts)
	}
	asked, more := Facts{}, Facts{}
	for name, raw := range facts {
		if slices.ContainsFunc(c.Detail.Needs, func(n policy.Need) bool { return n.Name == name }) {
			asked[name] = raw
			continue
		}
		more[name] = raw
	}
	if err := owed.Known(c.Detail.Needs, asked); err != nil {
		return err
	}
	return owed.KnownByStaff(more)
}

// decideAgain carries out what law and policy say now that more is known.
func (s *Service) decideAgain(ctx context.Context, tx *db.Tx, c *Case) error {
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil {
		return err
	}
	stake, err := s.Refund.Look(ctx, tx, o, c.ID)
	if err != nil {
		return err
	}
	quoted := c.Quoted
	d, err := s.decide(ctx, tx, o, p, c, stake)
	if err != nil {
		return err
	}
	if c.Quoted != quoted {
		if err := rewrite(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := s.carryOut(ctx, tx, c); err != nil {
		return err
	}
	return s.offerByRule(ctx, tx, c, d.Offers)
}

func (s *Service) carryOut(ctx context.Context, tx *db.Tx, c *Case) error {
	system := actor.Of(c.Tenant)
	switch policy.Outcome(c.Decision.Outcome) {
	case policy.Approve:
		err := s.grant(ctx, tx, system, c, Approve, c.decided())
		if !errors.Is(err, shipment.ErrAddress) {
			return err
		}
		c.doubt(Ground{Code: "no_return_address", Basis: policy.ByPolicy})
	case policy.Refuse:
		to, err := c.next(Refuse, system.Kind)
		if err != nil {
			return err
		}
		if err := s.release(ctx, tx, system, c); err != nil {
			return err
		}
		return s.enter(ctx, tx, system, c, to, c.decided())
	}
	if len(c.Detail.Needs) == 0 { // the seller's time runs
		if err := s.arm(ctx, tx, c); err != nil {
			return err
		}
	}
	return s.save(ctx, tx, system, c, c.decided())
}

// unanswered gives the case to a person: a right is not lost by silence.
func (s *Service) unanswered(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	to, err := c.next(Expire, by.Kind)
	if err != nil {
		return err
	}
	c.Decision.At = tx.Now
	c.doubt(Ground{Code: "not_answered", Basis: policy.ByPolicy})
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	return s.save(ctx, tx, by, c, Moved{Do: "unanswered", From: c.State, To: to})
}

// refused tells whether an error is somebody's no, and not a failure.
func refused(err error) bool {
	var f *fault.Fault
	return errors.As(err, &f) && f.Kind != fault.Busy
}
