package cases

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/goods/shipment"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// reads is the language of messages about a case: the one the customer is known
// to read, else that of the country the order goes to, else the shop's.
func reads(ctx context.Context, tx *db.Tx, shop, known, country string) (string, error) {
	if known != "" {
		return locale.Read(known), nil
	}
	if found := locale.Of(country); found != "" {
		return found, nil
	}
	t, err := tenant.ByID(ctx, tx, shop)
	return t.Language, err
}

// Open starts a case: it holds the units, promises the money and decides by the
// law and by the policy that was in force at the purchase. A request that both
// exclude becomes a rejected case, so that the refusal and its grounds are on
// record; where an answer of the customer would change it, the case asks.
func (s *Service) Open(ctx context.Context, tx *db.Tx, by actor.Actor, r Request) (Case, error) {
	o, p, err := s.subject(ctx, tx, by, &r)
	if err != nil {
		return Case{}, err
	}
	if err := photosEnough(r, p.Rules); err != nil {
		return Case{}, err
	}
	c := Case{
		ID: id.New("case"), Tenant: by.Tenant, Number: "R-" + strings.ToUpper(id.Readable(8)), Kind: r.Kind, State: Submitted,
		Phase: phaseOf(o, r.Items), Order: o.ID, OrderNumber: o.Number, Customer: o.Customer, Currency: o.Currency,
		Language: r.Language, Comment: r.Comment, Policy: p.ID, PolicyVer: p.Version, OpenedAt: tx.Now, Terms: Terms{Zone: o.Zone},
	}
	shop, err := tenant.ByID(ctx, tx, by.Tenant)
	if err != nil {
		return Case{}, err
	}
	c.Terms.Away = shop.Zone != o.Zone
	if o.Customer != "" {
		who, err := customer.ByID(ctx, tx, by.Tenant, o.Customer)
		if err != nil {
			return Case{}, fmt.Errorf("customer of order %s: %w", o.ID, err)
		}
		c.Name = who.Name
		if c.Language == "" {
			c.Language = who.Language
		}
	}
	if c.Language, err = reads(ctx, tx, c.Tenant, c.Language, o.Country); err != nil {
		return Case{}, err
	}
	stake, err := s.claimGoods(ctx, tx, by, o, p.Rules, &c, r)
	if err != nil {
		return Case{}, err
	}
	if err := s.Evidence.Attach(ctx, tx, by, c.photos(), c.ID); err != nil {
		return Case{}, err
	}
	if err := c.noteFiles(ctx, tx); err != nil {
		return Case{}, err
	}
	if c.sends() && (r.Address != nil || r.AddressRight) {
		if err := s.deliverTo(ctx, tx, by, &c, r.Address); err != nil {
			return Case{}, err
		}
	}
	d, err := s.decide(ctx, tx, o, p, &c, stake)
	if err != nil {
		return Case{}, err
	}
	if err := s.decideFirst(ctx, tx, by, o, &c); err != nil {
		return Case{}, err
	}
	return c, s.offerByRule(ctx, tx, &c, d.Offers)
}

// claimGoods fills what the case is about: the units, held so that no other case
// takes them, and what they come to.
func (s *Service) claimGoods(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, rules policy.Rules, c *Case, r Request) (stake refund.Stake, err error) {
	held := named(r)
	if c.holds() {
		stake, err = s.claimUnits(ctx, tx, by, o, c, r)
		held = stake.Runs
	} else {
		stake, err = s.Refund.Look(ctx, tx, o, c.ID)
	}
	if err != nil {
		return stake, err
	}
	c.describe(o, r, held)
	if err := s.detail(ctx, tx, o, rules, c, r); err != nil {
		return stake, err
	}
	return stake, c.price(o, rules, stake)
}

// decideFirst stores the new case together with what law and policy say of it.
func (s *Service) decideFirst(ctx context.Context, tx *db.Tx, by actor.Actor, o order.Order, c *Case) error {
	switch policy.Outcome(c.Decision.Outcome) {
	case policy.Approve:
		if !c.goodsBack() {
			return s.provideFirst(ctx, tx, by, c)
		}
		c.State = AwaitReturn
		err := s.sendFor(ctx, tx, actor.Of(c.Tenant), c)
		if errors.Is(err, shipment.ErrAddress) { // the shop is not set up: a person has to look, the customer is not stopped
			c.State = Submitted
			c.doubt(Ground{Code: "no_return_address", Basis: policy.ByPolicy})
			err = nil
		}
		if err != nil {
			return err
		}
	case policy.Refuse:
		c.State = Rejected
		if err := s.Refund.Release(ctx, tx, by, o, c.ID, nil); err != nil {
			return err
		}
	case policy.Ask:
		if err := s.awaitReply(ctx, tx, c); err != nil {
			return err
		}
	}
	return s.store(ctx, tx, by, c)
}

// store keeps the new case and announces it with what the rules say of it.
func (s *Service) store(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, c); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, by, about(c), c.opened()); err != nil {
		return err
	}
	return event.Append(ctx, tx, actor.Of(c.Tenant), about(c), c.decided())
}

func (c *Case) opened() Opened {
	o := Opened{Number: c.Number, Kind: c.Kind, Phase: c.Phase, Order: c.Order, Seller: c.Seller, Items: c.Items, Currency: c.Currency, Quoted: c.Quoted, Comment: c.Comment}
	if w := c.Detail.Claim; w != nil {
		o.For, o.Promise = w.For, w.Promise
	}
	return o
}

// provideFirst stores a request that the rules grant and that nothing comes back
// for, and provides at once what it asks for.
func (s *Service) provideFirst(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	decision := c.Decision
	c.Decision = Decision{}
	if err := s.arm(ctx, tx, c); err != nil {
		return err
	}
	if err := s.insert(ctx, tx, c); err != nil {
		return err
	}
	if err := event.Append(ctx, tx, by, about(c), c.opened()); err != nil {
		return err
	}
	c.Decision = decision
	return s.grant(ctx, tx, actor.Of(c.Tenant), c, Approve, c.decided())
}

// subject reads what a request is about and checks its form.
func (s *Service) subject(ctx context.Context, tx *db.Tx, by actor.Actor, r *Request) (order.Order, policy.Policy, error) {
	o, err := s.Orders.Kept(ctx, tx, by, r.Order)
	if err != nil {
		return o, policy.Policy{}, err
	}
	p, err := s.rules(ctx, tx, by.Tenant, o.Policy, o.PolicyVer)
	if err != nil {
		return o, p, err
	}
	if r.Kind == "" {
		r.Kind = KindReturn
	}
	return o, p, r.check(o, p.Rules)
}

func (c *Case) decided() Decided {
	d := c.Decision
	return Decided{Outcome: d.Outcome, By: d.By, Grounds: d.Grounds, Comment: d.Comment, Policy: c.Policy, Version: c.PolicyVer, Packs: d.Packs}
}

func (c *Case) zone() (*time.Location, error) { return calendar.Zone(c.Terms.Zone) }

func (c *Case) money(minor int64) money.Amount { return money.Of(minor, c.Currency) }
