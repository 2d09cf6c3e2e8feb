package cases

import (
	"context"
	"encoding/json"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Benefits announces what becomes of points and coupons with the money of a
// case, for the systems that keep them.
type Benefits struct {
	Order    string   `json:"order"`
	Customer string   `json:"customer,omitempty"`
	Restored int64    `json:"points_restored,omitempty"` // spent on the order, given back by count
	Reversed int64    `json:"points_reversed,omitempty"` // earned with the order, to be taken back
	Coupons  []string `json:"coupons,omitempty"`         // to be issued again
}

// Type names the fact.
func (Benefits) Type() string { return "case.benefits" }

// settleBenefits tells what the case's money means for points and coupons.
func (s *Service) settleBenefits(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case) error {
	var q refund.Quote
	if len(c.Quote) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.Quote, &q); err != nil {
		return err
	}
	b := Benefits{Order: c.Order, Customer: c.Customer, Restored: q.Points.Restore, Reversed: q.Points.Reverse, Coupons: q.Coupons}
	if b.Restored == 0 && b.Reversed == 0 && len(b.Coupons) == 0 {
		return nil
	}
	return event.Append(ctx, tx, by, about(c), b)
}

// besides words what a refund means apart from money, and what was left out.
func besides(lang string, q refund.Quote) (all []string) {
	for _, p := range []struct {
		key string
		n   int64
	}{{"quote.points_restored", q.Points.Restore}, {"quote.points_reversed", q.Points.Reverse}, {"quote.points_debt", q.Points.Debt}} {
		if p.n > 0 {
			all = append(all, locale.Text(lang, p.key, locale.Args{"n": p.n}))
		}
	}
	for _, code := range q.Coupons {
		all = append(all, locale.Text(lang, "quote.coupon", locale.Args{"code": code}))
	}
	for _, n := range q.Notes {
		about := locale.Text(lang, "component."+n.About, nil)
		all = append(all, locale.Text(lang, "note."+n.Code, locale.Args{"about": about, "amount": money.Of(n.Amount, q.Currency).Display()}))
	}
	return all
}
