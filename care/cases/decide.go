package cases

import (
	"context"
	"slices"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/calendar"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// decide asks law and policy about the case and makes their answer its own: the
// decision, who bears the freight, the fees and the day of the money.
func (s *Service) decide(ctx context.Context, tx *db.Tx, o order.Order, p policy.Policy, c *Case, stake refund.Stake) (owed.Decision, error) {
	d, err := s.verdict(ctx, tx, o, p, c, c.Quoted)
	if err != nil {
		return d, err
	}
	c.Decision = Decision{Outcome: string(d.Outcome), By: "rule", At: tx.Now, Grounds: d.Grounds, Packs: packs(d.Laws), Fired: d.Fired}
	c.Detail.Needs = d.Needs
	if d.Outcome != policy.Ask {
		c.Detail.Needs = nil
	}
	less, err := s.counted(ctx, tx, c)
	if err != nil {
		return d, err
	}
	if c.bind(p.Rules, d) || less {
		return d, c.price(o, p.Rules, stake)
	}
	return d, nil
}

// verdict is what law and policy say of the case as it is asked.
// The time is that of the request: nobody is late because of a question.
func (s *Service) verdict(ctx context.Context, tx *db.Tx, o order.Order, p policy.Policy, c *Case, total int64) (owed.Decision, error) {
	book, err := s.book()
	if err != nil {
		return owed.Decision{}, err
	}
	q, err := wish(o, c.askedAt())
	if err != nil {
		return owed.Decision{}, err
	}
	q.Kind, q.Phase, q.Total, q.Language, q.Photos, q.Known = c.Kind, c.Phase, money.Of(total, o.Currency), c.Language, c.pictures(c.photos()), c.Detail.Known
	q.Seller, q.Goods, q.Amends = c.Seller, c.goods(o), c.Detail.Amends
	q.SentBack, q.Returned = db.Time(c.Detail.SentBack), db.Time(c.Detail.GotBack)
	if c.Kind == KindProtection {
		if q.Verified, err = lowerIsTrue(ctx, tx, o, c.Detail.Lower); err != nil {
			return owed.Decision{}, err
		}
		c.Detail.Verified = q.Verified
	}
	if q.Customer, err = person(ctx, tx, &p, o, c); err != nil {
		return owed.Decision{}, err
	}
	return owed.Decide(book, &p, owed.Question{Order: o, Request: q}), nil
}

// wish is what every request about an order says.
func wish(o order.Order, now time.Time) (policy.Request, error) {
	zone, err := calendar.Zone(o.Zone)
	return policy.Request{Now: now, Zone: zone, Placed: o.PlacedAt, Channel: o.Channel, Country: o.Country, Region: o.Region}, err
}

// book is the law.
func (s *Service) book() (*rights.Book, error) {
	if s.Book != nil {
		return s.Book, nil
	}
	return rights.Standard()
}

// goods are the case's units in the words of the policy, one entry a line.
func (c *Case) goods(o order.Order) (all []policy.Goods) {
	for _, it := range c.Items {
		line, _ := o.Line(it.Line)
		i := slices.IndexFunc(all, func(g policy.Goods) bool { return g.Line == it.Line })
		if i < 0 {
			i = len(all)
			g := goodsOf(o, line, it.Reason)
			g.Quantity, g.Paid = 0, 0
			all = append(all, g)
		}
		all[i].Quantity += it.Count
		all[i].Paid += paidFor(line, it.First, it.Count)
		all[i].Photos += c.pictures(it.Photos)
	}
	return all
}

// person is what is known about who asks, where the rules look at it.
func person(ctx context.Context, tx *db.Tx, p *policy.Policy, o order.Order, c *Case) (who policy.Person, err error) {
	if c.Customer == "" || !owed.AsksWho(p) {
		return who, nil
	}
	if who, err = owed.Who(ctx, tx, c.Tenant, c.Customer, o.PlacedAt, c.OpenedAt); err != nil {
		return who, err
	}
	asked, err := PastOf(ctx, tx, c.Tenant, []string{c.Customer})
	for _, past := range asked[c.Customer] {
		if !past.At.Before(c.OpenedAt) {
			break
		}
		if who.Cases++; past.Refused {
			who.Refused++
		}
	}
	return who, err
}

// bind takes over who bears the freight, the fees and the day of the money,
// where they are not what the policy says of the reasons. It tells whether that
// changes what the case comes to.
func (c *Case) bind(r policy.Rules, d owed.Decision) bool {
	c.Detail.RefundDue, c.Detail.Fees, c.Detail.Delivery = db.Millis(d.RefundDue), nil, d.Delivery
	if w := c.Detail.Claim; w != nil {
		w.Law = d.OnTop
	}
	toSeller, toCustomer, known := false, true, false
	for _, t := range d.Lines {
		reason, offered := r.Reason(c.item(t.Line).Reason)
		if !offered {
			continue
		}
		known = true
		toSeller = toSeller || t.Freight == refund.Seller && reason.Freight != refund.Seller
		toCustomer = toCustomer && t.Freight == refund.Customer
		general := r.RestockingFee
		if reason.Fault() {
			general = 0
		}
		if t.Fee != general {
			if c.Detail.Fees == nil {
				c.Detail.Fees = map[int]int{}
			}
			c.Detail.Fees[t.Line] = t.Fee
		}
	}
	freight := ""
	switch {
	case c.Detail.Liability != "" || !known || !c.goodsBack():
	case toSeller:
		freight = refund.Seller
	case toCustomer && slices.ContainsFunc(c.Items, func(it Item) bool { x, _ := r.Reason(it.Reason); return x.Fault() }):
		freight = refund.Customer
	}
	if freight != "" {
		c.Detail.Liability = freight
	}
	return freight != "" || c.Detail.Fees != nil || d.Delivery != ""
}

// packs name the versions of the law that were asked.
func packs(laws []owed.Law) (all []string) {
	for _, l := range laws {
		if l.Pack != "" && !slices.Contains(all, l.Pack) {
			all = append(all, l.Pack)
		}
	}
	return all
}

// doubt leaves the decision to a person, for one more reason.
func (c *Case) doubt(g Ground) {
	c.Decision.Outcome = string(policy.Review)
	c.Decision.Grounds = append(policy.Unasked(c.Decision.Grounds), g)
	c.Detail.Needs = nil
}

// offerByRule makes the first offer of the policy that fits the case, where a
// person would have to look or the rules refuse.
func (s *Service) offerByRule(ctx context.Context, tx *db.Tx, c *Case, all []policy.Offered) error {
	if len(c.Detail.Needs) > 0 || c.State != Submitted && c.State != Rejected {
		return nil
	}
	for _, o := range all {
		in := Input{Action: Propose, Kind: o.Kind, Freight: o.Freight, Comment: locale.Choose(o.Says, c.Language)}
		if o.Amount != nil {
			in.Amount = o.Amount.Minor
		}
		with := *c
		err := tx.Try(ctx, func() error { return s.offer(ctx, tx, actor.Of(c.Tenant), &with, in) })
		if err == nil {
			*c = with
			return nil
		}
		if !refused(err) {
			return err
		}
	}
	return nil
}
