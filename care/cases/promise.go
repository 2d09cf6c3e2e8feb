package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/id"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
	"github.com/aftercare/aftercare/sales/order"
)

// keepPromises opens the compensation that the shop has promised for just what
// turned out to be so: 假一赔四 for goods that are not genuine. It does so when
// the case provides for units, once for each promise, whatever the case goes
// through later. seen tells that a person looked at the goods or approved the
// case; on the customer's word alone nobody is paid without a look.
func (s *Service) keepPromises(ctx context.Context, tx *db.Tx, o order.Order, c *Case, units []refund.Run, seen bool) error {
	if c.Kind == KindCompensate || c.Kind == KindProtection || c.Detail.Partial > 0 || len(units) == 0 {
		return nil
	}
	p, err := s.rules(ctx, tx, c.Tenant, c.Policy, c.PolicyVer)
	if err != nil || len(p.Rules.Promises) == 0 && p.Rules.Parent == "" {
		return err
	}
	what := *c
	what.Items = itemsOf(c.Items, units)
	d, err := s.verdict(ctx, tx, o, p, &what, c.Quoted)
	if err != nil {
		return err
	}
	for _, promised := range d.Promises {
		if slices.ContainsFunc(c.Detail.Kept, func(k Kept) bool { return k.Code == promised.Code }) {
			continue
		}
		law, by := lawOnTop(&d, promised.Lines)
		if promised.OnTop || len(c.Detail.Kept) > 0 {
			law, by = 0, nil // paid apart, or with the first promise
		}
		k, err := s.keep(ctx, tx, o, p.Rules, &what, promised, seen, law, by)
		if err != nil {
			return err
		}
		if k != nil {
			c.Detail.Kept = append(c.Detail.Kept, *k)
		}
	}
	return nil
}

// keep opens the compensation for one promise: never more than the policy pays
// on its basis, and by itself only up to the promise's own limit. Where the law
// gives more for the same wrong, the larger amount is paid and includes it; what
// was paid before is set off, and where that is all, no case is opened.
func (s *Service) keep(ctx context.Context, tx *db.Tx, o order.Order, r policy.Rules, c *Case, promised policy.Promised, seen bool, law int64, by *rights.Decision) (*Kept, error) {
	amount := promised.Amount.Minor
	if most, ok := r.CompensationCap(promised.Basis, c.Currency); ok {
		amount = min(amount, most)
	}
	if amount <= 0 && law <= 0 {
		return nil, nil
	}
	var grounds []Ground
	if amount > 0 {
		grounds = append(grounds, Ground{Code: "promise_holds", Args: locale.Args{"amount": money.Of(amount, c.Currency).String()}, Basis: policy.ByPromise, Rule: promised.Rule, Says: promised.Says})
	}
	if by != nil {
		g := Ground{Code: "law_included", Args: locale.Args{"amount": money.Of(law, c.Currency).String()}, Basis: policy.ByLaw, Rule: by.Rule, Cite: by.Cite}
		if law > amount {
			g.Code, amount = "law_larger", law
		}
		grounds = append(grounds, g)
	}
	k := Case{
		ID: id.New("case"), Tenant: c.Tenant, Number: "R-" + strings.ToUpper(id.Readable(8)), Kind: KindCompensate, State: Submitted,
		Phase: c.Phase, Order: c.Order, OrderNumber: c.OrderNumber, Customer: c.Customer, Name: c.Name, Seller: c.Seller, Currency: c.Currency,
		Language: c.Language, Policy: c.Policy, PolicyVer: c.PolicyVer, OpenedAt: tx.Now, Terms: c.Terms,
		Detail: Detail{Claim: &Compensate{Basis: promised.Basis, Amount: amount, For: c.ID, Number: c.Number, Promise: promised.Code, Law: law, OnTop: promised.OnTop}},
	}
	for _, it := range c.Items {
		if slices.Contains(promised.Lines, it.Line) {
			it.Photos = nil
			k.Items, k.Quantity = append(k.Items, it), k.Quantity+it.Count
		}
	}
	k.Title, k.Reason = k.Items[0].Title, k.Items[0].Reason
	if err := s.setOff(ctx, tx, &k); err != nil {
		return nil, err
	}
	w := k.Detail.Claim
	if w.SetOff > 0 && w.spent() {
		return &Kept{Code: promised.Code, Says: promised.Says, Number: w.PaidBy}, nil
	}
	stake, err := s.Refund.Look(ctx, tx, o, k.ID)
	if err != nil {
		return nil, err
	}
	if err := k.price(o, r, stake); err != nil {
		return nil, err
	}
	limit := Ground{Code: "compensation_needs_person", Basis: policy.ByPolicy, Rule: promised.Rule}
	k.Decision = Decision{Outcome: string(policy.Review), By: "rule", At: tx.Now, Fired: []string{promised.Rule}}
	if promised.Auto > 0 && seen {
		limit.Code, limit.Args = "above_limit", locale.Args{"limit": money.Of(promised.Auto, c.Currency).String()}
		if w.net() <= promised.Auto {
			limit.Code, k.Decision.Outcome = "below_limit", string(policy.Approve)
		}
	}
	k.Decision.Grounds = append(append(grounds, k.setOffGrounds()...), limit)
	kept := &Kept{promised.Code, promised.Says, w.net(), k.ID, k.Number}
	system := actor.Of(c.Tenant)
	if k.Decision.Outcome == string(policy.Approve) {
		return kept, s.provideFirst(ctx, tx, system, &k)
	}
	return kept, s.store(ctx, tx, system, &k)
}

// limit is the most that may be paid, 0 where there is no limit: what the policy
// says of the basis, and no less than what the law gives or may give.
func (w *Compensate) limit(r policy.Rules, currency string) int64 {
	most, ok := r.CompensationCap(w.Basis, currency)
	if !ok {
		return 0
	}
	if w.For != "" {
		return max(most, w.Law)
	}
	if w.Basis == refund.Statutory {
		if w.Law < 0 {
			return 0
		}
		most = max(most, w.Law)
	}
	return most
}

// promised tells whether the case pays a promise of the shop: nobody is paid
// one because time went by.
func (c *Case) promised() bool { return c.Detail.Claim != nil && c.Detail.Claim.For != "" }

// looked tells whether a person stands behind what is provided now.
func (c *Case) looked(by actor.Actor, fact any) bool {
	person := by.Kind == actor.Staff || by.Kind == actor.Key
	if g, ok := fact.(Graded); ok {
		return person && !g.Auto
	}
	return person && c.Decision.Outcome == string(policy.Approve) && c.Decision.By == "staff"
}
