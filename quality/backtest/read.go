package backtest

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/care/cases"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
)

// size counts the requests of a scope.
func size(ctx context.Context, tx *db.Tx, tenant string, s Scope) (n int64, err error) {
	for _, source := range s.Sources {
		var one int64
		switch {
		case source == Cases:
			one, err = cases.CountPast(ctx, tx, tenant, s.cases())
		case s.returns():
			one, err = order.CountPastReturns(ctx, tx, tenant, s.history())
		}
		if err != nil {
			return 0, err
		}
		n += one
	}
	return min(n, s.Limit), nil
}

// returns tells whether returns for money are asked for at all: history knows no
// other kind.
func (s Scope) returns() bool {
	return len(s.Kinds) == 0 || slices.Contains(s.Kinds, policy.ReturnRefund)
}

func (s Scope) cases() cases.PastFilter {
	return cases.PastFilter{From: s.From, To: s.To, Kinds: s.Kinds, Sellers: s.Sellers}
}

func (s Scope) history() order.PastFilter {
	return order.PastFilter{From: s.From, To: s.To, Sellers: s.Sellers}
}

// batch is what is read at once: requests, those that cannot be tried, and
// where the next batch begins.
type batch struct {
	requests []request
	skipped  map[string]int64
	read     int64
	next     Place
	policies map[policyKey]*policy.Policy // that the requests were judged by then
}

// reader reads the past of one run in the order of its places.
type reader struct {
	tenant   string
	scope    Scope
	policy   string                       // only what it governs; empty: all
	policies map[policyKey]*policy.Policy // versions that were read; nil: there is none
}

func (r *reader) read(ctx context.Context, tx *db.Tx, from Place, limit int) (b batch, err error) {
	b = batch{next: from, skipped: map[string]int64{}}
	for b.next.Source < len(r.scope.Sources) && b.read == 0 {
		if r.scope.Sources[b.next.Source] == Cases {
			err = r.ofCases(ctx, tx, &b, limit)
		} else if r.scope.returns() {
			err = r.ofHistory(ctx, tx, &b, limit)
		}
		if err != nil {
			return b, err
		}
		if b.read < int64(limit) {
			b.next = Place{Source: b.next.Source + 1}
		}
	}
	return b, r.versions(ctx, tx, &b)
}

func (r *reader) ofCases(ctx context.Context, tx *db.Tx, b *batch, limit int) error {
	f := r.scope.cases()
	f.Limit, f.After = limit, cases.Place{At: b.next.At, ID: b.next.ID}
	all, err := cases.Past(ctx, tx, r.tenant, f)
	if err != nil || len(all) == 0 {
		return err
	}
	last := all[len(all)-1]
	b.read, b.next.At, b.next.ID = int64(len(all)), last.OpenedAt, last.ID
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.Order
	}
	orders, people, err := r.surroundings(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, c := range all {
		o, ok := orders[c.Order]
		if !ok {
			b.skipped["no_order"]++
			continue
		}
		q, ok := ofCase(c, o, people.at(&o, c.OpenedAt))
		if !ok {
			b.skipped["no_goods"]++
			continue
		}
		b.requests = append(b.requests, q)
	}
	return nil
}

func (r *reader) ofHistory(ctx context.Context, tx *db.Tx, b *batch, limit int) error {
	f := r.scope.history()
	f.Limit, f.After = limit, order.PastPlace{At: b.next.At, Source: b.next.Of, Ref: b.next.ID}
	all, err := order.PastReturns(ctx, tx, r.tenant, f)
	if err != nil || len(all) == 0 {
		return err
	}
	last := all[len(all)-1]
	b.read, b.next.At, b.next.Of, b.next.ID = int64(len(all)), last.At, last.Source, last.Ref
	ids := make([]string, len(all))
	for i, x := range all {
		ids[i] = x.Order
	}
	orders, people, err := r.surroundings(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, x := range all {
		o, ok := orders[x.Order]
		if !ok {
			b.skipped["no_order"]++
			continue
		}
		q, ok := ofReturn(x, o, people.at(&o, x.At), r.scope.Reason)
		if !ok {
			b.skipped["no_goods"]++
			continue
		}
		b.requests = append(b.requests, q)
	}
	return nil
}

// surroundings reads the orders of a batch and what their customers did.
func (r *reader) surroundings(ctx context.Context, tx *db.Tx, ids []string) (map[string]order.Order, people, error) {
	slices.Sort(ids)
	orders, err := order.ByIDs(ctx, tx, r.tenant, slices.Compact(ids))
	if err != nil {
		return nil, people{}, err
	}
	var who []string
	for _, o := range orders {
		if o.Customer != "" {
			who = append(who, o.Customer)
		}
	}
	slices.Sort(who)
	who = slices.Compact(who)
	var p people
	if p.bought, err = order.PlacedBy(ctx, tx, r.tenant, who); err != nil {
		return nil, p, err
	}
	if p.tiers, err = customer.Standings(ctx, tx, r.tenant, who); err != nil {
		return nil, p, err
	}
	p.asked, err = cases.PastOf(ctx, tx, r.tenant, who)
	return orders, p, err
}

// people is what customers did, the oldest first, and the tiers they had.
type people struct {
	tiers  map[string][]customer.Standing
	bought map[string][]time.Time
	asked  map[string][]cases.PastCase
}

// at is what was known of an order's customer at a time.
func (p people) at(o *order.Order, at time.Time) (who policy.Person) {
	if o.Customer == "" {
		return who
	}
	told, bought := p.tiers[o.Customer], p.bought[o.Customer]
	who.Tier, who.Bought = customer.TierAt(told, at), customer.TierAt(told, o.PlacedAt)
	who.Orders = int64(sort.Search(len(bought), func(i int) bool { return bought[i].After(at) }))
	if who.Orders > 0 {
		who.Since = bought[0]
	}
	for _, c := range p.asked[o.Customer] {
		if !c.At.Before(at) {
			break
		}
		if who.Cases++; c.Refused {
			who.Refused++
		}
	}
	return who
}

// versions reads the policies that the batch's requests were judged by. What
// another policy governs is left out; a request whose policy is gone cannot be
// tried.
func (r *reader) versions(ctx context.Context, tx *db.Tx, b *batch) error {
	if r.policies == nil {
		r.policies = map[policyKey]*policy.Policy{}
	}
	b.policies = map[policyKey]*policy.Policy{}
	kept := b.requests[:0]
	for _, q := range b.requests {
		if r.policy != "" && q.policy.id != r.policy {
			b.skipped["other_policy"]++
			continue
		}
		p, known := r.policies[q.policy]
		if !known {
			found, err := policy.At(ctx, tx, r.tenant, q.policy.id, q.policy.version)
			switch {
			case err == nil:
				p = &found
			case !isUnknown(err):
				return fmt.Errorf("policy of a past request: %w", err)
			}
			r.policies[q.policy] = p
		}
		if p == nil {
			b.skipped["no_policy"]++
			continue
		}
		b.policies[q.policy] = p
		kept = append(kept, q)
	}
	b.requests = kept
	return nil
}

// oneCase is what was asked in a case that the actor may see.
func oneCase(ctx context.Context, tx *db.Tx, by actor.Actor, id string) (request, error) {
	c, err := cases.ByID(ctx, tx, by, id)
	if err != nil {
		return request{}, err
	}
	r := reader{tenant: by.Tenant}
	orders, who, err := r.surroundings(ctx, tx, []string{c.Order})
	if err != nil {
		return request{}, err
	}
	o, ok := orders[c.Order]
	if !ok {
		return request{}, order.ErrUnknown
	}
	q, ok := ofCase(c, o, who.at(&o, c.OpenedAt))
	if !ok {
		return request{}, ErrGoods.With("case", id)
	}
	return q, nil
}
