package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/sales/customer"
)

// batchRun stores one batch inside one transaction.
type batchRun struct {
	*importer
	tx        *db.Tx
	sum       ImportSummary
	terms     map[string]Terms          // by policy
	customers map[customer.Draft]string // ids by what the source told
	numbers   map[string]string         // digests of the orders that this batch stores
	fresh     []*prepared
	rejected  []Rejected
}

// all stores the orders first and then the returns, which may be of them.
func (r *batchRun) all(ctx context.Context, b *batch) error {
	for i := range b.items {
		w := &b.items[i]
		r.rejected = append(r.rejected, w.rejected...)
		if w.draft != nil {
			if err := r.order(ctx, w); err != nil {
				return fmt.Errorf("order %s: %w", w.draft.order.Number, err)
			}
		}
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	if err := r.returns(ctx, b); err != nil {
		return err
	}
	for i := range r.rejected {
		r.sum.Reasons[r.rejected[i].Reason]++
	}
	before := r.sum.Rejected
	r.sum.Rejected += int64(len(r.rejected))
	return insertRejected(ctx, r.tx, r.key, before, r.rejected)
}

func (r *batchRun) order(ctx context.Context, w *work) error {
	p := w.draft
	number := p.order.Number
	digest, known := r.numbers[number]
	if !known {
		id, stored, err := stored(ctx, r.tx, r.by.Tenant, p.order.Source, number)
		if err != nil {
			return err
		}
		digest, known = stored, id != ""
		if known && digest == p.digest && p.shipTo != nil {
			if err := KeepAddress(ctx, r.tx, r.by.Tenant, id, *p.shipTo); err != nil {
				return err
			}
		}
	}
	switch {
	case known && digest == p.digest:
		r.sum.Skipped++
	case known:
		r.rejected = append(r.rejected, Rejected{File: w.file, Line: w.line, Order: number, Field: "number", Reason: "differs from the stored order"})
	default:
		problem, err := r.complete(ctx, p)
		if err != nil {
			return err
		}
		if problem != nil {
			r.rejected = append(r.rejected, Rejected{File: w.file, Line: w.line, Order: number, Field: problem.Field, Reason: problem.Reason, Value: problem.Value})
			return nil
		}
		r.numbers[number] = p.digest
		r.fresh = append(r.fresh, p)
	}
	return nil
}

// complete is Service.complete with a memory: a batch has few policies and
// often one customer many times.
func (r *batchRun) complete(ctx context.Context, p *prepared) (*Problem, error) {
	o := &p.order
	o.Tenant, o.Customer = r.by.Tenant, ""
	t, ok := r.terms[p.policy]
	if !ok {
		var problem *Problem
		var err error
		if t, problem, err = r.service.termsOf(ctx, r.tx, r.by, p.policy); problem != nil || err != nil {
			return problem, err
		}
		r.terms[p.policy] = t
	}
	o.apply(t, p.zone)
	if p.customer == nil {
		return nil, nil
	}
	key := *p.customer.Untiered()
	id, ok := r.customers[key]
	if !ok {
		c, err := customer.Upsert(ctx, r.tx, r.by, *p.customer)
		if err != nil {
			return nil, err
		}
		id = c.ID
		r.customers[key] = id
	}
	o.Customer = id
	return nil, p.customer.Tell(ctx, r.tx, r.by, id, o.PlacedAt)
}

func (r *batchRun) flush(ctx context.Context) error {
	if err := r.service.fillIn(ctx, r.tx, r.by.Tenant, r.fresh); err != nil {
		return fmt.Errorf("articles of %d orders: %w", len(r.fresh), err)
	}
	if err := insert(ctx, r.tx, r.fresh); err != nil {
		return fmt.Errorf("storing %d orders: %w", len(r.fresh), err)
	}
	if err := keepAddresses(ctx, r.tx, r.fresh); err != nil {
		return fmt.Errorf("addresses of %d orders: %w", len(r.fresh), err)
	}
	for _, p := range r.fresh {
		o := &p.order
		if err := announce(ctx, r.tx, r.by, o); err != nil {
			return err
		}
		if err := keepReturned(ctx, r.tx, r.by, o, p.returned); err != nil {
			return err
		}
		if err := r.service.tell(ctx, r.tx, r.by, *o, p.returned); err != nil {
			return err
		}
		r.sum.Orders++
		r.sum.Lines += int64(len(o.Lines))
		r.sum.Returned += int64(len(p.returned))
	}
	return nil
}

// returns ties past returns to orders, each after the one before, and tells of
// them by order.
func (r *batchRun) returns(ctx context.Context, b *batch) error {
	byOrder := map[string][]Returned{}
	var orders []string
	for i := range b.items {
		for _, x := range b.items[i].returns {
			id, one, err := r.tie(ctx, x)
			if err != nil {
				return fmt.Errorf("past return %s: %w", x.Ref, err)
			}
			if id == "" {
				continue
			}
			if byOrder[id] == nil {
				orders = append(orders, id)
			}
			byOrder[id] = append(byOrder[id], one)
		}
	}
	if r.service.o.Returned == nil {
		return nil
	}
	for _, id := range orders {
		o, err := byID(ctx, r.tx, r.by.Tenant, id)
		if err != nil {
			return err
		}
		if err := r.service.tell(ctx, r.tx, r.by, o, byOrder[id]); err != nil {
			return err
		}
	}
	return nil
}

// tie stores one past return with the order it belongs to; an empty id if it
// is known already or rejected.
func (r *batchRun) tie(ctx context.Context, x SourceReturn) (string, Returned, error) {
	reject := func(field, reason, value string) (string, Returned, error) {
		r.rejected = append(r.rejected, Rejected{File: x.File, Line: x.Line, Order: x.Number, Field: field, Reason: reason, Value: value})
		return "", Returned{}, nil
	}
	known, err := returnKnown(ctx, r.tx, r.by.Tenant, r.key.source, x.Ref)
	if err != nil {
		return "", Returned{}, err
	}
	if known {
		r.sum.Known++
		return "", Returned{}, nil
	}
	c, err := customer.ByRef(ctx, r.tx, r.by.Tenant, r.key.source, x.Customer)
	if errors.Is(err, customer.ErrUnknown) {
		return reject("sku", notBought, x.SKU)
	}
	if err != nil {
		return "", Returned{}, err
	}
	p, reason, err := match(ctx, r.tx, r.by, c.ID, r.key.source, x)
	if err != nil {
		return "", Returned{}, err
	}
	if reason != "" {
		return reject("sku", reason, x.SKU)
	}
	one := Returned{Source: r.key.source, Ref: x.Ref, Line: p.line, Quantity: x.Quantity, Amount: x.Amount, At: instant(&x.At)}
	r.sum.Returned++
	return p.order, one, keepReturned(ctx, r.tx, r.by, &Order{ID: p.order, Version: 1}, []Returned{one})
}

const notBought = "return of an article not bought before"

// match finds the purchase that a past return belongs to, or the reason why
// there is none.
func match(ctx context.Context, tx *db.Tx, by actor.Actor, customer, source string, x SourceReturn) (purchase, string, error) {
	enough, err := purchases(ctx, tx, by.Tenant, customer, source, x, 20)
	if err != nil {
		return purchase{}, "", err
	}
	for _, p := range enough {
		if p.paid >= x.Amount && p.currency == x.Currency {
			return p, "", nil
		}
	}
	if len(enough) > 0 {
		return purchase{}, "return of more money than was paid", nil
	}
	bought, err := boughtBefore(ctx, tx, by.Tenant, customer, source, x)
	if err != nil || !bought {
		return purchase{}, notBought, err
	}
	return purchase{}, "return of more units than one earlier purchase has left", nil
}
