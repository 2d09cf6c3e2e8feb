package cases

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// amend asks again after a refusal, with another reason, other units or more
// evidence. Law and policy decide it anew where they refused: a shop that does
// not believe a second reason says so in a condition on request.amends. What a
// person refused, a person looks at again.
func (s *Service) amend(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, r Request) error {
	if _, err := c.next(Amend, by.Kind); err != nil {
		return err
	}
	r.Order, r.Language = c.Order, c.Language
	if r.Kind == "" {
		r.Kind = c.Kind
	}
	if r.Kind == c.Kind {
		r.keep(c)
	}
	if len(r.Items) == 0 {
		r.Items = c.wanted()
	}
	if r.Comment == "" {
		r.Comment = c.Comment
	}
	before := c.photos()
	o, p, err := s.subject(ctx, tx, by, &r)
	if err != nil {
		return err
	}
	if err := photosEnough(r, p.Rules); err != nil {
		return err
	}
	at := phaseOf(o, r.Items)
	if !p.Rules.Offers(r.Kind) || !policy.Allowed(r.Kind, at) {
		return ErrKind.At("kind", "is not offered for goods where these are", strings.Join(p.Rules.KindsIn(at), ", "))
	}
	r.Intercept = r.Intercept && at == policy.InTransit && !c.Detail.Inspected // what was stopped or arrived meanwhile cannot be
	d := Detail{Amends: c.Detail.Amends + 1, Offers: c.Detail.Offers, Reopened: c.Detail.Reopened, Liability: c.Detail.Liability,
		Inspected: c.Detail.Inspected, Rounds: c.Detail.Rounds, Known: c.Detail.Known, Kept: c.Detail.Kept, AskedAt: db.Millis(tx.Now), SentBack: c.Detail.SentBack, GotBack: c.Detail.GotBack,
		SelfSent: c.Detail.SelfSent, Upfront: c.Detail.Upfront}
	fresh := *c
	fresh.Kind, fresh.Phase, fresh.Comment, fresh.Items, fresh.Quantity, fresh.Detail = r.Kind, at, r.Comment, nil, 0, d
	stake, err := s.claimGoods(ctx, tx, by, o, p.Rules, &fresh, r)
	if err != nil {
		return err
	}
	if err := s.Evidence.Attach(ctx, tx, by, without(fresh.photos(), before), c.ID); err != nil {
		return err
	}
	keepPhotos(&fresh, before)
	if err := fresh.noteFiles(ctx, tx); err != nil {
		return err
	}
	from, person := c.State, c.refusedByPerson()
	*c = fresh
	verdict, err := s.decide(ctx, tx, o, p, c, stake)
	if err != nil {
		return err
	}
	if person {
		c.Decision.Grounds = slices.DeleteFunc(c.Decision.Grounds, func(g Ground) bool { return g.Basis != policy.ByLaw })
		c.doubt(Ground{Code: "amended", Basis: policy.ByPolicy})
	}
	if err := rewrite(ctx, tx, c); err != nil {
		return err
	}
	c.State = Submitted
	if c.Decision.Outcome == string(policy.Ask) {
		if err := s.awaitReply(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	fact := Amended{From: from, Number: c.Detail.Amends, Kind: c.Kind, Items: c.Items, Quoted: c.Quoted, Currency: c.Currency, Comment: r.Comment}
	if err := s.save(ctx, tx, by, c, fact); err != nil || person {
		return err
	}
	if err := s.carryOut(ctx, tx, c); err != nil {
		return err
	}
	return s.offerByRule(ctx, tx, c, verdict.Offers)
}

// refusedByPerson tells whether somebody looked at the request, or at the goods,
// and said no: rules do not overrule a person.
func (c *Case) refusedByPerson() bool { return c.Decision.By == "staff" || c.Detail.Inspected }

// keep takes over what only a request of the case's kind says and this one
// leaves out.
func (r *Request) keep(c *Case) {
	r.Intercept = r.Intercept || c.Detail.Intercept
	r.Credit = r.Credit || c.Detail.Exchange != nil && c.Detail.Exchange.Credit
	if w := c.Detail.Claim; w != nil {
		r.Basis, r.Amount = cmp.Or(r.Basis, w.Basis), cmp.Or(r.Amount, w.Amount)
	}
}

func without(all, some []string) []string {
	return slices.DeleteFunc(all, func(x string) bool { return slices.Contains(some, x) })
}

// wanted is what the case asks for, in the words of a request.
func (c *Case) wanted() []Wanted {
	var all []Wanted
	at := map[int]int{}
	for _, it := range c.Items {
		i, seen := at[it.Line]
		if !seen {
			i = len(all)
			at[it.Line] = i
			all = append(all, Wanted{Line: it.Line, Reason: it.Reason, SKU: c.replacement(it.Line), Lower: c.Detail.Lower[it.Line]})
		}
		all[i].Quantity += it.Count
		all[i].Photos = append(all[i].Photos, it.Photos...)
	}
	return all
}

// replacement is the article that a line is exchanged for; empty: the same.
func (c *Case) replacement(line int) string {
	if c.Detail.Exchange != nil {
		for _, n := range c.Detail.Exchange.New {
			if n.Line == line && !n.Same {
				return n.SKU
			}
		}
	}
	return ""
}

// rehold takes the units of a refused case again, if they are still free.
func (s *Service) rehold(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	o, err := s.orderOf(ctx, tx, c)
	if err != nil {
		return err
	}
	return s.holdAgain(ctx, tx, by, o, c)
}

func (s *Service) holdAgain(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case) error {
	if !c.holds() {
		return nil
	}
	r := Request{Items: c.wanted()}
	held, err := s.claimUnits(ctx, tx, by, o, c, r)
	if err != nil {
		return err
	}
	c.Items, c.Quantity = nil, 0
	c.describe(o, r, held.Runs)
	return rewrite(ctx, tx, c)
}

// holds tells whether the case names units that are noted as its own: see
// claimUnits. A claim for money beyond the refund does not.
func (c *Case) holds() bool { return c.Kind != KindCompensate }
