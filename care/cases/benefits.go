package cases

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/base/locale"
	"github.com/aftercare/aftercare/base/money"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/platform/event"
)

// Benefits announces what becomes of points and coupons with the money of a
// case, for the systems that keep them. A case may say so more than once: each
// time by how much it is more or less than what it said before. Whoever applies
// each event once, or sets what it has to the total, ends with the same.
type Benefits struct {
	Order    string       `json:"order"`
	Customer string       `json:"customer,omitempty"`
	Restored int64        `json:"points_restored,omitempty" doc:"The difference to what this case announced before: points spent on the order, to be given back by count; negative: too many were announced"`
	Reversed int64        `json:"points_reversed,omitempty" doc:"The difference: points earned with the order, to be taken back; negative: to be given again"`
	Coupons  []string     `json:"coupons,omitempty" doc:"To be issued again; none that this case named before"`
	Turn     int          `json:"turn" doc:"Which announcement of the case this is, from 1. Case and turn name what may be applied once"`
	Total    BenefitsOwed `json:"total" doc:"What this case comes to with this announcement: the sum of all of them"`
}

// BenefitsOwed is what a case means for points and coupons as a whole.
type BenefitsOwed struct {
	Restored int64    `json:"points_restored"`
	Reversed int64    `json:"points_reversed"`
	Coupons  []string `json:"coupons" nullable:"false"`
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
	return s.announceBenefits(ctx, tx, by, c, q, func(BenefitsOwed) int64 { return q.Points.Restore })
}

// moreBenefits tells what reckoning a paid case anew means for them: earned
// points and coupons are those of the new quote, and of the points that were
// spent more come back with what is paid more. What the customer has too much
// is asked back as money, whole: then no points are.
func (s *Service) moreBenefits(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, d refund.Delta) error {
	return s.announceBenefits(ctx, tx, by, c, d.Quote, func(before BenefitsOwed) int64 { return before.Restored + d.Restored })
}

// announceBenefits tells by how much the case comes to another total than it
// told before, if it does.
func (s *Service) announceBenefits(ctx context.Context, tx *db.Tx, by actor.Actor, c *Case, q refund.Quote, restored func(before BenefitsOwed) int64) error {
	turns, before, err := announced(ctx, tx, c)
	if err != nil {
		return err
	}
	total := BenefitsOwed{restored(before), q.Points.Reverse, before.with(q.Coupons)}
	b := Benefits{Order: c.Order, Customer: c.Customer, Restored: total.Restored - before.Restored, Reversed: total.Reversed - before.Reversed, Turn: turns + 1, Total: total}
	for _, code := range total.Coupons {
		if !slices.Contains(before.Coupons, code) {
			b.Coupons = append(b.Coupons, code)
		}
	}
	if b.Restored == 0 && b.Reversed == 0 && len(b.Coupons) == 0 {
		return nil
	}
	return event.Append(ctx, tx, by, about(c), b)
}

// announced is how often the case told of points and coupons, and what that
// comes to: the log knows it, also of cases from before totals were told.
func announced(ctx context.Context, tx *db.Tx, c *Case) (turns int, sum BenefitsOwed, err error) {
	all, err := event.History(ctx, tx, c.Tenant, "case", c.ID, Benefits{}.Type())
	if err != nil {
		return 0, sum, err
	}
	sum.Coupons = []string{}
	for _, e := range all {
		var b Benefits
		if err := json.Unmarshal(e.Data, &b); err != nil {
			return 0, sum, err
		}
		turns++
		sum.Restored, sum.Reversed, sum.Coupons = sum.Restored+b.Restored, sum.Reversed+b.Reversed, sum.with(b.Coupons)
	}
	return turns, sum, nil
}

// with are the coupons that were named and others: none is taken back.
func (o BenefitsOwed) with(codes []string) []string {
	all := append([]string{}, o.Coupons...)
	for _, code := range codes {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
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
		all = append(all, locale.Text(lang, "note."+n.Code, locale.Args{"about": about, "amount": money.Of(n.Amount, q.Currency)}))
	}
	return all
}
