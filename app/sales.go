package app

import (
	"context"
	"errors"

	"github.com/aftercare/aftercare/access/account"
	"github.com/aftercare/aftercare/access/proof"
	"github.com/aftercare/aftercare/access/role"
	"github.com/aftercare/aftercare/access/tenant"
	"github.com/aftercare/aftercare/base/actor"
	"github.com/aftercare/aftercare/finance/refund"
	"github.com/aftercare/aftercare/platform/db"
	"github.com/aftercare/aftercare/rules/policy"
	"github.com/aftercare/aftercare/sales/customer"
	"github.com/aftercare/aftercare/sales/order"
	"github.com/aftercare/aftercare/sales/product"
)

// orders makes the verbs on orders: each takes the zone of its shop and the
// policy in force, and past returns become claims on units.
func (h *House) orders(refunds *refund.Service) *order.Service {
	return order.New(order.Options{Terms: termsOf, Returned: refunds.Returned, Laws: lawsOf})
}

// lawsOf asks the catalogue only where it says anything.
func lawsOf(ctx context.Context, tx *db.Tx, tenantID string, skus []string) (map[string]product.Law, error) {
	if known, err := product.AnyLaw(ctx, tx, tenantID); err != nil || !known {
		return nil, err
	}
	return product.Laws(ctx, tx, tenantID, skus)
}

func termsOf(ctx context.Context, tx *db.Tx, tenantID, wanted string) (order.Terms, error) {
	shop, err := tenant.ByID(ctx, tx, tenantID)
	if err != nil {
		return order.Terms{}, err
	}
	if wanted == "" {
		wanted = policy.Standard
	}
	p, err := policy.Live(ctx, tx, tenantID, wanted)
	if err != nil {
		return order.Terms{}, err
	}
	past, err := policy.Past(ctx, tx, tenantID, p.ID)
	if err != nil {
		return order.Terms{}, err
	}
	t := order.Terms{Zone: shop.Zone, Policy: p.ID, PolicyVer: p.Version}
	for _, s := range past {
		t.Past = append(t.Past, order.Span(s))
	}
	return t, nil
}

// publishers counts the staff who may publish policies, up to two.
func publishers(ctx context.Context, tx *db.Tx, tenantID string) (n int, err error) {
	const page = 200
	for after := ""; ; {
		all, err := account.Page(ctx, tx, tenantID, after, page)
		if err != nil {
			return 0, err
		}
		for _, a := range all {
			if a.State == account.Active && role.Allow(actor.Actor{Tenant: tenantID, Kind: actor.Staff, ID: a.ID, Role: a.Role}, role.PolicyPublish) == nil {
				n++
			}
		}
		if n >= 2 || len(all) < page {
			return n, nil
		}
		after = all[len(all)-1].ID
	}
}

// book answers what proofs ask about customers.
func book() proof.Book {
	return proof.Book{
		ByNumber: func(ctx context.Context, tx *db.Tx, tenantID, number string) ([]proof.Holder, error) {
			orders, err := order.ByNumber(ctx, tx, tenantID, number)
			if err != nil {
				return nil, err
			}
			var holders []proof.Holder
			for _, o := range orders {
				h, found, err := holder(ctx, tx, tenantID, o.Customer)
				if err != nil {
					return nil, err
				}
				if found {
					h.Order = o.ID
					holders = append(holders, h)
				}
			}
			return holders, nil
		},
		ByCustomer: holder,
	}
}

func holder(ctx context.Context, tx *db.Tx, tenantID, id string) (proof.Holder, bool, error) {
	c, err := customer.ByID(ctx, tx, tenantID, id)
	if id == "" || errors.Is(err, customer.ErrUnknown) {
		return proof.Holder{}, false, nil
	}
	if err == nil {
		gone, problem := customer.ErasedAt(ctx, tx, tenantID, c.ID)
		if problem != nil || !gone.IsZero() { // nobody proves to be somebody who was erased
			return proof.Holder{}, false, problem
		}
	}
	return proof.Holder{Customer: c.ID, Ref: c.Ref, Name: c.Name, Email: c.Email, Phone: c.Phone, Language: c.Language}, err == nil, err
}

// Orders makes the verbs on orders for the command line.
func (h *House) Orders() *order.Service { return h.orders(refund.New(nil)) }
