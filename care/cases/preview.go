package cases

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/order"
)

// Promise is what a request would give: the exact money, and what law and policy
// say of it.
type Promise struct {
	Quote    refund.Quote
	Decision owed.Decision
	Rules    policy.Rules
	Advance  bool      // the money is sent as soon as the carrier has the parcel
	AnswerBy time.Time // until when a person answers at the latest; zero where none has to, or where silence is no answer
}

// Preview computes what a request would give now, without changing anything.
func (s *Service) Preview(ctx context.Context, tx *db.Tx, by actor.Actor, r Request) (order.Order, Promise, error) {
	o, p, err := s.subject(ctx, tx, by, &r)
	if err != nil {
		return order.Order{}, Promise{}, err
	}
	c := Case{Tenant: by.Tenant, Kind: r.Kind, Phase: phaseOf(o, r.Items), Currency: o.Currency, Customer: o.Customer, OpenedAt: tx.Now}
	c.describe(o, r, named(r))
	if err := s.detail(ctx, tx, o, p.Rules, &c, r); err != nil {
		return order.Order{}, Promise{}, err
	}
	q, err := s.preview(ctx, tx, o, p.Rules, &c, r)
	if err != nil {
		return order.Order{}, Promise{}, err
	}
	d, err := s.verdict(ctx, tx, o, p, &c, q.Total)
	if err != nil {
		return o, Promise{}, err
	}
	c.Order, c.Decision = o.ID, Decision{Outcome: string(d.Outcome), Grounds: d.Grounds}
	less, err := s.counted(ctx, tx, &c) // of the same wrong, as when it is opened
	if err != nil {
		return o, Promise{}, err
	}
	d.Outcome, d.Grounds = policy.Outcome(c.Decision.Outcome), c.Decision.Grounds
	if c.bind(p.Rules, d) || less {
		if q, err = s.preview(ctx, tx, o, p.Rules, &c, r); err != nil {
			return o, Promise{}, err
		}
	}
	c.Quoted = q.Total
	early, err := s.trusted(ctx, tx, o, &p, &c)
	if err != nil {
		return o, Promise{}, err
	}
	at, err := s.answerBy(ctx, tx, o, &p, &c, d)
	return o, Promise{q, d, p.Rules, early, at}, err
}

// answerBy is the deadline that the request would have if it were sent now and
// a person had to answer it.
func (s *Service) answerBy(ctx context.Context, tx *db.Tx, o order.Order, p *policy.Policy, c *Case, d owed.Decision) (time.Time, error) {
	if d.Outcome != policy.Review || c.overseen(p) {
		return time.Time{}, nil
	}
	c.State, c.Terms, c.Detail.RefundDue = Submitted, Terms{Zone: o.Zone}, db.Millis(d.RefundDue)
	_, at, err := s.due(ctx, tx, c, p.Rules.Clock())
	return at, err
}

func (s *Service) preview(ctx context.Context, tx *db.Tx, o order.Order, rules policy.Rules, c *Case, r Request) (refund.Quote, error) {
	claim := c.claim(o, rules, named(r))
	if c.Detail.Exchange != nil && c.Kind == KindExchange {
		base, err := s.Refund.Preview(ctx, tx, o, wanted(r), refund.Claim{})
		if err != nil {
			return refund.Quote{}, err
		}
		claim.New, claim.Credit = c.Detail.Exchange.items(base.Lines), c.Detail.Exchange.Credit
	}
	units := wanted(r)
	if !c.holds() {
		units = nil
	}
	return s.Refund.Preview(ctx, tx, o, units, claim)
}

// price computes what the case comes to.
func (c *Case) price(o order.Order, rules policy.Rules, stake refund.Stake) error {
	units := runs(c.Items)
	q, err := quoteOf(stake, c, units, c.claim(o, rules, units))
	if err != nil {
		return err
	}
	c.Quoted, c.Quote = q.Total, []byte(encode(q))
	return nil
}

// quote is what the claim comes to.
func (s *Service) quote(ctx context.Context, tx *db.Tx, o order.Order, c *Case, units []refund.Run, claim refund.Claim) (refund.Quote, error) {
	stake, err := s.Refund.Look(ctx, tx, o, c.ID)
	if err != nil {
		return refund.Quote{}, err
	}
	return quoteOf(stake, c, units, claim)
}

func quoteOf(stake refund.Stake, c *Case, units []refund.Run, claim refund.Claim) (refund.Quote, error) {
	claim, err := c.priced(stake, units, claim)
	if err != nil {
		return refund.Quote{}, err
	}
	return stake.Quote(units, claim)
}
