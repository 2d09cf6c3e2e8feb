package owed

import (
	"context"
	"time"

	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// Who is what is known about the customer of an order at a moment: the tier then
// and at the purchase, and what was bought until then. Past requests are for the
// caller, who knows them.
func Who(ctx context.Context, tx *db.Tx, tenant, id string, placed, at time.Time) (who policy.Person, err error) {
	if id == "" {
		return who, nil
	}
	told, err := customer.Standings(ctx, tx, tenant, []string{id})
	if err != nil {
		return who, err
	}
	who.Tier, who.Bought = customer.TierAt(told[id], at), customer.TierAt(told[id], placed)
	bought, err := order.PlacedBy(ctx, tx, tenant, []string{id})
	for _, day := range bought[id] {
		if day.After(at) {
			break
		}
		if who.Orders++; who.Orders == 1 {
			who.Since = day
		}
	}
	return who, err
}

// AsksWho reports whether rules look at who asks.
func AsksWho(p *policy.Policy) bool {
	r := &p.Rules
	return len(r.Conditions)+len(r.Tiers)+len(r.Promises)+len(r.Proposals) > 0 || r.Parent != ""
}
