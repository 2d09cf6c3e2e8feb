package cases

import (
	"context"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/fault"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/owed"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/rules/rights"
)

// ErrPaidAlready refuses money for a wrong for which at least as much was paid.
var ErrPaidAlready = fault.New(fault.Conflict, "cases.paid_already", "What is asked for was paid already for the same wrong.")

// byLaw tells that the claim rests on the law, and not on a word of the shop.
func (w *Compensate) byLaw() bool { return w.Basis == refund.Statutory && w.For == "" }

// meets tells whether two claims may be for the same wrong: one by law, one by a
// promise that does not come on top of it.
func (w *Compensate) meets(o *Compensate) bool {
	promised := func(x *Compensate) bool { return x.Basis == refund.Promise || x.For != "" }
	return !w.OnTop && !o.OnTop && (w.byLaw() && promised(o) || o.byLaw() && promised(w))
}

// spent tells that nothing is left of the claim.
func (w *Compensate) spent() bool { return w.SetOff >= w.Amount }

// net is what is paid: the claim less what was paid for the same wrong. What is
// spent keeps its amount, to be shown; it is not paid.
func (w *Compensate) net() int64 {
	if w.spent() {
		return w.Amount
	}
	return w.Amount - w.SetOff
}

// setOff works out how much was provided for the same wrong by other cases of
// the order: the larger of promise and law is paid, not their sum. Of a case for
// other units too, their share counts.
func (s *Service) setOff(ctx context.Context, tx *db.Tx, c *Case) error {
	w := c.Detail.Claim
	if w == nil || w.OnTop {
		return nil
	}
	w.SetOff, w.PaidBy = 0, ""
	all, err := ByOrder(ctx, tx, actor.Of(c.Tenant), c.Order)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		if o.ID == c.ID || o.Refunded <= 0 || o.Detail.Claim == nil || !w.meets(o.Detail.Claim) {
			continue
		}
		theirs := runs(o.Items)
		if both := common(runs(c.Items), theirs); both > 0 {
			w.SetOff, w.PaidBy = w.SetOff+money.Part(o.Refunded, both, common(theirs, theirs)), o.Number
		}
	}
	return nil
}

// common is how many units two lists share.
func common(a, b []refund.Run) (n int64) {
	for _, x := range a {
		for _, y := range b {
			if x.Line == y.Line {
				n += max(0, min(x.First+x.Count, y.First+y.Count)-max(x.First, y.First))
			}
		}
	}
	return n
}

// setOffGrounds say that something was paid before, or that nothing is left.
func (c *Case) setOffGrounds() []Ground {
	w := c.Detail.Claim
	if w == nil || w.SetOff == 0 {
		return nil
	}
	g := Ground{Code: "set_off", Args: locale.Args{"amount": money.Of(w.SetOff, c.Currency).String(), "case": w.PaidBy}, Basis: policy.ByPromise}
	if w.For != "" {
		g.Basis = policy.ByLaw
	}
	if w.spent() {
		g.Code = "set_off_all"
	}
	return []Ground{g}
}

// counted takes over into the decision what was paid for the same wrong. It
// tells whether that changes what the case comes to.
func (s *Service) counted(ctx context.Context, tx *db.Tx, c *Case) (bool, error) {
	if c.Kind != KindCompensate {
		return false, nil
	}
	if err := s.setOff(ctx, tx, c); err != nil {
		return false, err
	}
	grounds := c.setOffGrounds()
	if grounds == nil {
		return false, nil
	}
	c.Decision.Grounds = append(slices.Clip(c.Decision.Grounds), grounds...)
	if c.Detail.Claim.spent() {
		c.Decision.Outcome, c.Decision.Grounds, c.Detail.Needs = string(policy.Refuse), grounds, nil
	}
	return true, nil
}

// settleOff makes sure, when money is provided, that nothing was paid for the
// same wrong since the claim was looked at.
func (s *Service) settleOff(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Kind != KindCompensate {
		return nil
	}
	if err := s.setOff(ctx, tx, c); err != nil {
		return err
	}
	if w := c.Detail.Claim; w != nil && w.SetOff > 0 && w.spent() {
		return ErrPaidAlready.With("case", w.PaidBy).With("amount", w.SetOff)
	}
	return nil
}

// stillOff refuses money where another case was paid for the same wrong while
// this one waited for the order's account.
func (s *Service) stillOff(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Kind != KindCompensate || c.Detail.Claim == nil {
		return nil
	}
	before := c.Detail.Claim.SetOff
	if err := s.setOff(ctx, tx, c); err != nil || c.Detail.Claim.SetOff == before {
		return err
	}
	return ErrStale
}

// lawOnTop is what the law gives for sure on top of the price of lines, and the
// decision that says so.
func lawOnTop(d *owed.Decision, lines []int) (sum int64, by *rights.Decision) {
	for i := range d.Laws {
		if !slices.Contains(lines, d.Laws[i].Line) {
			continue
		}
		for k := range d.Laws[i].Remedies {
			if x := &d.Laws[i].Remedies[k]; x.Remedy == "compensation" && x.Outcome == rights.Entitled {
				sum, by = sum+x.OnTop(), x
			}
		}
	}
	return sum, by
}
